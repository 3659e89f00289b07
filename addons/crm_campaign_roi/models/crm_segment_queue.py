"""Customers that the segments place anew: those who merged, and whose invoices were posted."""

from odoo import models


class CrmSegmentQueue(models.Model):
    _inherit = "crm.segment.queue"  # pylint: disable=consider-merging-classes-inherited

    def _work(self, rows):
        """Their touches and credit follow later; merged customers have those of all."""
        res = super()._work(rows)
        if rows:
            self.env["crm.campaign.queue"]._push(rows)
        return res
