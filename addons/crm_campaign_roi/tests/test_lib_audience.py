"""Draws, power and readings without a database; simulations are seeded."""

import ast
import doctest
import math
import unittest
from pathlib import Path

import numpy as np
from odoo.addons.crm_segments.lib import experiment
from odoo.addons.crm_segments.lib.cuped import Moments

from ..lib import audience_plan, audience_power, lift_reading
from ..lib.audience_plan import Contact, Customer

SPLITS = 1000
#: false alarms that 1,000 splits give less often than once in a thousand, were 5 % the truth
MOST_ALARMS = 50 + math.ceil(3.1 * math.sqrt(SPLITS * 0.05 * 0.95))


def arm(name, customers, bought, share=0.5, **moments):
    return lift_reading.Arm(name, customers, share, {"conversion": bought}, moments)


class TestLib(unittest.TestCase):
    def test_examples_and_imports(self):
        for module in (audience_plan, audience_power, lift_reading):
            self.assertFalse(doctest.testmod(module).failed)
            tree = ast.parse(Path(module.__file__).read_text())
            names = [getattr(node, "module", None) or "" for node in ast.walk(tree)]
            self.assertFalse([name for name in names if name.startswith("odoo")])


class TestPlan(unittest.TestCase):
    def contact(self, ident, customer, email="", **values):
        given = {"chosen": True, "reachable": True, "refused": None, "seen": ""} | values
        return Contact(ident, customer, email or f"{ident}@x", **given)

    def test_reasons_in_their_order(self):
        customers = [Customer(n, "A", 0, n, n == 1) for n in range(1, 8)]
        contacts = [
            self.contact(1, 1),
            self.contact(2, 2, chosen=False),
            self.contact(3, 3, reachable=False),
            self.contact(4, 4, refused="opted_out"),
            self.contact(41, 4, refused="blacklisted"),
            self.contact(5, 5, refused="opted_out"),
            self.contact(51, 5),
            self.contact(6, 6),
        ]
        plan = audience_plan.plan(customers, contacts, cap=6)
        self.assertEqual(
            plan.left_out,
            {1: "universal", 2: "no_contact", 3: "unreachable", 4: "blacklisted", 6: "cap",
             7: "no_contact"},
        )  # fmt: skip
        self.assertEqual(plan.recipients, {5: [51]})

    def test_most_active_first(self):
        customers = [Customer(1, "A", 0, 0, False)]
        contacts = [
            self.contact(10, 1, seen="2026-01-01"),
            self.contact(11, 1, seen="2026-03-01"),
            self.contact(12, 1, seen="2026-02-01"),
        ]
        self.assertEqual(audience_plan.plan(customers, contacts, most=2).recipients[1], [11, 12])
        everybody = audience_plan.plan(customers, contacts, most=0)
        self.assertEqual(everybody.recipients[1], [11, 12, 10])

    def test_units_are_chains_of_addresses(self):
        """1 and 2 share one address, 2 and 3 another; a refused one in common counts too."""
        customers = [Customer(n, "A", 0, 0, False) for n in (1, 2, 3, 4)]
        contacts = [
            self.contact(1, 1, "a@x"), self.contact(2, 2, "a@x"), self.contact(20, 2, "b@x"),
            self.contact(3, 3, "b@x", refused="opted_out"), self.contact(30, 3, "c@x"),
            self.contact(4, 4, "d@x"),
        ]  # fmt: skip
        plan = audience_plan.plan(customers, contacts, most=0)
        self.assertEqual(plan.units, {1: 1, 2: 1, 3: 1, 4: 4})
        self.assertEqual(plan.merged, 2)
        # a@x has the first one only
        self.assertEqual(plan.recipients, {1: [1], 2: [20], 3: [30], 4: [4]})

    def test_tiers(self):
        """Nothing bought, then thirds."""
        customers = [Customer(n, "A", n * 10.0 if n > 2 else 0, 0, False) for n in range(1, 9)]
        strata = audience_plan.strata(customers, {n: n for n in range(1, 9)})
        self.assertEqual([strata[n][1] for n in range(1, 9)], [0, 0, 1, 1, 2, 2, 3, 3])

    def test_draw_of_several_arms(self):
        units = {n: n % 5 for n in range(2000)}
        drawn = audience_plan.draw(units, 0.1, [1, 2], "seed")
        sizes = [list(drawn.values()).count(one) for one in range(3)]
        self.assertEqual(sizes, [200, 600, 1200])
        for stratum in range(5):
            held = sum(1 for n, one in drawn.items() if one == 0 and units[n] == stratum)
            self.assertLessEqual(abs(held - 40), 1)
        self.assertEqual(drawn, audience_plan.draw(units, 0.1, [1, 2], "seed"))
        other = audience_plan.draw(units, 0.1, [1, 2], "other")
        self.assertNotEqual(drawn, other)
        nobody = audience_plan.draw(units, 0, [1], "seed")
        self.assertEqual(set(nobody.values()), {1})


