"""Competitors in a market: what is known of them, from where."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmMarketCompetitor(models.Model):
    """Revenue or share; 0 is not known. Deals lost for its reason count against it."""

    _name = "crm.market.competitor"
    _description = "Competitor"
    _order = "market_id, revenue desc, id"

    market_id = fields.Many2one("crm.market", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="market_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="market_id.currency_id")
    name = fields.Char(required=True)
    revenue = fields.Monetary(aggregator=None, help="In the year, in this market. Empty: unknown.")
    share = fields.Float(
        aggregator=None, digits=(16, 4), help="Of the market: used where no revenue is given."
    )
    source = fields.Char()
    source_date = fields.Date("As Of")
    lost_reason_ids = fields.Many2many(
        "crm.lost.reason", "crm_market_competitor_reason_rel", "competitor_id", "reason_id",
        "Lost Reasons", help="Deals lost for these reasons were lost to this competitor.",
    )  # fmt: skip

    _range = models.Constraint(
        "CHECK (revenue >= 0 AND share >= 0 AND share <= 1)",
        "Revenue can't be negative, and a share is 100 % at most.",
    )

    @api.constrains("revenue", "share", "source", "source_date")
    def _check_source(self):
        for one in self:
            if (one.revenue or one.share) and not (one.source and one.source_date):
                raise ValidationError(
                    self.env._("Say where the figures of %s are from, and of which day.", one.name)
                )
