"""A replay in words: sentences first, then tables with sample and interval."""

from odoo import api, fields, models
from odoo.addons.crm_segments.lib.lift import wilson
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang


class CrmReplay(models.Model):
    _inherit = "crm.replay"  # pylint: disable=consider-merging-classes-inherited

    result_html = fields.Html("Result", compute="_compute_result_html", sanitize=False)

    @api.depends("result")
    @api.depends_context("lang", "uid")
    def _compute_result_html(self):
        for replay in self:
            replay.result_html = replay.result and self.env["ir.qweb"]._render(
                "crm_scenarios.replay_result", replay._told()
            )

    def _told(self):
        """What the template shows; amounts only for those who may see all of them."""
        field = self._fields["result_money"]
        money = self._has_field_access(field, "read")
        result = self.result_money if money else self.result
        lists, due = result["lists"], result["due"]
        lists = lists if lists and lists["sample"] else None
        return {
            "days": result["days"],
            "money": money,
            "headline": self._headline(result, lists),
            "sentences": [*self._list_sentences(lists), self._due_sentence(due)],
            "lists": self._list_rows(lists, money),
            "sample": lists and self._sample_text(lists, result["days"]),
            "due": self._due_rows(due),
            "due_text": self._due_texts(due),
            "totals": self._total_rows(due, money),
            "divisions": [self._division(one, money) for one in result["segments"]],
        }

    # numbers

    def _number(self, value, digits=0):
        return formatLang(self.env, value, digits=digits)

    def _percent(self, value):
        return self.env._("%s %%", self._number(100 * value, 1 if abs(value) < 0.1 else 0))

    def _range(self, low, high):
        return self.env._("%(low)s to %(high)s", low=self._percent(low), high=self._percent(high))

    def _amount(self, value):
        return format_amount(
            self.env, round(value), self.company_id.currency_id, trailing_zeroes=False
        )

    def _share(self, found):
        """``62 % (59 % to 65 %)``; a share of nothing is not 0."""
        if not found["of"]:
            return self.env._("n/a")
        value = found["count"] / found["of"]
        low, high = (
            (found["low"], found["high"]) if "low" in found else wilson(found["count"], found["of"])
        )
        return f"{self._percent(value)} ({self._range(low, high)})"

    # sentences

    def _headline(self, result, lists):
        day, days = format_date(self.env, self.as_of), self._number(result["days"])
        if not lists:
            return self.env._(
                "Not enough data: nobody who had bought by %(day)s bought in the %(days)s days "
                "after.",
                day=day, days=days,
            )  # fmt: skip
        return self.env._(
            "Had the advice been in use on %(day)s, knowing nothing of what followed: this became "
            "of it in the %(days)s days after.",
            day=day, days=days,
        )  # fmt: skip

    def _list_sentences(self, lists):
        if not lists:
            return []
        again, new = lists["again"], lists["new"]
        return [
            self.env._(
                "Buy again: %(share)s of the recommended lines were bought; of what each customer "
                "had bought most often it was %(simple)s. %(verdict)s",
                share=self._share(again["lines"]), simple=self._share(again["simple"]),
                verdict=self._gain_sentence(again["gain"]),
            ),
            self.env._(
                "New for the customer: %(share)s of the recommended lines were bought; of the best "
                "sellers it was %(simple)s. %(verdict)s",
                share=self._share(new["lines"]), simple=self._share(new["simple"]),
                verdict=self._gain_sentence(new["gain"]),
            ),
        ]  # fmt: skip

    def _gain_sentence(self, gain):
        if not gain:
            return ""
        if gain["low"] > 0:
            return self.env._("That is surely better.")
        return self.env._("That is surely worse.") if gain["high"] < 0 else self.env._(
            "The difference may be chance."
        )  # fmt: skip

    def _due_sentence(self, due):
        if "due" not in due:
            if due["verdict"] == "short":
                return self.env._("Due dates: not enough data, the history before was too short.")
            return self.env._("Due dates: not enough data, too few customers had bought again.")
        return self.env._(
            "Due dates: of the customers whose next purchase was expected in these days %(due)s "
            "came; of the others %(later)s.",
            due=self._share(due["due"]), later=self._share(due["later"]),
        )  # fmt: skip

    def _due_texts(self, due):
        """How far off the dates were, and whether they would have been shown at all."""
        texts = []
        if due.get("off"):
            texts.append(
                self.env._(
                    "For %(customers)s customers who were due and came, the date was off by "
                    "%(expected)s days (median); by their own mean interval by %(own)s.",
                    customers=self._number(due["off"]["customers"]),
                    expected=self._number(due["off"]["expected"]),
                    own=self._number(due["off"]["own"]),
                )
            )
        if due["verdict"] in ("worse", "off"):
            texts.append(
                self.env._(
                    "On that day the check of the months before would have hidden these "
                    "predictions."
                )
            )
        return texts

    def _sample_text(self, lists, days):
        return self.env._(
            "Judged on %(sample)s customers who bought in the %(days)s days (at most 2,000, evenly "
            "drawn); learnt from %(learnt)s customers. Intervals hold 19 times in 20.",
            sample=self._number(lists["sample"]), days=days, learnt=self._number(lists["learnt"]),
        )  # fmt: skip

    # tables

    def _list_rows(self, lists, money):
        labels = {"again": self.env._("Buy again"), "new": self.env._("New for the customer")}
        rows = []
        for name, label in labels.items() if lists else ():
            one = lists[name]
            rows.append(
                {
                    "label": label,
                    "customers": self._share(one["customers"]),
                    "lines": self._share(one["lines"]),
                    "simple": self._share(one["simple"]),
                    "gain": self._points(one["gain"]),
                    "sample": self._number(one["lines"]["of"]),
                    **(self._list_money(one["money"]) if money else {}),
                }
            )
        return rows

    def _list_money(self, money):
        return {name: self._amount(money[name]) for name in ("listed", "all")} | {
            "simple_money": self._amount(money["simple"])
        }

    def _points(self, gain):
        if not gain:
            return self.env._("n/a")
        value, low, high = (self._number(100 * gain[key], 1) for key in ("value", "low", "high"))
        return self.env._("%(value)s (%(low)s to %(high)s)", value=value, low=low, high=high)

    def _due_rows(self, due):
        labels = {
            "due": self.env._("Next purchase expected in these days"),
            "later": self.env._("Expected later, or not at all"),
            "there": self.env._("Rather still a customer"),
            "gone": self.env._("Rather lost"),
        }
        return [
            {"label": label, "of": self._number(due[name]["of"]), "came": self._share(due[name])}
            for name, label in labels.items()
            if name in due
        ]

    def _total_rows(self, due, money):
        if "purchases" not in due:
            return []
        names = ("actual", "expected", "naive")
        rows = [(self.env._("Purchases"), [self._number(due["purchases"][one]) for one in names])]
        if money:
            amounts = [self._amount(due["revenue"][one]) for one in names]
            rows.append((self.env._("Revenue"), amounts))
        return [{"label": label, "cells": cells} for label, cells in rows]

    def _division(self, found, money):
        total = sum(one.get("revenue", 0) for one in found["segments"])
        as_today = ", ".join(found["as_today"])
        return {
            "name": found["name"],
            "as_today": as_today
            and self.env._("Taken as it is today, having no history: %s.", as_today),
            "rows": [
                {
                    "name": one["name"],
                    "of": self._number(one["came"]["of"]),
                    "came": self._share(one["came"]),
                    "lapsed": self._number(one["came"]["of"] - one["came"]["count"]),
                    "revenue": self._amount(one["revenue"]) if money else "",
                    "share": self._percent(one["revenue"] / total) if money and total > 0 else "",
                }
                for one in found["segments"]
            ],
        }
