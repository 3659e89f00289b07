"""A run that was held back is accepted in the browser."""

from odoo.tests import HttpCase, tagged

from .common import SegmentsMixin


@tagged("post_install", "-at_install")
class TestTourGuard(SegmentsMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.env["crm.segmentation"].search([("enabled", "=", True)]).enabled = False
        cls.company.crm_segments_guard = 30
        ten = cls.env["res.partner"].union(*(cls.customer(f"N{n}") for n in range(10)))
        for partner in ten:
            cls.sale(partner, 30, 50)
        rules = {
            "Rich": "[('revenue_total', '>=', 100)]",
            "Poor": "[('purchase_count', '>', 0)]",
        }
        population = f"[('id', 'in', {ten.ids})]"
        cls.held = cls.env["crm.segmentation"]
        for name in ("Held one", "Held two"):
            cls.held |= cls.rules(rules, name=name, domain=population)
        cls.held.run()
        for partner in ten[:5]:
            cls.sale(partner, 5, 60)

    def test_accept(self):
        self.assertEqual(self.held.run().mapped("state"), ["held", "held"])
        self.start_tour("/odoo/segments", "crm_segments_accept", login="admin")
        for segmentation in self.held:
            self.assertEqual(segmentation.run_ids.sorted("id")[-1].state, "done")
            self.assertEqual(sorted(self.placed(segmentation).values()).count("Rich"), 5)
