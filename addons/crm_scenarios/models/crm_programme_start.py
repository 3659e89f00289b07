"""From plan to work: what was planned is kept, steps become activities."""

from odoo import fields, models
from odoo.exceptions import UserError


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    def action_start(self):
        """Keep the plan to compare with, open analytic accounts, schedule the activities.

        :raises UserError: where something is missing, with what
        """
        for programme in self:
            if programme.is_template or programme.state != "draft":
                raise UserError(self.env._("“%s” can't be started.", programme.name))
            problems = programme._problems()
            if problems:
                raise UserError("\n".join(problems))
            programme.step_ids._keep_plan()
            programme._open_accounts()
            programme.state = "running"
            programme._schedule_steps()

    def action_finish(self):
        """End a programme whose steps are done.

        :raises UserError: where steps are open, with their names
        """
        for programme in self:
            still = programme._planned_steps().filtered(lambda step: step.state != "done")
            if programme.state != "running" or still:
                raise UserError(
                    self.env._("These steps aren't done: %s", ", ".join(still.mapped("name")))
                )
            programme.state = "done"

    def action_cancel(self):
        """Stop it; activities that are open go, what was done stays."""
        for programme in self.filtered(lambda one: one.state in ("draft", "running")):
            programme.step_ids.activity_id.unlink()
            programme.state = "cancelled"

    def action_draft(self):
        """Plan a cancelled programme anew."""
        self.filtered(lambda one: one.state == "cancelled").state = "draft"

    def action_plan_again(self):
        """Compute dates and totals from the calendar as it is now, and move open activities."""
        self.check_access("write")
        fields_to_compute = ("date_start", "date_end", "slack_hours", "critical")
        for name in fields_to_compute:
            self.env.add_to_compute(self.step_ids._fields[name], self.step_ids)
        self.env.add_to_compute(self._fields["date_end"], self)
        self.flush_recordset()
        self.step_ids.flush_recordset()
        self._move_activities()

    def _open_accounts(self):
        """An analytic account for the programme, and one for each phase, to book on."""
        # sudo: whoever starts a programme may open its accounts, and nothing else there
        accounts = self.env["account.analytic.account"].sudo()
        plan, _others = self.env["account.analytic.plan"].sudo()._get_all_plans()
        common = {
            "plan_id": plan.id, "company_id": self.company_id.id, "partner_id": self.partner_id.id,
        }  # fmt: skip
        if not self.account_id:
            self.account_id = accounts.create({**common, "name": self.name})
        for phase in self.phase_ids.filtered(lambda one: not one.account_id):
            phase.account_id = accounts.create({**common, "name": f"{self.name} / {phase.name}"})

    def _schedule_steps(self):
        """The host's activities, due when the steps end, on the programme."""
        model = self.env["ir.model"]._get_id(self._name)
        steps = self._planned_steps().filtered(
            lambda step: step.state != "done" and not step.activity_id
        )
        todo = self.env.ref("mail.mail_activity_data_todo")
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model, "res_id": self.id, "automated": True,
                    "activity_type_id": (step.activity_type_id or todo).id,
                    "summary": step.name, "note": step.description or False,
                    "date_deadline": self._day_of(step.date_end),
                    "user_id": (step.user_id or self.user_id or self.env.user).id,
                }
                for step in steps
            ]
        )  # fmt: skip
        for step, activity in zip(steps, activities, strict=True):
            step.activity_id = activity

    def _move_activities(self):
        """Open activities are due when their steps end."""
        for programme in self.filtered(lambda one: one.state == "running"):
            for step in programme.step_ids.filtered("date_end"):
                day, activity = programme._day_of(step.date_end), step.activity_id
                if activity.active and activity.date_deadline != day:
                    activity.date_deadline = day

    def _day_of(self, moment):
        """The day of a moment where the calendar is."""
        zone = self.resource_calendar_id.tz or "UTC"
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date()
