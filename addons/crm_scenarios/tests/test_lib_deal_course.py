"""The course of a deal: doctests and states worked out by hand."""

import doctest
from datetime import date

from odoo.tests import BaseCase, tagged

from ..lib import deal_course
from ..lib.deal_course import course

STEPS = ["contact", "quotation", "order", "delivery", "invoice", "payment"]
DAY = date(2026, 3, 5)


@tagged("post_install", "-at_install")
class TestLibDealCourse(BaseCase):
    def told(self, key, *args):
        return [line[key] for line in course(STEPS, *args)]

    def test_doctests(self):
        result = doctest.testmod(deal_course)
        self.assertFalse(result.failed)
        self.assertTrue(result.attempted)

    def test_states(self):
        """Passed without a record is skipped; invoice and payment may come before delivery."""
        args = ("delivery", 4, {"order": (1, DAY), "invoice": (0, DAY), "payment": (2, DAY)}, {})
        self.assertEqual(
            self.told("state", *args), ["skipped", "skipped", "done", "now", "done", "done"]
        )
        self.assertEqual(self.told("days", *args), [None, None, 1, 4, 0, 2])
        day = DAY.isoformat()
        self.assertEqual(self.told("date", *args), [None, None, day, None, day, day])

    def test_later_steps_are_ahead(self):
        """A quotation that was cancelled doesn't take a deal on, nor is what waits done."""
        args = ("contact", 3, {"contact": (1, DAY), "quotation": (2, DAY)}, {})
        self.assertEqual(self.told("state", *args), ["now"] + ["ahead"] * 5)
        self.assertEqual(self.told("days", *args), [3] + [None] * 5)

    def test_over(self):
        """Whole days against the norm: 7.4 are 7, not longer than 7.2; 7.5 are 8, and longer."""
        norms = {"contact": (7.2, 20, False), "quotation": (7.2, 45, True), "order": (3, 20, True)}
        args = ("order", 3, {"contact": (7.4, DAY), "quotation": (7.5, DAY)}, norms)
        self.assertEqual(self.told("days", *args)[:3], [7, 8, 3])
        self.assertEqual(self.told("over", *args), [False, True] + [False] * 4)
        self.assertEqual(self.told("norm", *args), [7.2, 7.2, 3, None, None, None])
        self.assertEqual(self.told("norm_count", *args), [20, 45, 20, 0, 0, 0])
        self.assertEqual(self.told("norm_own", *args)[:3], [False, True, True])

    def test_dates_that_contradict(self):
        """Confirmed before it was made: the day is known, the days aren't, and 0 would be a lie."""
        line = course(STEPS, "invoice", 1, {"order": (-2.0, DAY)}, {"order": (1, 20, True)})[2]
        self.assertEqual((line["state"], line["days"], line["over"]), ("done", None, False))

    def test_unknown_step(self):
        with self.assertRaises(ValueError):
            course(["contact"], "delivery", 1, {}, {})
