"""What a phase was planned to take, takes and will take; when to warn of it."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.books import BOOKS

from ..lib.programme_actual import Figures
from .crm_programme_actual import SUMS
from .crm_programme_step_kept import check_not_planned

_PLAN = {"compute": "_compute_planned"}
_BOOKED = {"compute": "_compute_booked", "compute_sudo": True, "groups": BOOKS}
_NOTHING = dict.fromkeys(SUMS, 0.0)


class CrmProgrammePhase(models.Model):
    """Formulas: ``lib/programme_actual.py``. Hours are those of one's own people."""

    _inherit = "crm.programme.phase"  # pylint: disable=consider-merging-classes-inherited

    planned = fields.Monetary(**_PLAN, help="Work and purchases as they stood at the start.")
    planned_hours = fields.Float(**_PLAN, help="Of one's own people, at the start.")
    earned = fields.Monetary(
        **_PLAN, help="What the work that is done should have cost: planned × work done."
    )
    committed = fields.Monetary(
        **_BOOKED, help="Draft bills, and what is ordered and not yet on a bill."
    )
    actual = fields.Monetary(**_BOOKED, help="Booked on the analytic account of the phase.")
    forecast = fields.Monetary(
        **_BOOKED, help="At completion: actual, and what is committed or the rest of the plan, "
        "whichever is more.",
    )  # fmt: skip
    variance = fields.Monetary(
        **_BOOKED, help="Planned less forecast: below 0 where the plan doesn't suffice."
    )
    spent_share = fields.Float(
        "Money Spent", **_BOOKED, aggregator=None, help="Actual as a share of planned."
    )
    actual_hours = fields.Float(**_BOOKED)
    forecast_hours = fields.Float(**_BOOKED)

    @api.depends("step_ids.planned_hours", "step_ids.planned_work", "step_ids.progress",
                 "step_ids.cost_ids.planned_amount", "step_ids.vendor_id", "step_ids.hours",
                 "step_ids.struck_out")  # fmt: skip
    def _compute_planned(self):
        for phase in self:
            steps = phase.step_ids
            phase.planned = steps._planned_money()
            own = steps.filtered(lambda step: not step.vendor_id)
            phase.planned_hours = sum(own.mapped("planned_hours"))
            phase.earned = Figures(phase.planned, progress=steps._work_done()).earned

    @api.depends("step_ids.progress", "programme_id.booked_sums")
    def _compute_booked(self):
        found = self.programme_id._known_sums()
        for phase in self:
            sums = phase._sums(found)
            money, hours = phase._money(sums), phase.step_ids._own_hours(sums)
            phase.update(
                {
                    "committed": money.committed, "actual": money.actual,
                    "forecast": money.forecast, "variance": money.variance,
                    "spent_share": money.spent_share or 0.0,
                    "actual_hours": hours.actual, "forecast_hours": hours.forecast,
                }
            )  # fmt: skip

    def _sums(self, found):
        return found.get((self.programme_id._origin.id, self._origin.id), _NOTHING)

    def _money(self, sums):
        """Money of the phase as ``lib.programme_actual.Figures``."""
        return Figures(
            sums["planned"], sums["committed"], sums["actual"], self.step_ids._work_done()
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        check_not_planned(self.filtered("account_id"))
