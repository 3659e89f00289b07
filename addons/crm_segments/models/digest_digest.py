"""The host's digest tells how many customers fell to 'At Risk'."""

from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_crm_segments_at_risk = fields.Boolean("Customers Who Fell to At Risk")
    kpi_crm_segments_at_risk_value = fields.Integer(
        compute="_compute_kpi_crm_segments_at_risk_value", export_string_translation=False
    )

    def _compute_kpi_crm_segments_at_risk_value(self):
        """Customers, each once, who came from another segment; not told where none says so."""
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Figures of customers are for those who sell."))
        start, end, _companies = self._get_kpi_compute_parameters()
        start, end = fields.Date.to_date(start), fields.Date.to_date(end)
        Membership = self.env["crm.segment.membership"]
        for digest in self:
            company = digest.company_id or self.env.company
            if not Membership._at_risk(company):
                # what is not measured is no zero: the host leaves the figure out
                raise AccessError(self.env._("No segment says who is at risk."))
            [[count]] = Membership._read_group(
                Membership._fallen_domain(company, start, end), [], ["partner_id:count_distinct"]
            )
            digest.kpi_crm_segments_at_risk_value = count

    def _compute_kpis_actions(self, company, user):
        """A click opens who they are."""
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm.crm_menu_root").id
        actions["kpi_crm_segments_at_risk"] = f"crm_segments.action_fell_to_at_risk?menu_id={menu}"
        return actions
