"""Work on steps: begun, done, and what was planned for them."""

from odoo import fields, models
from odoo.exceptions import UserError


class CrmProgrammeStep(models.Model):
    _inherit = "crm.programme.step"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        """What is begun or done has its day; what is done is done wholly."""
        today = fields.Date.context_today(self)
        if vals.get("state") == "begun":
            vals = {"begun_on": today, **vals}
        elif vals.get("state") == "done":
            vals = {"done_on": today, "progress": 1.0, **vals}
        elif vals.get("state") == "todo":
            vals = {"begun_on": False, "done_on": False, "progress": 0.0, **vals}
        return super().write(vals)

    def action_begin(self):
        """Work on it begins today.

        :raises UserError: where the programme doesn't run
        """
        self._check_running()
        self.filtered(lambda step: step.state == "todo").state = "begun"

    def action_done(self):
        """It is done today; so is its activity.

        :raises UserError: where the programme doesn't run
        """
        self._check_running()
        steps = self.filtered(lambda step: step.state != "done")
        steps.state = "done"
        steps.activity_id.filtered("active")._action_done()
        steps.programme_id._move_activities()

    def _check_running(self):
        if any(step.programme_id.state != "running" for step in self):
            raise UserError(self.env._("Steps are worked on while the programme runs."))
