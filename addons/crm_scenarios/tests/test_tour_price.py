"""Prices in the browser: the light of a line, its chart, the list of all guidance."""

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_prices import PriceMixin


@tagged("post_install", "-at_install")
class TestTourPrice(PriceMixin, HttpCase):
    tour = "crm_scenarios_price"

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
        self.start_tour(f"/odoo/orders/{self.order.id}", self.tour, login="admin")


@tagged("post_install", "-at_install")
class TestTourPricePhone(TestTourPrice):
    tour = "crm_scenarios_price_phone"
    browser_size = "375x667"
    touch_enabled = True
