"""Payments: note the customer, nothing more."""

from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Payments change days to pay and the overdue amount."""
        partials = super().create(vals_list)
        partials._queue_customers()
        return partials

    def unlink(self):
        """Payments taken back do so too."""
        self._queue_customers()
        return super().unlink()

    def _queue_customers(self):
        moves = (self.debit_move_id | self.credit_move_id).move_id
        moves._queue_customers()
