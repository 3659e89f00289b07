"""What a division explains: doctests, values by hand, numpy and scipy beside."""

import doctest
import random
from bisect import bisect_left, bisect_right
from collections import defaultdict
from math import exp, log
from unittest import SkipTest

from odoo.tests import BaseCase, tagged

from ..lib import student, worth, worth_fit, worth_pairs, worth_split

try:
    import numpy
    from scipy import stats
except ImportError:
    numpy = None


def reference():
    if numpy is None:
        raise SkipTest("numpy and scipy are not there")


def _ranks(values):
    """Value → share of smaller ones, equal ones counted half."""
    ordered = sorted(values)
    return {
        one: (bisect_left(ordered, one) + bisect_right(ordered, one)) / 2 / len(ordered)
        for one in set(values)
    }


@tagged("post_install", "-at_install")
class TestLibWorth(BaseCase):
    def test_doctests(self):
        for module in (student, worth, worth_fit, worth_pairs, worth_split):
            result = doctest.testmod(module)
            self.assertFalse(result.failed, module.__name__)
            self.assertTrue(result.attempted, module.__name__)

    def test_student_against_scipy(self):
        reference()
        for df in (1, 2.5, 7, 99, 1200):
            for t in (0.01, 0.7, 1.96, 4, 30):
                self.assertAlmostEqual(student.two_sided(t, df), 2 * stats.t.sf(t, df), 10)
            self.assertAlmostEqual(student.quantile(0.95, df), stats.t.ppf(0.975, df), 8)

    def test_adjusted_against_scipy(self):
        reference()
        values = [0.001, 0.2, 0.04, 0.04, 0.9, 0.011, 0.03]
        expected = stats.false_discovery_control(values)
        numpy.testing.assert_allclose(worth_pairs.adjusted(values), expected, atol=1e-11)

    def test_welch_against_scipy(self):
        """With one customer per group it is the usual test."""
        reference()
        draw = random.Random(3)
        one = [draw.gauss(0, 1) for _n in range(40)]
        other = [draw.gauss(0.5, 3) for _n in range(55)]
        mine = worth_pairs.welch(
            worth_pairs.Ratio({n: (1, v) for n, v in enumerate(one)}),
            worth_pairs.Ratio({100 + n: (1, v) for n, v in enumerate(other)}),
        )
        self.assertAlmostEqual(mine, stats.ttest_ind(one, other, equal_var=False).pvalue, 10)

    def test_a_customer_of_many_months_counts_once(self):
        once = worth_pairs.Ratio({g: (1, v) for g, v in enumerate((1, 2, 4))})
        thrice = worth_pairs.Ratio({g: (3, 3 * v) for g, v in enumerate((1, 2, 4))})
        self.assertAlmostEqual(once.variance, thrice.variance)

    def test_buckets_are_even(self):
        found = defaultdict(int)
        for partner_id in range(20_000):
            found[worth_split.bucket(partner_id)] += 1
        self.assertEqual(set(found), set(range(worth_split.BUCKETS)))
        self.assertTrue(all(130 < count < 280 for count in found.values()))

    def test_mix_by_hand(self):
        """90 of 100 lines of one kind learnt; with the prior 10 × 1/2 that is 95 of 110."""
        learnt = {"a": [90, 10], "b": [10, 90]}
        own, none = worth_fit.mix(learnt, {"a": [1, 0]})
        self.assertAlmostEqual(own, -log(95 / 110))
        self.assertAlmostEqual(none, log(2))

    def test_squares_and_poisson_by_hand(self):
        """Learnt: 10 with nothing, 10 with 2 each; shrunk to half of 1: 0.5 and 1.5."""
        learnt = {"a": [10, 0, 0, 0], "b": [10, 20, 0, 0]}
        judged = {"a": [2, 1, 0, 1], "b": [1, 2, 2 * log(2), 4]}
        own, none = worth_fit.squares(learnt, judged)
        self.assertAlmostEqual(own, 0.25 + 0.25 + 0.25)
        self.assertAlmostEqual(none, 1 + 0 + 1)
        own, none = worth_fit.poisson(learnt, judged)
        # customers with 0, 1 and 2
        expected = 2 * 0.5 + 2 * (log(2) - 0.5) + 2 * (2 * log(2 / 1.5) - 0.5)
        self.assertAlmostEqual(own, expected)
        self.assertAlmostEqual(none, 2 * 1 + 0 + 2 * (2 * log(2) - 1))

    # whole judgements on drawn customers

    def drawn(self, driver, customers=2500, seed=7):
        """Rows (customer, judged, segment, y, lines by category); the driver decides or not."""
        draw = random.Random(seed)
        rows = []
        for customer in range(customers):
            kind = draw.randrange(4)
            segment = kind if driver else draw.randrange(4)
            level = exp(draw.gauss(3 + kind // 2 * 1.5, 1))
            for month in range(6):
                y = level * draw.lognormvariate(0, 1) if draw.random() < 0.4 else 0.0
                weights = [3, 1, 1] if kind == 0 else [1, 1, 1]
                lines = draw.choices("abc", weights, k=2) if y else []
                rows.append((customer, month > 3, segment, y, lines))
        return rows

    def judged(self, rows):
        counts, lines = {}, defaultdict(int)
        place = _ranks([row[3] for row in rows])
        for customer, judged, segment, y, bought in rows:
            key = judged, (segment,), worth_split.bucket(customer)
            known = counts.setdefault(key, [0, 0.0, 0.0, 0.0, 0.0, 0, 0])
            added = (1, y, y * log(y) if y else 0, y * y, place[y], 0.5, 0.5 * (y > 0))
            counts[key] = [a + b for a, b in zip(known, added, strict=True)]
            for category in bought:
                lines[(*key, category)] += 1
        return worth.verdict(
            [worth.Count(*key, *sums) for key, sums in counts.items()],
            [(*key, n) for key, n in lines.items()],
        )

    def test_a_driver_explains_and_chance_does_not(self):
        by_driver, by_chance = self.judged(self.drawn(True)), self.judged(self.drawn(False))
        for name in ("revenue", "mix"):
            self.assertGreater(by_driver[name]["low"], 0.01, name)
            self.assertLess(abs(by_chance[name]["share"]), 0.01, name)
            self.assertLessEqual(by_chance[name]["low"], 0, name)
        self.assertIsNone(worth.difference(by_driver["revenue"], None))
        gain = worth.difference(by_driver["revenue"], by_chance["revenue"])
        self.assertGreater(gain["low"], 0)

    def test_alike_segments_are_named(self):
        """Kinds 2 and 3 are drawn alike, 0 buys otherwise than 1, both spend less."""
        found = self.judged(self.drawn(True))
        self.assertEqual([sorted(one["segments"]) for one in found["pairs"]], [[2, 3]])
        self.assertEqual(found["compared"], 6)
        self.assertEqual(len(self.judged(self.drawn(False))["pairs"]), 6)

    def test_revenue_against_numpy(self):
        """Customer by customer, fold by fold, means and deviances from the rows themselves."""
        reference()
        rows = self.drawn(True, customers=900)
        found = self.judged(rows)
        group = numpy.array([worth_split.bucket(row[0]) for row in rows])
        judged = numpy.array([row[1] for row in rows])
        segment = numpy.array([row[2] for row in rows])
        y = numpy.array([row[3] for row in rows])

        def share(keep):
            own = none = squares = squares_none = 0
            for fold in range(5):
                learn = keep & ~judged & (group % 5 != fold)
                test = keep & judged & (group % 5 == fold)
                mean = y[learn].mean()
                levels = [
                    (y[learn & (segment == s)].sum() + 10 * mean)
                    / ((learn & (segment == s)).sum() + 10)
                    for s in range(4)
                ]
                expected, real = numpy.array(levels)[segment[test]], y[test]
                for mu, sign in ((expected, 1), (numpy.full(len(real), mean), 0)):
                    ratio = numpy.where(real > 0, real, 1) / mu
                    deviance = 2 * (real * numpy.log(ratio) - real + mu)
                    if sign:
                        own += deviance.sum()
                        squares += ((real - mu) ** 2).sum()
                    else:
                        none += deviance.sum()
                        squares_none += ((real - mu) ** 2).sum()
            return 1 - own / none, 1 - squares / squares_none

        everybody = numpy.full(len(rows), True)
        self.assertAlmostEqual(found["revenue"]["share"], share(everybody)[0], 9)
        self.assertAlmostEqual(found["squares"]["share"], share(everybody)[1], 9)
        without = numpy.array([share(group != g)[0] for g in range(100)])
        error = numpy.sqrt(99 / 100 * ((without - without.mean()) ** 2).sum())
        low = found["revenue"]["share"] - stats.t.ppf(0.975, 99) * error
        self.assertAlmostEqual(found["revenue"]["low"], low, 9)

    def test_the_currency_changes_nothing(self):
        rows = self.drawn(True, customers=600)
        cents = [(c, j, s, 100 * y, lines) for c, j, s, y, lines in rows]
        one, other = self.judged(rows)["revenue"], self.judged(cents)["revenue"]
        for name in ("share", "low", "high"):
            self.assertAlmostEqual(one[name], other[name], 9)

    def test_not_enough(self):
        rows = self.drawn(True, customers=99)
        self.assertEqual(
            self.judged(rows)["missing"], [{"code": "customers", "have": 99, "need": 100}]
        )
        rows = self.drawn(True, customers=300)
        alone = [(c, j, 1, y, lines) for c, j, _s, y, lines in rows]
        self.assertEqual(self.judged(alone)["missing"][0]["code"], "segments")
        poor = [(c, j, s, 0.0, []) for c, j, s, _y, _lines in rows]
        self.assertEqual(self.judged(poor)["missing"][0]["code"], "buyers")
        late = [(c, j, s, y if j else 0.0, lines) for c, j, s, y, lines in rows]
        self.assertEqual(self.judged(late)["missing"][0]["code"], "learnt")
        found = self.judged([(c, j, s, y, []) for c, j, s, y, _lines in rows])
        self.assertEqual(found["mix"]["missing"][0]["code"], "lines")
        self.assertTrue(all(one["mix_p"] is None for one in found["pairs"]))

    def test_small_segments_are_not_compared(self):
        rows = [
            (c, j, 9 if c < 20 else s, y, lines)
            for c, j, s, y, lines in self.drawn(True, customers=400)
        ]
        found = self.judged(rows)
        self.assertEqual(found["small"], [9])
        self.assertEqual(found["compared"], 6)

    def test_overlapping_segments(self):
        """A customer of two segments is a cell of its own, and counts in both."""
        counts = [
            worth.Count(judged, cell, group, 2, 3.0 * (1 + len(cell)), 5.0, 9.0, 1.0, 2, 2)
            for judged in (False, True)
            for cell in ((1,), (2,), (1, 2), ())
            for group in range(20)
        ]
        found = worth.verdict(counts, [])
        self.assertEqual(found["segments"][1]["customers"], 80)
        self.assertEqual(found["segments"][1]["mean"], (20 * 6 + 20 * 9) / 80)
