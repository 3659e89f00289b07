"""A programme goes to the client as a PDF: the client has no access to anything here."""

from odoo import models
from odoo.exceptions import UserError


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    def action_send(self):
        """Write to the client, with the programme as a PDF.

        :return: action that opens the mail
        :raises UserError: where it isn't said who the client is, or nothing is planned
        """
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id:
            raise UserError(self.env._("Say who the customer is, then it can be sent."))
        if not self._planned_steps():
            raise UserError(self.env._("There are no steps yet: nothing to send."))
        template = self.env.ref("crm_scenarios.mail_template_programme", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window", "name": self.env._("Send to Client"),
            "res_model": "mail.compose.message", "views": [(False, "form")], "target": "new",
            "context": {
                "default_model": self._name, "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_email_layout_xmlid": "mail.mail_notification_layout",
                "force_email": True,
            },
        }  # fmt: skip
