"""Totals of plan and actual of a programme, by phase and beside all phases."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.books import BOOKS, sees_books
from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS, Domain

from ..lib.programme_actual import Figures, together
from .crm_programme_actual import SUMS

_BOOKED = {"compute": "_compute_booked", "compute_sudo": True, "groups": BOOKS}
_TOTALS = ("planned", "committed", "actual", "earned", "forecast", "variance")


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    planned = fields.Monetary(
        compute="_compute_planned", help="Work and purchases as they stood at the start."
    )
    booked_sums = fields.Json(
        compute="_compute_booked_sums", compute_sudo=True, groups=NO_ACCESS,
        export_string_translation=False,
    )  # fmt: skip
    committed = fields.Monetary(**_BOOKED)
    actual = fields.Monetary(**_BOOKED)
    forecast = fields.Monetary(**_BOOKED, help="Sum of the forecasts of the phases.")
    variance = fields.Monetary(
        **_BOOKED, help="Planned less forecast: below 0 where the plan doesn't suffice."
    )
    unphased = fields.Monetary(
        "Not on a Phase", **_BOOKED, help="Booked or committed on the analytic account of the "
        "programme: to be moved to the account of the phase that it is of.",
    )  # fmt: skip

    @api.depends("step_ids.planned_work", "cost_ids.planned_amount")
    def _compute_planned(self):
        for programme in self:
            programme.planned = programme.step_ids._planned_money()

    @api.depends("step_ids.planned_work", "cost_ids.planned_amount", "phase_ids")
    def _compute_booked_sums(self):
        """What the books say, read once for totals, phases and the warning."""
        found = self.env["crm.programme.actual"]._by_phase(self._origin)
        for programme in self:
            own = programme._origin.id
            programme.booked_sums = {
                str(phase or 0): sums for (key, phase), sums in found.items() if key == own
            }

    def _known_sums(self):
        """Sums of these programmes as ``_by_phase`` of the report gives them."""
        # sudo: who may read what becomes of it, the fields' groups say
        return {
            (programme._origin.id, int(phase) or False): sums
            for programme in self.sudo()
            for phase, sums in (programme.booked_sums or {}).items()
        }

    @api.depends("step_ids.progress", "booked_sums")
    def _compute_booked(self):
        found = self._known_sums()
        for programme in self:
            figures = programme._figures(found)
            totals = dict(zip(_TOTALS, together(figures.values()), strict=True))
            loose = figures[self.env["crm.programme.phase"]]
            for name in ("committed", "actual", "forecast", "variance"):
                programme[name] = totals[name]
            programme.unphased = loose.committed + loose.actual

    def _figures(self, found):
        """Money of each phase; of what is on none, under an empty record."""
        result = {phase: phase._money(phase._sums(found)) for phase in self.phase_ids}
        sums = found.get((self._origin.id, False), dict.fromkeys(SUMS, 0.0))
        loose = self._loose_steps()
        result[self.env["crm.programme.phase"]] = Figures(
            sums["planned"], sums["committed"], sums["actual"], loose._work_done()
        )
        return result

    def action_open_actual(self):
        """Plan and actual of the programme, by phase and vendor.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_scenarios.crm_programme_actual_action"
        )
        return {**action, "context": {"search_default_programme_id": self.id}}

    def action_open_unphased(self):
        """Analytic lines that are on no phase, for accounting to give them its account.

        :return: action
        :raises AccessError: for users who may not see the books
        """
        self.ensure_one()
        self.check_access("read")
        if not sees_books(self.env):
            raise AccessError(self.env._("Accounting sees what is booked on a programme."))
        # sudo: the names of the columns, a plan each
        names = self.env["account.analytic.line"].sudo()._get_plan_fnames()
        domain = Domain.OR(Domain(name, "=", self.account_id.id) for name in names)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Not on a phase"),
            "res_model": "account.analytic.line",
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
        }
