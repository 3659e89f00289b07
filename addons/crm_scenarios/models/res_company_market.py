"""Where the quadrants of the market position are cut."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    crm_market_growth_cut = fields.Float(
        "Fast Market (%)", default=10, help="A market that grows by so much a year is a fast one."
    )
    crm_market_share_cut = fields.Float(
        "Leading Share", default=1,
        help="Own share by that of the largest competitor from which on a position is leading.",
    )  # fmt: skip

    _crm_market_cut_range = models.Constraint(
        "CHECK (crm_market_share_cut > 0 AND crm_market_growth_cut BETWEEN -100 AND 1000)",
        "The leading share is above 0, and a growth between -100 and 1000 %.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    crm_market_growth_cut = fields.Float(related="company_id.crm_market_growth_cut", readonly=False)
    crm_market_share_cut = fields.Float(related="company_id.crm_market_share_cut", readonly=False)
