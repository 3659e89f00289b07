"""Arithmetic of recommendations without a database: by hand, or against plain numpy."""

import ast
import doctest
import importlib
import math
from pathlib import Path

import numpy as np
from odoo.tests import BaseCase, tagged

from ..lib import product_features, product_items, product_logistic, product_metrics, product_pairs
from ..lib.product_baskets import Baskets

LIB = Path(product_items.__file__).parent


def imported_modules(path):
    """Names of the modules that a Python file imports; a way up to the models counts as odoo."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level > 1:
            # the lib of the add-on below is without odoo itself, as a test there says
            yield "" if (node.module or "").startswith("crm_segments.lib") else "odoo"
        elif isinstance(node, ast.ImportFrom):
            yield "" if node.level else node.module


def baskets(text):
    """``"ann 1 a b; ann 5 a"``: customer, day, items."""
    lines = [
        (customer, item, int(day))
        for customer, day, *items in (one.split() for one in text.split(";"))
        for item in items
    ]
    return Baskets.from_lines(*zip(*lines, strict=True))


@tagged("post_install", "-at_install")
class TestLibProducts(BaseCase):
    def test_lib_never_imports_odoo(self):
        for path in LIB.rglob("*.py"):
            with self.subTest(path=path.name):
                roots = {name.split(".")[0] for name in imported_modules(path)}
                self.assertFalse(roots & {"odoo", "psycopg2"})

    def test_doctests(self):
        for path in sorted(LIB.glob("product_*.py")):
            module = importlib.import_module(f"{product_items.__package__}.{path.stem}")
            self.assertFalse(doctest.testmod(module).failed, path.name)

    def test_a_basket_is_a_day_of_a_customer(self):
        made = Baskets.from_lines([2, 1, 2, 2], [9, 7, 9, 7], [5, 5, 5, 3], [1, 4, 2, 8])
        self.assertEqual(made.customers[made.customer].tolist(), [1, 2, 2])
        self.assertEqual(made.items[made.item].tolist(), [7, 7, 9])
        self.assertEqual(made.day.tolist(), [5, 3, 5])
        self.assertEqual(made.quantity.tolist(), [4, 8, 3])
        ordinal, counts = made.ordinals()
        self.assertEqual((ordinal.tolist(), counts.tolist()), ([0, 0, 1], [1, 2]))

    def test_nothing_sold(self):
        empty = Baskets.from_lines([], [], [])
        self.assertEqual([len(x) for x in empty.ordinals()], [0, 0])

    def test_item_statistics(self):
        sold = baskets("ann 1 a b; ann 11 a; ann 41 a b; bob 5 a; bob 12 b; cy 41 c")
        found = product_items.statistics(sold, today=41)
        self.assertEqual(found.customers.tolist(), [2, 2, 1])
        self.assertEqual(found.repeaters.tolist(), [1, 1, 0])
        self.assertEqual(found.baskets.tolist(), [4, 3, 1])
        self.assertEqual(found.intervals.tolist(), [2, 1, 0])
        # a: gaps 10 and 30, the lower median is 10; of all gaps 10, 30, 40 the median is 30
        self.assertAlmostEqual(found.interval[0], (2 * 10 + 20 * 30) / 22)
        self.assertAlmostEqual(found.interval[2], 30)
        # into the next basket: a kept in 2 of 3 (ann, ann, bob not), b in none of 1
        # (ann's second basket lacks it), overall 2.5 of 5 with half a case each
        self.assertAlmostEqual(found.repeat[0], (2 + 20 * 2.5 / 5) / 23)
        self.assertAlmostEqual(found.repeat[1], (0 + 20 * 2.5 / 5) / 21)
        # 5 is 36 days ago and so on: half after 30 days
        weights = [0.5 ** (age / 30) for age in (40, 30, 0, 36, 29, 0)]
        self.assertAlmostEqual(
            found.popularity[1], (weights[0] + weights[2] + weights[4]) / sum(weights)
        )
        self.assertEqual(found.usual_gap, 10)

    def test_item_rows_know_what_is_unknown(self):
        sold = baskets("ann 1 a b; bob 2 a")
        rows = {row.item: row for row in product_items.statistics(sold, 2).rows(sold.items)}
        self.assertIsNone(rows["a"].interval)
        self.assertIsNone(rows["a"].soonest)
        self.assertEqual((rows["a"].customers, rows["b"].customers), (2, 1))

    def test_only_recent_baskets_are_recent(self):
        found = product_items.statistics(baskets("ann 1 a; bob 10 a; cy 100 a"), today=100)
        self.assertEqual(found.recent.tolist(), [1])  # day 10 is 90 days ago

    def test_ease_is_the_closed_form(self):
        drawn = np.random.default_rng(7).random((200, 12)) < 0.3
        together = (drawn.T.astype(float) @ drawn).astype(np.float32)
        inverse = np.linalg.inv(together.astype(float) + 50 * np.eye(12))
        expected = -inverse / np.diag(inverse)
        np.fill_diagonal(expected, 0)
        found = product_pairs.ease(together.copy(), 50)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)

    def test_neighbours_are_counted_and_ordered(self):
        sold = baskets("ann 1 a b; bob 1 a b; cy 1 a c; dan 1 c; eve 1 d")
        found = product_pairs.neighbours(product_pairs.bought(sold))
        rows = {(row.item, row.neighbour): row for row in found.rows(sold.items)}
        pair = rows["a", "b"]
        self.assertEqual(
            (pair.both, pair.item_customers, pair.neighbour_customers, pair.customers), (2, 3, 2, 5)
        )
        self.assertIsNone(pair.lift)  # nobody without a bought b
        # c: 1 of 3 with a, 1 of 2 without it
        self.assertEqual(product_pairs.lift(1, 3, 2, 5).item(), 0.67)
        self.assertNotIn(("a", "d"), rows)
        self.assertEqual([row[:2] for row in found.rows(sold.items)][0], ("a", "b"))

    def test_no_more_neighbours_than_asked(self):
        drawn = np.random.default_rng(3).random((60, 20)) < 0.5
        customer, item = np.nonzero(drawn)
        sold = Baskets.from_lines(customer, item, np.ones(len(item), int))
        found = product_pairs.neighbours(product_pairs.bought(sold), keep=4)
        self.assertLessEqual(np.bincount(found.item).max(), 4)
        for item in range(20):
            weights = found.weight[found.item == item]
            self.assertTrue((np.diff(weights) <= 0).all())

    def test_many_items_are_compared_sparsely(self):
        sold = baskets("ann 1 a b; bob 1 a b; cy 1 a c; dan 1 c")
        matrix, dense = product_pairs.bought(sold), product_pairs.DENSE
        self.addCleanup(setattr, product_pairs, "DENSE", dense)
        product_pairs.DENSE = 2
        rows = product_pairs.neighbours(matrix).rows(sold.items)
        weight = next(row.weight for row in rows if (row.item, row.neighbour) == ("a", "b"))
        self.assertAlmostEqual(weight, 2 / math.sqrt((3 + 10) * (2 + 10)), places=6)

    def test_own_history_as_numbers(self):
        sold = baskets("ann 1 a; ann 5 a b; ann 21 a; bob 3 b")
        own = product_features.own(sold)
        self.assertEqual(own.times.tolist(), [3, 1, 1])
        self.assertEqual(own.age.tolist(), [0, 1, 0])
        np.testing.assert_allclose(own.lately, [1 + 0.6 + 0.36, 0.6, 1])
        np.testing.assert_allclose(own.interval(), [10, math.nan, math.nan])
        # ann comes every 10 days, bob, seen once, after the usual gap of all
        np.testing.assert_allclose(own.expected(7.0), [31, 31, 10])

    def test_logistic_regression_finds_the_odds(self):
        # 30 of 40 with the mark, 10 of 40 without it: log odds ±log 3
        column = np.r_[np.ones(40), np.zeros(40)][:, None]
        happened = np.r_[np.arange(40) < 30, np.arange(40) < 10]
        constant, slope = product_logistic.fit(column, happened, (0.0,), strength=1e-6)
        self.assertAlmostEqual(constant, -math.log(3), places=2)
        self.assertAlmostEqual(slope, 2 * math.log(3), places=2)
        np.testing.assert_allclose(
            product_logistic.chance(column[[0, 40]], [constant, slope]), [0.75, 0.25], atol=0.01
        )

    def test_nothing_to_learn_from_leaves_the_prior(self):
        found = product_logistic.fit(np.zeros((0, 2)), np.zeros(0, bool), (0.4, -0.3))
        np.testing.assert_allclose(found[1:], [0.4, -0.3])

    def test_metrics_by_hand(self):
        # hits on ranks 1 and 3; four were bought
        recall, ndcg, hit = product_metrics.of_list(list("axbyz"), set("abcd"), 5)
        ideal = 1 + 1 / math.log2(3) + 1 / 2 + 1 / math.log2(5)
        self.assertEqual((recall, hit), (0.5, 1.0))
        self.assertAlmostEqual(ndcg, (1 + 1 / 2) / ideal)

    def test_the_ideal_counts_items_beyond_the_list(self):
        _recall, ndcg, _hit = product_metrics.of_list(list("ab"), set("abc"), 2)
        self.assertLess(ndcg, 1)

    def test_what_stands_beyond_the_list_does_not_count(self):
        self.assertEqual(product_metrics.of_list(list("xya"), {"a"}, 2), (0.0, 0.0, 0.0))
