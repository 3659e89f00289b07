"""The host's digest tells how many deals are held up, and which first."""

from markupsafe import Markup
from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

#: deals that are named in a digest
NAMED = 5


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

    def _compute_tips(self, company, user, tips_count=1, consumed=True):
        """Above the tips: the late deals of the reader with the most money, if it counts them."""
        tips = super()._compute_tips(company, user, tips_count=tips_count, consumed=consumed)
        held = self._held_up(company, user) if self.kpi_crm_deals_held else ""
        return [held, *tips] if held else tips

    def _held_up(self, company, user):
        """Which deals wait longest for what, as HTML; empty where none is late."""
        control = self.env["crm.deal.control"].with_user(user)
        if not control.has_access("read"):
            return ""
        deals = control.with_context(allowed_company_ids=company.ids).search(
            [("late", "=", True)], order="money_held desc, days desc, id", limit=NAMED
        )
        rows = Markup("").join(
            Markup("<li>%s (%s)</li>") % (text, deal.currency_id.format(deal.money))
            for deal in deals
            for text in [self.env["crm.today"]._deal_reason(deal)["text"]]
        )
        title = self.env._("Held up, those with the most money first")
        return Markup("<p class='tip_title'>%s</p><ul>%s</ul>") % (title, rows) if deals else ""
