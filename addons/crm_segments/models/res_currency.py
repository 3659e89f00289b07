from odoo import api, models
from odoo.exceptions import UserError


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_sales_history(self):
        """Stands for the foreign key that the lines of the sales history do without."""
        # sudo: lines that the user may not see count just as well.
        History = self.env["crm.sales.history"].sudo()
        if History.search_count([("currency_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "The sales history has sales in this currency: archive the currency "
                    "instead of deleting it."
                )
            )