class TestPower(unittest.TestCase):
    def test_detectable(self):
        """Inverse of the sample size; and 712 see a rise from 60 to 70 %."""
        found = audience_power.detectable_rate(712, 0.6, 0.5)
        self.assertAlmostEqual(found, 0.1, places=3)
        self.assertIsNone(audience_power.detectable_rate(4, 0.5, 0.5))
        self.assertIsNone(audience_power.detectable_rate(100, 0.5, 0))

    def test_share_for(self):
        share, needed = audience_power.share_for(10_000, 0.05, 0.02)
        self.assertEqual(share, 0.15)
        self.assertLessEqual(needed, 10_000)
        self.assertEqual(audience_power.share_for(50, 0.05, 0.02)[0], 0.5)

    def test_mean(self):
        """(1.96 + 0.8416) × 100 × √(1/100 + 1/400)"""
        found = audience_power.detectable_mean(100, 400, 100)
        self.assertAlmostEqual(found, 2.801585 * 100 * math.sqrt(0.0125), places=4)


class TestReading(unittest.TestCase):
    def compared(self, control, *treatments, **values):
        return lift_reading.read(control, list(treatments), **values)

    def verdict(self, *arms, **values):
        return self.compared(*arms, **values)["treatments"][0]["verdict"]

    def test_verdicts(self):
        control = arm("Hold-out", 1000, 50)
        self.assertEqual(self.verdict(control, arm("A", 1000, 100), effect=0.04), "better")
        self.assertEqual(self.verdict(control, arm("A", 1000, 20), effect=0.04), "worse")
        self.assertEqual(self.verdict(control, arm("A", 1000, 52), effect=0.04), "nothing")
        self.assertEqual(self.verdict(control, arm("A", 1000, 52), effect=0.01), "small")
        few = arm("Hold-out", 20, 3), arm("A", 20, 18)
        self.assertEqual(self.verdict(*few, effect=0.02), "small")
        self.assertEqual(self.compared(control)["state"], "none")

    def test_sample_ratio_stops(self):
        broken = self.compared(arm("Hold-out", 1000, 50), arm("A", 1200, 100))
        self.assertEqual((broken["state"], broken["treatments"]), ("broken", []))

    def test_values(self):
        """Newcombe's own example: 56/70 and 48/80; relative lift 0.8 / 0.6 − 1."""
        found = self.compared(arm("C", 80, 48, 8 / 15), arm("A", 70, 56, 7 / 15), effect=0.1)
        one = found["treatments"][0]["outcomes"]["conversion"]
        for value, expected in zip(one["difference"], (0.2, 0.0524, 0.3339), strict=True):
            self.assertAlmostEqual(value, expected, places=4)
        self.assertAlmostEqual(one["lift"][0], 1 / 3)
        self.assertLess(0, one["lift"][1])

    def test_several_treatments_widen(self):
        """Bonferroni: 97.5 % each for two."""
        control, one, two = (
            arm(name, 900, bought, 1 / 3) for name, bought in (("C", 90), ("A", 110), ("B", 90))
        )
        found = self.compared(control, one, two)
        self.assertEqual((found["confidence"], found["correction"]), (0.975, "bonferroni"))
        alone = self.compared(arm("C", 900, 90), arm("A", 900, 110))
        self.assertIsNone(alone["correction"])
        wide, narrow = (
            reading["treatments"][0]["outcomes"]["conversion"]["difference"]
            for reading in (found, alone)
        )
        self.assertLess(wide[1], narrow[1])
        self.assertEqual(wide[0], narrow[0])

    def test_incremental(self):
        """10 more per customer, of 50 customers."""
        control = arm("C", 50, 5, margin=Moments(50, 20.0, 100.0))
        treated = arm("A", 50, 5, margin=Moments(50, 30.0, 100.0))
        found = lift_reading.incremental(self.compared(control, treated), {"A": 50})
        self.assertAlmostEqual(found[0], 500)
        reach = 50 * 1.984467 * 2  # Student's t with 98 degrees, √(100/50 + 100/50) = 2
        self.assertAlmostEqual(found[1], 500 - reach, places=2)
        self.assertAlmostEqual(found[2], 500 + reach, places=2)
        self.assertIsNone(lift_reading.incremental({"treatments": []}, {}))

    def test_shrinkage(self):
        """Two sure ones stay apart, noisy ones are drawn together."""
        sure = lift_reading.shrunk([(0.0, 0.001), (0.2, 0.001)])
        self.assertAlmostEqual(sure[1][0], 0.2, places=3)
        noisy = lift_reading.shrunk([(0.0, 0.2), (0.2, 0.2)])
        self.assertAlmostEqual(noisy[0][0], 0.1)
        self.assertAlmostEqual(noisy[1][0], 0.1)


