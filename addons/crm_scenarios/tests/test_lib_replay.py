"""Advice of a past day and its judgement, by hand and without a database."""

import math

import numpy as np
from odoo.tests import BaseCase, tagged

from ..lib.product_baskets import Baskets
from ..lib.product_choice import first_of_each
from ..lib.replay_advice import Advisor
from ..lib.replay_score import judge_due, judge_list, judge_lists, judge_segments, own_interval
from .test_lib_products_lists import simulated

DAY = 180


@tagged("post_install", "-at_install")
class TestLibReplay(BaseCase):
    def test_first_of_each(self):
        groups = {"a": 1, "b": 1, "c": 2, "d": 3, "e": None}
        self.assertEqual(first_of_each("eabcd", groups.get, {3}, 9), ["a", "c"])
        self.assertEqual(first_of_each("abc", groups.get, (), 1), ["a"])

    def test_judge_list_by_hand(self):
        """Three customers: 1 of 2, 0 of 1 and 2 of 2 lines; the simplest rule 1 of 1 each time."""
        lists, simple = [["a", "b"], ["c"], ["a", "d"]], [["a"], ["a"], ["d"]]
        bought = [{"a"}, {"a"}, {"a", "d", "x"}]
        spent = [{"a": 10.0}, {"a": 5.0}, {"a": 1.0, "x": 4.0}]
        found = judge_list(lists, simple, bought, spent)
        self.assertEqual(found["customers"], {"count": 2, "of": 3})
        lines = found["lines"]
        self.assertEqual((lines["count"], lines["of"]), (3, 5))
        # residuals of the ratio .6: 1 - 1.2, 0 - .6, 2 - 1.2; Σ² = 1.04; × 3/2; / 5²
        error = math.sqrt(1.5 * 1.04) / 5
        self.assertAlmostEqual(lines["low"], 0.6 - 1.959964 * error, 5)
        self.assertEqual(lines["high"], 1)
        self.assertEqual((found["simple"]["count"], found["simple"]["of"]), (3, 3))
        self.assertAlmostEqual(found["gain"]["value"], -0.4)
        # the simplest rule never errs, so the difference varies as the list alone
        self.assertAlmostEqual(found["gain"]["high"], -0.4 + 1.959964 * error, 5)
        self.assertEqual(found["money"], {"listed": 11.0, "simple": 15.0, "all": 20.0})

    def test_nothing_listed(self):
        found = judge_list([[]], [["a"]], [{"a"}], [{}])
        self.assertEqual(found["lines"], {"count": 0, "of": 0})
        self.assertIsNone(found["gain"])

    def test_segments_and_due_by_hand(self):
        rows = judge_segments([("A", [1, 2, 3]), ("B", [])], {2, 9}, {1: -5.0, 2: 20.0})
        self.assertEqual(rows[0], {"key": "A", "came": {"count": 1, "of": 3}, "revenue": 15.0})
        self.assertEqual(rows[1]["came"], {"count": 0, "of": 0})
        nan = np.nan
        found = judge_due(
            np.array([10, 30, 200, nan]), np.array([0.9, 0.8, 0.7, 0.1]),
            np.array([16, nan, 50, nan]), 90, np.array([12.0, 5, 7, nan]),
        )  # fmt: skip
        self.assertEqual(found["due"], {"count": 1, "of": 2})
        self.assertEqual(found["later"], {"count": 1, "of": 2})
        self.assertEqual(found["there"], {"count": 2, "of": 3})
        self.assertEqual(found["gone"], {"count": 0, "of": 1})
        self.assertEqual(found["off"], {"customers": 1, "expected": 6.0, "own": 4.0})

    def test_own_interval(self):
        """Five days in eight weeks, the last one a week ago: due in a week; overdue is today."""
        found = own_interval([4, 1, 0], [8, 2, 0], [9, 20, 3])
        self.assertEqual(found[:2].tolist(), [7, 0])
        self.assertTrue(np.isnan(found[2]))

    def advice(self, baskets, divisions=()):
        advisor = Advisor(baskets, DAY, divisions)
        return [advisor.advise(at) for at in range(len(baskets.customers))]

    def test_the_future_is_not_known(self):
        """Whatever is dated after the day, the advice is the same."""
        baskets = simulated(300, groups=3)
        later = baskets.day > DAY
        self.assertGreater(later.sum(), 100)
        group = np.array([int(one) % 3 for one in baskets.customers], dtype=object)
        first = self.advice(baskets, [group])
        draw = np.random.default_rng(1)
        item = baskets.item.copy()
        item[later] = draw.integers(0, 3, later.sum())
        changed = Baskets.from_lines(
            baskets.customers[baskets.customer], baskets.items[item],
            baskets.day + np.where(later, 9, 0), baskets.quantity,
        )  # fmt: skip
        self.assertEqual(list(changed.items), list(baskets.items))
        self.assertEqual(first, self.advice(changed, [group]))
        self.assertTrue(any(one.again and one.new for one in first))
        # what is dated before the day does matter
        self.assertNotEqual(first, self.advice(baskets.only(baskets.day > 110), [group]))

    def test_sample(self):
        advisor = Advisor(simulated(50), DAY)
        among = np.ones(50, bool)
        self.assertEqual(len(advisor.asked(among, 20)), 20)
        self.assertEqual(advisor.asked(np.arange(50) < 3, 20).tolist(), [0, 1, 2])

    def test_lists_against_what_followed(self):
        """Customers of a group buy this group's items only: its new ones are found."""
        advisor = Advisor(simulated(200), DAY)
        followed = {at: dict.fromkeys(range(at % 2 * 12, at % 2 * 12 + 12), 2.0)
                    for at in range(200)}  # fmt: skip
        found = judge_lists(advisor, range(200), followed)
        for name in ("again", "new"):
            self.assertEqual(found[name]["lines"]["count"], found[name]["lines"]["of"])
        self.assertGreater(found["new"]["gain"]["low"], 0)
        self.assertEqual(found["new"]["money"]["all"] + found["again"]["money"]["all"], 200 * 24)
