"""The host's digest tells how many deals are held up."""

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class DigestDigest(models.Model):
    _inherit = "digest.digest"  # pylint: disable=consider-merging-classes-inherited

    kpi_crm_deals_held = fields.Boolean("Deals Held Up Now")
    kpi_crm_deals_held_value = fields.Integer(
        compute="_compute_kpi_crm_deals_held_value", export_string_translation=False
    )

    def _compute_kpi_crm_deals_held_value(self):
        """Late and stalled deals of today that the reader may see, whatever the period."""
        control = self.env["crm.deal.control"]
        if not control.has_access("read"):
            raise AccessError(self.env._("Figures of deals are for those who sell."))
        for digest in self:
            company = digest.company_id or self.env.company
            here = control.with_context(allowed_company_ids=company.ids)
            digest.kpi_crm_deals_held_value = here.search_count(Domain("late", "=", True))

    def _compute_kpis_actions(self, company, user):
        """A click opens deal control."""
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("crm.crm_menu_root").id
        actions["kpi_crm_deals_held"] = f"crm_scenarios.crm_deal_control_action?menu_id={menu}"
        return actions
