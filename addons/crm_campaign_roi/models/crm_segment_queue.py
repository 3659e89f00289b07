"""Customers that the segments place anew: those who merged, and whose invoices were posted."""

from odoo import models


class CrmSegmentQueue(models.Model):
    _inherit = "crm.segment.queue"  # pylint: disable=consider-merging-classes-inherited

    def _place_taken(self, rows):
        """Their touches and credit follow; merged customers have those of all."""
        res = super()._place_taken(rows)
        self.env["crm.touchpoint"]._refresh(rows)
        return res
