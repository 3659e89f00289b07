"""The revenue bridge in the browser, at both widths."""

from odoo.tests import HttpCase, tagged

from .common import SegmentsMixin


class BridgeTourCase(SegmentsMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.env["crm.sales.history"].search([]).not_counted = True
        lost, new = map(cls.customer, ("Bridge lost", "Bridge new"))
        cls.sale(lost, 400, 250)
        cls.sale(new, 30, 100)
        cls.div = cls.rules({"Buyers": "[('purchase_count', '>', 0)]"}, sequence=0)
        cls.company.crm_reporting_segmentation_id = cls.div
        cls.metrics.refresh(lost | new, cls.company)
        cls.div.run()


@tagged("post_install", "-at_install")
class TestTourBridge(BridgeTourCase):
    def test_bridge(self):
        self.start_tour("/odoo/revenue-bridge", "crm_segments_bridge", login="admin")


@tagged("post_install", "-at_install")
class TestTourBridgePhone(BridgeTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_bridge_on_phone(self):
        self.start_tour("/odoo/revenue-bridge", "crm_segments_bridge_phone", login="admin")
