"""The picture of a programme: phases and steps on an axis of months, money below them."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..lib import programme_picture as geometry


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    progress = fields.Float(
        "Work Done", compute="_compute_progress",
        help="Share of the expected hours that is done; without hours, of the steps.",
    )  # fmt: skip

    @api.depends("step_ids.progress", "step_ids.hours", "step_ids.struck_out")
    def _compute_progress(self):
        for programme in self:
            programme.progress = programme.step_ids._work_done()

    @api.readonly
    def picture(self):
        """What the timeline draws, as it is saved.

        :return: dict ``currency_id``, ``steps`` (how many are planned), ``axis`` (None where
            nothing has dates; dict ``first``, ``last``, ``months``, ``breaks``, ``today``,
            ``end``, ``end_p80``), ``phases`` (see ``_phase_bar``), ``cash`` (see
            ``lib/programme_picture.py: columns``). Days are dates, places and widths percent
            of the axis, money in the currency of the programme's company
        :raises AccessError: for users who may not read the programme
        """
        self.ensure_one()
        self.check_access("read")
        axis = self._axis()
        return {
            "currency_id": self.currency_id.id,
            "steps": len(self._planned_steps()),
            "axis": axis and self._axis_data(axis),
            "phases": axis and [
                self._phase_bar(axis, phase, steps) for phase, steps in self._steps_by_phase()
            ],
            "cash": axis and self._columns(axis),
        }  # fmt: skip

    def _axis(self):
        """The months of the programme and of what is paid once; None without dates."""
        if not (self.date_start and self.date_end and self._planned_steps()):
            return None
        days = [self.date_start, self._last_day(self.date_end), self._last_day(self.date_end_p80)]
        days += self._days_of(self._planned_steps())
        days += [day for day, _money, running in self._paid() if not running]
        return geometry.Axis.around(days)

    def _axis_data(self, axis):
        today = fields.Date.context_today(self)
        end, end_p80 = self._last_day(self.date_end), self._last_day(self.date_end_p80)
        return {
            "first": axis.first, "last": axis.last,
            "months": self._month_labels(axis.months()),
            "breaks": axis.breaks(self._working_days(axis)),
            "today": axis.place(today), "today_on": today,
            "end": axis.place(end, end=True), "end_on": end,
            "end_p80": axis.place(end_p80, end=True), "end_p80_on": end_p80,
        }  # fmt: skip

    def _columns(self, axis):
        """Money by month, with the names of the months."""
        found = geometry.columns(self._paid(), axis, self.currency_id.decimal_places)
        for one in found["columns"]:
            one["label"] = self._month_name(one["month"])
        return found

    def _month_labels(self, months):
        """The months of an axis with their names, the year where it is a new one: short enough
        to stand beside each other in languages with long names."""
        found, year = [], None
        for one in months:
            label = self._month_name(one["month"])
            if one["labelled"]:
                if one["month"].year == year:
                    label = format_date(self.env, one["month"], date_format="LLL")
                year = one["month"].year
            found.append({**one, "label": label})
        return found

    def _month_name(self, month):
        return format_date(self.env, month, date_format="LLL yyyy")

    def _working_days(self, axis):
        """Dates of an axis on which somebody works."""
        intervals = self._intervals(self._moment(axis.first), self._moment(axis.last, True))
        return {
            (begin + timedelta(days=number)).date()
            for begin, end in intervals
            for number in range(((end - timedelta(minutes=1)).date() - begin.date()).days + 1)
        }

    def _steps_by_phase(self):
        """Pairs (phase, its steps); the steps without a phase at last."""
        pairs = [(phase, phase.step_ids & self.step_ids) for phase in self.phase_ids]
        loose = self._loose_steps()
        return [*pairs, (self.phase_ids.browse(), loose)] if loose else pairs

    def _paid(self, rows=None):
        """Payments (all, or these rows) as (day, money, whether paid again and again)."""
        return [
            (fields.Date.to_date(row["day"]), row["amount"], row["kind"] == "running")
            for row in (self.payments or [] if rows is None else rows)
        ]

    def _last_day(self, moment):
        """The day to which a moment belongs as an end: midnight ends the day before."""
        return self._day_of(moment - timedelta(minutes=1))

    def _span(self, step):
        """First and last day of a step that has dates."""
        first = self._day_of(step.date_start)
        return first, max(self._last_day(step.date_end), first)

    def _days_of(self, steps):
        """First and last days of those of the steps that have dates."""
        return [day for step in steps if step.date_end for day in self._span(step)]

    def _phase_bar(self, axis, phase, steps):
        """A phase: ``id``, ``name``, ``first``, ``last``, ``left``, ``width``, ``progress``,
        ``critical``, ``accepted_on``, ``steps`` (see ``_step_bar``)."""
        planned = steps._planned().filtered("date_end")
        days = self._days_of(planned)
        return {
            "id": phase.id, "name": phase.name or self.env._("Without a phase"),
            **_bar(axis, days),
            "progress": steps._work_done(),
            "critical": any(step.critical and step.state != "done" for step in planned),
            "accepted_on": phase.accepted_on, "acceptance": bool(phase and days),
            "steps": [self._step_bar(axis, step) for step in steps],
        }  # fmt: skip

    def _step_bar(self, axis, step):
        """A step: what a phase has, and ``state`` (in words), ``late``, ``milestone`` (takes no
        time), ``who``, ``hours``, ``slack`` (working days), ``struck`` (the reason)."""
        days = self._span(step) if step.date_end and not step.struck_out else ()
        done = step.state == "done"
        states = dict(step._fields["state"]._description_selection(self.env))
        return {
            "id": step.id, "name": step.name, **_bar(axis, days),
            "progress": 1.0 if done else step.progress,
            "critical": step.critical and not step.struck_out,
            "state": states[step.state], "done": done,
            "late": bool(days) and not done and days[1] < fields.Date.context_today(self),
            "milestone": bool(days) and step.date_start == step.date_end,
            "who": step._who(), "hours": step.hours,
            "slack": step.slack_hours / self._hours_per_day(),
            "struck": step.struck_reason if step.struck_out else False,
        }  # fmt: skip


class CrmProgrammeStep(models.Model):
    _inherit = "crm.programme.step"  # pylint: disable=consider-merging-classes-inherited

    def _who(self):
        """Who does it: the vendor, or the one responsible, or the role."""
        # sudo: the name of whoever does the step is part of the plan
        return self.sudo().vendor_id.name or self.user_id.sudo().name or self.role_id.name or ""


def _bar(axis, days):
    if not days:
        return {"first": False, "last": False, "left": 0.0, "width": 0.0}
    first, last = min(days), max(days)
    return {"first": first, "last": last, **axis.bar(first, last)}
