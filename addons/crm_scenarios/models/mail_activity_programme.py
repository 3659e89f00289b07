"""A step is done when its activity is."""

from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"  # pylint: disable=consider-merging-classes-inherited

    def _action_done(self, feedback=False, attachment_ids=None):
        # sudo: whoever does the activity says so of the step, whatever else of the programme
        # they may change
        steps = (
            self.env["crm.programme.step"]
            .sudo()
            .search([("activity_id", "in", self.ids), ("state", "!=", "done")])
        )
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if steps:
            steps.state = "done"
            steps.programme_id._move_activities()
        return result
