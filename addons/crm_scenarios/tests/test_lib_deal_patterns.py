"""Patterns of deals: doctests, values by hand, and a known effect that has to be found."""

import doctest
import random
from math import sqrt

from odoo.tests import BaseCase, tagged

from ..lib import deal_patterns, deal_table
from ..lib.deal_patterns import detectable, study

try:
    from scipy import stats
except ImportError:
    stats = None


def deals(effect, number=400, noise=11, seed=0, base=0.3):
    """Won deals and their features: one that multiplies the rate, others that do nothing."""
    draw = random.Random(seed)
    meeting = [draw.random() < 0.5 for _n in range(number)]
    won = [draw.random() < (base * effect if met else base) for met in meeting]
    features = {f"noise {n}": [draw.random() < 0.4 for _d in range(number)] for n in range(noise)}
    return won, {"meeting": meeting, **features}


@tagged("post_install", "-at_install")
class TestLibDealPatterns(BaseCase):
    def test_doctests(self):
        for module in (deal_patterns, deal_table):
            result = doctest.testmod(module)
            self.assertFalse(result.failed, module.__name__)
            self.assertTrue(result.attempted, module.__name__)

    def test_by_hand(self):
        """30 of 50 won at fairs, 20 of 100 elsewhere: 3 times as often; 29 deals say nothing."""
        won = [n < 30 for n in range(50)] + [n < 15 for n in range(71)] + [n < 5 for n in range(29)]
        source = ["fair"] * 50 + ["web"] * 71 + ["other"] * 29
        found = {row.value: row for row in study(won, {"source": source})}
        fair, other = found["fair"], found["other"]
        self.assertEqual(
            (fair.won_with, fair.with_, fair.won_without, fair.without), (30, 50, 20, 100)
        )
        self.assertAlmostEqual(fair.ratio, 3)
        self.assertEqual((fair.verdict, found["web"].verdict), ("more", "less"))
        self.assertEqual((other.verdict, other.p, other.ratio), ("few", None, None))
        # two tests: the greater p stays, the smaller is doubled (Benjamini, Hochberg)
        small, great = sorted((fair.p, found["web"].p))
        self.assertAlmostEqual(min(fair.q, found["web"].q), min(2 * small, great))
        if stats:
            table = [[30, 20], [20, 80]]
            self.assertAlmostEqual(fair.p, stats.chi2_contingency(table, correction=False).pvalue)

    def test_unknown_is_no_value(self):
        won = [True, False] * 40
        rows = study(won, {"discount": [None] * 10 + [True] * 35 + [False] * 35, "same": [1] * 80})
        self.assertEqual([(row.with_, row.without) for row in rows], [(35, 35)])

    def test_few_expected_is_fishers(self):
        won = [True] * 4 + [False] * 56
        [row] = study(won, {"x": [True] * 30 + [False] * 30})
        self.assertEqual(row.test, "fisher")
        # all four among the first 30: 2 · C(30,4)/C(60,4) = 0.1124
        self.assertAlmostEqual(row.p, 0.11240, 4)
        self.assertIsNone(row.ratio)
        self.assertIsNone(row.high)

    def test_no_effect_finds_nothing(self):
        """Where nothing is true, a table has a discovery in one of ten at most."""
        found = sum(
            any(row.verdict in ("more", "less") for row in study(*deals(1, seed=seed)))
            for seed in range(200)
        )
        self.assertLessEqual(found, 20 + 3 * sqrt(200 * 0.1 * 0.9))

    def test_known_effect_is_found_as_often_as_told(self):
        """The ratio that is said to be found in 80 of 100 is found in about as many, or more."""
        won, features = deals(1, 600)
        effect = detectable(600, 0.3 * 600 * 1.25, len(features))
        found = false = 0
        for seed in range(100):
            rows = study(*deals(effect, 600, seed=seed))
            hits = [row for row in rows if row.verdict in ("more", "less")]
            found += any(row.feature == "meeting" and row.verdict == "more" for row in hits)
            false += any(row.feature != "meeting" for row in hits)
        self.assertGreaterEqual(found, 80 - 3 * sqrt(100 * 0.16))
        self.assertLessEqual(found, 97, "told to be less powerful than it is")
        self.assertLessEqual(false, 20 + 3 * 4)

    def test_columns_of_a_table(self):
        won = [True] * 40 + [False] * 40
        table = {
            "value": [str(n + 1) for n in range(40)] + ["0"] * 40,
            "reason": [""] * 40 + ["price"] * 40,
            "closed": ["2020-01-01"] * 80,
            "size": [str(n % 20) for n in range(80)],
            "visited": ["yes"] * 40 + ["no"] * 40,
        }
        features, left_out = deal_table.features(table, won)
        self.assertEqual(left_out, {"value": "outcome", "reason": "outcome", "closed": "date"})
        self.assertEqual(set(features["size"]), {"≤ 4", "4 – 9", "9 – 14", "> 14"})
        self.assertEqual(set(features["visited"]), {"yes", "no"})
