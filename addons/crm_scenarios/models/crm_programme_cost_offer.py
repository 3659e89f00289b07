"""Purchases as a quotation offers them."""

from odoo import models


class CrmProgrammeCost(models.Model):
    _inherit = "crm.programme.cost"  # pylint: disable=consider-merging-classes-inherited

    def _offer_line(self, order):
        """The purchase; what is paid again with its period."""
        programme = self.programme_id
        product = programme._offer_product(self.product_id, "product_programme_purchase")
        periods = {"month": self.env._("a month"), "year": self.env._("a year")}
        name = self.name if self.period == "once" else f"{self.name} ({periods[self.period]})"
        return programme._offer_values(
            order, product, self.quantity * self._times(), self.unit_price, name
        )
