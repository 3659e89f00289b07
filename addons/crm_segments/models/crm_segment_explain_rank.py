"""Explanations of methods that rank customers against each other: ABC and RFM.

What a class or score needs follows from the figures of other customers, so it is rounded
up to two digits: a hint for the customer at hand, no figure of anybody else.
"""

from odoo import models
from odoo.tools import format_amount
from odoo.tools.misc import formatLang

from ..lib import distance, rfm
from .crm_segmentation_rfm import AXES
from .explain_case import Item


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    def _explain_own_row(self, case):
        """``(code, evidence)`` of what the method says of the customer now."""
        for _segment_id, code, kept in case.proposed:
            return code, kept or {}
        return None, {}

    # ABC

    def _explain_items_abc(self, case):
        """The class: what larger customers hold of the total, and what would be needed."""
        _code, kept = self._explain_own_row(case)
        share = (kept.get("values") or {}).get("share_before") if case.visible else None
        then = case.values_then.get("share_before")
        item = Item(
            "rule",
            self._explain_class_words(case),
            passed=any(row[0] == self.id for row in case.proposed),
            value=False if share is None else float(share),
            value_text=self._share_words(share),
            value_then=False if then is None else float(then),
            value_then_text=self._share_words(then),
        )
        if not item.passed:
            item.need = self._explain_need_abc(case)
        return [self._explain_metric_item(case), item]

    def _explain_metric_item(self, case):
        """The figure that is ranked: only positive ones are."""
        field = self.env["res.partner"]._fields[self.segmentation_id.metric]
        label = field.get_description(self.env, ["string"])["string"]
        value = case.values.get(field.name)
        item = Item(
            "rule",
            self.env._("%s is positive", label),
            passed=bool(value and value > 0),
            hidden=not case.visible,
            need=self.env._("a figure above zero: %s", label),
        )
        if case.visible:
            item.value, item.value_text = self._explain_value(field, value)
        if field.name in case.values_then:
            past = case.values_then[field.name]
            item.value_then, item.value_then_text = self._explain_value(field, past)
        return item

    def _share_words(self, share):
        if share is None:
            return ""
        return self.env._("%s %%", formatLang(self.env, float(share), digits=1))

    def _explain_cutoffs(self, case):
        """``(lower, upper)`` cut-off of the class in %."""
        limits = sorted(case.rule.segmentation_id._limits())
        below = [limit for limit in limits if limit < case.rule.threshold]
        return (below[-1] if below else 0), case.rule.threshold

    def _explain_class_words(self, case):
        if not case.visible:
            return self.env._("The share that larger customers hold puts the customer here")
        low, high = (formatLang(self.env, one, digits=0) for one in self._explain_cutoffs(case))
        if self._explain_cutoffs(case)[0]:
            return self.env._(
                "Larger customers hold at least %(low)s %% and less than %(high)s %% of the total",
                low=low, high=high,
            )  # fmt: skip
        return self.env._("Larger customers hold less than %s %% of the total", high)

    def _explain_need_abc(self, case):
        value = case.values.get(self.segmentation_id.metric) or 0
        if not case.visible:
            return self.env._("another rank among all customers")
        segmentation = case.rule.segmentation_id
        cutoff = self._explain_cutoffs(case)[1]
        reach = segmentation._explain_reach_abc(case.company, case.partner.id, cutoff)
        if reach is None or reach < value:
            return self.env._("a lower rank: the customer belongs to a higher class")
        field = self.env["res.partner"]._fields[segmentation.metric]
        amount = distance.rounded_up(float(reach) - value)
        if field.type == "monetary" and amount:
            amount = format_amount(self.env, amount, case.company.currency_id)
        elif amount:
            amount = formatLang(self.env, amount, digits=0 if field.type == "integer" else 2)
        label = field.get_description(self.env, ["string"])["string"]
        if not amount:
            return self.env._("a little more: %s", label)
        return self.env._("about %(amount)s more: %(field)s", amount=amount, field=label)

    # RFM

    def _explain_items_rfm(self, case):
        """The three scores, against those of the nearest cell of the segment."""
        code, kept = self._explain_own_row(case)
        codes = rfm.parse_codes(self.rfm_codes or "")
        nearest = distance.nearest(code or "000", codes) or "000"
        return [
            self._explain_buyer_item(case),
            *(
                self._explain_score_item(
                    case, kept, axis, int(code[at]) if code else 0, int(nearest[at])
                )
                for at, axis in enumerate(AXES)
            ),
        ]

    def _explain_sentence_rfm(self):
        """The conditions name the nearest scores only; the rule has several."""
        return self.env._(
            "The scores of recency, frequency and monetary value (5 is best) are one of %s",
            ", ".join(rfm.parse_codes(self.rfm_codes or "")),
        )

    def _explain_buyer_item(self, case):
        count = case.values.get("purchase_count") or 0
        return Item(
            "rule",
            self.env._("Has bought at least once"),
            passed=count > 0,
            value=count if case.visible else False,
            value_text=str(count) if case.visible else "",
            need=self.env._("a first purchase"),
        )

    def _explain_score_item(self, case, kept, axis, score, wanted):
        names = {
            "recency": self.env._("Recency"),
            "frequency": self.env._("Frequency"),
            "monetary": self.env._("Monetary value"),
        }
        letter = axis[0]
        then = case.evidence.get(letter)
        return Item(
            "rule",
            self.env._("%(axis)s scores %(score)s of 5", axis=names[axis], score=wanted),
            passed=score == wanted,
            value=score or False,
            value_text=self._score_words(case, axis, kept.get(letter), kept),
            value_then=then or False,
            value_then_text=self._score_words(case, axis, then, case.evidence),
            need=None
            if score == wanted
            else self._explain_need_score(case, axis, score, wanted, names),
        )

    def _score_words(self, case, axis, score, kept):
        """``4 (12 March)``: the score, and the figure behind it if it may be seen."""
        if not score:
            return ""
        name = self.segmentation_id._rfm_metrics()[AXES.index(axis)]
        values = kept.get("values") or {}
        if not case.visible or name not in values:
            return str(score)
        _value, text = self._explain_value(self.env["res.partner"]._fields[name], values[name])
        return f"{score} ({text})"

    def _explain_need_score(self, case, axis, score, wanted, names):
        text = self.env._(
            "%(axis)s score %(wanted)s instead of %(score)s",
            axis=names[axis], wanted=wanted, score=score or "–",
        )  # fmt: skip
        if not case.visible or wanted < score or not score:
            return text
        how = self._explain_how(case, axis, wanted)
        return f"{text} ({how})" if how else text

    def _explain_how(self, case, axis, wanted):
        """What lifts a score: a purchase, more purchases, more money."""
        segmentation = case.rule.segmentation_id
        limits = segmentation._explain_prepare_rfm(
            case.company, segmentation._looked_at(case.company)
        )
        if limits.get(axis, {}).get("flat"):
            return self.env._("can't be ranked now: everybody has 3")
        edge = segmentation._explain_edge_rfm(case.company, case.partner.id, axis, wanted)
        name = segmentation._rfm_metrics()[AXES.index(axis)]
        field = self.env["res.partner"]._fields[name]
        if edge is None:
            return ""
        if field.type == "date":
            # when exactly others bought stays their affair
            return self.env._("a new purchase") if edge < case.today else ""
        gap = float(edge) - float(case.values.get(name) or 0)
        if field.type == "integer":
            return self._count_words(field, str(int(gap) + 1), int(gap) + 1) if gap >= 0 else ""
        amount = distance.rounded_up(gap + case.company.currency_id.rounding)
        return self._more_about(field, amount)

    def _more_about(self, field, amount):
        if not amount:
            return ""
        amount = self._amount_words(field, amount)
        return self.env._("about %s more", amount)
