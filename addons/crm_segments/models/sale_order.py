"""Order hooks: customers are placed again when an order is confirmed or cancelled."""

from odoo import models

from .touched import collect_touched


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_confirm(self):
        """Customers are placed once, after all that the host does with the order."""
        with collect_touched(self.env):
            return super().action_confirm()

    def write(self, vals):
        """Confirmed and cancelled orders may change their customers' figures."""
        moved = bool({"partner_id", "date_order"} & vals.keys())
        moved |= vals.get("state") in ("sale", "cancel", "draft")
        if not moved:
            return super().write(vals)
        with collect_touched(self.env) as touched:
            before = self.partner_id
            res = super().write(vals)
            touched.add((before | self.partner_id).ids, figures=True)
        return res
