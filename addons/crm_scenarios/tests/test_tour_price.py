"""Prices in the browser: the light of a line, its chart, the list of all guidance."""

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_prices import PriceMixin


@tagged("post_install", "-at_install")
class TestTourPrice(PriceMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.set_up_prices()
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.shop.id,
                "order_line": [
                    Command.create({"product_id": cls.product.id, "price_unit": price})
                    for price in (9.5, 6)
                ],
            }
        )

    def test_light_chart_list(self):
        self.start_tour(f"/odoo/orders/{self.order.id}", "crm_scenarios_price", login="admin")
