"""Grades, matched comparison and planner without a database."""

import doctest
import unittest

from odoo.addons.crm_segments.lib.experiment import sample_size

from ..lib import budget_planner, matched
from ..lib.budget_planner import marginal, propose
from ..lib.matched import Stratum


class TestMatched(unittest.TestCase):
    def test_examples(self):
        for module in (budget_planner, matched):
            self.assertFalse(doctest.testmod(module).failed)

    def test_strata_compare_with_their_own_kind(self):
        """Big ones grow by 10 anyway; addressed ones by 12, small ones by 2 instead of 0."""
        big = Stratum(20, 240.0, 20 * 144.0 + 19, 40, 400.0, 40 * 100.0 + 39)
        small = Stratum(20, 40.0, 20 * 4.0 + 19, 10, 0.0, 9.0)
        found = matched.compare([big, small])
        self.assertAlmostEqual(found.total[0], 20 * 2 + 20 * 2)
        # every variance is 1: 20² × (1/20 + 1/40) + 20² × (1/20 + 1/10)
        self.assertAlmostEqual(found.total[2] - found.total[0], matched.Z * (30 + 60) ** 0.5)

    def test_few(self):
        self.assertEqual(matched.compare([]).state, "few")
        alone = [Stratum(20, 0, 0, 20, 0, 0), Stratum(40, 0, 0, 0, 0, 0)]
        self.assertEqual(matched.compare(alone)[:3], ("few", 60, 20))


