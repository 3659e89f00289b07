"""Something that deals did in their first days, and how often such deals were won."""

from odoo import api, fields, models

#: features whose value is the id of a record → its model
RECORDS = {"activity": "mail.activity.type", "source": "utm.source", "team": "crm.team"}


class CrmDealPattern(models.Model):
    """A value of a feature, compared with the other deals of the same study.

    Written by the rebuild only (``crm_deal_pattern_rebuild.py``); the arithmetic stands in
    ``lib/deal_patterns.py``.
    """

    _name = "crm.deal.pattern"
    _description = "Deal Pattern"
    _order = "study_id, sequence, id"
    _rec_name = "name"
    _log_access = False

    study_id = fields.Many2one(
        "crm.deal.study", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="study_id.company_id", store=True, index=True)
    segment_id = fields.Many2one(related="study_id.segment_id", store=True, index=True)
    sequence = fields.Integer(readonly=True, aggregator=None)
    feature = fields.Selection(
        [
            ("first_contact", "Time to first contact"),
            ("activities", "Number of activities"),
            ("activity", "Type of activity"),
            ("meeting", "Meeting"),
            ("quotation", "Quotation"),
            ("discount", "Discount"),
            ("people", "People of the customer"),
            ("source", "Source"),
            ("team", "Sales team"),
        ],
        required=True,
        readonly=True,
    )
    value = fields.Char(required=True, readonly=True, export_string_translation=False)
    name = fields.Char("Pattern", compute="_compute_name")
    with_count = fields.Integer("Deals With It", readonly=True, aggregator=None)
    with_won = fields.Integer("Won With It", readonly=True, aggregator=None)
    without_count = fields.Integer("Deals Without", readonly=True, aggregator=None)
    without_won = fields.Integer("Won Without", readonly=True, aggregator=None)
    rate_with = fields.Float("Win Rate With It", compute="_compute_rates")
    rate_without = fields.Float("Win Rate Without", compute="_compute_rates")
    ratio = fields.Float(
        "Times as Often Won", readonly=True, aggregator=None, digits=(16, 2),
        help="Win rate with it over the win rate without; shown where deals are enough.",
    )  # fmt: skip
    ratio_low = fields.Float("At Least", readonly=True, aggregator=None, digits=(16, 2))
    ratio_high = fields.Float(
        "At Most", readonly=True, aggregator=None, digits=(16, 2), help="0: without bound."
    )
    p = fields.Float(
        readonly=True, aggregator=None, digits=(16, 4),
        help="Probability of such a difference by chance: score test, or Fisher's exact one where "
        "few deals are expected to be won or lost.",
    )  # fmt: skip
    q = fields.Float(
        readonly=True, aggregator=None, digits=(16, 4),
        help="Adjusted for all comparisons of the study (Benjamini–Hochberg): of patterns with at "
        "most 0.1 one in ten is expected to be chance.",
    )  # fmt: skip
    verdict = fields.Selection(
        [
            ("more", "Won more often"),
            ("less", "Won less often"),
            ("same", "May be chance"),
            ("few", "Not enough data"),
        ],
        required=True,
        readonly=True,
    )

    text = fields.Char("In Words", compute="_compute_text")

    _place_unique = models.UniqueIndex("(study_id, feature, value)")

    @api.depends("feature", "value")
    @api.depends_context("lang")
    def _compute_name(self):
        texts = self._texts()
        names = self._record_names()
        for pattern in self:
            key = pattern.feature, pattern.value
            text = texts.get(key) or texts[pattern.feature, None]
            pattern.name = text.replace(
                "%(name)s", names.get(key, self.env._("(deleted)"))
            ).replace("%(days)s", str(pattern.study_id.days))

    @api.depends("with_count", "with_won", "without_count", "without_won")
    def _compute_rates(self):
        for pattern in self:
            pattern.rate_with = pattern.with_won / (pattern.with_count or 1)
            pattern.rate_without = pattern.without_won / (pattern.without_count or 1)

    @api.depends("verdict", "with_count", "with_won", "without_count", "without_won", "ratio", "q")
    @api.depends_context("lang")
    def _compute_text(self):
        for pattern in self:
            pattern.text = pattern._sentence()

    def _texts(self):
        """(feature, value) → what such a deal did; value None for those named by a record."""
        return {
            ("first_contact", "day"): self.env._("First contact within a day"),
            ("first_contact", "days"): self.env._("First contact on the second or third day"),
            ("first_contact", "week"): self.env._("First contact after three days, within a week"),
            ("first_contact", "later"): self.env._("First contact after a week"),
            ("first_contact", "none"): self.env._(
                "No contact in the first %(days)s days", days="%(days)s"
            ),
            ("activities", "0"): self.env._("No activity done"),
            ("activities", "1"): self.env._("One or two activities done"),
            ("activities", "3"): self.env._("Three activities or more done"),
            ("activity", None): self.env._("Activity done: %(name)s", name="%(name)s"),
            ("meeting", "yes"): self.env._("Meeting held"),
            ("quotation", "yes"): self.env._("Quotation sent"),
            ("discount", "yes"): self.env._("Discount on the quotation"),
            ("people", "0"): self.env._("Nobody of the customer took part"),
            ("people", "1"): self.env._("One person of the customer took part"),
            ("people", "2"): self.env._("Two people or more of the customer took part"),
            ("source", None): self.env._("Source: %(name)s", name="%(name)s"),
            ("team", None): self.env._("Sales team: %(name)s", name="%(name)s"),
        }

    def _record_names(self):
        """(feature, value) → name of the record that the value is the id of."""
        found = {}
        for feature, model in RECORDS.items():
            ids = {int(one.value) for one in self if one.feature == feature}
            # sudo: the name of a source, team or type of activity that a deal had
            records = self.env[model].sudo().browse(ids).exists()
            found |= {(feature, str(one.id)): one.display_name for one in records}
        return found

    def _evidence(self):
        """What speaks for these patterns, for whoever makes a scenario of them.

        :return: list of dict ``feature``, ``value``, ``name``, ``text`` (a sentence)
        """
        return [
            {"feature": one.feature, "value": one.value, "name": one.name, "text": one._sentence()}
            for one in self.filtered(lambda one: one.verdict == "more")
        ]

    def _sentence(self):
        """Counts, ratio and interval in words."""
        counts = {
            "won": self.with_won, "count": self.with_count,
            "won_without": self.without_won, "without": self.without_count,
        }  # fmt: skip
        if self.verdict == "few":
            return self.env._(
                "Won %(won)s of %(count)s deals with it, %(won_without)s of %(without)s without: "
                "not enough data, 30 deals on either side are needed.",
                **counts,
            )
        return self.env._(
            "Won %(won)s of %(count)s deals with it, %(won_without)s of %(without)s without: "
            "%(ratio)s times as often (%(low)s to %(high)s; q = %(q)s).",
            ratio=f"{self.ratio:.2f}",
            low=f"{self.ratio_low:.2f}",
            high=f"{self.ratio_high:.2f}" if self.ratio_high else "∞",
            q=f"{self.q:.3f}",
            **counts,
        )
