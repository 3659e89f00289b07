"""Settings of the return on campaigns, in the host's CRM settings."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    crm_roi_plan_id = fields.Many2one(related="company_id.crm_roi_plan_id", readonly=False)
    crm_roi_lookback_days = fields.Integer(
        related="company_id.crm_roi_lookback_days", readonly=False
    )
    crm_roi_model = fields.Selection(related="company_id.crm_roi_model", readonly=False)
    crm_roi_markov_order = fields.Integer(related="company_id.crm_roi_markov_order", readonly=False)
    crm_roi_markov_null = fields.Boolean(related="company_id.crm_roi_markov_null", readonly=False)
    crm_roi_ignored_kind_ids = fields.Many2many(
        related="company_id.crm_roi_ignored_kind_ids", readonly=False
    )
    crm_roi_lines_without_account = fields.Boolean(
        related="company_id.crm_roi_lines_without_account", readonly=False
    )
    crm_roi_count_expected = fields.Boolean(
        related="company_id.crm_roi_count_expected", readonly=False
    )
    crm_roi_unallocated_account_ids = fields.Many2many(
        related="company_id.crm_roi_unallocated_account_ids", readonly=False
    )
    crm_roi_unallocated_partner_ids = fields.Many2many(
        related="company_id.crm_roi_unallocated_partner_ids", readonly=False
    )
    crm_roi_unallocated_product_ids = fields.Many2many(
        related="company_id.crm_roi_unallocated_product_ids", readonly=False
    )
    group_roi_figures = fields.Boolean(
        "Marketing Sees Cost and Margin",
        group="crm_campaign_roi.group_roi_user",
        implied_group="crm_campaign_roi.group_roi_figures",
        help="By campaign and month only, without the entries behind them. Accounting sees both.",
    )
