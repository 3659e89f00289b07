"""The grid, the cross-tab and the comparison in the browser."""

from odoo.tests import HttpCase, tagged

from .common import SegmentsMixin


class GridTourCase(SegmentsMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        best, cls.other = cls.customer("Best Buyer"), cls.customer("Other Buyer")
        cls.sale(best, 5, 100)
        cls.sale(best, 10, 100)
        for n, day in enumerate((30, 60, 90, 120)):
            cls.sale(cls.customer(f"Buyer {n}") if n else cls.other, day, 10 + n)
        cls.customer("Newcomer")
        cls.rfm = cls.env.ref("crm_segments.segmentation_rfm").sudo()
        cls.rfm.enabled = True
        rules = {
            "Buyers": "[('purchase_count', '>', 0)]",
            "Newcomers": "[('purchase_count', '=', 0)]",
        }
        cls.divisions = cls.rules(rules, name="Tour A") | cls.rules(
            {"Often": "[('purchase_count', '>', 1)]", "Once": "[('purchase_count', '=', 1)]"},
            name="Tour B",
        )
        (cls.rfm | cls.divisions).run()


@tagged("post_install", "-at_install")
class TestTourGrid(GridTourCase):
    def test_grid(self):
        self.start_tour(f"/odoo/segments/{self.rfm.id}", "crm_segments_grid", login="admin")

    def test_cross_tab(self):
        self.start_tour("/odoo/segments-cross-tab", "crm_segments_cross_tab", login="admin")

    def test_compare(self):
        action = self.env.ref("crm_segments.crm_segment_action")
        self.start_tour(f"/odoo/action-{action.id}", "crm_segments_side_by_side", login="admin")


@tagged("post_install", "-at_install")
class TestTourGridPhone(GridTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_grid_on_phone(self):
        self.start_tour(f"/odoo/segments/{self.rfm.id}", "crm_segments_grid_phone", login="admin")

    def test_cross_tab_on_phone(self):
        self.start_tour("/odoo/segments-cross-tab", "crm_segments_cross_tab_phone", login="admin")
