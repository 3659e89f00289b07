"""Dates, totals and payments of a programme, from its steps and the working calendar."""

from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date
from pytz import timezone, utc

from ..lib import programme_cash as cash
from ..lib.programme_calendar import WorkingTime
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
_MOST_YEARS = 15


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
    plan_problem = fields.Text("What Is Missing", compute="_compute_plan_problem")

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

    def _working_time(self):
        """Working time from the start, enough for all steps one after the other; None if there
        is no start, no calendar, or not enough of it in fifteen years."""
        if not (self.date_start and self.resource_calendar_id):
            return None
        per_day = self._hours_per_day()
        needed = sum(
            max(step._effort()[2] / (step.people or 1), step.lead_days * per_day)
            + step.lag_days * per_day
            for step in self._planned_steps()
        )  # fmt: skip
        known = self.step_ids.mapped("date_earliest") + self.step_ids.mapped("begun_on")
        known += self.step_ids.mapped("done_on")
        if self.state == "running":
            known.append(fields.Date.context_today(self))
        latest = max([day for day in known if day], default=self.date_start)
        begin, intervals = self._moment(self.date_start), []
        for year in range(_MOST_YEARS):
            first = begin + relativedelta(years=year)
            intervals += self._intervals(first, begin + relativedelta(years=year + 1))
            work = WorkingTime(intervals)
            if work.hours > needed + work.before(self._moment(latest, True)) + per_day:
                return work
        return None

    def _intervals(self, first, last):
        found = self.resource_calendar_id._work_intervals_batch(first, last)[False]
        return [(begin, end) for begin, end, _meta in found]

    def _hours_per_day(self):
        return self.resource_calendar_id.hours_per_day or 8.0

    def _moment(self, day, end=False):
        """Midnight at which a day begins (or ends) where the calendar is."""
        zone = timezone(self.resource_calendar_id.tz or "UTC")
        return zone.localize(datetime.combine(day + timedelta(days=1 if end else 0), time.min))

    def _works_on(self, day):
        return bool(self._intervals(self._moment(day), self._moment(day, True)))

    @api.model
    def _next_working_day(self):
        """Tomorrow, or the day after it on which the company works."""
        calendar = self.env.company.resource_calendar_id
        day = fields.Date.context_today(self) + timedelta(days=1)
        probe = self.new({"resource_calendar_id": calendar.id, "date_start": day})
        while calendar and not probe._works_on(day) and day.year < 2200:
            day += timedelta(days=1)
        return day

    @api.constrains("date_start", "resource_calendar_id")
    def _check_days(self):
        for programme in self.filtered("date_start"):
            programme._check_day(programme.date_start, self.env._("the start"))

    def _check_day(self, day, what):
        """Refuse a day on which nobody works.

        :raises ValidationError: with the next day on which somebody does
        """
        if not self.resource_calendar_id or self._works_on(day):
            return
        later = day
        for _number in range(366):
            later += timedelta(days=1)
            if self._works_on(later):
                break
        else:
            raise ValidationError(
                self.env._("“%(calendar)s” has no working time in the year after %(day)s.",
                           calendar=self.resource_calendar_id.name, day=format_date(self.env, day))
            )  # fmt: skip
        raise ValidationError(
            self.env._(
                "Nobody works on %(day)s (%(what)s) by “%(calendar)s”; the next working day is "
                "%(later)s.", day=format_date(self.env, day), what=what,
                calendar=self.resource_calendar_id.name, later=format_date(self.env, later),
            )
        )  # fmt: skip

    @api.depends("date_end", "step_ids.hours", "step_ids.lead_days", "step_ids.rate",
                 "cost_ids.amount", "audit_figures")  # fmt: skip
    def _compute_plan_problem(self):
        for programme in self:
            lines = programme._problems() + programme._unpriced()
            programme.plan_problem = "\n".join(lines) or False

    def _problems(self):
        """What keeps the programme from being planned or started, in words."""
        steps, known = self._planned_steps(), self.audit_figures or {}
        if not steps:
            return [self.env._("There are no steps yet.")]
        empty = steps.filtered(
            lambda step: not step.hours and not step.lead_days and step.basis not in known
        )
        uncounted = empty.filtered(lambda step: step.basis and step.effort_high)
        problems = []
        if uncounted:
            problems.append(
                self.env._("Take the audit or enter how many there are: %s", uncounted._names())
            )
        if empty - uncounted:
            problems.append(
                self.env._("No effort and no duration: %s", (empty - uncounted)._names())
            )
        if self.date_start and not self.date_end:
            problems.append(
                self.env._("“%s” has not enough working time for these steps.",
                           self.resource_calendar_id.name or "")
            )  # fmt: skip
        return problems

    def _unpriced(self):
        """What has no price yet, in words; it can be started all the same."""
        result = []
        roles = self._planned_steps().filtered(
            lambda step: step.hours and not step.rate
        ).role_id  # fmt: skip
        if roles:
            result.append(
                self.env._("No price of an hour yet: %s", ", ".join(roles.mapped("name")))
            )
        costs = self._planned_costs().filtered(lambda cost: not cost.unit_price)
        if costs:
            result.append(
                self.env._("No price yet, or to be struck out: %s", ", ".join(costs.mapped("name")))
            )
        return result


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