class TestPlanner(unittest.TestCase):
    def test_grades(self):
        self.assertEqual(budget_planner.grade(True, True, True, True), "experiment")
        self.assertEqual(budget_planner.grade(False, False, True, True), "attribution")
        self.assertEqual(budget_planner.grade(False, False, False, True), "platform")
        # too small to tell: more than attribution, less than a comparison, and no ground to move
        self.assertEqual(budget_planner.grade(False, False, True, True, small=True), "small")
        self.assertEqual(budget_planner.grade(False, True, True, True, small=True), "matched")
        self.assertNotIn("small", budget_planner.SURE)

    def test_cheapest_experiment(self):
        """Rates .60 and .70 need 712 in two halves: half of them at 2 are 712, at 3 are 1,068."""

        def one(ident, cost, orders=60, contacts=100):
            return {"id": ident, "cost": cost, "orders": orders, "contacts": contacts}

        found = budget_planner.cheapest([one(1, 300.0), one(2, 200.0)], 0.1)
        self.assertEqual(found, {"id": 2, "needed": 712, "rate": 0.6, "each": 2.0, "cost": 712.0})
        unknown = [one(3, 100.0, contacts=29), one(4, 0.0), one(5, 100.0, orders=0)]
        self.assertIsNone(budget_planner.cheapest(unknown, 0.1))
        # more orders than customers reached: the rate can't rise above all of them
        self.assertTrue(budget_planner.cheapest([one(6, 10.0, orders=500)], 0.1))

    def test_there_are_not_so_many_customers(self):
        """Of 178 a quarter of what is needed: four campaigns, of 30 days four months.

        Rates .60 and .792 need 178 in two halves, .60 and .659 twelve times as many.
        """
        trial = {"needed": 712, "rate": 0.6, "each": 2.0}
        self.assertIsNone(budget_planner.pooled(trial, 712, 30))
        found = budget_planner.pooled(trial, 178, 30)
        self.assertEqual(
            [found[name] for name in ("customers", "campaigns", "months", "yearly", "cost")],
            [178, 4, 4, 12, 178.0],
        )
        self.assertAlmostEqual(found["detectable"], 0.1919, places=4)
        for size, seen in ((178, found["detectable"]), (2136, found["detectable_yearly"])):
            self.assertEqual(sample_size(0.6, seen + 1e-6), size)
            self.assertGreater(sample_size(0.6, seen - 1e-3), size)
        # campaigns of 45 days: 712 / 100 are 8 of them, 360 days; 8 fit into a year
        longer = budget_planner.pooled(trial, 100, 45)
        self.assertEqual([longer[name] for name in ("campaigns", "months", "yearly")], [8, 12, 8])
        few = budget_planner.pooled({**trial, "rate": 0.95}, 2, 30)
        self.assertEqual((few["detectable"], few["campaigns"]), (None, 356))
        none = budget_planner.pooled(trial, 0, 30)
        self.assertEqual((none["campaigns"], none["months"], none["detectable"]), (None,) * 3)
        # whoever can be tested with those there are comes first, though it costs more
        cheap = {"id": 1, "cost": 100.0, "orders": 60, "contacts": 100}
        dear = {"id": 2, "cost": 900.0, "orders": 1, "contacts": 100}
        chosen = budget_planner.cheapest([cheap, dear], 0.1, customers=500)
        self.assertEqual((chosen["id"], chosen["needed"] <= 500), (2, True))
        self.assertEqual(budget_planner.cheapest([cheap, dear], 0.1, customers=50)["id"], 1)

    def test_marginal_is_not_average(self):
        """100 of margin anyway and half a unit per unit: the average would say 1.5."""
        months = [(cost, 100 + 0.5 * cost) for cost in (60, 80, 100, 120, 140, 160)]
        found = marginal(months)
        self.assertEqual(found.state, "known")
        for value in found.slope:
            self.assertAlmostEqual(value, 0.5)

    def test_interval(self):
        """x = 1 … 6, y = 2x with ±1 in turn: slope 2 − 3 / 17.5, t = 2.776 with 4 degrees."""
        months = [(x, 2 * x + (1 if x % 2 else -1)) for x in range(1, 7)]
        slope, low, high = marginal(months).slope
        self.assertAlmostEqual(slope, 64 / 35)
        rest = sum((2 * x + (1 if x % 2 else -1) - 7 - slope * (x - 3.5)) ** 2 for x in range(1, 7))
        self.assertAlmostEqual(high - slope, 2.7764 * (rest / 4 / 17.5) ** 0.5, places=3)
        self.assertAlmostEqual(slope - low, high - slope)

    def test_not_enough_to_tell(self):
        self.assertEqual(marginal([(10, 5)] * 5).state, "short")
        self.assertEqual(marginal([(10, 5), (0, 9)] * 5).state, "short")
        self.assertEqual(marginal([(100 + n, n) for n in range(8)]).state, "flat")

    def test_money_moves_on_proof_only(self):
        def one(ident, grade, *values):
            return {"id": ident, "grade": grade, "marginal": list(values) or None, "cost": 500}

        good, bad = one(1, "experiment", 2, 1.5, 2.5), one(2, "matched", 0.5, 0.1, 0.9)
        found = propose([good, bad], 100)
        self.assertEqual((found["state"], found["source"], found["target"]), ("move", 2, 1))
        for value, expected in zip(found["effect"], (150, 60, 240), strict=True):
            self.assertAlmostEqual(value, expected)
        claimed = one(3, "attribution", 9, 8, 10)
        self.assertEqual(propose([good, claimed], 100)["state"], "unknown")
        unsure = propose([good, one(4, "experiment", 1.4, 1, 1.8)], 100)
        self.assertEqual(unsure["state"], "unsure")
        self.assertEqual(propose([good, one(5, "experiment")], 100)["state"], "unknown")
        self.assertEqual(propose([good, bad], 9000)["amount"], 500)
        # what somebody asks for is told, and whether it is proven
        asked = budget_planner.move(good, claimed, 100)
        self.assertEqual((asked["effect"], asked["state"]), ([700, 550, 850], "claimed"))
        self.assertEqual(budget_planner.move(bad, good, 100)["state"], "proven")
        unknown = budget_planner.move(one(5, "experiment"), good, 100)
        self.assertEqual((unknown["effect"], unknown["state"]), (None, "unknown"))

    def test_calibration(self):
        """Half of what was credited was caused: half of the slope; errors add as squares."""
        found = budget_planner.calibrated([2.0, 1.0, 3.0], [50.0, 20.0, 80.0], 100.0)
        reach = ((1 * 0.5) ** 2 + (0.3 * 2) ** 2) ** 0.5
        for value, expected in zip(found, (1, 1 - reach, 1 + reach), strict=True):
            self.assertAlmostEqual(value, expected)
        self.assertIsNone(budget_planner.calibrated([1, 1, 1], [1, 1, 1], 0))
