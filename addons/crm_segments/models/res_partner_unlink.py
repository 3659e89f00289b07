"""Customers with sales are archived, not deleted."""

from odoo import api, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_sales_history(self):
        """As with invoices of the host; what is only derived goes with the customer."""
        # sudo: whoever deletes a contact may not read its sales, and still keeps them
        history = self.env["crm.sales.history"].sudo()
        groups = history._read_group([("partner_id", "in", self.ids)], ["partner_id"], ["__count"])
        if groups:
            partner, count = groups[0]
            raise UserError(
                self.env._(
                    "“%(name)s” has %(count)s lines of sales from another system and can't be "
                    "deleted. Archive it, or delete these lines first.",
                    name=partner.display_name,
                    count=count,
                )
            )
