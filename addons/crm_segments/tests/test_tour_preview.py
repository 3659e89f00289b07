"""Creating a segmentation in the browser, with a look at what it would give."""

from odoo.tests import HttpCase, tagged

from .common import SegmentsMixin


class PreviewTourCase(SegmentsMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.env["crm.segmentation"].search([("enabled", "=", True)]).enabled = False
        cls.big = cls.customer("Tour customer")
        cls.sale(cls.big, 10, 1500)
        cls.metrics.refresh(cls.big, cls.company)
        others = cls.env["crm.customer.metrics"].search([("partner_id", "!=", cls.big.id)])
        others.revenue_12m = 0

    def walk(self):
        self.start_tour("/odoo/segments/new", "crm_segments_preview", login="admin")
        created = self.env["crm.segmentation"].search([("name", "=", "Tour tiers")])
        self.assertEqual(created.segment_ids.threshold, 1200)
        self.assertEqual(created.version_ids.mapped("summary"), ["First version"])
        self.run_done(created)
        self.assertEqual(self.placed(created), {"Tour customer": "Large"})


@tagged("post_install", "-at_install")
class TestTourPreview(PreviewTourCase):
    def test_create_with_preview(self):
        self.walk()


@tagged("post_install", "-at_install")
class TestTourPreviewPhone(PreviewTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_preview_on_phone(self):
        tiers = self.segmentation("tier", {"Large": {"threshold": 1000}}, name="Tour tiers")
        self.start_tour(f"/odoo/segments/{tiers.id}", "crm_segments_preview_phone", login="admin")
