"""Early warning: phases that spend their money faster than their work is done."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.books import sees_books


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    warned = fields.Boolean(
        "Overspending", compute="_compute_warned", store=True, help="A phase has spent 80 % or "
        "more of its planned money with less of its work done.",
    )  # fmt: skip
    money_warning = fields.Text("Spending Warning", compute="_compute_money_warning")

    @api.depends("state", "phase_ids.warned_on")
    def _compute_warned(self):
        for programme in self:
            programme.warned = programme.state == "running" and any(
                phase.warned_on for phase in programme.phase_ids
            )

    @api.depends("state", "phase_ids.warned_on", "step_ids.progress", "booked_sums")
    @api.depends_context("uid", "lang")
    def _compute_money_warning(self):
        """As the books are now for those who see them; for others as of the last night."""
        sees = sees_books(self.env)
        running = self.filtered(lambda one: one.state == "running")
        found = running._known_sums() if sees else {}
        for programme in self:
            lines = []
            for phase in programme.phase_ids if programme in running else ():
                money = phase._money(phase._sums(found)) if sees else None
                if not phase.accepted_on and (money.warned if sees else phase.warned_on):
                    lines.append(phase._warning_line(money))
            programme.money_warning = "\n".join(lines) or False

    @api.model
    def _warn_phases(self, company):
        """Flag the phases of running programmes that spend too fast, and tell their managers.

        Once: again only after a phase had stopped doing so. Called at night, with all rights.

        :param company: res.company
        :return: crm.programme.phase that are newly flagged
        """
        programmes = self.search([("company_id", "=", company.id), ("state", "=", "running")])
        found = self.env["crm.programme.actual"]._by_phase(programmes)
        phases = programmes.phase_ids
        warned = phases.filtered(
            lambda one: not one.accepted_on and one._money(one._sums(found)).warned
        )
        new = warned.filtered(lambda phase: not phase.warned_on)
        new.warned_on = fields.Date.context_today(self)
        (phases - warned).filtered("warned_on").warned_on = False
        new._schedule_warnings()
        return new
