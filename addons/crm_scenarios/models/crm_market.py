"""Markets: their size by year, where it is known from, and who else is there."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

SURE = [("high", "Sure"), ("medium", "Fairly sure"), ("low", "Estimate")]
SLICES = ("segment_id", "industry_id", "country_id")


class CrmMarket(models.Model):
    """A slice (segment, industry or country) of a year. A size of 0 is not known."""

    _name = "crm.market"
    _description = "Market"
    _order = "year desc, company_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade",
        default=lambda self: self.env.company,
    )  # fmt: skip
    segment_id = fields.Many2one("crm.segment", index="btree_not_null", ondelete="cascade")
    industry_id = fields.Many2one(
        "res.partner.industry", index="btree_not_null", ondelete="cascade"
    )
    country_id = fields.Many2one("res.country", index="btree_not_null", ondelete="cascade")
    year = fields.Integer(
        required=True, aggregator=None, default=lambda self: fields.Date.today().year - 1
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    size = fields.Monetary(
        "Market Size", aggregator=None, help="Sales of all suppliers in the year. Empty: unknown."
    )
    companies = fields.Integer(
        "Companies in the Market", aggregator=None, help="Possible customers. Empty: unknown."
    )
    source = fields.Char(help="Where the figures are from, e.g. a study or an association.")
    source_date = fields.Date("As Of", help="Day of the source.")
    confidence = fields.Selection(SURE, "How Sure", required=True, default="medium")
    competitor_ids = fields.One2many("crm.market.competitor", "market_id", "Competitors")

    _slice_unique = models.UniqueIndex(
        "(company_id, year, COALESCE(segment_id, 0), COALESCE(industry_id, 0),"
        " COALESCE(country_id, 0))",
        "This market and year are there already.",
    )
    _one_slice = models.Constraint(
        "CHECK (num_nonnulls(segment_id, industry_id, country_id) = 1)",
        "A market is a segment, an industry or a country.",
    )
    _range = models.Constraint(
        "CHECK (size >= 0 AND companies >= 0 AND year BETWEEN 1950 AND 2200)",
        "Sizes can't be negative, and a year has four digits.",
    )

    @api.constrains("size", "companies", "source", "source_date")
    def _check_source(self):
        for market in self:
            known = market.size or market.companies
            if known and not (market.source and market.source_date):
                raise ValidationError(
                    self.env._("Say where the figures of the market are from, and of which day.")
                )

    @api.depends("segment_id", "industry_id", "country_id", "year")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for market in self:
            market.display_name = (
                f"{market._slice().display_name or ''} {market.year or ''}".strip()
            )

    def _slice(self):
        """The segment, industry or country."""
        return self.segment_id or self.industry_id or self.country_id

    def _slice_key(self):
        return (self.company_id.id, *(self[name].id for name in SLICES))

    def action_open_board(self):
        """The position in all markets."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "crm_scenarios.crm_market_board_action"
        )
