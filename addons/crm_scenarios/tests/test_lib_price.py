"""Price guidance: doctests, values by hand, numpy and scipy beside, coverage by simulation."""

import doctest
import random
from math import sqrt
from unittest import SkipTest

from odoo.tests import BaseCase, tagged

from ..lib import price_cells, price_guidance, price_spread, price_table, win_curve
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
        for module in (price_guidance, price_cells, price_spread, price_table, win_curve):
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

    def test_cells_as_one_by_one(self):
        """All groups at once are what each would be by itself."""
        reference()
        draw = numpy.random.default_rng(5)
        key, values = draw.integers(0, 40, 3000) ** 2, draw.normal(size=3000).round(2)
        day = draw.integers(0, 1000, 3000)
        groups = price_cells.Groups(key, values, 5)
        low, high = groups.interval()
        quarter, counts = groups.quantile(0.25), groups.histogram(-0.5, 0.25, 4)
        last, first = groups.last(values), groups.of(day, numpy.minimum)
        kept = [one for one in numpy.unique(key) if (key == one).sum() >= 5]
        self.assertEqual(groups.keys.tolist(), kept)
        for place, one in enumerate(kept):
            own = values[key == one]
            found = guide(own.tolist())
            self.assertAlmostEqual(quarter[place], found.stretch)
            if found.n < price_cells.EXACT:
                self.assertEqual(found.low is None, bool(numpy.isnan(low[place])))
                if found.low is not None:
                    self.assertEqual((low[place], high[place]), (found.low, found.high))
            else:  # one place wider at most
                self.assertLessEqual(low[place], found.low)
                self.assertGreaterEqual(high[place], found.high)
            edges = [-99, -0.5, -0.25, 0, 0.25, 0.5, 99]
            self.assertEqual(counts[place].tolist(), numpy.histogram(own, edges)[0].tolist())
            self.assertEqual((last[place], first[place]), (own.max(), day[key == one].min()))
        few = price_cells.Groups(numpy.array([1, 1, 2]), numpy.array([1.0, 2, 3]), 2)
        self.assertEqual((few.keys.tolist(), few.quantile(0.5).tolist()), ([1], [1.5]))
        nothing = price_cells.Groups(key[:0], values[:0])
        self.assertEqual((len(nothing.keys), len(nothing.quantile(0.5))), (0, 0))
        self.assertEqual(len(nothing.of(values[:0], numpy.minimum)), 0)

    def test_advice_as_one_by_one(self):
        """Shrinkage and floors of all cells are what each would have by itself."""
        reference()
        draw = numpy.random.default_rng(6)
        # categories 1 and 2 of the segments none, 1 and 2; products 10 and 20 of category 1
        cells = [(seg, cat, 0, band) for seg in (0, 1, 2) for cat in (1, 2) for band in (0, 3)]
        cells += [(seg, 1, product, 0) for seg in (0, 1, 2) for product in (10, 20)]
        cells.remove((0, 2, 0, 3))  # the wide cell of two narrow ones is missing
        guides = {
            cell: price_guidance.Guide(*sorted(draw.normal(size=3)), None, None, n)
            for cell, n in zip(cells, draw.integers(5, 60, len(cells)).tolist(), strict=True)
        }
        same = (1, 1, 10, 0)  # all lines of its category: nothing to be pulled
        guides[same] = guides[1, 1, 0, 0]

        def by_itself(cell):
            segment, categ, product, band = cell
            name = "category" if product else "all" if segment else "none"
            wide = (segment if product else 0, categ, 0, band)
            if wide == cell or wide not in guides:
                return guides[cell], "none"
            if guides[wide].n == guides[cell].n:
                return by_itself(wide)
            return shrink(guides[cell], by_itself(wide)[0]), name

        order = draw.permutation(len(cells))
        rows = [(*cells[one], *guides[cells[one]][:3], guides[cells[one]].n) for one in order]
        names = "segment categ product band stretch target floor n".split()
        table = dict(zip(names, map(numpy.array, zip(*rows, strict=True)), strict=True))
        levels, rests = price_table.shrunk(table)
        prices = {10: (100, 80), 20: (50, 0)}
        facts = numpy.array([prices.get(cells[one][2], (0, 0)) for one in order], float).T
        lowest, floors = price_table.capped(levels, table["product"], *facts, margin=0.1)
        for place, one in enumerate(order):
            expected, name = by_itself(cells[one])
            numpy.testing.assert_allclose(levels[:, place], expected[:3])
            self.assertEqual(price_table.RESTS[rests[place]], name)
            reference_price, cost = facts[:, place]
            bound = price_guidance.cap_at_cost(expected, reference_price, cost, 0.1)
            numpy.testing.assert_allclose(lowest[:, place], bound[:3])
            kind = "cost" if bound.floor < expected.floor else "discount" if cost else "none"
            kind = kind if cells[one][2] else "product"
            self.assertEqual(price_table.FLOORS[floors[place]], kind)

    def test_spread_by_hand(self):
        """Far are those a tenth off, in cells of five lines and three customers."""
        reference()
        rows = [
            # (segment, product, band, partner, quantity, price): the middle of the first is 10
            (1, 5, 0, 11, 1, 10), (1, 5, 0, 12, 1, 10), (1, 5, 0, 13, 4, 8), (1, 5, 0, 13, 2, 11),
            (1, 5, 0, 14, 3, 12), (1, 5, 1, 11, 20, 1), (2, 5, 0, 21, 1, 1), (2, 5, 0, 21, 1, 9),
            (2, 5, 0, 22, 1, 9), (2, 5, 0, 22, 1, 9), (2, 5, 0, 22, 1, 9),
        ]  # fmt: skip
        names = "segment product band partner quantity price".split()
        lines = dict(zip(names, map(numpy.array, zip(*rows, strict=True)), strict=True))
        found = price_spread.far_from_middle(lines, 4)
        told = [found[name].tolist() for name in ("partner", "price", "middle", "at_stake")]
        # 13 pays (32 + 22) / 6 = 9: a tenth less; 4 · 2 − 2 · 1 = 6 at stake
        self.assertEqual(told, [[13, 14], [9, 12], [10, 10], [6, 0]])
        self.assertEqual(len(price_spread.far_from_middle(lines, 4, most=1)["partner"]), 1)
        empty = {name: column[:0] for name, column in lines.items()}
        self.assertEqual(len(price_spread.far_from_middle(empty, 4)["partner"]), 0)

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
