"""Phases of a programme: what the client accepts."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmProgrammePhase(models.Model):
    _name = "crm.programme.phase"
    _description = "Phase of a Programme"
    _order = "programme_id, sequence, id"

    programme_id = fields.Many2one("crm.programme", required=True, index=True, ondelete="cascade")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    description = fields.Text("Result", translate=True, help="What is there at its end.")
    company_id = fields.Many2one(related="programme_id.company_id")
    currency_id = fields.Many2one(related="programme_id.currency_id")
    step_ids = fields.One2many("crm.programme.step", "phase_id", "Steps")
    date_start = fields.Datetime("Starts On", compute="_compute_dates")
    date_end = fields.Datetime("End", compute="_compute_dates")
    progress = fields.Float("Work Done", compute="_compute_progress")
    account_id = fields.Many2one(
        "account.analytic.account", "Analytic Account", readonly=True, copy=False,
        ondelete="restrict", help="Bills and hours of the phase are booked on it.",
    )  # fmt: skip
    accepted_on = fields.Date(readonly=True, copy=False)
    accepted_by_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", copy=False,
        help="Who says so on the client's side.",
    )  # fmt: skip

    @api.depends("step_ids.date_start", "step_ids.date_end")
    def _compute_dates(self):
        for phase in self:
            steps = phase.step_ids.filtered("date_end")
            phase.date_start = min(steps.mapped("date_start"), default=False)
            phase.date_end = max(steps.mapped("date_end"), default=False)

    @api.depends("step_ids.progress", "step_ids.hours", "step_ids.struck_out")
    def _compute_progress(self):
        for phase in self:
            phase.progress = phase.step_ids._work_done()

    def action_accept(self):
        """The client accepts the phase; payments that wait for it are due.

        :raises UserError: where the programme doesn't run, a step isn't done, or it isn't said
            who accepts
        """
        for phase in self:
            open_steps = phase.step_ids._planned().filtered(lambda step: step.state != "done")
            if phase.programme_id.state != "running":
                raise UserError(self.env._("Phases are accepted while the programme runs."))
            if open_steps:
                raise UserError(
                    self.env._("“%(phase)s” isn't done yet: %(steps)s", phase=phase.name,
                               steps=", ".join(open_steps.mapped("name")))
                )  # fmt: skip
            if not phase.accepted_by_id:
                raise UserError(self.env._("Say who accepts “%s”.", phase.name))
            phase.accepted_on = fields.Date.context_today(phase)
            phase.programme_id.message_post(
                body=self.env._("%(partner)s accepted “%(phase)s”.",
                                partner=phase.accepted_by_id.display_name, phase=phase.name)
            )  # fmt: skip
        return True
