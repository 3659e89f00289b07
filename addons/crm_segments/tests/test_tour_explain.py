"""'Why?', 'Why not?' and pinning in the browser."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged


class ExplainTourCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.segmentation"].search([]).enabled = False
        cls.segmentation = cls.env["crm.segmentation"].create({
            "name": "Tour: Size",
            "sequence": 0,
            "segment_ids": [
                (0, 0, {"name": "Big", "sequence": 1, "domain": "[('revenue_12m', '>=', 1000)]"}),
                (0, 0, {"name": "Small", "sequence": 2, "domain": "[('revenue_12m', '>=', 10)]"}),
            ],
        })  # fmt: skip
        company = cls.env.company
        source = cls.env["crm.sales.source"].create({"name": "Old", "company_id": company.id})
        cls.customer = cls.env["res.partner"].create({"name": "Known shop", "is_company": True})
        cls.env["crm.sales.history"].create({
            "source_id": source.id, "company_id": company.id, "partner_id": cls.customer.id,
            "date": fields.Date.today() - timedelta(20), "document": "R1", "position": 1,
            "amount_untaxed": 100, "amount_company": 100, "currency_id": company.currency_id.id,
        })  # fmt: skip
        cls.segmentation.run()
        cls.env["crm.segment.membership"].search(
            [("partner_id", "=", cls.customer.id)]
        ).date_from = fields.Date.today() - timedelta(90)
        cls.url = f"/odoo/contacts/{cls.customer.id}"


@tagged("post_install", "-at_install")
class TestTourExplain(ExplainTourCase):
    def test_why(self):
        self.start_tour(self.url, "crm_segments_why", login="admin")

    def test_pin(self):
        self.start_tour(self.url, "crm_segments_pin", login="admin")
        stays = self.env["crm.segment.membership"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(
            [(one.segment_id.name, one.pinned) for one in stays if not one.date_to],
            [("Small", False)],
        )


@tagged("post_install", "-at_install")
class TestTourExplainPhone(ExplainTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_why_on_phone(self):
        self.start_tour(self.url, "crm_segments_why_phone", login="admin")

    def test_pin_on_phone(self):
        self.start_tour(self.url, "crm_segments_pin_phone", login="admin")
