"""Deals that are held up, in the list 'Today'."""

from odoo import models

from .crm_today_sources import RANKED


class CrmToday(models.AbstractModel):
    _inherit = "crm.today"  # pylint: disable=consider-merging-classes-inherited

    def _sources(self):
        return (*super()._sources(), "deals")

    def _source_deals(self, _today):
        """The user's late and stalled deals for which nothing is planned."""
        control = self.env["crm.deal.control"]
        if not control.has_access("read"):
            return []
        domain = [("late", "=", True), ("user_id", "=", self.env.uid), ("next_date", "=", False)]
        return [self._deal_reason(deal) for deal in control.search(domain, limit=RANKED)]

    def _deal_reason(self, deal):
        steps = dict(deal._fields["step"]._description_selection(self.env))
        values = {"deal": deal.name, "step": steps[deal.step], "days": deal.days}
        if deal.norm_count:
            text = self.env._(
                "%(deal)s waits for: %(step)s, %(days)s days, usually up to %(norm)s",
                norm=round(deal.norm), **values,
            )  # fmt: skip
        else:
            text = self.env._("%(deal)s waits for: %(step)s, %(days)s days", **values)
        return {
            "source": "deal", "text": text, "icon": "fa-hourglass-half", "stake": deal.money,
            "until": deal.promised or deal.date_start, "lead_id": deal.lead_id.id,
            "partner_id": deal.partner_id.commercial_partner_id.id,
        }  # fmt: skip
