"""Methods 'tier', 'abc' and 'rfm', against hand cases and against lib/ on random data."""

import random
from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..lib import rfm, tiers
from .common import SegmentsCase

ABC = {"A": {"threshold": 80}, "B": {"threshold": 95}, "C": {"threshold": 100}}


@tagged("post_install", "-at_install")
class TestTierAbc(SegmentsCase):
    def buyers(self, amounts):
        """A customer ``n`` per amount, bought ten days ago (nothing for 0)."""
        partners = self.env["res.partner"]
        for index, amount in enumerate(amounts):
            partners |= self.customer(f"{index}")
            if amount:
                self.sale(partners[-1], 10, amount)
        return partners

    def test_tiers(self):
        ours = self.buyers([0, 9.99, 10, 999, 1000, 5000])
        segmentation = self.segmentation(
            "tier",
            {"Large": {"threshold": 1000}, "Small": {"threshold": 10}, "Rest": {"is_rest": True}},
            metric="revenue_total",
        )
        self.run_done(segmentation)
        self.assertEqual(
            self.placed(segmentation, ours),
            {"0": "Rest", "1": "Rest", "2": "Small", "3": "Small", "4": "Large", "5": "Large"},
        )
        [stay] = self.current(segmentation).filtered(lambda m: m.partner_id == ours[3])
        self.assertEqual(
            self.evidence(stay),
            {"basis": "invoice", "metric": "revenue_total",
             "values": {"revenue_total": 999, "threshold": 10}},
        )

    def test_tier_moves_when_placed_alone(self):
        ours = self.buyers([5, 50])
        segmentation = self.segmentation(
            "tier", {"Big": {"threshold": 40}, "Small": {"threshold": 1}}, metric="revenue_total"
        )
        self.run_done(segmentation)
        self.sale(ours[0], 5, 100)
        self.metrics.refresh(ours[0])
        segmentation._place(ours[0].ids)
        self.assertEqual(self.placed(segmentation), {"0": "Big", "1": "Big"})

    def test_abc_by_hand(self):
        # total 100; larger customers hold 0, 50, 80, 80, 96 %
        ours = self.buyers([50, 30, 8, 8, 4, 0])
        segmentation = self.segmentation(
            "abc", {**ABC, "Rest": {"is_rest": True}}, metric="revenue_total"
        )
        self.run_done(segmentation)
        self.assertEqual(
            self.placed(segmentation, ours),
            {"0": "A", "1": "A", "2": "B", "3": "B", "4": "C", "5": "Rest"},
        )

    def test_abc_leaves_out_who_was_refunded(self):
        ours = self.buyers([60, 40])
        self.sale(ours[1], 5, -40, refund=True)
        segmentation = self.segmentation("abc", ABC, metric="revenue_total")
        self.run_done(segmentation)
        self.assertEqual(self.placed(segmentation), {"0": "A"})

    def test_abc_random_against_lib(self):
        rng = random.Random(3)
        amounts = [rng.choice([1, 5, 5, 20, 100, rng.randint(1, 2000)]) for _n in range(60)]
        self.buyers(amounts)
        segmentation = self.segmentation("abc", ABC, metric="revenue_total")
        self.run_done(segmentation)
        expected = {str(n): "ABC"[i] for n, i in enumerate(tiers.pareto(amounts, [80, 95, 100]))}
        self.assertEqual(self.placed(segmentation), expected)

    def test_abc_of_one_customer_equals_that_of_the_run(self):
        ours = self.buyers([50, 30, 12, 8])
        segmentation = self.segmentation("abc", ABC, metric="revenue_total")
        self.run_done(segmentation)
        before = self.placed(segmentation)
        segmentation._place(ours[2].ids)
        self.assertEqual(self.placed(segmentation), before)

    def test_limits_are_checked(self):
        for method, limits in (("tier", (5, 5)), ("abc", (80, 120)), ("abc", (0, 80))):
            segments = {str(n): {"threshold": limit} for n, limit in enumerate(limits)}
            with self.subTest(limits), self.assertRaises(ValidationError):
                self.segmentation(method, segments)
        segmentation = self.segmentation("abc", ABC)
        with self.assertRaises(ValidationError):
            segmentation.segment_ids[0].threshold = 95


