"""Settings of recommendations, in the host's CRM settings."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    crm_recommendation_later_days = fields.Integer(
        related="company_id.crm_recommendation_later_days", readonly=False
    )
    crm_recommendation_never_days = fields.Integer(
        related="company_id.crm_recommendation_never_days", readonly=False
    )
    crm_recommendation_order_days = fields.Integer(
        related="company_id.crm_recommendation_order_days", readonly=False
    )
