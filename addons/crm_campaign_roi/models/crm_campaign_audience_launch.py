"""Starting: a mailing per treatment, activities for salespeople, or a list to export."""

from odoo import fields, models
from odoo.exceptions import UserError

from .crm_campaign_audience import NOTED


class CrmCampaignAudience(models.Model):
    _inherit = "crm.campaign.audience"  # pylint: disable=consider-merging-classes-inherited

    def action_launch(self):
        """Give each treatment what its channel needs.

        A mailing is made and opened: the window begins when it is sent. Activities are planned
        at once. The export opens the dialog of lists.

        :return: action
        :raises UserError: if the audience isn't drawn
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "draft":
            raise UserError(self.env._("Draw “%s” first.", self.name))
        return getattr(self, f"_launch_{self.channel}")()

    def _mark_launched(self):
        """The window begins; nothing about it changes afterwards."""
        for one in self.filtered(lambda one: one.state == "drawn"):
            one.with_context(**NOTED).write(
                {"state": "launched", "launch_date": fields.Date.context_today(one)}
            )

    def _launch_mailing(self):
        """A draft mailing on contacts for each treatment that has none yet."""
        Mailing, user = self.env["mailing.mailing"], self.env.user
        sender = user.email_formatted or self.company_id.email_formatted
        if not sender:
            raise UserError(self.env._("Give yourself or the company an e-mail address first."))
        for arm in self._treatments().filtered(lambda arm: not arm.mailing_ids):
            Mailing.create(
                {
                    "subject": f"{self.campaign_id.title}: {arm.name}",
                    "mailing_model_id": self.env["ir.model"]._get("res.partner").id,
                    "mailing_domain": repr([("crm_audience_arm_ids", "in", arm.ids)]),
                    "campaign_id": self.campaign_id.id,
                    "email_from": sender,
                    "crm_audience_arm_id": arm.id,
                }
            )
        mailings = self._treatments().mailing_ids
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Mailings"),
            "res_model": "mailing.mailing",
            "domain": [("id", "in", mailings.ids)],
            "views": [(False, "list"), (False, "form")],
        }
        if len(mailings) == 1:
            action |= {"res_id": mailings.id, "views": [(False, "form")]}
        return action

    def _launch_activity(self):
        """A call for each customer that is treated, with its salesperson."""
        if self.state == "launched":
            raise UserError(self.env._("The activities of “%s” are planned already.", self.name))
        members = self.env["crm.campaign.audience.member"].search(
            [("arm_id", "in", self._treatments().ids)]
        )
        model = self.env["ir.model"]._get("res.partner").id
        kind = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        day = fields.Date.add(fields.Date.context_today(self), days=7)
        # sudo: activities of salespeople, on customers that the user was let to draw
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model,
                    "res_id": one.partner_id.id,
                    "activity_type_id": kind and kind.id,
                    "summary": f"{self.campaign_id.title}: {one.arm_id.name}",
                    "date_deadline": day,
                    "user_id": (one.partner_id.user_id or self.campaign_id.user_id).id,
                }
                for one in members
            ]
        )
        self._mark_launched()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s activities are planned.", len(members)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _member_segments(self):
        """Segments that the customers were drawn within."""
        rows = self.env["crm.campaign.audience.member"]._read_group(
            [("audience_id", "in", self.ids), ("segment_id", "!=", False)], ["segment_id"]
        )
        return self.env["crm.segment"].union(*(segment for (segment,) in rows))

    def _launch_export(self):
        """The dialog of lists, for the contacts that were drawn."""
        segments = self.segment_ids or self._member_segments()
        if not segments:
            raise UserError(self.env._("Name a segment: exports are noted down by segment."))
        arms = self._treatments()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export"),
            "res_model": "crm.segment.audience",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_segment_ids": [(6, 0, segments.ids)],
                "default_crm_audience_arm_ids": [(6, 0, arms.ids)],
            },
        }
