"""The two lists for one customer, learning, and the choice between a segment and all."""

import numpy as np
from odoo.tests import BaseCase, tagged

from ..lib import product_learning, product_segments
from ..lib.product_baskets import Baskets
from ..lib.product_rows import ItemRow, NeighbourRow, Purchase
from ..lib.product_scoring import anchors, buy_again, new_items

PARAMETERS = {
    "version": 1,
    "decay": 0.5,
    "baskets": 100,
    "usual_gap": 30.0,
    # the constant, then a weight for each of product_features.AGAIN and NEW
    "again": [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    "new": [0.0, 1.0, 0.0, 0.0, 0.0, 0.0],
}


def item(key, **values):
    """A row of an item of which little else matters."""
    usual = ItemRow(key, 10, 5, 20, 5, 0.2, 30.0, 6.0, 9, 0.1, 2.0)
    return usual._replace(**values)


def simulated(customers, groups=2, items=12, seed=5):
    """Customers of a group buy this group's items, four baskets each; group of each customer."""
    draw, lines = np.random.default_rng(seed), []
    for customer in range(customers):
        group = customer % groups
        liked = draw.permutation(items)[:8] + group * items
        for visit in range(4):
            day = 100 + 30 * visit + int(draw.integers(10))
            lines += [(customer, int(one), day) for one in draw.permutation(liked)[:3]]
    return Baskets.from_lines(*zip(*lines, strict=True))


@tagged("post_install", "-at_install")
class TestLibProductsLists(BaseCase):
    def test_anchors_fade_by_basket(self):
        history = [Purchase("a", 1), Purchase("a", 5), Purchase("b", 1), Purchase("c", 9)]
        self.assertEqual(anchors(history, PARAMETERS, 20), {"c": 1.0, "a": 0.5, "b": 0.25})
        self.assertEqual(list(anchors(history, PARAMETERS, 20, limit=1)), ["c"])
        self.assertEqual(anchors([], PARAMETERS, 20), {})

    def test_buy_again_tells_times_interval_and_days(self):
        history = [Purchase("a", day, 4) for day in (1, 11, 21)] + [Purchase("b", 21, 7)]
        items = {key: item(key) for key in "ab"}
        first, second = buy_again(history, items, PARAMETERS, 41)
        self.assertEqual((first.item, first.times, first.days_since), ("a", 3, 20))
        self.assertEqual((first.interval, first.own_interval, first.quantity), (10.0, True, 4.0))
        # b was bought once: the product's interval
        self.assertEqual((second.item, second.interval, second.own_interval), ("b", 30.0, False))
        # the score is the chance: Σ 0.97^age = 1 + .97 + .97² and 1, so log odds of their logs
        total = 1 + 0.97 + 0.97**2
        self.assertAlmostEqual(first.score, total / (1 + total))
        self.assertAlmostEqual(second.score, 0.5)

    def test_not_before_it_is_used_up(self):
        history = [Purchase("a", day) for day in (1, 11, 21)] + [Purchase("b", 21)]
        items = {"a": item("a"), "b": item("b", soonest=6.0)}

        def listed(today):
            return {one.item for one in buy_again(history, items, PARAMETERS, today)}

        self.assertEqual(listed(26), set())  # 5 days: a never came under 10, b seldom under 6
        self.assertEqual(listed(27), {"b"})
        self.assertEqual(listed(30), {"b"})
        self.assertEqual(listed(31), {"a", "b"})
        self.assertEqual(listed(None), {"a", "b"})  # no day: at the next basket

    def test_two_deliveries_of_one_order_are_no_interval(self):
        history = [Purchase("a", day) for day in (1, 2, 42, 81)]
        self.assertEqual(buy_again(history, {"a": item("a")}, PARAMETERS, 87), [])  # 6 < 80 / 3 / 4
        self.assertEqual(len(buy_again(history, {"a": item("a")}, PARAMETERS, 88)), 1)

    def test_what_may_not_be_proposed_is_not(self):
        history = [Purchase("gone", 1), Purchase("a", 1)]
        found = buy_again(history, {"a": item("a")}, PARAMETERS, 60)
        self.assertEqual([line.item for line in found], ["a"])
        pair = NeighbourRow("a", "gone too", 0.5, 3, 6, 5, 40, 2.0)
        self.assertEqual(new_items(history, {"a": item("a")}, [pair], PARAMETERS, 60), [])

    def test_new_items_add_up_and_name_the_strongest_anchor(self):
        history = [Purchase("a", 1), Purchase("b", 9)]
        rows = [
            NeighbourRow("a", "x", 0.8, 42, 118, 102, 718, 3.1),
            NeighbourRow("b", "x", 0.3, 7, 20, 102, 718, 2.0),
            NeighbourRow("b", "y", 0.6, 9, 20, 30, 718, 4.0),
            NeighbourRow("b", "a", 0.9, 9, 20, 30, 718, 4.0),  # had already
            NeighbourRow("q", "y", 9.0, 9, 20, 30, 718, 4.0),  # never bought
        ]
        items = {key: item(key) for key in "abxy"}
        x, y = new_items(history, items, rows, PARAMETERS, 40)
        # a is a basket old: .5 · .8 + .3 = .7; odds = sum of weights
        self.assertEqual((x.item, x.anchor, x.lift), ("x", "a", 3.1))
        self.assertEqual((x.both, x.item_customers), (42, 118))
        self.assertAlmostEqual(x.score, 0.7 / 1.7, places=5)
        self.assertEqual((y.item, y.anchor), ("y", "b"))
        self.assertAlmostEqual(y.score, 0.6 / 1.6, places=5)

    def test_a_customer_without_history(self):
        self.assertEqual(buy_again([], {}, PARAMETERS, 40), [])
        self.assertEqual(new_items([], {}, [], PARAMETERS, 40), [])

    def test_learning_ends_in_rows_and_json(self):
        import json

        sold = simulated(80)
        learned = product_learning.learn(sold, int(sold.day.max()))
        parameters = json.loads(json.dumps(learned.parameters))
        self.assertEqual(parameters["learnt_on"], 80)
        self.assertEqual(parameters["baskets"], 80 * 4)
        items = {row.item: row for row in learned.item_rows()}
        self.assertEqual(len(items), 24)
        history = [Purchase(0, 100), Purchase(1, 100), Purchase(2, 130)]
        weights = anchors(history, parameters, None)
        rows = [row for row in learned.neighbour_rows() if row.item in weights]
        new = new_items(history, items, rows, parameters, None)
        self.assertTrue(new)
        self.assertTrue(all(one.item < 12 for one in new))  # the items of this group only
        self.assertFalse({one.item for one in new} & {0, 1, 2})
        self.assertTrue(buy_again(history, items, parameters, None))

    def test_who_repeats_less_is_told_apart(self):
        """What is always bought again gets a higher chance than what is never."""
        rows = []
        for customer in range(120):
            for visit in range(4):
                rows.append((customer, 1, 10 * visit))
                rows.append((customer, 2 + (customer + visit) % 40, 10 * visit))
        sold = Baskets.from_lines(*zip(*rows, strict=True))
        learned = product_learning.learn(sold, 40)
        items = {row.item: row for row in learned.item_rows()}
        history = [Purchase(1, 30), Purchase(5, 30)]
        staple, other = buy_again(history, items, learned.parameters, 60)
        self.assertEqual((staple.item, other.item), (1, 5))
        self.assertGreater(staple.score, 0.8)
        self.assertLess(other.score, 0.2)

    def test_hidden_baskets_are_last_ones(self):
        sold = Baskets.from_lines([1, 1, 2, 3, 3, 3], [1, 2, 1, 1, 1, 2], [1, 2, 1, 1, 5, 5])
        self.assertEqual(
            product_learning.hidden(sold).tolist(), [False, True, False, False, True, True]
        )
        self.assertEqual(product_learning.hidden(sold, most=1).sum(), 1)

    def test_a_small_segment_learns_from_all(self):
        sold = simulated(60)
        choices = product_segments.choose(sold, ["a", "b"] * 30, int(sold.day.max()))
        self.assertEqual({one.reason for one in choices.values()}, {"too_few"})
        self.assertFalse(any(one.own for one in choices.values()))
        self.assertIsNone(choices["a"].recall_own)

    def test_a_segment_has_to_be_better(self):
        """Segments that cut across what people like prove nothing."""
        sold = simulated(900)
        across = ["a" if customer % 4 < 2 else "b" for customer in range(900)]
        choices = product_segments.choose(sold, across, int(sold.day.max()))
        self.assertEqual({one.reason for one in choices.values()}, {"not_better"})
        self.assertGreater(choices["a"].tested, product_segments.MIN_TESTED)

    def test_a_segment_that_is_better(self):
        """Two kinds of customers draw opposite conclusions from the same items."""
        sold, segment_of = opposed()
        choices = product_segments.choose(sold, segment_of, int(sold.day.max()))
        self.assertEqual(choices["odd"].reason, "better")
        self.assertTrue(choices["odd"].own)
        self.assertGreater(choices["odd"].recall_own, choices["odd"].recall_all)
        self.assertGreater(choices["odd"].difference_low, 0)

    def test_starters_are_safe(self):
        # 1 of 1 against 0 of 50 is no proof
        lower, ratio = product_segments.ratio_bounds(1, 1, 0, 50)
        self.assertGreater(ratio, 10)
        self.assertLess(lower, ratio / 2)
        counts = [("lucky", 1, 2), ("strong", 60, 100), ("usual", 50, 500)]
        strong, *rest = product_segments.starters(counts, members=100, everybody=1000)
        self.assertEqual((strong.item, rest), ("strong", []))
        self.assertEqual((strong.buyers, strong.members), (60, 100))
        self.assertEqual((strong.others_buyers, strong.others), (40, 900))
        # (60.5 / 100.5) : (40.5 / 900.5)
        self.assertAlmostEqual(strong.lift, 13.385, places=3)
        self.assertLess(strong.lower, strong.lift)


def opposed(each=400, topics=30):
    """Who begins with item t goes on with 1000 + …, the odd sixth of the customers with 2000 + ….

    Twelve items each, so that a list of ten can't hold both kinds. Half of the customers have a
    third basket, so that their second one isn't hidden and can be learnt from.
    """
    draw, lines, segments = np.random.default_rng(11), [], []
    for customer in range(6 * each):
        odd, topic = customer % 6 == 0, int(draw.integers(topics))
        segments.append("odd" if odd else "even")
        first = 1000 * (1 + odd) + 20 * topic
        lines.append((customer, topic, 1))
        lines += [(customer, first + int(one), 10) for one in draw.permutation(12)[:3]]
        if customer // 6 % 2:
            lines.append((customer, 9999, 20))
    return Baskets.from_lines(*zip(*lines, strict=True)), segments
