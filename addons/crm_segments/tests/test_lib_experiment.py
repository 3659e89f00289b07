"""Statistics of experiments: published and hand-worked examples, scipy beside, simulations."""

import ast
import doctest
import random
from math import inf, sqrt
from pathlib import Path
from unittest import SkipTest

from odoo.tests import BaseCase, tagged

from ..lib import chi_square, cuped, experiment, proportions

try:
    import numpy
    from scipy import optimize, stats
except ImportError:
    numpy = None

MODULES = (chi_square, cuped, experiment, proportions)

#: R. G. Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10
NEWCOMBE_1998 = {
    (56, 70, 48, 80): (0.0524, 0.3339),
    (9, 10, 3, 10): (0.1705, 0.8090),
    (6, 7, 2, 7): (0.0582, 0.8062),
    (5, 56, 0, 29): (-0.0381, 0.1926),
    (0, 10, 0, 20): (-0.1611, 0.2775),
    (0, 10, 0, 10): (-0.2775, 0.2775),
    (10, 10, 0, 20): (0.6791, 1.0000),
    (10, 10, 0, 10): (0.6075, 1.0000),
}


def reference():
    if numpy is None:
        raise SkipTest("numpy and scipy are not there")


def _score(x, m, y, n, ratio):
    """Koopman's statistic with the likeliest shares found by search."""

    def unlikely(q):
        p = min(ratio * q, 1)
        return -stats.binom.logpmf(x, m, p) - stats.binom.logpmf(y, n, q)

    top = min(1, 1 / ratio)
    q = optimize.minimize_scalar(unlikely, bounds=(0, top), options={"xatol": 1e-12}).x
    p = q * ratio
    return (x - m * p) ** 2 / (m * p * (1 - p)) + (y - n * q) ** 2 / (n * q * (1 - q))


