"""What each step of the reconciliation is called, and what it means."""

from odoo import models


class CrmSegmentReconciliation(models.TransientModel):
    _inherit = "crm.segment.reconciliation"  # pylint: disable=consider-merging-classes-inherited

    def _step_texts(self):
        """Reason → its name and what it means."""
        return {
            "segments": (
                self.env._("Revenue of all segments"),
                self.env._(
                    "As “Segments by Month” shows it for these months, read from the documents"
                    " just now."
                ),
            ),
            "excluded": (
                self.env._("Customers left out of segments"),
                self.env._("Somebody decided so, such as for a name that stands for many."),
            ),
            "outside": (
                self.env._("Customers in no segment"),
                self.env._("Not in the population of the segmentation, archived, or no rule fits."),
            ),
            "before": (
                self.env._("Months without history"),
                self.env._("Who was in which segment is not known yet: compute the past."),
            ),
            "history": (
                self.env._("Sales from other systems"),
                self.env._("Counted with the segments; the host has no invoices of them."),
            ),
            "orders": (
                self.env._("Counted from orders"),
                self.env._("These companies count confirmed orders instead of invoices."),
            ),
            "basis": (
                self.env._("Invoices of companies that count orders"),
                self.env._("The host shows them; the segments count the orders."),
            ),
            "receipts": (
                self.env._("Sales receipts"),
                self.env._(
                    "Counted with the segments; the host's filter “Customers” leaves them out."
                ),
            ),
            "intercompany": (
                self.env._("Sold between your companies"),
                self.env._("The host counts them; consolidated figures leave them out."),
            ),
            "no_customer": (
                self.env._("Invoices without a customer"),
                self.env._("They belong to nobody's segment."),
            ),
            "rate": (
                self.env._("Exchange rates"),
                self.env._("The host converts at today's rate, the segments at that of the day."),
            ),
            "lines": (
                self.env._("Rounding and other lines"),
                self.env._(
                    "Part of the untaxed amount of an invoice, but no line of Invoice Analysis."
                ),
            ),
        }
