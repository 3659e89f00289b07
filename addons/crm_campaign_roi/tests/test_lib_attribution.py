"""Models of attribution: no database. Values are worked out by hand where nothing else is said."""

import ast
import unittest
from decimal import Decimal
from pathlib import Path as File

import numpy as np

from ..lib import attribution, attribution_money, attribution_paths, markov
from ..lib.attribution import MODELS, Paths
from ..lib.markov import Path

LIB = File(attribution.__file__).parent

#: four touches: first, the one of the lead, the one of the opportunity, a direct one on the day
FOUR = {
    "order": [7, 7, 7, 7], "days": [14, 7, 7, 0], "direct": [0, 0, 0, 1],
    "lead": [0, 1, 0, 0], "opportunity": [0, 0, 1, 0],
}  # fmt: skip


class TestPathModels(unittest.TestCase):
    def assertWeights(self, code, expected, **paths):
        np.testing.assert_allclose(MODELS[code].weights(Paths(**paths)), expected, atol=1e-15)

    def test_four_touches(self):
        """Time decay: 2^-2, 2^-1, 2^-1, 2^0 of 9/4."""
        for code, expected in {
            "first": [1, 0, 0, 0],
            "last": [0, 0, 0, 1],
            "last_non_direct": [0, 0, 1, 0],
            "linear": [0.25, 0.25, 0.25, 0.25],
            "time_decay": [1 / 9, 2 / 9, 2 / 9, 4 / 9],
            "position": [0.4, 0.1, 0.1, 0.4],
            "w": [0.3, 0.3, 0.3, 0.1],
            "full_path": [0.25, 0.25, 0.25, 0.25],
        }.items():
            with self.subTest(code):
                self.assertWeights(code, expected, **FOUR)

    def test_full_path_with_a_touch_between(self):
        """22.5 for each milestone, 10 for the fifth touch."""
        self.assertWeights(
            "full_path", [0.225, 0.225, 0.1, 0.225, 0.225], order=[1] * 5,
            lead=[0, 1, 0, 0, 0], opportunity=[0, 0, 0, 1, 0],
        )  # fmt: skip

    def test_milestones_on_one_touch_add_up(self):
        """First touch made lead and opportunity: 90 and 10 to the two others."""
        self.assertWeights(
            "w", [0.9, 0.05, 0.05], order=[1] * 3, lead=[1, 0, 0], opportunity=[1, 0, 0]
        )

    def test_missing_milestones_leave_their_share_in_proportion(self):
        """W without a lead: 30 to 10; full path without a lead: 22.5, 10, 22.5 of 55."""
        self.assertWeights("w", [0.75, 0.125, 0.125], order=[1] * 3)
        self.assertWeights("full_path", [22.5 / 55, 10 / 55, 22.5 / 55], order=[1] * 3)

    def test_one_and_two_touches(self):
        for code, model in MODELS.items():
            with self.subTest(code):
                one = Paths([1, 2], direct=[1, 0], lead=[1, 0])
                np.testing.assert_allclose(model.weights(one), [1, 1])
        self.assertWeights("position", [0.5, 0.5], order=[1, 1])

    def test_nothing_but_direct(self):
        self.assertWeights("last_non_direct", [0, 1], order=[1, 1], direct=[1, 1])

    def test_no_touch_at_all(self):
        for model in MODELS.values():
            self.assertEqual(len(model.weights(Paths([]))), 0)

    def test_weights_add_up_to_one(self):
        draw = np.random.default_rng(7)
        order = np.sort(draw.integers(0, 400, 2000))
        paths = Paths(
            order, draw.random(2000) * 90, draw.random(2000) < 0.3,
            draw.random(2000) < 0.1, draw.random(2000) < 0.1,
        )  # fmt: skip
        for code, model in MODELS.items():
            with self.subTest(code):
                weights = model.weights(paths)
                self.assertGreaterEqual(weights.min(), 0)
                np.testing.assert_allclose(paths.total(weights), 1, atol=1e-12)


