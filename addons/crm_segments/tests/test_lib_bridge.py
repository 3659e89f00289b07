"""The arithmetic of the revenue bridge, worked out by hand."""

import doctest
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

from odoo.tests import TransactionCase, tagged

from ..lib import bridge
from ..lib.bridge import Bought


@tagged("post_install", "-at_install")
class TestLibBridge(TransactionCase):
    def parts(self, a, b):
        return {key: value for key, value in bridge.take_apart(a, b).items() if value}

    def test_doctests(self):
        self.assertEqual(doctest.testmod(bridge).failed, 0)

    def test_one_reason_at_a_time(self):
        tea = {"tea": (10, 20)}
        for name, a, b, expected in (
            ("twice the purchases", Bought(1, tea), Bought(2, {"tea": (20, 40)}), {"frequency": 20}),
            ("twice the pieces", Bought(1, tea), Bought(1, {"tea": (20, 40)}), {"basket": 20}),
            ("a dearer price", Bought(1, tea), Bought(1, {"tea": (10, 25)}), {"price": 5}),
            ("another product", Bought(1, tea), Bought(1, {"cup": (10, 30)}), {"mix": 10}),
            ("the dearer of two", Bought(1, {"tea": (10, 20), "cup": (10, 60)}),
             Bought(1, {"tea": (5, 10), "cup": (15, 90)}), {"mix": 20}),
            ("no products, more money", Bought(2, {}, 100), Bought(2, {}, 130), {"basket": 30}),
            ("no products, more often", Bought(2, {}, 100), Bought(3, {}, 150), {"frequency": 50}),
            ("lines known in one of them", Bought(1, {}, 20), Bought(1, tea), {}),
        ):  # fmt: skip
            with self.subTest(name):
                self.assertEqual(self.parts(a, b), expected)
                # backwards the same with the other sign
                back = {key: -value for key, value in expected.items()}
                self.assertEqual(self.parts(b, a), back)

    def test_all_at_once(self):
        # 10 pieces at 5 in 2 purchases, then 18 at 5.50 in 3; 4 and 3 of what has no price
        a, b = Bought(2, {"tea": (10, 50)}, 4), Bought(3, {"tea": (18, 99)}, 3)
        self.assertEqual(
            self.parts(a, b),
            {
                "frequency": Fraction("30.375"),  # 1 · (5.5 · 5.25 + 1.5)
                "basket": Fraction("10.625"),  # 2.5 · (1 · 5.25 − 1)
                "price": 7,  # 14 · 0.5
            },
        )

    def test_adds_up_whatever_was_bought(self):
        random = Random(7)
        for _turn in range(200):
            a, b = (
                Bought(
                    random.randint(1, 9),
                    {key: (random.randint(1, 50), random.randint(1, 900))
                     for key in "abcdef" if random.random() < 0.5},
                    random.randint(-50, 50),
                )
                for _period in "ab"
            )  # fmt: skip
            change = b.money() + b.rest - a.money() - a.rest
            self.assertEqual(sum(bridge.take_apart(a, b).values()), change)
            back = bridge.take_apart(b, a)
            self.assertEqual({key: -one for key, one in back.items()}, bridge.take_apart(a, b))

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
