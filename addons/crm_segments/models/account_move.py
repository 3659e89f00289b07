"""Posting hooks: note the customer, nothing more."""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """Posted invoices change their customers' figures."""
        # the host writes the customer's rank meanwhile: that must not place anybody here
        posting = self.with_context(segments_posting=True)
        posted = super(AccountMove, posting)._post(soft).with_env(self.env)
        posted._queue_customers()
        return posted

    def button_draft(self):
        """Invoices reset to draft leave the figures."""
        self._queue_customers()
        return super().button_draft()

    def _queue_customers(self):
        """Queue the customers of these invoices, unless the caller rebuilds afterwards."""
        if not self.env.context.get("segments_defer"):
            sales = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
            self.env["crm.segment.queue"]._push(sales.partner_id.ids)
