"""What a policy rests on: today, recommended, why, of how many."""

from odoo import api, fields, models

ITEMS = [
    ("contact", "Days between contacts"),
    ("lapse", "Days until lapsed"),
    ("response", "Hours to the first response"),
    ("payment", "Days to pay"),
    ("refund", "Refunds (% of sales)"),
    ("size", "Order size"),
    ("frequency", "Orders per year"),
    ("cost", "Cost to serve per year"),
]


class CrmServicePolicyLine(models.Model):
    """Written by the rebuild only. An empty figure is not known, and not 0."""

    _name = "crm.service.policy.line"
    _description = "Evidence of a Service Policy"
    _order = "policy_id, sequence, id"
    _rec_name = "item"
    _log_access = False

    policy_id = fields.Many2one(
        "crm.service.policy", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    segment_id = fields.Many2one(related="policy_id.segment_id", store=True)
    sequence = fields.Integer(readonly=True, export_string_translation=False, aggregator=None)
    item = fields.Selection(ITEMS, required=True, readonly=True)
    facts = fields.Json(readonly=True, export_string_translation=False)
    count = fields.Integer("n", readonly=True, aggregator=None)
    today = fields.Char(compute="_compute_texts")
    recommended = fields.Char(compute="_compute_texts")
    why = fields.Char(compute="_compute_texts")

    _item_unique = models.UniqueIndex("(policy_id, item)")

    @api.depends("facts", "count", "item")
    @api.depends_context("lang")
    def _compute_texts(self):
        for line in self:
            facts = line.facts or {}
            line.today = line._number(facts.get("today"))
            line.recommended = line._number(facts.get("recommended"))
            line.why = line._why(facts)

    def _number(self, value):
        if value is None:
            return self.env._("n/a")
        if self.item in ("size", "cost"):
            return self.company_id.currency_id.format(value)
        return f"{value:.1f}" if self.item in ("refund", "frequency") else f"{value:.0f}"

    def _why(self, facts):
        """The reason in words, with its numbers."""
        values = {name: self._shown(name, value) for name, value in facts.items()}
        text = self._texts().get(facts.get("why"))
        return text % values if text else self.env._("Not enough data.")

    def _shown(self, name, value):
        if value is None:
            return self.env._("n/a")
        if name in ("wider", "recommended"):
            return self._number(value)
        return f"{value:.0f}" if isinstance(value, float) else value

    def _texts(self):
        """Code of a reason → text; the names are keys of ``facts``."""
        return {
            "gaps": self.env._(
                "Half of the purchase gaps of the segment are no longer than %(own)s days, of"
                " all customers %(all)s; with few gaps the latter count more."
            ),
            "long_gaps": self.env._(
                "Three in four purchase gaps of the segment are no longer than %(own)s days, "
                "of all customers %(all)s; with few gaps the latter count more."
            ),
            "response": self.env._(
                "Answered within %(hours)s hours %(won)s of %(within)s deals were won, else "
                "%(lost)s of %(beyond)s: %(low)s to %(high)s points more. They go together; a"
                " test would show whether the answer is the cause."
            ),
            "no_response": self.env._(
                "%(compared)s limits were compared: none surely goes with winning."
            ),
            "few_deals": self.env._("Fewer than 30 deals on either side of each limit."),
            "shorter": self.env._(
                "Three in four payments come within %(p75)s days, sooner than the terms ask: "
                "shorter terms cost nobody anything."
            ),
            "kept": self.env._(
                "Three in four payments come within %(p75)s days: the terms are kept."
            ),
            "late": self.env._(
                "Three in four payments come within %(p75)s days only: remind earlier, longer"
                " terms would not help."
            ),
            "beside": self.env._("Not enough data to advise. All customers: %(wider)s."),
            "refund_high": self.env._(
                "More comes back than from all customers, %(wider)s: find out what and why; no "
                "more than theirs is the aim."
            ),
            "refund_low": self.env._(
                "No more comes back than from all customers, %(wider)s: hold it."
            ),
            "few_carry": self.env._(
                "Three in four buyers of the segment stay below its mean: few carry it, hold "
                "them. All customers: %(wider)s."
            ),
            "size_reach": self.env._(
                "One buyer in four of the segment orders for %(recommended)s or more: what others "
                "of it can be led to. All customers: %(wider)s."
            ),
            "frequency_reach": self.env._(
                "One buyer in four of the segment orders %(recommended)s times a year or more: "
                "what others of it can be led to. All customers: %(wider)s."
            ),
            "no_lines": self.env._("No timesheets or analytic lines name these customers."),
            "cost": self.env._(
                "Analytic lines of twelve months that name %(named)s of the customers, too few to "
                "advise; all customers: %(wider)s."
            ),
            "cost_high": self.env._(
                "Serving one costs more than serving one of all customers, %(wider)s, by analytic "
                "lines that name %(named)s of them: fewer visits, or prices that pay for them."
            ),
            "cost_low": self.env._(
                "Serving one costs no more than serving one of all customers, %(wider)s, by "
                "analytic lines that name %(named)s of them: hold it."
            ),
        }
