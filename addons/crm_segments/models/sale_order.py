"""Order hooks: note the customer, nothing more."""

from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        """Confirmed and cancelled orders may change their customers' figures."""
        res = super().write(vals)
        moved = bool({"partner_id", "date_order"} & vals.keys())
        moved |= vals.get("state") in ("sale", "cancel", "draft")
        if moved and not self.env.context.get("segments_defer"):
            self.env["crm.segment.queue"]._push(self.partner_id.ids)
        return res