@tagged("post_install", "-at_install")
class TestLibExperiment(BaseCase):
    def test_doctests_and_no_odoo(self):
        for module in MODULES:
            result = doctest.testmod(module)
            self.assertFalse(result.failed, module.__name__)
            self.assertTrue(result.attempted, module.__name__)
            tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
            names = {
                getattr(node, "module", None) or name.name
                for node in ast.walk(tree)
                if isinstance(node, ast.Import | ast.ImportFrom)
                for name in node.names
            }
            self.assertFalse([name for name in names if name.split(".")[0] in ("odoo", "scipy")])

    def test_newcombe_table(self):
        for (a, m, b, n), (low, high) in NEWCOMBE_1998.items():
            found = experiment.newcombe(a, m, b, n)
            self.assertAlmostEqual(found[0], a / m - b / n)
            self.assertEqual([round(x, 4) for x in found[1:]], [low, high], (a, m, b, n))
            self.assertEqual(experiment.newcombe(b, n, a, m)[2], -found[1])

    def test_intervals_against_scipy(self):
        reference()
        for count, total, confidence in ((0, 7, 0.95), (3, 40, 0.9), (40, 40, 0.99)):
            expected = stats.binomtest(count, total).proportion_ci(confidence, "wilson")
            found = experiment.wilson_interval(count, total, confidence)
            numpy.testing.assert_allclose(found, [expected.low, expected.high], atol=1e-12)
        one, other = [3, 0, 0, 8.5, 1, 0], [0, 0, 2, 0, 0, 0, 0, 4]
        moments = [experiment.Moments.of(values) for values in (one, other)]
        for confidence in (0.8, 0.95):
            expected = stats.ttest_ind(one, other, equal_var=False)
            expected = expected.confidence_interval(confidence)
            arguments = [value for each in moments for value in (each.mean, each.variance, each.n)]
            found = experiment.welch(*arguments, confidence)
            numpy.testing.assert_allclose(found[1:], [expected.low, expected.high], atol=1e-9)

    def test_tests_against_scipy(self):
        reference()
        draw = random.Random(4)
        for _n in range(40):
            a, b, c, d = (draw.randrange(0, 30) for _cell in range(4))
            expected = stats.fisher_exact([[a, b], [c, d]]).pvalue
            self.assertAlmostEqual(experiment.fisher(a, b, c, d), expected, 9)
            if min(a + b, c + d, a + c, b + d):
                expected = stats.chi2_contingency([[a, b], [c, d]], correction=False).pvalue
                self.assertAlmostEqual(proportions.score_p(a, b, c, d), expected, 12)
        expected = stats.fisher_exact([[500, 4500], [450, 4550]]).pvalue
        self.assertAlmostEqual(experiment.fisher(500, 4500, 450, 4550), expected, 8)
        for value in (0.01, 1, 7.5, 60, 300):
            for df in (1, 2, 5, 40):
                expected = stats.chi2.sf(value, df)
                self.assertAlmostEqual(chi_square.upper_tail(value, df), expected, 11)
        expected = stats.chisquare([90, 110, 205], [101.25, 101.25, 202.5]).pvalue
        self.assertAlmostEqual(experiment.sample_ratio_p([90, 110, 205], [1, 1, 2]), expected)
        values = [0.001, 0.2, 0.04, 0.04, 0.9]
        expected = stats.false_discovery_control(values)
        numpy.testing.assert_allclose(experiment.benjamini_hochberg(values), expected, atol=1e-11)

    def test_rate_ratio(self):
        """Koopman's example; limits are where the statistic is 3.84, found by another way."""
        self.assertEqual(
            [round(x, 2) for x in experiment.rate_ratio(36, 40, 16, 80)], [4.5, 2.94, 7.15]
        )
        self.assertEqual(experiment.rate_ratio(0, 9, 0, 9), (None, None, None))
        none, low, high = experiment.rate_ratio(4, 9, 0, 9)
        self.assertEqual((none, high), (None, inf))
        self.assertGreater(low, 0)
        self.assertEqual(experiment.rate_ratio(0, 9, 4, 9)[:2], (0.0, 0.0))
        reference()
        for x, m, y, n in ((5, 30, 9, 40), (29, 30, 12, 40), (300, 900, 280, 1000)):
            ratio, low, high = experiment.rate_ratio(x, m, y, n)
            self.assertAlmostEqual(ratio, x / m / (y / n))
            for bound in (low, high):
                self.assertAlmostEqual(_score(x, m, y, n, bound), stats.chi2.ppf(0.95, 1), 3)
            sure = proportions.score_p(x, m - x, y, n - y) < 0.05
            self.assertEqual(sure, not low <= 1 <= high)

    def test_sample_size(self):
        """By hand: p̄ = .65, z = 1.96 and .8416, (1.96·√.455 + .8416·√.45)² / .01 = 355.2 each.

        Fleiss, Levin and Paik have the same 356 before their correction.
        """
        self.assertEqual(experiment.sample_size(0.6, 0.1), 711 + 1)
        half = experiment.sample_size(0.1, 0.02)
        self.assertGreater(experiment.sample_size(0.1, 0.02, control_share=0.1), 2 * half)
        self.assertGreater(experiment.sample_size(0.1, 0.02, power=0.9), half)
        for wrong in ((0.1, 0), (0.95, 0.1), (0.1, -0.2)):
            with self.assertRaises(ValueError):
                experiment.sample_size(*wrong)

    def test_sample_size_gives_its_power(self):
        draw, total = random.Random(8), experiment.sample_size(0.3, 0.15, control_share=0.4)
        held, found = round(total * 0.4), 0
        for _n in range(300):
            a = sum(draw.random() < 0.45 for _one in range(total - held))
            b = sum(draw.random() < 0.3 for _one in range(held))
            found += proportions.score_p(a, total - held - a, b, held - b) < 0.05
        self.assertLess(abs(found / 300 - 0.8), 3 * sqrt(0.16 / 300))

    def test_assign(self):
        keys = list(range(1000))
        strata = [("large" if key % 10 == 0 else "small", key % 3) for key in keys]
        flags = experiment.assign(keys, strata, 0.2, seed=5)
        self.assertEqual(sum(flags), 200)
        for stratum in set(strata):
            inside = [f for f, s in zip(flags, strata, strict=True) if s == stratum]
            self.assertLess(abs(sum(inside) - 0.2 * len(inside)), 1)
        turned = experiment.assign(keys[::-1], strata[::-1], 0.2, seed=5)
        self.assertEqual(turned[::-1], flags)
        self.assertNotEqual(experiment.assign(keys, strata, 0.2, seed=6), flags)
        self.assertEqual(sum(experiment.assign(keys, None, 0, 1)), 0)
        self.assertEqual(sum(experiment.assign(keys, None, 1, 1)), 1000)
        with self.assertRaises(ValueError):
            experiment.assign([1, 1], None, 0.5, 1)

    def test_assign_one_by_one(self):
        """Who enters alone is held out with the same probability; so is each of a trio."""
        held = sum(experiment.assign([key], ["x"], 0.2, 3)[0] for key in range(3000))
        self.assertLess(abs(held / 3000 - 0.2), 4 * sqrt(0.16 / 3000))
        trios = [experiment.assign(range(3 * n, 3 * n + 3), None, 0.2, 3) for n in range(2000)]
        for place in range(3):
            share = sum(trio[place] for trio in trios) / 2000
            self.assertLess(abs(share - 0.2), 4 * sqrt(0.16 / 2000))
        self.assertLessEqual(max(map(sum, trios)), 1)

    def test_cuped(self):
        """Numbers by numpy's covariance; the estimate stays, the variance falls to 1 − ρ²."""
        reference()
        draw = numpy.random.default_rng(1)
        before = draw.gamma(1, 100, 4000)
        after = 0.8 * before + draw.normal(0, 40, 4000)
        arm = draw.random(4000) < 0.5
        after[arm] += 5
        groups = {
            name: experiment.Moments.of(after[mask].tolist(), before[mask].tolist())
            for name, mask in (("treated", arm), ("control", ~arm))
        }
        found = experiment.cuped(groups)
        both = [numpy.cov(after[mask], before[mask]) for mask in (arm, ~arm)]
        weights = [arm.sum() - 1, (~arm).sum() - 1]
        theta = sum(w * c[0, 1] for w, c in zip(weights, both, strict=True))
        theta /= sum(w * c[1, 1] for w, c in zip(weights, both, strict=True))
        self.assertAlmostEqual(found.theta, theta, 9)
        corrected = after - theta * (before - before.mean())
        for name, mask in (("treated", arm), ("control", ~arm)):
            self.assertAlmostEqual(found.groups[name].mean, corrected[mask].mean(), 7)
            self.assertAlmostEqual(found.groups[name].variance, corrected[mask].var(ddof=1), 5)
        self.assertAlmostEqual(found.kept, 40**2 / (40**2 + 80**2), delta=0.02)
        flat = {name: experiment.Moments.of([1.0, 2.0], [3.0, 3.0]) for name in "ab"}
        self.assertEqual(experiment.cuped(flat)[1:], (0.0, 1.0))


