"""Dates, totals and payments of a programme, from its steps and its working time."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from pytz import utc

from ..lib import programme_cash as cash
from ..lib.programme_estimate import mean
from ..lib.programme_network import CycleError, schedule
from ..lib.programme_total import total
from .crm_programme_step import PLAN_DATES, STEP_DATES

#: fields that change what is paid when
STEP_MONEY = ("rate", "vendor_id", "advance", "milestone", "pay_days", "phase_id")
COST_MONEY = (
    "step_id", "kind", "period", "amount", "spread", "vendor_id", "advance", "milestone",
    "pay_days", "struck_out",
)  # fmt: skip


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    date_end = fields.Datetime("End", compute="_compute_plan", store=True)
    date_end_p80 = fields.Datetime(
        "End, at 80 %", compute="_compute_plan", store=True,
        help="In 80 % of 4,000 drawn courses the programme is over by then.",
    )  # fmt: skip
    hours = fields.Float("Expected Hours", compute="_compute_plan", store=True)
    amount_work = fields.Monetary("Work", compute="_compute_plan", store=True)
    amount_purchases = fields.Monetary(
        "Purchases", compute="_compute_plan", store=True, help="What is paid once."
    )
    amount_expected = fields.Monetary("Expected Cost", compute="_compute_plan", store=True)
    amount_p50 = fields.Monetary(
        "Cost, at 50 %", compute="_compute_plan", store=True,
        help="In half of 4,000 drawn courses the programme costs no more.",
    )  # fmt: skip
    amount_p80 = fields.Monetary("Cost, at 80 %", compute="_compute_plan", store=True)
    contingency = fields.Monetary(
        compute="_compute_plan", store=True, help="Cost at 80 % less the expected cost: to be "
        "kept ready, not to be planned for.",
    )  # fmt: skip
    amount_year = fields.Monetary(
        "A Year Afterwards", compute="_compute_plan", store=True,
        help="What is paid again and again, in twelve months.",
    )  # fmt: skip
    amount_ownership = fields.Monetary(
        "Cost of Ownership", compute="_compute_plan", store=True,
        help="Expected cost and what is paid again and again, over the years chosen.",
    )  # fmt: skip
    payments = fields.Json(compute="_compute_plan", store=True, export_string_translation=False)

    @api.depends(
        "name", "seed", "ownership_years", "company_id", *PLAN_DATES, "phase_ids.accepted_on",
        *(f"step_ids.{name}" for name in (*STEP_DATES, *STEP_MONEY)),
        *(f"cost_ids.{name}" for name in COST_MONEY),
    )  # fmt: skip
    def _compute_plan(self):
        for programme in self:
            programme.update(programme._totals())

    def _totals(self):
        """Field → value of what is computed."""
        steps, costs = self._planned_steps(), self._planned_costs()
        once = costs.filtered(lambda cost: cost.period == "once")
        work = self._working_time()
        tasks = self._tasks(work)
        try:
            drawn = total(
                tasks,
                {step._key(): step.rate for step in steps},
                {cost._origin.id or cost.id: cost._estimate() for cost in once},
                self.seed,
            )
        except CycleError:
            return _NOTHING
        return {
            "hours": sum(steps.mapped("hours")),
            "amount_work": sum(steps.mapped("work_cost")),
            "amount_purchases": sum(once.mapped("amount")),
            "amount_expected": drawn.expected,
            "amount_p50": drawn.p50,
            "amount_p80": drawn.p80,
            "contingency": drawn.contingency,
            "amount_year": sum(cost._a_year() for cost in costs - once),
            **(self._dated_totals(work, tasks, drawn) if work else _NO_DATES),
        }

    def _tasks(self, work):
        """All steps as ``lib.programme_network`` takes them; struck out ones take no time."""
        return [step._task(work, self._hours_per_day()) for step in self.step_ids]

    def _planned_steps(self):
        """Steps that aren't struck out; the others are passed through."""
        return self.step_ids._planned()

    def _loose_steps(self):
        """Steps that are in no phase."""
        return self.step_ids.filtered(lambda step: not step.phase_id)

    def _planned_costs(self):
        return self.cost_ids.filtered(
            lambda cost: not cost.struck_out and not cost.step_id.struck_out
        )

    def _dated_totals(self, work, tasks, drawn):
        """What needs a start and working hours: the end, payments, cost of ownership."""
        dates, end = schedule(tasks, {task.key: mean(*task.effort) for task in tasks})
        moments = {
            key: (work.starts(one.start), work.ends(one.finish)) for key, one in dates.items()
        }
        rows = self._payment_rows(moments, work)
        return {
            "date_end": _naive(work.ends(end)),
            "date_end_p80": _naive(work.ends(drawn.hours_p80)),
            "payments": rows,
            "amount_ownership": sum(row["amount"] for row in rows),
        }

    def _step_dates(self):
        """Dates of all steps: key → field values; nothing where they can't be planned."""
        work = self._working_time()
        if not work:
            return {}
        tasks = self._tasks(work)
        try:
            dates, _end = schedule(tasks, {task.key: mean(*task.effort) for task in tasks})
        except CycleError:
            return {}
        struck = {step._key() for step in self.step_ids if step.struck_out}
        return {
            key: {
                "date_start": _naive(work.starts(one.start) if one.finish > one.start
                                     else work.ends(one.start)),
                "date_end": _naive(work.ends(one.finish)),
                "slack_hours": one.slack,
                "critical": one.critical,
            }
            for key, one in dates.items() if key not in struck
        }  # fmt: skip

    def _payment_rows(self, moments, work):
        """Payments with what they are for, as they are stored."""
        ends = self._phase_ends(moments)
        horizon = self.date_start + relativedelta(years=self.ownership_years)
        digits = self.currency_id.decimal_places
        rows = []
        for step in self._planned_steps():
            begin, end = moments[step._key()]
            if step.vendor_id:
                paid = cash.instalments(
                    step.work_cost, step._terms_of_payment(),
                    self._payment_days(step, moments, ends), digits,
                )  # fmt: skip
            else:
                paid = cash.spread(step.work_cost, work.by_month(begin, end), digits)
            rows += [step._payment("work", step, *one) for one in paid]
        for cost in self._planned_costs():
            step = cost.step_id
            if cost.period == "once":
                days = self._payment_days(step, moments, ends)
                paid = cash.instalments(cost.amount, cost._terms_of_payment(), days, digits)
            else:
                first = moments[step._key()][1].date() + timedelta(days=cost.pay_days)
                paid = cash.recurring(cost.amount, cost.period, first, horizon)
            kind = cost.kind if cost.period == "once" else "running"
            rows += [step._payment(kind, cost, *one) for one in paid]
        return sorted(rows, key=lambda row: row["day"])

    def _phase_ends(self, moments):
        """Phase → when the last of its planned steps ends."""
        ends = {}
        for step in self._planned_steps():
            end = moments[step._key()][1]
            ends[step.phase_id] = max(ends.get(step.phase_id, end), end)
        return ends

    def _payment_days(self, step, moments, ends):
        """Dates of begin, end and acceptance of a step; without a phase it is accepted done."""
        begin, end = moments[step._key()]
        phase = step.phase_id
        accepted = phase.accepted_on or (ends.get(phase, end) if phase else end).date()
        return begin.date(), end.date(), accepted


_NO_DATES = {
    "date_end": False, "date_end_p80": False, "payments": False, "amount_ownership": 0.0,
}  # fmt: skip
_NOTHING = {
    **_NO_DATES, "hours": 0.0, "amount_work": 0.0, "amount_purchases": 0.0,
    "amount_expected": 0.0, "amount_p50": 0.0, "amount_p80": 0.0, "contingency": 0.0,
    "amount_year": 0.0,
}  # fmt: skip


def _naive(moment):
    """As the host stores datetimes, to the minute."""
    return moment.astimezone(utc).replace(tzinfo=None, second=0, microsecond=0)
