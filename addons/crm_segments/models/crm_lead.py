"""Leads: industry, and what happens when one is saved."""

from odoo import api, fields, models
from odoo.tools import SQL

from .touched import collect_touched

#: fields of a lead that change its customer's figures
_FIGURE_FIELDS = {
    "partner_id", "stage_id", "probability", "active", "type", "company_id", "lost_reason_id",
}  # fmt: skip


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.segment.mixin"]

    industry_id = fields.Many2one(
        "res.partner.industry",
        index="btree_not_null",
        help="Passed on to the customer made from this lead.",
    )
    segment_membership_count = fields.Integer(
        related="partner_id.segment_membership_count", groups="crm_segments.group_segments_user"
    )

    @api.onchange("partner_id")
    def _onchange_partner_id_industry(self):
        """A lead of a known customer takes the customer's industry."""
        self.industry_id = self.partner_id.commercial_partner_id.industry_id or self.industry_id

    def _segment_customer_sql(self, alias, query):
        partner = query.left_join(alias, "partner_id", "res_partner", "id", "segment_partner")
        return SQL.identifier(partner, "commercial_partner_id")

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """Carry the industry to the customer; a contact inherits that of its company."""
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        if self.industry_id and not parent_id:
            values["industry_id"] = self.industry_id.id
        return values

    @api.model
    def load(self, fields, data):
        """What a file changes is placed together: the host writes the records one by one."""
        with collect_touched(self.env):
            return super().load(fields, data)

    @api.model_create_multi
    def create(self, vals_list):
        """An opportunity counts in its customer's figures from the start."""
        with collect_touched(self.env) as touched:
            leads = super().create(vals_list)
            leads.partner_id._touch_opportunities(touched)
            touched.leads.update(leads.ids)
        return leads

    def write(self, vals):
        """Won, lost, reopened or moved to another customer: place those customers again."""
        with collect_touched(self.env) as touched:
            relevant = _FIGURE_FIELDS & vals.keys()
            before = self.partner_id
            res = super().write(vals)
            if relevant:
                (before | self.partner_id)._touch_opportunities(touched)
            elif not self.env["crm.segmentation"]._lead_fields_of_rules().isdisjoint(vals):
                self.partner_id._touch_by_leads(touched)
            if self.env["crm.segmentation"]._reads_lead_fields(vals):
                touched.leads.update(self.ids)
        return res

    def unlink(self):
        """A deleted opportunity leaves its customer's figures."""
        with collect_touched(self.env) as touched:
            self.partner_id._touch_opportunities(touched)
            return super().unlink()

    def action_view_segments(self):
        """Open the memberships of the lead's customer."""
        self.ensure_one()
        return self.partner_id.action_view_segments()