@tagged("post_install", "-at_install")
class TestRfm(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rfm = cls.env.ref("crm_segments.segmentation_rfm").sudo()
        cls.rfm.enabled = True

    def codes(self):
        return {one.partner_id.name: one.code for one in self.current(self.rfm) if one.code}

    def test_random_data_against_lib(self):
        """600 purchases of 90 customers; scores and names counted by lib.rfm, not in SQL."""
        rng = random.Random(19)
        bought = {}
        for _n in range(600):
            name = f"C{min(rng.randint(0, 89), rng.randint(0, 89))}"
            bought.setdefault(name, []).append((rng.randint(0, 700), rng.choice([5, 20, 80, 333])))
        for name, purchases in bought.items():
            partner = self.customer(name)
            for days, amount in purchases:
                self.sale(partner, days, amount)
        self.run_done(self.rfm)
        names = list(bought)
        axes = (
            [-min(days for days, _a in bought[name]) for name in names],
            [len(bought[name]) for name in names],
            [sum(amount for _d, amount in bought[name]) for name in names],
        )
        self.assertFalse(any(map(rfm.is_flat, axes)))
        scored = zip(*map(rfm.scores, axes), strict=True)
        expected = {name: "".join(map(str, code)) for name, code in zip(names, scored, strict=True)}
        self.assertEqual(self.codes(), expected)
        cell = {code: name for name, codes in rfm.GRID.items() for code in codes.split()}
        self.assertEqual(
            {name: segment for name, segment in self.placed(self.rfm).items() if name in expected},
            {name: cell[code] for name, code in expected.items()},
        )

    def test_hand_case_with_ties(self):
        """Five buyers; money 60, 60, 60, 80, 100 → strictly worse 0, 0, 0, 3, 4 → 1 1 1 4 5."""
        for n, amount in enumerate((60, 60, 60, 80, 100)):
            partner = self.customer(f"{n}")
            for _n in range(n + 1):  # frequency 1…5
                self.sale(partner, 10 * (5 - n), amount / (n + 1))
        self.customer("None")
        self.run_done(self.rfm)
        self.assertEqual(self.codes(), {"0": "111", "1": "221", "2": "331", "3": "444", "4": "555"})
        self.assertEqual(self.placed(self.rfm)["None"], "No purchase yet")
        [stay] = [one for one in self.current(self.rfm) if one.partner_id.name == "3"]
        self.assertEqual(
            self.evidence(stay),
            {"r": 4, "f": 4, "m": 4, "basis": "invoice", "values": {
                "last_purchase_date": str(self.today - timedelta(days=20)),
                "purchase_count": 4, "revenue_total": 80,
            }},
        )  # fmt: skip

    def test_flat_measure_gives_3_and_says_so(self):
        """Six buyers of whom five bought once: 83 % → nothing to rank."""
        for n in range(6):
            partner = self.customer(f"{n}")
            self.sale(partner, 60 - n, 100 + n)
        self.sale(partner, 1, 1)
        run = self.rfm.run()
        self.assertEqual({code[1] for code in self.codes().values()}, {"3"})
        self.assertEqual(run.notes, ["flat_frequency"])
        self.assertIn("frequency", run.notes_text)
        self.assertEqual(self.rfm.last_run_message, run.notes_text)

    def test_80_percent_exactly_is_ranked(self):
        for n in range(5):
            partner = self.customer(f"{n}")
            self.sale(partner, 60 - n, 100 + n)
        self.sale(partner, 1, 1)
        run = self.rfm.run()
        self.assertFalse(run.notes)
        # four bought once: nobody is worse → 1; the fifth beats 4 of 5 → 5
        self.assertEqual([code[1] for _n, code in sorted(self.codes().items())], list("11115"))

    def test_fully_refunded_buyer_is_ranked(self):
        for n in range(4):
            self.sale(self.customer(f"{n}"), 50 - n, 100 + n)
        back = self.customer("Back")
        self.sale(back, 10, 500)
        self.sale(back, 5, -500, refund=True)
        self.run_done(self.rfm)
        # latest purchase: 4 of 5 are worse → 5; all bought once → 3; money 0 is least → 1
        self.assertEqual(self.codes()["Back"], "531")

    def test_who_is_ranked(self):
        """Suppliers, users and own companies are neither ranked nor listed."""
        seller = self.env["res.users"].create({"name": "Seller", "login": "seller_x"})
        supplier = self.customer("Supplier", supplier_rank=1)
        for partner in (seller.partner_id, self.company.partner_id):
            self.sale(partner, 10, 10)
        both = self.customer("Both", supplier_rank=1)
        self.sale(both, 5, 10)
        self.customer("Contact", is_company=False, parent_id=both.id)
        fresh = self.customer("Fresh")
        ours = seller.partner_id | self.company.partner_id | supplier | both | fresh
        self.run_done(self.rfm)
        placed = self.placed(self.rfm, ours | both.child_ids)
        self.assertEqual(set(placed), {"Both", "Fresh"})
        self.assertEqual(ours.filtered("is_crm_customer"), both | fresh)

    def test_other_metrics_per_axis(self):
        for n, (old, new) in enumerate(((1000, 1), (1, 1000))):
            partner = self.customer(f"{n}")
            self.sale(partner, 500, old)
            self.sale(partner, 10 + n, new)
        self.rfm.write({"monetary_metric": "revenue_12m", "frequency_metric": "purchase_count_12m"})
        self.run_done(self.rfm)
        # money of 12 months 1 and 1000: 0 of 2 and 1 of 2 are worse → 1 and 1 + ⌊2.5⌋ = 3
        self.assertEqual(self.codes(), {"0": "331", "1": "133"})

    def test_grid_is_checked(self):
        champions = self.segment(self.rfm, "Champions")
        for codes in ("555 554 545 544 455 454", "555 554 545 544 455 454 445 111", "999", "55"):
            with self.subTest(codes), self.assertRaises(ValidationError):
                champions.rfm_codes = codes

    def test_copy_is_a_working_division(self):
        self.sale(self.customer("Ann"), 10, 10)
        copy = self.rfm.copy()
        self.assertEqual(len(copy.segment_ids), 12)
        copy.enabled = True
        self.run_done(copy)
        self.assertEqual(self.placed(copy)["Ann"], "Potential Loyalist")  # 333: all flat
