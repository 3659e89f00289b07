"""Plan and actual of a programme as the form draws it."""

from odoo import api, models
from odoo.addons.crm_segments.models.books import sees_books

from ..lib.programme_actual import Figures, together
from .crm_programme_actual import SUMS

_PLAIN = ("planned", "earned")
_BOOKED = ("committed", "actual", "forecast", "variance", "spent_share")


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def plan_and_actual(self):
        """Rows of the chart and its table: a phase each, and one of what is on no phase.

        :return: dict of ``currency_id``, ``sees_books``, ``rows`` and ``total``; rows have
            ``name`` (empty: no phase), ``done`` (share of the work), ``warned``, money
            ``planned``, ``earned`` and ``planned_hours``; for users who see the books also
            ``committed``, ``actual``, ``forecast``, ``variance``, ``spent_share`` (None where
            nothing was planned), ``actual_hours``, ``forecast_hours``
        """
        self.ensure_one()
        self.check_access("read")
        report = self.env["crm.programme.actual"]
        sees = sees_books(self.env)
        found = report._by_phase(self)
        rows = [
            self._board_row(phase, money, found, sees)
            for phase, money in self._figures(found).items()
            if phase or money.planned or sees and (money.actual or money.committed)
        ]
        return {
            "currency_id": self.currency_id.id, "sees_books": sees, "rows": rows,
            "total": self._board_total(found, sees),
        }  # fmt: skip

    def _board_row(self, phase, money, found, sees):
        steps = phase.step_ids if phase else self._loose_steps()
        sums = found.get((self.id, phase.id), dict.fromkeys(SUMS, 0.0))
        hours = steps._own_hours(sums)
        row = {name: getattr(money, name) for name in _PLAIN}
        row |= {"name": phase.name or "", "done": money.progress, "planned_hours": hours.planned,
                "warned": bool(phase.warned_on)}  # fmt: skip
        if sees:
            row |= {name: getattr(money, name) for name in _BOOKED}
            row |= {"actual_hours": hours.actual, "forecast_hours": hours.forecast}
            row["warned"] = bool(
                phase and self.state == "running" and not phase.accepted_on and money.warned
            )
        return row

    def _board_total(self, found, sees):
        """Sums of the rows; shares of the sums."""
        figures = list(self._figures(found).values())
        names = ("planned", "committed", "actual", "earned", "forecast", "variance")
        sums = dict(zip(names, together(figures), strict=True))
        whole = Figures(sums["planned"], sums["committed"], sums["actual"])
        shown = (*_PLAIN, *_BOOKED) if sees else _PLAIN
        total = {name: sums.get(name, whole.spent_share) for name in shown}
        total |= {"done": self.step_ids._work_done(), "warned": False}
        return total | self._board_hours(found, sees)

    def _board_hours(self, found, sees):
        parts = [(phase.step_ids, phase.id) for phase in self.phase_ids]
        parts.append((self._loose_steps(), False))
        hours = [
            steps._own_hours(found.get((self.id, key), dict.fromkeys(SUMS, 0.0)))
            for steps, key in parts
        ]
        total = {"planned_hours": sum(one.planned for one in hours)}
        if sees:
            total["actual_hours"] = sum(one.actual for one in hours)
            total["forecast_hours"] = sum(one.forecast for one in hours)
        return total
