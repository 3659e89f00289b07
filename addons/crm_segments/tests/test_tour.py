"""What a newcomer does in the browser."""

from odoo.tests import HttpCase, tagged

from .common import make_sale


class SegmentTourCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segmentation = cls.env["crm.segmentation"].create(
            {
                "name": "Tour",
                "sequence": 0,
                "segment_ids": [
                    (0, 0, {"name": "Buyers", "domain": "[('purchase_count', '>', 0)]"}),
                    (0, 0, {"name": "Newcomers", "domain": "[('purchase_count', '=', 0)]"}),
                ],
            }
        )
        source = cls.env["crm.sales.source"].create(
            {"name": "Old system", "company_id": cls.env.company.id}
        )
        customer = cls.env["res.partner"].create({"name": "Known customer", "is_company": True})
        make_sale(source, customer, "2026-01-15", 100)
        cls.segmentation.run()


@tagged("post_install", "-at_install")
class TestTour(SegmentTourCase):
    def test_new_customer(self):
        self.start_tour("/odoo/contacts/new", "crm_segments_new_customer", login="admin")
        created = self.env["res.partner"].search([("name", "=", "Brand New Shop")])
        self.assertIn("Newcomers", created.segment_ids.mapped("name"))

    def test_cards(self):
        self.start_tour("/odoo/segments", "crm_segments_cards", login="admin")


@tagged("post_install", "-at_install")
class TestTourPhone(SegmentTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_new_customer_on_phone(self):
        self.start_tour("/odoo/contacts/new", "crm_segments_new_customer_phone", login="admin")
