"""Settings of price guidance, shown among the host's CRM settings."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    crm_price_stretch = fields.Float(
        "Stretch (% of Lines)", default=25.0,
        help="So many per cent of the lines had no more discount: the best price.",
    )  # fmt: skip
    crm_price_target = fields.Float("Target (% of Lines)", default=50.0)
    crm_price_floor = fields.Float(
        "Floor (% of Lines)", default=75.0,
        help="So many per cent of the lines had no more discount: the lowest advisable price.",
    )  # fmt: skip
    crm_price_margin = fields.Float(
        "Minimum Margin (%)", default=0.0,
        help="No advice goes below the cost and this share of the price.",
    )  # fmt: skip
    crm_price_approval = fields.Boolean(
        "Approval of Discounts",
        help="Quotations with more discount than the sales team allows need a manager's approval.",
    )

    @api.constrains("crm_price_stretch", "crm_price_target", "crm_price_floor", "crm_price_margin")
    def _check_crm_price(self):
        for company in self:
            levels = [company[f"crm_price_{name}"] for name in ("stretch", "target", "floor")]
            if levels != sorted(levels) or levels[0] <= 0 or levels[-1] >= 100:
                raise ValidationError(
                    self.env._(
                        "Stretch, target and floor of prices are shares of the lines between 0 and "
                        "100 %, in this order."
                    )
                )
            if not 0 <= company.crm_price_margin < 100:
                raise ValidationError(self.env._("The minimum margin lies between 0 and 99 %."))


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    crm_price_stretch = fields.Float(related="company_id.crm_price_stretch", readonly=False)
    crm_price_target = fields.Float(related="company_id.crm_price_target", readonly=False)
    crm_price_floor = fields.Float(related="company_id.crm_price_floor", readonly=False)
    crm_price_margin = fields.Float(related="company_id.crm_price_margin", readonly=False)
    crm_price_approval = fields.Boolean(related="company_id.crm_price_approval", readonly=False)