class TestMoney(unittest.TestCase):
    def test_the_last_touch_gets_the_cent(self):
        parts = attribution_money.split(100, [1 / 3] * 3)
        self.assertEqual(parts, [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")])
        self.assertEqual(sum(attribution_money.split(-0.05, [0.5, 0.5])), Decimal("-0.05"))
        self.assertEqual(
            attribution_money.split(100, [0.5, 0.3, 0.2], 0),
            [Decimal(50), Decimal(30), Decimal(20)],
        )


class TestMarkov(unittest.TestCase):
    def test_by_hand(self):
        """a > b converts once of two, a alone never: P = 1/2 · 1/2 … see below.

        From the start: a (3 of 4) or b (1 of 4). a → b with 2/3, else nothing. b is visited 3
        times and converts 2 times. P = (3/4 · 2/3 + 1/4) · 2/3 = 1/2. Without a: 1/4 · 2/3 = 1/6,
        so a loses 2/3; without b nothing is left: 1. Credit of 2 conversions: 0.8 and 1.2.
        """
        paths = [
            Path(("a", "b"), 1, 10, 1), Path(("a",), 0, 0, 1), Path(("b",), 1, 30, 0),
        ]  # fmt: skip
        result = markov.attribute(paths)
        self.assertAlmostEqual(result.rate, 1 / 2)
        self.assertAlmostEqual(result.effects["a"][0], 2 / 3)
        self.assertAlmostEqual(result.effects["b"][0], 1)
        np.testing.assert_allclose(result.credits["a"], [0.8, 16])
        np.testing.assert_allclose(result.credits["b"], [1.2, 24])

    def test_without_what_led_to_nothing(self):
        """Every path converts; without a channel those that avoid it."""
        paths = [Path(("a",), 3, 3, 5), Path(("b",), 1, 1, 5)]
        result = markov.attribute(paths, nulls=False)
        self.assertAlmostEqual(result.rate, 1)
        np.testing.assert_allclose(result.credits["a"], [3, 3])

    def test_orders_two_and_three_remember(self):
        """b converts only after a, and a > b > b never: each step back tells more apart.

        Order 1 sees b → b and b → conversion from any b. Order 2 tells (a, b) from (b, b).
        The removal of a then leaves nothing, at every order only where b alone fails.
        """
        paths = [Path(("a", "b"), 2, 2, 0), Path(("b",), 0, 0, 2), Path(("a", "b", "b"), 0, 0, 1)]
        rates = {order: markov.attribute(paths, order) for order in markov.ORDERS}
        # order 1: b is visited 6 times, twice a conversion, once again b: 2/6 / (1 - 1/6) = 0.4
        self.assertAlmostEqual(rates[1].rate, 0.4)
        self.assertAlmostEqual(rates[1].effects["a"][0], 0.6)
        for order in (2, 3):  # after (a, b): 2 of 3; start to a: 3 of 5
            self.assertAlmostEqual(rates[order].rate, 0.4)
            self.assertAlmostEqual(rates[order].effects["a"][0], 1)

    def test_nothing_converts(self):
        result = markov.attribute([Path(("a",), 0, 0, 3)])
        self.assertEqual((result.rate, result.credits), (0, {"a": [0.0, 0.0]}))
        self.assertEqual(markov.attribute([]).credits, {})

    def test_what_is_refused(self):
        for wrong in (lambda: markov.attribute([], 4), lambda: markov.attribute([Path(())])):
            self.assertRaises(ValueError, wrong)


class TestPathFile(unittest.TestCase):
    def test_read(self):
        lines = ["Path,total_conversions,total_null", '"a > b,c >a",1.5,2', "direct,1,"]
        self.assertEqual(
            attribution_paths.read_paths(lines),
            [Path(("a", "b,c", "a"), 1.5, 0, 2), Path(("direct",), 1, 0, 0)],
        )

    def test_what_is_wrong_is_named(self):
        head = "path,total_conversions"
        for lines, code in (
            ([], "no_column"), (["path"], "no_column"), ([head], "no_paths"),
            ([head, "a > > b,1"], "no_channel"), ([head, "a,x"], "no_number"),
            ([head, "a,-1"], "no_number"), ([head, "a,inf"], "no_number"),
        ):  # fmt: skip
            with self.subTest(lines), self.assertRaises(attribution_paths.PathFileError) as caught:
                attribution_paths.read_paths(lines)
            self.assertEqual(caught.exception.code, code)

    def test_direct_is_passed_over(self):
        credit = attribution_paths.credit_by_channel(
            [Path(("mail", "Direct"), 2, 10)], "last_non_direct"
        )
        self.assertEqual(credit, {"Direct": [0, 0], "mail": [2, 10]})


class TestPurity(unittest.TestCase):
    def test_lib_knows_no_odoo(self):
        for file in LIB.glob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                names = [one.name for one in getattr(node, "names", ()) if hasattr(one, "name")]
                names.append(getattr(node, "module", None) or "")
                ours = "odoo.addons.crm_segments.lib"
                of_odoo = [n for n in names if n.split(".")[0] == "odoo" and not n.startswith(ours)]
                self.assertFalse(of_odoo, file.name)
