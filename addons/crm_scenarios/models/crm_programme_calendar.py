"""Working time of a programme: from its calendar, and on which days nobody works."""

from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date
from pytz import timezone

from ..lib.programme_calendar import WorkingTime

_MOST_YEARS = 15


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

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
