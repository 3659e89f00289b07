"""The set-up page, likely duplicates, the sources and the import in the browser."""

from odoo.tests import HttpCase, tagged

from .common import make_sale


class SetupTourCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.segmentation"].search([]).enabled = False
        cls.source = cls.env["crm.sales.source"].create({"name": "Tour CRM"})
        walk_in = cls.env["res.partner"].create({"name": "Tour walk-in", "is_company": True})
        cls.known = cls.env["res.partner"].create({"name": "Tour known", "is_company": True})
        for index in range(60):
            make_sale(cls.source, walk_in, "2024-01-15", 5, document=f"W{index}")
        make_sale(cls.source, cls.known, "2024-01-15", 100, document="K1")
        for index in range(5):
            other = cls.env["res.partner"].create({"name": f"Tour {index}", "is_company": True})
            make_sale(cls.source, other, "2024-02-15", 10, document=f"O{index}")


@tagged("post_install", "-at_install")
class TestTourSetup(SetupTourCase):
    def test_setup(self):
        self.start_tour("/odoo/segments", "crm_segments_setup", login="admin")
        excluded = self.env["crm.segment.exclusion"].search([]).partner_id
        self.assertIn("Tour walk-in", excluded.mapped("name"))
        self.assertTrue(self.env["crm.segmentation"].search_count([("enabled", "=", True)]))

    def test_duplicates(self):
        twins = self.env["res.partner"].create(
            [{"name": "Tour twin", "email": "twin@tour.test", "is_company": True}] * 2
        )
        self.start_tour("/odoo/segments-setup", "crm_segments_duplicates", login="admin")
        self.assertEqual(len(twins.exists()), 1)

    def test_compare(self):
        shop = self.env["crm.sales.source"].create({"name": "Tour shop"})
        make_sale(shop, self.known, "2024-01-16", 100, document="S1")
        self.start_tour("/odoo/segments-sources", "crm_segments_compare", login="admin")
        lines = self.env["crm.sales.history"].search([("not_counted", "=", True)])
        self.assertEqual(lines.mapped("document"), ["K1"])

    def test_import(self):
        self.start_tour("/odoo", "crm_segments_import", login="admin")
        line = self.env["crm.sales.history"].search([("document", "=", "T1")])
        self.assertEqual((line.partner_id.name, line.amount_company), ("Tour buyer", 120))


@tagged("post_install", "-at_install")
class TestTourSetupPhone(SetupTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_setup_on_phone(self):
        self.start_tour("/odoo/segments-setup", "crm_segments_setup_phone", login="admin")
