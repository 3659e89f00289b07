"""The model in plain words: what it says, how well it did, why it is hidden."""

from odoo import api, fields, models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang

from ..lib import calibration
from .crm_value_model import TOTALS

#: rank correlation from which on the independence of pace and money is in doubt
CORRELATED = 0.3


class CrmValueModel(models.Model):
    _inherit = "crm.value.model"  # pylint: disable=consider-merging-classes-inherited

    verdict_text = fields.Text("Verdict in Words", compute="_compute_texts")
    revenue_text = fields.Text("Verdict on the Money", compute="_compute_texts")
    parameters_text = fields.Text("What the Model Says", compute="_compute_texts")
    money_text = fields.Text(
        "What It Says of Money", compute="_compute_money_text", groups=TOTALS["groups"]
    )
    check_table = fields.Html(
        "Months Kept Out",
        compute="_compute_check_table",
        sanitize=False,
        groups=TOTALS["groups"],
    )

    @api.depends("verdict", "revenue_shown")
    @api.depends_context("lang")
    def _compute_texts(self):
        for model in self:
            model.verdict_text = model._verdict_words()
            model.revenue_text = model._revenue_words() if model.shown else ""
            model.parameters_text = model._parameters_words() if model.alpha else ""

    def _number(self, value, digits=0):
        return formatLang(self.env, value, digits=digits)

    def _gain_words(self, prefix):
        """How much smaller, or larger, the error is than that of the own rate."""
        ends = [100 * self[f"{prefix}_{name}"] for name in ("gain_low", "gain", "gain_high")]
        if ends[1] < 0:
            high, loss, low = (self._number(-one) for one in ends)
            return self.env._(
                "its squared error is %(loss)s %% larger (95 %% interval: %(low)s to %(high)s)",
                loss=loss, low=low, high=high,
            )  # fmt: skip
        low, gain, high = map(self._number, ends)
        return self.env._(
            "its squared error is %(gain)s %% smaller (95 %% interval: %(low)s to %(high)s)",
            gain=gain, low=low, high=high,
        )  # fmt: skip

    def _verdict_words(self):
        if self.verdict == "short":
            return self.env._(
                "Not enough data: sales go back %(weeks)s weeks, %(least)s are needed so that "
                "some can be kept out to check the prediction.",
                weeks=self.weeks, least=calibration.MIN_WEEKS,
            )  # fmt: skip
        if self.verdict == "few":
            return self.env._(
                "Not enough data: at least %(least)s customers have to have bought on two days or "
                "more, before %(day)s as well.",
                least=calibration.MIN_REPEATERS, day=format_date(self.env, self.check_date),
            )  # fmt: skip
        return self._compared_words()

    def _compared_words(self):
        gain, weeks = self._gain_words("check"), self._number(self.check_weeks)
        if self.verdict == "better":
            return self.env._(
                "Shown. On the last %(weeks)s weeks, which the check did not know, the prediction "
                "came closer to what customers bought than each customer's own rate: %(gain)s.",
                weeks=weeks, gain=gain,
            )  # fmt: skip
        if self.verdict == "worse":
            return self.env._(
                "Hidden. On the last %(weeks)s weeks, which the check did not know, the prediction "
                "was not better than each customer's own rate, or only by chance: %(gain)s.",
                weeks=weeks, gain=gain,
            )  # fmt: skip
        return self.env._(
            "Hidden. On the last %(weeks)s weeks, which the check did not know, the purchases of "
            "all customers together were further from the prediction than from the customers' "
            "own rates, by more than %(limit)s %%.",
            weeks=weeks, limit=self._number(100 * calibration.TOLERANCE),
        )  # fmt: skip

    def _revenue_words(self):
        gain = self._gain_words("revenue")
        if self.revenue_shown:
            return self.env._("The expected revenue is shown too: %s.", gain)
        return self.env._(
            "The expected revenue is hidden: it was not better than the own rate times the own "
            "money of a purchase (%s), or its total was further off.",
            gain,
        )

    def _parameters_words(self):
        values = {
            "weeks": self._number(self.alpha / self.r, 1),
            "gone": self._number(100 * self.a / (self.a + self.b), 1),
        }
        if self.r < 1:  # the shape of an exponential distribution: most buy rarely, some often
            return self.env._(
                "While they stay, customers buy again every %(weeks)s weeks on average, at paces "
                "that differ widely. After a purchase %(gone)s %% leave for good.",
                **values,
            )
        return self.env._(
            "While they stay, customers buy again every %(weeks)s weeks on average, at paces that "
            "differ moderately. After a purchase %(gone)s %% leave for good.",
            **values,
        )

    @api.depends_context("lang")
    def _compute_money_text(self):
        for model in self:
            model.money_text = model._money_words() if model.q > 1 else ""

    def _money_words(self):
        mean = format_amount(self.env, self.p * self.v / (self.q - 1), self.currency_id)
        text = self.env._(
            "A day with a purchase is worth %(mean)s on average; credit notes take %(refunds)s %% "
            "of it.",
            mean=mean, refunds=self._number(100 * self.refund_share, 1),
        )  # fmt: skip
        if abs(self.money_correlation) < CORRELATED:
            return text
        return f"{text} {self._correlated_words()}"

    def _correlated_words(self):
        value = self._number(self.money_correlation, 2)
        if self.money_correlation > 0:
            return self.env._(
                "Those who buy more often spend more each time (rank correlation %s): the model "
                "takes the two for independent, so take single amounts with care.",
                value,
            )
        return self.env._(
            "Those who buy more often spend less each time (rank correlation %s): the model "
            "takes the two for independent, so take single amounts with care.",
            value,
        )

    def _note_text(self):
        """What a salesperson reads beside the predictions of a customer: no totals."""
        if not self:
            return self.env._("Not predicted yet. Predictions are made at night, once a month.")
        if self.verdict in ("few", "short"):
            return self.env._("No predictions: there are too few repeat purchases to learn from.")
        return " ".join(text for text in (self.verdict_text, self.revenue_text) if text)

    @api.depends_context("lang")
    def _compute_check_table(self):
        for model in self:
            model.check_table = model._render_check() if model.check_groups else False

    def _render_check(self):
        rows = [{**one, "label": self._group_label(one)} for one in self.check_groups]
        top = max(
            (one[name] for one in rows for name in ("actual", "expected", "naive")), default=0
        )
        return self.env["ir.qweb"]._render(
            "crm_scenarios.value_check",
            {"model": self, "rows": rows, "top": top or 1, "number": self._number},
        )

    def _group_label(self, group):
        low, high = group["low"], group["high"]
        if high is None:
            return self.env._("%s or more", low)
        return str(low) if low == high else f"{low}–{high}"
