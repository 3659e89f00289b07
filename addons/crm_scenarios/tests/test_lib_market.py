"""Arithmetic of the market position, worked out by hand."""

import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..lib import market_position as position


@tagged("post_install", "-at_install")
class TestLibMarket(BaseCase):
    def test_examples(self):
        found = doctest.testmod(position)
        self.assertTrue(found.attempted)
        self.assertFalse(found.failed)

    def test_unknown_is_not_zero(self):
        self.assertIsNone(position.relative_share(100, [None, None]))
        self.assertIsNone(position.relative_share(None, [50]))
        self.assertEqual(position.relative_share(100, [None, 50, 80]), 1.25)
        self.assertEqual(position.competitor_revenue(0, 0.25, 400), 100)
        self.assertEqual(position.competitor_revenue(30, 0.25, 400), 30)
        self.assertIsNone(position.competitor_revenue(0, 0.25, None))
        self.assertTrue(position.is_stale(None, date(2025, 1, 1)))

    def test_cuts(self):
        """On the cut counts as above it; both cuts are settings."""
        self.assertEqual(position.quadrant(1, 0.1), "star")
        self.assertEqual(position.quadrant(0.99, 0.0999), "dog")
        self.assertEqual(position.quadrant(1.4, 0.1, share_cut=1.5, growth_cut=0.05), "question")
        self.assertIsNone(position.quadrant(None, 0.1))

    def test_bubbles(self):
        """Growth from 0 to 30 % with a tenth of room on either side: −3 % to 33 %."""
        points = [
            {"id": 1, "relative": 2, "growth": 0.3, "revenue": 400},
            {"id": 2, "relative": 0.5, "growth": 0.0, "revenue": 100},
            {"id": 3, "relative": None, "growth": 0.0, "revenue": 100},
        ]
        chart = position.bubbles(points)
        self.assertEqual([one["id"] for one in chart["bubbles"]], [1, 2])
        large, small = chart["bubbles"]
        self.assertEqual((large["r"], small["r"]), (9.0, 4.5))  # a quarter of the area
        # log2(2) / log2(8) = 1/3 to the left of the middle
        self.assertAlmostEqual(large["x"], 50 - 50 / 3)
        self.assertAlmostEqual(small["x"], 50 + 50 / 3)
        self.assertAlmostEqual(large["y"], 100 * 0.03 / 0.36)
        self.assertAlmostEqual(small["y"], 100 * 0.33 / 0.36)
        self.assertAlmostEqual(chart["cut_y"], 100 * 0.23 / 0.36)
        self.assertEqual(position.bubbles([])["bubbles"], [])
