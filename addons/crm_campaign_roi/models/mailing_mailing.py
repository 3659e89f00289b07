"""A mailing never reaches who was held out, whatever its domain says."""

from odoo import fields, models
from odoo.fields import Domain


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"  # pylint: disable=consider-merging-classes-inherited

    crm_audience_arm_id = fields.Many2one(
        "crm.campaign.audience.arm",
        "Audience",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The treatment that this mailing is.",
    )

    def _get_recipients_domain(self):
        """The host's domain, without those whom the audiences of the campaign keep from it."""
        domain = super()._get_recipients_domain()
        if kept := self._kept_from_it():
            domain &= kept
        return domain

    def _action_send_mail(self, res_ids=None):
        """The window of the audience begins with the first mailing that leaves."""
        res = super()._action_send_mail(res_ids)
        # sudo: whoever sends the mailing launches its audience
        self.sudo().crm_audience_arm_id.audience_id._mark_launched()
        return res

    def _kept_from_it(self):
        """Domain on the recipients of those who may get it; None where there is no hold-out.

        Kept are all contacts of the customers in the hold-out and in the other treatments of the
        campaign, and of the group that is never contacted.
        """
        partners = self._kept_partners()
        target = self.env.get(self.mailing_model_real)
        if partners is None or target is None:
            return None
        if target._name == "res.partner":
            return Domain("commercial_partner_id", "not in", partners)
        if target._name == "mailing.contact":
            addresses = (
                self.env["res.partner"]
                .sudo()
                ._search(  # sudo: only to leave them out
                    Domain("commercial_partner_id", "in", partners)
                    & Domain("email_normalized", "!=", False)
                )
            )
            return Domain("email_normalized", "not in", addresses.subselect("email_normalized"))
        partner = target._fields.get("partner_id")
        if partner is None or partner.comodel_name != "res.partner" or not partner.store:
            return None
        return Domain("partner_id", "=", False) | Domain(
            "partner_id.commercial_partner_id", "not in", partners
        )

    def _kept_partners(self):
        """Sub-select of the customers that must not get it, None where nobody is kept."""
        # sudo: who is held out is nobody's to choose; the ids are only left out
        members = self.env["crm.campaign.audience.member"].sudo()
        parts = []
        if self.campaign_id:
            others = Domain("arm_id.is_control", "=", True)
            if self.crm_audience_arm_id:
                own = self.crm_audience_arm_id
                beside = Domain("audience_id", "=", own.audience_id.id)
                others |= beside & Domain("arm_id", "!=", own.id)
            domain = Domain("audience_id.campaign_id", "=", self.campaign_id.id) & others
            if members.search_count(domain, limit=1):
                parts.append(Domain("id", "in", members._search(domain).subselect("partner_id")))
        company = self.env.company.sudo()  # sudo: a setting
        if company.crm_roi_universal_share:
            parts.append(self.env["res.partner"]._universal_domain(company))
        if not parts:
            return None
        kept = self.env["res.partner"].sudo().with_context(active_test=False)
        return kept._search(Domain.OR(parts)).subselect("id")
