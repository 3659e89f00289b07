"""What patterns of deals were looked for in: how many deals, of whom, how sure."""

from odoo import api, fields, models


class CrmDealStudy(models.Model):
    """One row for all customers of a company, and one for each segment with deals enough.

    Written by the rebuild only (``crm_deal_pattern_rebuild.py``).
    """

    _name = "crm.deal.study"
    _description = "Study of Deals"
    _order = "company_id, segment_id DESC, id"
    _rec_name = "name"
    _log_access = False

    name = fields.Char("Deals Of", compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, ondelete="cascade",
        help="The segment in which the customer was when the deal began. Empty: all deals.",
    )  # fmt: skip
    days = fields.Integer(
        readonly=True, aggregator=None, help="First days of each deal that were compared."
    )
    deals = fields.Integer(
        readonly=True, help="Deals won or lost that were still undecided after these days."
    )
    won = fields.Integer("Deals Won", readonly=True)
    tests = fields.Integer(
        "Comparisons", readonly=True, help="With 30 deals or more on either side."
    )
    found = fields.Integer("Patterns Found", readonly=True)
    detectable = fields.Float(
        "Would Be Found From",
        readonly=True,
        aggregator=None,
        digits=(16, 2),
        help="A pattern that half of the deals show is found in 80 of 100 cases if it is won so "
        "many times as often. 0: no pattern could be found.",
    )
    date = fields.Datetime("Compared On", readonly=True)
    pattern_ids = fields.One2many("crm.deal.pattern", "study_id", readonly=True)

    _place_unique = models.UniqueIndex("(company_id, COALESCE(segment_id, 0))")

    @api.depends("segment_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for study in self:
            segment = study.segment_id.with_context(segmentation_in_name=True)
            study.name = segment.display_name or self.env._("All deals")
