"""Customers whose touches and credit are to follow: the segments only ever insert rows."""

from odoo import models


class CrmCampaignQueue(models.Model):
    """Customers that the segments have placed anew.

    Placing them never waits for credit, and fails with none of it: it inserts rows here, and a
    cron of its own does the work.
    """

    _name = "crm.campaign.queue"
    _inherit = ["crm.customer.queue"]
    _description = "Customers Whose Credit Follows"
    _log_access = False
    _cron = "crm_campaign_roi.ir_cron_queue"

    def _work(self, partner_ids):
        """Touches and credit of the customers."""
        if partner_ids:
            self.env["crm.touchpoint"]._refresh(partner_ids)
        return len(partner_ids)
