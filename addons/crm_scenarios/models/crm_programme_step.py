"""Steps of a programme: effort by a role, what is waited for, when it is due."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib import programme_estimate
from ..lib.programme_network import CycleError, Task, in_order

#: what moves the dates of all steps
STEP_DATES = (
    "effort_low", "effort_likely", "effort_high", "basis", "basis_count", "people", "lead_days",
    "lag_days", "date_earliest", "predecessor_ids", "struck_out", "begun_on", "done_on", "state",
    "progress",
)  # fmt: skip
PLAN_DATES = ("date_start", "resource_calendar_id", "state")
STATES = [("todo", "To do"), ("begun", "Begun"), ("done", "Done")]


class CrmProgrammeStep(models.Model):
    """Dates come from the programme (``crm_programme_plan.py``), never by hand."""

    _name = "crm.programme.step"
    _inherit = "crm.programme.item"
    _description = "Step of a Programme"
    _order = "programme_id, sequence, id"
    _check_company_auto = True

    programme_id = fields.Many2one("crm.programme", required=True, index=True, ondelete="cascade")
    phase_id = fields.Many2one(
        "crm.programme.phase", index=True, ondelete="restrict",
        domain="[('programme_id', '=', programme_id)]",
    )  # fmt: skip
    company_id = fields.Many2one(related="programme_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="programme_id.currency_id")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    description = fields.Text(translate=True)
    role_id = fields.Many2one("crm.programme.role", ondelete="restrict", check_company=True)
    user_id = fields.Many2one("res.users", "Responsible", index="btree_not_null")
    activity_type_id = fields.Many2one("mail.activity.type", ondelete="set null")
    effort_low = fields.Float("Optimistic", aggregator=None, help="Hours; of one, with a basis.")
    effort_likely = fields.Float("Likely", aggregator=None)
    effort_high = fields.Float("Pessimistic", aggregator=None)
    rate = fields.Monetary(
        "Price of an Hour", compute="_compute_rate", store=True, readonly=False, aggregator=None
    )
    people = fields.Integer("People at Once", default=1, aggregator=None)
    lead_days = fields.Float(
        "At Least (Days)", aggregator=None, help="Working days that it takes whatever the effort, "
        "e.g. until something is delivered.",
    )  # fmt: skip
    lag_days = fields.Float(
        "Wait Before (Days)", aggregator=None, help="Working days after the last predecessor."
    )
    date_earliest = fields.Date("Not Before")
    predecessor_ids = fields.Many2many(
        "crm.programme.step", "crm_programme_step_before_rel", "step_id", "before_id",
        "After", domain="[('programme_id', '=', programme_id), ('id', '!=', id)]", copy=False,
    )  # fmt: skip
    cost_ids = fields.One2many("crm.programme.cost", "step_id", "Purchases", copy=True)
    hours = fields.Float("Expected Hours", compute="_compute_hours", store=True)
    work_cost = fields.Monetary("Cost of the Work", compute="_compute_hours", store=True)
    date_start = fields.Datetime("Starts On", compute="_compute_plan", store=True)
    date_end = fields.Datetime("End", compute="_compute_plan", store=True)
    slack_hours = fields.Float(
        "Slack (Hours)", compute="_compute_plan", store=True, aggregator=None,
        help="How much later it may end without delaying the programme.",
    )  # fmt: skip
    critical = fields.Boolean("On the Critical Path", compute="_compute_plan", store=True)
    state = fields.Selection(STATES, default="todo", required=True, copy=False)
    progress = fields.Float(
        "Done", copy=False, aggregator=None, help="Share of the work that is done."
    )
    begun_on = fields.Date(copy=False)
    done_on = fields.Date(copy=False)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )
    planned_start = fields.Datetime(readonly=True, copy=False)
    planned_end = fields.Datetime(readonly=True, copy=False)
    planned_hours = fields.Float(readonly=True, copy=False)

    _estimate = models.Constraint(
        "CHECK (effort_low >= 0 AND effort_low <= effort_likely AND effort_likely <= effort_high"
        " AND effort_high <= 1000000)",
        "Hours: optimistic, likely and pessimistic, in rising order.",
    )
    _range = models.Constraint(
        "CHECK (people BETWEEN 1 AND 1000 AND lead_days BETWEEN 0 AND 1000"
        " AND lag_days BETWEEN 0 AND 1000 AND rate >= 0 AND progress BETWEEN 0 AND 1)",
        "At least one person; days between 0 and 1,000; no negative price; progress up to 100 %.",
    )

    @api.depends("role_id")
    def _compute_rate(self):
        for step in self:
            role = step.role_id.with_company(step.company_id or self.env.company)
            step.rate = role.rate if role else step.rate

    @api.depends("effort_low", "effort_likely", "effort_high", "rate", "struck_out", "basis",
                 "basis_count")  # fmt: skip
    def _compute_hours(self):
        for step in self:
            step.hours = 0.0 if step.struck_out else programme_estimate.mean(*step._effort())
            step.work_cost = step.hours * step.rate

    @api.depends(
        *(f"programme_id.{name}" for name in PLAN_DATES),
        *(f"programme_id.step_ids.{name}" for name in STEP_DATES),
    )
    def _compute_plan(self):
        for programme in self.programme_id:
            dates = programme._step_dates()
            for step in self.filtered(lambda one: one.programme_id == programme):  # noqa: B023
                step.update(dates.get(step._key(), _NO_DATES))
        (self.filtered(lambda one: not one.programme_id)).update(_NO_DATES)

    @api.constrains("predecessor_ids", "programme_id")
    def _check_predecessors(self):
        if any(step.predecessor_ids.programme_id - step.programme_id for step in self):
            raise ValidationError(self.env._("A step waits for steps of its own programme only."))
        before = self._before()
        if before.isdisjoint(self._ids):
            return
        steps = {step._key(): step for step in self.browse(before)}
        try:
            in_order([step._task() for step in steps.values()])
        except CycleError as error:
            raise ValidationError(
                self.env._("These steps wait for each other: %s",
                           " → ".join(steps[key].name for key in error.path))
            ) from error  # fmt: skip

    def _before(self):
        """Ids of all that these wait for, at first or second hand: a new cycle leads back."""
        steps = dict(zip(self.programme_id.step_ids._ids, self.programme_id.step_ids, strict=True))
        found, todo = set(), list(self.predecessor_ids._ids)
        while todo:
            place = todo.pop()
            if place not in found:
                found.add(place)
                todo.extend(steps[place].predecessor_ids._ids)
        return found

    @api.constrains("phase_id", "programme_id")
    def _check_phase(self):
        for step in self:
            if step.phase_id and step.phase_id.programme_id != step.programme_id:
                raise ValidationError(
                    self.env._("The phase of “%s” belongs to another programme.", step.name)
                )

    def _key(self):
        """What names the step in a plan, saved or not."""
        return self._origin.id or self.id

    def _effort(self):
        """Hours (low, likely, high)."""
        times = self._times()
        return tuple(hours * times for hours in self._effort_of_one())

    def _effort_of_one(self):
        """Hours as they are entered."""
        return self.effort_low, self.effort_likely, self.effort_high

    def _planned(self):
        """Those that aren't struck out."""
        return self.filtered(lambda step: not step.struck_out)

    def _names(self):
        return ", ".join(self.mapped("name"))

    def _task(self, work=None, hours_per_day=8.0):
        """The step as ``lib.programme_network`` takes it; ``work``: working time for dates.

        What is struck out takes no time, and what waits for it waits for what is before it.
        """
        before = tuple(step._key() for step in self.predecessor_ids)
        if self.struck_out:
            return Task(key=self._key(), before=before)
        return Task(
            key=self._key(),
            effort=self._effort(),
            people=self.people or 1,
            lead=self.lead_days * hours_per_day,
            lag=self.lag_days * hours_per_day,
            before=before,
            **(self._fixed(work) if work else {}),
        )

    def _fixed(self, work):
        """Hours before the days that are set or known; what is done ends on its last day.

        What is open in a programme that runs can't be done before today.
        """
        programme = self.programme_id

        def hours(day, end=False):
            return work.before(programme._moment(day, end)) if day else None

        running = programme.state == "running"
        now = hours(fields.Date.context_today(self)) if running else 0.0
        earliest = hours(self.date_earliest) or 0.0
        return {
            "earliest": max(earliest, now) if self.state == "todo" else earliest,
            "begun": hours(self.begun_on),
            "ended": hours(self.done_on, end=True) if self.state == "done" else None,
            "now": now,
            "left": 1 - self.progress,
        }

    @api.constrains("date_earliest")
    def _check_date_earliest(self):
        for step in self.filtered("date_earliest"):
            if step.programme_id.date_start and step.date_earliest < step.programme_id.date_start:
                raise ValidationError(
                    self.env._("“%s” can't have to wait for a day before the programme starts.",
                               step.name)
                )  # fmt: skip
            step.programme_id._check_day(step.date_earliest, step.name)

    def _payment(self, kind, source, day, amount):
        """A payment as the programme stores it; ``source``: the step or the cost."""
        return {
            "day": day.isoformat(), "amount": amount, "kind": kind, "name": source.name,
            "vendor": source.vendor_id._origin.id or None,
            "phase": self.phase_id._origin.id or None,
            "step": self._origin.id or None,
            "cost": source._origin.id or None if source != self else None,
        }  # fmt: skip

    def _work_done(self):
        """Share of the expected hours of these steps that is done; without hours, of steps."""
        steps = self._planned()
        whole = sum(steps.mapped("hours"))
        if whole:
            return sum(step.hours * step.progress for step in steps) / whole
        return sum(steps.mapped("progress")) / len(steps) if steps else 0.0


_NO_DATES = {"date_start": False, "date_end": False, "slack_hours": 0.0, "critical": False}