@tagged("post_install", "-at_install")
class TestLibExperimentSimulated(BaseCase):
    """1,000 splits of 240 customers, drawn by ``assign``: rates and money with zeros."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        draw = random.Random(11)
        cls.money = [draw.expovariate(0.01) if draw.random() < 0.3 else 0.0 for _n in range(240)]
        cls.strata = [value > 100 for value in cls.money[::-1]]
        cls.splits = [
            experiment.assign(range(240), cls.strata, 0.5, f"split {n}") for n in range(1000)
        ]

    def _arms(self, flags, more=lambda value: value):
        arms = {True: [], False: []}
        for value, held in zip(self.money, flags, strict=True):
            arms[held].append(value if held else more(value))
        return arms[False], arms[True]

    def _rate(self, *arms):
        counts = [(sum(value > 0 for value in arm), len(arm)) for arm in arms]
        return experiment.newcombe(*counts[0], *counts[1])

    def _mean(self, *arms):
        one, other = (experiment.Moments.of(arm) for arm in arms)
        return experiment.welch(one.mean, one.variance, one.n, other.mean, other.variance, other.n)

    def test_false_alarms(self):
        """Not more than 5 % by what chance allows at 99.9 %: of 1,000, at most 73."""
        for method in (self._rate, self._mean):
            found = [method(*self._arms(flags)) for flags in self.splits]
            alarms = sum(not low <= 0 <= high for _difference, low, high in found)
            self.assertLessEqual(alarms, 73)
            self.assertGreaterEqual(alarms, 20, "an interval that never alarms is too wide")

    def test_known_effect_is_covered(self):
        draw = random.Random(12)
        idle = sum(not value for value in self.money) / len(self.money)

        def buys(value):
            return 1.0 if draw.random() < 0.2 else value

        for method, more, effect in (
            (self._rate, buys, 0.2 * idle),
            (self._mean, lambda value: value + 30, 30),
        ):
            found = [method(*self._arms(flags, more)) for flags in self.splits]
            covered = sum(low <= effect <= high for _difference, low, high in found)
            self.assertGreaterEqual(covered, 927)
