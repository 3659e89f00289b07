"""Customers know the audiences that they are drawn into, for the domain of a mailing."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    crm_audience_arm_ids = fields.Many2many(
        "crm.campaign.audience.arm",
        string="Audience",
        compute="_compute_crm_audience_arm_ids",
        search="_search_crm_audience_arm_ids",
        groups="crm_campaign_roi.group_roi_user",
        help="The arms of audiences that this contact was drawn into.",
    )

    crm_universal_control = fields.Boolean(
        "Never Contacted",
        compute="_compute_crm_universal_control",
        search="_search_crm_universal_control",
        groups="crm_campaign_roi.group_roi_user",
        help="In the group of the current company that no audience and no mailing reaches.",
    )

    @api.depends_context("company")
    def _compute_crm_universal_control(self):
        held = self.browse(self._search_held(self.ids))
        for partner in self:
            partner.crm_universal_control = partner in held

    def _search_held(self, ids):
        domain = Domain("id", "in", ids) & self._universal_domain(self.env.company)
        return list(self.with_context(active_test=False)._search(domain))

    def _search_crm_universal_control(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._universal_domain(self.env.company)

    def _compute_crm_audience_arm_ids(self):
        rows = self.env["crm.campaign.audience.recipient"]._read_group(
            [("partner_id", "in", self.ids)], ["partner_id"], ["arm_id:recordset"]
        )
        found = {partner.id: arms for partner, arms in rows}
        for partner in self:
            partner.crm_audience_arm_ids = found.get(partner.id, False)

    def _search_crm_audience_arm_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        recipients = self.env["crm.campaign.audience.recipient"]
        ids = [one for one in value if one]
        domain = Domain("arm_id", "in", ids)
        found = Domain("id", "in", recipients._search(domain).subselect("partner_id"))
        if len(ids) < len(value):
            anybody = recipients._search(Domain.TRUE).subselect("partner_id")
            found |= Domain("id", "not in", anybody)
        return found

    def _universal_sql(self, company, partner):
        """Condition: a customer is in the group of a company that is never contacted.

        It follows from its id and the company's seed: nothing to draw, nothing to forget.

        :param SQL partner: column with the id of a commercial entity
        """
        own = company.sudo()  # sudo: a setting
        return SQL(
            "('x' || substr(md5(%s || ':' || %s), 1, 8))::bit(32)::bigint < %s * 4294967296.0",
            own.crm_roi_universal_seed or str(company.id),
            partner,
            own.crm_roi_universal_share,
        )

    def _universal_domain(self, company):
        """The group of a company that is never contacted, as a condition on customers."""
        return Domain.custom(
            to_sql=lambda model, alias, query: self._universal_sql(
                company, SQL.identifier(alias, "commercial_partner_id")
            )
        )
