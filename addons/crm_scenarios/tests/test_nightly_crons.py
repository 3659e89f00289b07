"""The crons of deal control and of prices do what their buttons do."""

from odoo.addons.crm_segments.tests.common import SegmentsCase
from odoo.tests import tagged

from .test_deal_control import ControlMixin


@tagged("post_install", "-at_install")
class TestNightlyCrons(ControlMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_control()
        cls.buyer = cls.customer("Buyer")
        cls.product.categ_id = cls.env["product.category"].create({"name": "Work"})

    def trigger(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"crm_scenarios.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def confirmed(self, number):
        """Orders that took ten days from the quotation, of two pieces each."""
        orders = self.env["sale.order"].create(
            [
                {"partner_id": self.buyer.id,
                 "order_line": [(0, 0, {"product_id": self.product.id, "product_uom_qty": 2})]}
                for _one in range(number)
            ]
        )  # fmt: skip
        orders.action_confirm()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = %s::timestamp - INTERVAL '30 days',"
            " date_order = %s::timestamp - INTERVAL '20 days' WHERE id = ANY(%s)",
            [self.now, self.now, orders.ids],
        )
        self.env.invalidate_all()

    def test_norms_and_prices(self):
        self.confirmed(25)
        self.env["crm.price.guidance"].search([]).unlink()
        self.trigger("ir_cron_deal_norms")
        norm = self.Norm.search(
            [("step", "=", "order"), ("segment_id", "=", False),
             ("company_id", "=", self.company.id)]
        )  # fmt: skip
        self.assertEqual((norm.days, norm.completed), (10.0, 25))
        self.trigger("ir_cron_price_guidance")
        cells = self.env["crm.price.guidance"].search([("product_id", "=", self.product.id)])
        self.assertEqual(cells.filtered(lambda one: not one.segment_id).sample_count, 25)
        self.assertTrue(all(cell.discount_target == 0 for cell in cells))
