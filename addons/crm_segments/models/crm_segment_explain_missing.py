"""What is lacking for a segment, and by when; and what else is to be known."""

from datetime import timedelta

from odoo import models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang

from ..lib import distance, evidence
from .metric_fields import DATE_METRICS

#: dates that another purchase moves
_MOVED_BY_PURCHASE = ("last_purchase_date", "risk_date", "lost_date")


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    def _explain_missing(self, case, items, tree):
        """Texts, each of which is needed; empty for a member whose rule still fits."""
        if case.stay.pinned == "out" and not case.stay.date_to:
            return [self._pin_words(case.stay)]
        lack = evidence.lacking(tree, [item.passed for item in items])
        if not lack:
            return self._explain_beaten(case)
        needs = evidence.phrases(
            lack,
            lambda index, wanted: self._explain_need(case, items[index], wanted),
            self._explain_words(),
        )
        if not needs:
            return [self.env._("No customer can fit this rule.")]
        day = self._explain_deadline(case, items, lack)
        return [self._explain_needs_words(need, day) for need in dict.fromkeys(needs)]

    def _explain_needs_words(self, need, day):
        if day:
            return self.env._(
                "needs %(what)s by %(day)s, to reach %(segment)s",
                what=need, day=format_date(self.env, day), segment=self.name,
            )  # fmt: skip
        return self.env._("needs %(what)s, to reach %(segment)s", what=need, segment=self.name)

    def _explain_beaten(self, case):
        """The rule fits, but a segment that comes first takes the customer."""
        first = case.chosen
        member = case.stay and not case.stay.date_to
        if member or self in first or not first:
            return []
        return [self.env._("“%s” fits too, and comes first.", first[:1].name)]

    def _explain_need(self, case, item, wanted):
        """One condition that is lacking, with the distance where there is one."""
        if not wanted:
            return self.env._("no longer “%s”", item.text)
        if item.need is not None:
            return item.need
        condition, text = item.condition, self.env._("“%s”", item.text)
        if item.hidden or condition is None or "." in condition.field_expr:
            return text
        field = self.env["res.partner"]._fields[condition.field_expr]
        if field.type in ("integer", "float", "monetary"):
            return self._explain_number_need(case, field, condition) or text
        if field.type == "date":
            return self._explain_day_need(case, field, condition) or text
        return text

    def _explain_gap(self, case, field, condition):
        """Signed distance of a figure from the limit, None where there is no such thing."""
        values = self._listed(condition.value)
        operator = "=" if condition.operator == "in" else condition.operator
        value = case.values.get(field.name)
        if len(values) != 1 or value is None or isinstance(values[0], str):
            return None
        step = {"integer": 1, "monetary": case.company.currency_id.rounding}
        return distance.gap(operator, value, values[0] or 0, step.get(field.type, 0.01))

    def _explain_number_need(self, case, field, condition):
        gap = self._explain_gap(case, field, condition)
        if not gap:
            return ""
        if gap < 0:
            return self.env._(
                "%(amount)s less: %(field)s",
                amount=self._amount_words(field, -gap),
                field=field.get_description(self.env, ["string"])["string"],
            )
        return self._more_words(case, field, gap)

    def _more_words(self, case, field, gap):
        """``2,300.00 more in 12 months, or 2 more purchases of the usual size``."""
        amount = self._amount_words(field, gap)
        if field.name not in ("revenue_total", "revenue_12m"):
            return self._count_words(field, amount, gap)
        if field.name == "revenue_12m":
            text = self.env._("%s more in 12 months", amount)
        else:
            text = self.env._("%s more revenue", amount)
        count = distance.purchases(gap, case.values.get("average_purchase"))
        if not count:
            return text
        if count == 1:
            return self.env._("%s, or one more purchase of the usual size", text)
        return self.env._(
            "%(amount)s, or %(count)s more purchases of the usual size", amount=text, count=count
        )

    def _count_words(self, field, amount, gap):
        if field.name == "purchase_count":
            if gap == 1:
                return self.env._("one more purchase")
            return self.env._("%s more purchases", amount)
        if field.name == "purchase_count_12m":
            if gap == 1:
                return self.env._("one more purchase in 12 months")
            return self.env._("%s more purchases in 12 months", amount)
        label = field.get_description(self.env, ["string"])["string"]
        return self.env._("%(amount)s more: %(field)s", amount=amount, field=label)

    def _amount_words(self, field, number):
        if field.type == "monetary":
            return format_amount(self.env, number, self.env.company.currency_id)
        return formatLang(self.env, number, digits=0 if field.type == "integer" else 2)

    def _explain_day_need(self, case, field, condition):
        """What moves a date over its limit: a purchase, or time."""
        operator, value = condition.operator, case.values.get(field.name)
        if field.name in DATE_METRICS and operator in (">", ">="):
            if field.name in _MOVED_BY_PURCHASE:
                return self.env._("a new purchase")
            return "" if value else self.env._("a first purchase")
        offsets = distance.relative(condition.value)
        if operator not in ("<", "<=") or not value or offsets is None:
            return ""
        day = distance.first_day(operator, self._limit_day(value), offsets)
        if not day or day <= case.today:
            return ""
        if field.name in _MOVED_BY_PURCHASE:
            until = format_date(self.env, day - timedelta(1))
            return self.env._("no purchase until the end of %s", until)
        return self.env._("nothing but time until %s", format_date(self.env, day))

    def _explain_deadline(self, case, items, lack):
        """The day by which the figures have to be reached, None where time changes nothing.

        Figures of 12 months lose their oldest purchase; a customer isn't new for ever.
        """
        wanted = [items[index] for index in self._lacking_leaves(lack)]
        names = {
            item.condition.field_expr
            for item in wanted
            if item.condition is not None
            and item.condition.operator in (">", ">=")
            and not item.hidden
        }
        metrics = self.env["res.partner"]._customer_metrics()
        names = {name for name in names if metrics.get(name) == 0}
        if not names:
            return None
        days = [self._explain_last_day(case, item) for item in items if item.passed]
        if any(name.endswith("_12m") for name in names):
            oldest = self.segmentation_id._explain_oldest_day(
                case.company, case.partner.id, case.today
            )
            days.append(oldest and distance.last_day_in_year(oldest))
        return min(filter(None, days), default=None)

    def _lacking_leaves(self, lack):
        if lack[0] == "leaf":
            return [lack[1]] if lack[2] else []
        return [index for part in lack[1] for index in self._lacking_leaves(part)]

    def _explain_last_day(self, case, item):
        """The last day on which a condition on the first purchase holds."""
        condition = item.condition
        if condition is None or item.hidden or condition.field_expr != "first_purchase_date":
            return None
        offsets, value = distance.relative(condition.value), case.values.get("first_purchase_date")
        if condition.operator not in (">", ">=") or offsets is None or not value:
            return None
        return distance.last_day(condition.operator, self._limit_day(value), offsets)

    def _explain_notes(self, case):
        """What the conditions alone don't tell."""
        return [note for note in (
            self._note_pin(case), self._note_decision(case), self._note_change(case),
            self._note_off(), self._note_today(case),
        ) if note]  # fmt: skip

    def _note_today(self, case):
        """What has no history and was taken as it was when the past was computed."""
        labels = self.segmentation_id._field_labels(case.evidence.get("today_fields") or [])
        return labels and self.env._(
            "Nobody recorded what it was then: %s is taken as it was when the past was computed.",
            ", ".join(labels),
        )

    def _note_pin(self, case):
        if case.stay.pinned and not case.stay.date_to:
            return self._pin_words(case.stay)
        pin = self._explain_other_pin(case)
        return pin and self.env._(
            "Held in “%(segment)s”: %(why)s", segment=pin.segment_id.name, why=self._pin_words(pin)
        )

    def _explain_other_pin(self, case):
        """A pin into another segment of the same exclusive segmentation."""
        pins = self.env["crm.segment.membership"]
        if not self.segmentation_id.exclusive:
            return pins
        return pins.search([
            ("partner_id", "=", case.partner.id), ("segmentation_id", "=", self.segmentation_id.id),
            ("segment_id", "!=", self.id), ("company_id", "=", case.company.id),
            ("date_to", "=", False), ("pinned", "=", "in"),
        ], limit=1)  # fmt: skip

    def _pin_words(self, pin):
        return pin.segmentation_id._pin_text(pin)

    def _note_decision(self, case):
        """Where the stored decision and today's rule differ."""
        stay, fits = case.stay, self._explain_fits(case)
        member = bool(stay) and not stay.date_to and stay.pinned != "out"
        if self._note_off() or stay.date_to:
            return ""
        if member and not fits:
            until = self._explain_minimum_stay(case)
            if stay.pinned:
                return self.env._("The rule alone wouldn't place the customer here today.")
            if until:
                return self.env._(
                    "The rule doesn't fit any more; the customer stays until the minimum stay "
                    "is over on %s.", format_date(self.env, until),
                )  # fmt: skip
            return self.env._(
                "The rule doesn't fit any more: the customer leaves with the next run."
            )
        if fits and not member and stay.pinned != "out" and not self._explain_other_pin(case):
            return self.env._("The rule fits by now: the customer joins with the next run.")
        return ""

    def _explain_minimum_stay(self, case):
        days = self.segmentation_id.minimum_stay_days
        end = case.stay.date_from + timedelta(days)
        return end if days and not self.is_rest and end > case.today else None

    def _note_change(self, case):
        if not self._rule_changed_since(case.evidence):
            return ""
        return self.env._("The rule has changed since this was decided.")

    def _note_off(self):
        if self.segmentation_id.enabled and self.segmentation_id.active and self.active:
            return ""
        return self.env._("Switched off: nobody is placed here now.")
