"""Settings of customer segments, in the host's CRM settings."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    crm_sales_basis = fields.Selection(related="company_id.crm_sales_basis", readonly=False)
    crm_purchase_unit = fields.Selection(related="company_id.crm_purchase_unit", readonly=False)
    crm_reporting_segmentation_id = fields.Many2one(
        related="company_id.crm_reporting_segmentation_id", readonly=False
    )
    crm_segments_at_once = fields.Integer(
        related="company_id.crm_segments_at_once", readonly=False
    )
    crm_segments_history = fields.Integer(
        related="company_id.crm_segments_history", readonly=False
    )
    crm_segments_guard = fields.Integer(related="company_id.crm_segments_guard", readonly=False)
    crm_segments_keep_evidence = fields.Integer(
        related="company_id.crm_segments_keep_evidence", readonly=False
    )
    crm_segments_keep_stays = fields.Integer(
        related="company_id.crm_segments_keep_stays", readonly=False
    )
    group_segments_advanced = fields.Boolean(
        "Advanced Analytics",
        implied_group="crm_segments.group_segments_advanced",
        help="Shows finer settings, such as the minimum stay and the figures behind RFM. "
        "Nothing is computed differently.",
    )
