"""Price guidance: doctests, values by hand, numpy and scipy beside, coverage by simulation."""

import doctest
import random
from math import sqrt
from unittest import SkipTest

from odoo.tests import BaseCase, tagged

from ..lib import price_guidance, win_curve
from ..lib.price_guidance import Guide, guide, quantile, quantile_ranks, shrink

try:
    import numpy
    from scipy import optimize, stats
except ImportError:
    numpy = None


def reference():
    if numpy is None:
        raise SkipTest("numpy and scipy are not there")


@tagged("post_install", "-at_install")
class TestLibPrice(BaseCase):
    def test_doctests(self):
        for module in (price_guidance, win_curve):
            result = doctest.testmod(module)
            self.assertFalse(result.failed, module.__name__)
            self.assertTrue(result.attempted, module.__name__)

    def test_quantiles_against_numpy(self):
        reference()
        draw = random.Random(2)
        for n in (1, 2, 7, 40):
            values = sorted(draw.random() for _n in range(n))
            for level in (0, 0.25, 0.5, 0.8, 1):
                self.assertAlmostEqual(quantile(values, level), numpy.quantile(values, level))

    def test_ranks_against_scipy(self):
        """As many values lie below as the binomial says; of 10 the second to the ninth."""
        reference()
        for n in (8, 25, 59, 60, 400):
            for level in (0.25, 0.5, 0.75):
                ranks = quantile_ranks(n, level)
                if ranks is None:
                    self.assertLess(n, 25)
                    continue
                low, high = ranks
                # more than `low` values below the quantile, at most `high`
                covered = stats.binom.cdf(high, n, level) - stats.binom.cdf(low, n, level)
                self.assertGreaterEqual(covered, 0.95 - 1e-9)
                narrower = stats.binom.cdf(high, n, level) - stats.binom.cdf(low + 1, n, level)
                self.assertLess(min(narrower, covered - stats.binom.pmf(high, n, level)), 0.975)
        self.assertIsNone(quantile_ranks(5, 0.5))  # 1 − 2 · 0.5⁵ = 93.75 %

    def test_interval_covers(self):
        draw, covered = random.Random(4), 0
        for _n in range(600):
            found = guide([draw.expovariate(1) for _line in range(30)])
            covered += found.low <= 0.6931471805599453 <= found.high
        self.assertGreaterEqual(covered / 600, 0.95 - 3 * sqrt(0.05 * 0.95 / 600))

    def test_shrink(self):
        """5 lines beside a weight of 20: a fifth of the own, four fifths of the wider."""
        found = shrink(Guide(0.0, 0.1, 0.2, 0, 1, 5), Guide(0.1, 0.2, 0.4, 0, 1, 900))
        self.assertAlmostEqual(found.stretch, 0.08)
        self.assertAlmostEqual(found.target, 0.18)
        self.assertAlmostEqual(found.floor, 0.36)
        self.assertEqual(found.n, 5)
        self.assertEqual(shrink(None, found), found)
        self.assertEqual(shrink(found, None), found)

    def test_isotonic_against_scipy(self):
        reference()
        draw = random.Random(6)
        for _n in range(20):
            totals = [draw.randint(1, 30) for _bin in range(8)]
            won = [draw.randint(0, total) for total in totals]
            rates = [a / b for a, b in zip(won, totals, strict=True)]
            expected = optimize.isotonic_regression(rates, weights=totals).x
            numpy.testing.assert_allclose(win_curve.isotonic(won, totals), expected)

    def test_win_curve(self):
        few = win_curve.win_curve([0.1] * 39, [0.1] * 500)
        self.assertEqual(few, ([], "few"))
        falling = win_curve.win_curve([0.0] * 90 + [0.3] * 10, [0.0] * 10 + [0.3] * 90)
        self.assertEqual(falling.verdict, "mixed")
        self.assertEqual([row.fitted for row in falling.bins], [0.5, 0.5])
        draw = random.Random(9)
        rows = [(value, draw.random() < 0.5) for value in (draw.random() for _n in range(400))]
        flat = win_curve.win_curve([v for v, one in rows if one], [v for v, one in rows if not one])
        self.assertEqual(flat.verdict, "flat")
        self.assertEqual((len(flat.bins), sum(row.n for row in flat.bins)), (5, 400))
        self.assertTrue(all(row.rate_low <= row.rate <= row.rate_high for row in flat.bins))