class TestSimulations(unittest.TestCase):
    """Splits of one population, drawn as the product draws them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = np.random.default_rng(20261126)
        cls.n = 400
        units = {n: n % 4 for n in range(cls.n)}
        cls.draws = np.array(
            [
                list(audience_plan.draw(units, 0.5, [1], str(seed)).values())
                for seed in range(SPLITS)
            ]
        ).astype(bool)  # True: treated

    def test_no_effect_gives_few_false_alarms(self):
        """A/A: whether each orders is fixed, only the split differs."""
        bought = self.rng.random(self.n) < 0.3
        treated = (self.draws & bought).sum(axis=1)
        sizes = self.draws.sum(axis=1)
        alarms = 0
        for x, n in zip(treated.tolist(), sizes.tolist(), strict=True):
            _difference, low, high = experiment.newcombe(x, n, int(bought.sum()) - x, self.n - n)
            alarms += not low <= 0 <= high
        self.assertLessEqual(alarms, MOST_ALARMS)
        self.assertGreater(alarms, 0, "a test that never alarms tests nothing")

    def test_no_effect_on_money(self):
        """The same for money with zeros; the intervals of some splits are those of ``welch``."""
        money = np.where(self.rng.random(self.n) < 0.4, self.rng.lognormal(4, 0.5, self.n), 0)
        a, b = (np.where(mask, money, np.nan) for mask in (self.draws, ~self.draws))
        mean = np.nanmean(a, axis=1) - np.nanmean(b, axis=1)
        parts = [np.nanvar(x, axis=1, ddof=1) / (~np.isnan(x)).sum(axis=1) for x in (a, b)]
        reach = 1.9660 * np.sqrt(sum(parts))  # Student's t with 398 degrees of freedom
        alarms = int((np.abs(mean) > reach).sum())
        self.assertLessEqual(alarms, MOST_ALARMS)
        self.assertGreater(alarms, 0)
        for place in range(10):
            split = self.draws[place]
            one, other = (Moments.of(money[mask].tolist()) for mask in (split, ~split))
            found = lift_reading._welch(one, other, 0.95)
            self.assertAlmostEqual(found[0], mean[place])
            self.assertAlmostEqual(found[2] - found[0], reach[place], delta=0.002 * reach[place])

    def test_known_effect_is_covered(self):
        """Rates of 30 and 38 %: the interval holds 8 points 95 times in 100."""
        treated = self.rng.binomial(300, 0.38, SPLITS).tolist()
        control = self.rng.binomial(200, 0.30, SPLITS).tolist()
        covered = 0
        for x, y in zip(treated, control, strict=True):
            _difference, low, high = experiment.newcombe(x, 300, y, 200)
            covered += low <= 0.08 <= high
        self.assertGreaterEqual(covered, SPLITS - MOST_ALARMS)
        self.assertLess(covered, SPLITS)

    def test_pre_period_narrows_and_still_covers(self):
        """CUPED: sales that go on as before, 5 more for the treated, in 100 populations."""
        covered = narrower = 0
        for split in self.draws[:100]:
            pre = self.rng.gamma(2, 50, self.n)
            after = pre + self.rng.normal(0, 20, self.n) + 5 * split
            groups = {
                name: Moments.of(after[mask].tolist(), pre[mask].tolist())
                for name, mask in (("arm", split), ("control", ~split))
            }
            plain = lift_reading._welch(groups["arm"], groups["control"], 0.95)
            found = experiment.cuped(groups)
            reduced = lift_reading._welch(found.groups["arm"], found.groups["control"], 0.95)
            covered += reduced[1] <= 5 <= reduced[2]
            narrower += reduced[2] - reduced[1] < plain[2] - plain[1]
        self.assertGreaterEqual(covered, 100 - 5 - math.ceil(3.1 * math.sqrt(100 * 0.0475)))
        self.assertEqual(narrower, 100)

    def test_looking_every_day(self):
        """No effect, 30 looks: the usual interval alarms far too often, the other one doesn't."""
        steps = self.rng.normal(0, 1, (SPLITS, 3000)).cumsum(axis=1)
        looks = np.arange(100, 3001, 100)
        means = steps[:, looks - 1] / looks
        usual = (np.abs(means) > 1.96 / np.sqrt(looks)).any(axis=1).sum()
        reach = np.array([lift_reading.always_valid(0.0, 1 / n, 0.1)[2] for n in looks.tolist()])
        valid = (np.abs(means) > reach).any(axis=1).sum()
        self.assertGreater(usual, 2 * MOST_ALARMS)
        self.assertLessEqual(valid, MOST_ALARMS)
