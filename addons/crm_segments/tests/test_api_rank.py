"""``crm.segment.assign`` for rankings: as a run with one customer more would say."""

from odoo.tests import tagged

from .common import SegmentsCase
from .test_api_assign import AssignMixin


@tagged("post_install", "-at_install")
class TestAssignRank(AssignMixin, SegmentsCase):
    def buyers(self, amounts):
        for index, amount in enumerate(amounts):
            partner = self.customer(f"B{index}")
            for number in range(index % 3 + 1):
                self.sale(partner, 3 * index + number, amount)
        self.metrics.refresh()

    def test_abc_and_rfm_are_those_of_a_run_with_one_customer_more(self):
        """Ask, then make that customer and run: the same segments."""
        draft = self.env["crm.segmentation"].new({"method": "rfm"})
        rfm = self.segmentation("rfm", {v["name"]: v for v in draft._default_segments_rfm()})
        abc = self.segmentation(
            "abc", {v["name"]: {**v, "sequence": 1} for v in draft._default_segments_abc()},
            metric="revenue_total",
        )  # fmt: skip
        # a third of the amounts are shared, so ties count
        self.buyers([10, 20, 20, 40, 50, 50, 70, 150, 90, 1000, 10])
        seen = set()
        for day, count, amount in ((1, 1, 5), (40, 2, 20), (3, 2, 50), (9, 1, 700), (1, 5, 9000),
                                   (200, 1, 1), (12, 2, 75), (0, 0, 0)):  # fmt: skip
            values = {"last_purchase_date": str(self.ago(day)) if count else False,
                      "purchase_count": count, "revenue_total": amount}  # fmt: skip
            asked = self.assign(values)
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                partner = self.customer("New")
                for number in range(count):
                    # the last one brings the rest of the money
                    self.sale(partner, day + number, amount / count)
                self.metrics.refresh()
                self.assertEqual(partner.revenue_total, amount)
                (rfm | abc).run()
                self.env.invalidate_all()
                self.assertEqual(asked, "+".join(partner.segment_ids.mapped("name")))
                seen.update(partner.segment_ids.mapped("name"))
                savepoint.rollback()
        self.assertGreater(len(seen), 6, seen)

    def test_ranking_needs_all_its_figures(self):
        draft = self.env["crm.segmentation"].new({"method": "rfm"})
        self.segmentation("rfm", {v["name"]: v for v in draft._default_segments_rfm()})
        self.buyers([10, 20])
        self.assertEqual(self.assign({"purchase_count": 1, "revenue_total": 5}), "")
        self.assertEqual(self.assign({"revenue_total": 5}), "")
        self.assertEqual(self.assign({}), "No purchase yet")
        self.assertEqual(self.assign({"purchase_count": 0}), "No purchase yet")
