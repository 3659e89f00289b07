"""The arithmetic of the revenue bridge, worked out by hand."""

import doctest
from datetime import date
from decimal import Decimal
from math import log
from random import Random

from odoo.tests import TransactionCase, tagged

from ..lib import bridge, bridge_periods
from ..lib.bridge import Bought


@tagged("post_install", "-at_install")
class TestLibBridge(TransactionCase):
    def parts(self, a, b):
        found = {key: round(one, 9) for key, one in bridge.take_apart(a, b).items()}
        return {key: value for key, value in found.items() if value}

    def test_doctests(self):
        for module in (bridge, bridge_periods):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_periods_are_those_of_the_page(self):
        """The same days as in ``static/tests/revenue_bridge.test.js``."""
        for today, name, expected in (
            ("2026-11-25", "year", "2025-01-01 2025-11-25 2026-01-01 2026-11-25"),
            ("2026-11-25", "months", "2024-11-26 2025-11-25 2025-11-26 2026-11-25"),
            ("2026-11-25", "quarter", "2026-04-01 2026-06-30 2026-07-01 2026-09-30"),
            ("2024-02-29", "months", "2022-03-01 2023-02-28 2023-03-01 2024-02-29"),
            ("2026-01-10", "quarter", "2025-07-01 2025-09-30 2025-10-01 2025-12-31"),
        ):
            found = bridge_periods.presets(date.fromisoformat(today))[name]
            self.assertEqual(" ".join(map(str, found)), expected)

    def test_one_reason_at_a_time(self):
        tea = {"tea": (10, 20)}
        for name, a, b, expected in (
            ("twice as often", Bought(1, tea), Bought(2, {"tea": (20, 40)}), {"frequency": 20}),
            ("twice the pieces", Bought(1, tea), Bought(1, {"tea": (20, 40)}), {"basket": 20}),
            ("a dearer price", Bought(1, tea), Bought(1, {"tea": (10, 25)}), {"price": 5}),
            ("another product", Bought(1, tea), Bought(1, {"cup": (10, 30)}), {"mix": 10}),
            ("the dearer of two", Bought(1, {"tea": (10, 20), "cup": (10, 60)}),
             Bought(1, {"tea": (5, 10), "cup": (15, 90)}), {"mix": 20}),
            ("no products, more money", Bought(2, {}, 100), Bought(2, {}, 130), {"basket": 30}),
            ("no products, more often", Bought(2, {}, 100), Bought(3, {}, 150), {"frequency": 50}),
            ("lines known in one of them", Bought(1, {}, 20), Bought(1, tea), {}),
            ("a discount", Bought(1, tea), Bought(1, tea, -3), {"basket": -3}),
        ):  # fmt: skip
            with self.subTest(name):
                self.assertEqual(self.parts(a, b), expected)
                # backwards the same with the other sign
                back = {key: -value for key, value in expected.items()}
                self.assertEqual(self.parts(b, a), back)

    def test_powers_of_two(self):
        """Money grows eightfold by three factors of two: a third of the growth each."""
        a, b = Bought(1, {"tea": (10, 9)}), Bought(2, {"tea": (40, 72)})
        self.assertEqual(self.parts(a, b), {"frequency": 21, "basket": 21, "price": 21})
        # fourfold in pieces, half the price: growth of one factor in all, 9 · (2 − 1)
        a, b = Bought(1, {"tea": (10, 9)}), Bought(1, {"tea": (40, 18)})
        self.assertEqual(self.parts(a, b), {"basket": 18, "price": -9})

    def test_two_products(self):
        # tea: 10 → 40 by the price alone is 30; cups: 40 → 10 by the pieces alone. Money and
        # pieces: 50 → 50 in 50 → 20 pieces, so L = 50: ± 50 · ln 2.5, of which price is 30
        a = Bought(1, {"tea": (10, 10), "cup": (40, 40)})
        b = Bought(1, {"tea": (10, 40), "cup": (10, 10)})
        self.assertEqual(
            self.parts(a, b),
            {
                "basket": round(-50 * log(2.5), 9),
                "price": 30,
                "mix": round(50 * log(2.5) - 30, 9),
            },
        )

    def test_a_jump_of_the_unit_value_stays_in_bounds(self):
        """The customer of the docstring: no part is a multiple of what was bought."""
        a, b = Bought(1, {"jar": (3906, 3202.92)}), Bought(1, {"manual": (1, 852.80)})
        found = self.parts(a, b)
        self.assertTrue(all(abs(one) < 5 * 3202.92 for one in found.values()), found)

    def test_adds_up_whatever_was_bought(self):
        random = Random(7)
        for _turn in range(200):
            a, b = (
                Bought(
                    random.randint(1, 9),
                    {key: (random.randint(1, 50), random.randint(1, 900))
                     for key in "abcdef" if random.random() < 0.5},
                    random.randint(1, 50),
                )
                for _period in "ab"
            )  # fmt: skip
            found, back = bridge.take_apart(a, b), bridge.take_apart(b, a)
            self.assertAlmostEqual(sum(found.values()), b.money - a.money, 9)
            for key, value in found.items():
                self.assertAlmostEqual(value, -back[key], 9)
            # basket as it is defined, not as what is left
            mean = bridge.log_mean(a.money, b.money)
            basket = mean * log(b.money / b.purchases / (a.money / a.purchases))
            self.assertAlmostEqual(found["basket"], basket - found["price"] - found["mix"], 9)

    def test_close_together(self):
        """On both sides of the limit below which the series is used."""
        for near in (1e-3, 1e-4, 0.99e-4, 1e-5, 1e-9, 0):
            b = 1e6 * (1 + near)
            exact = 1e6 * (1 + near / 2 - near**2 / 12 + near**3 / 24)
            self.assertAlmostEqual(bridge.log_mean(1e6, b), exact, 4)

    def test_kinds(self):
        end = date(2024, 6, 30)
        before, between = date(2023, 1, 1), date(2024, 7, 15)
        for first, bought, expected in (
            (before, (True, True), "both"),
            (before, (True, False), "lost"),
            (before, (False, True), "reactivated"),
            (between, (False, True), "new"),
            (None, (False, False), "refunds"),
        ):
            self.assertEqual(bridge.kind(first, *bought, end), expected)

    def test_rounding(self):
        self.assertEqual(bridge.to_units([0.5, 0.5, 1], 2), [1, 0, 1])
        self.assertEqual(bridge.to_units([-1.5, 1.5], 0), [-1, 1])
        self.assertEqual(bridge.to_units([1, 1], -1), [0, -1])
        self.assertEqual(bridge.to_units([], 3), [])

    def test_rounded_in_every_direction(self):
        # three thirds of a cent to start with: one cent in all, in the first column
        third = Decimal("0.00333333333")
        starts, parts, ends = bridge.rounded(
            {"new": [0.10, 0, 0.006], "mix": [0.005, 0.005, -0.006]},
            [third] * 3,
            [third + Decimal("0.105"), third + Decimal("0.005"), third],
            100,
        )
        self.assertEqual((sum(starts), sum(ends)), (1, 12))
        for place in range(3):
            moved = sum(amounts[place] for amounts in parts.values())
            self.assertEqual(starts[place] + moved, ends[place])
        self.assertEqual(parts["new"][0], 10)
