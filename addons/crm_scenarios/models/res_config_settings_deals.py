"""Settings of what is learnt from deals, in the host's CRM settings."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    crm_pattern_days = fields.Integer(related="company_id.crm_pattern_days", readonly=False)
