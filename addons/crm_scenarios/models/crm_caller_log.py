"""A call that was opened by its number is noted at once, whatever comes of it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .asked_record import asked_record

#: the same call isn't noted twice when its screen is opened again
SAME_CALL = timedelta(minutes=10)


class CrmCaller(models.AbstractModel):
    _inherit = "crm.caller"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def log(self, number, partner_id=None, lead_id=None):
        """Note a call on the contact or lead, as a done activity of the host.

        Called by the screen, not by the link: a preview of the link notes nothing.

        :param str number: as the telephone system writes it
        :return: id of the activity; ``crm.today.outcome`` with it says what came of the call
        :raises AccessError: if the user may not read the record
        """
        self._check_user()
        if not isinstance(number, str) or not number.strip():
            raise UserError(self.env._("A call has a number."))
        model, asked = ("crm.lead", lead_id) if lead_id else ("res.partner", partner_id)
        record = asked_record(self.env, model, asked)
        summary = self.env._("Call with %s", number.strip()[:40])
        return (self._same_call(record, summary) or self._noted_call(record, summary)).id

    def _same_call(self, record, summary):
        # sudo: the user's own activities
        return self.env["mail.activity"].sudo().with_context(active_test=False).search(
            [("res_model", "=", record._name), ("res_id", "=", record.id),
             ("user_id", "=", self.env.uid), ("summary", "=", summary), ("active", "=", False),
             ("create_date", ">=", fields.Datetime.now() - SAME_CALL)], limit=1,
        )  # fmt: skip

    def _noted_call(self, record, summary):
        kind = self.env.ref("mail.mail_activity_data_call")
        activity = self.env["crm.today"]._plan(record, kind, summary, 0)
        activity.action_feedback(feedback=self.env._("Outcome not noted yet"))
        return activity
