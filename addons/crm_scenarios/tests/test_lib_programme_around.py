"""Arithmetic of what stands around the plan of a programme, by hand."""

from odoo.tests import BaseCase, tagged

from ..lib import programme_audit, programme_choice, programme_goal


def row(section, key, value):
    return {"section": section, "key": key, "label": False, "value": value}


@tagged("post_install", "-at_install")
class TestLibProgrammeAround(BaseCase):
    def test_audits_beside(self):
        before = [
            row("own", "module:old", 1), row("users", "users", 5),
            row("crons", "cron:7", 0), row("system", "odoo", None),
        ]  # fmt: skip
        now = [
            row("system", "odoo", None), row("own", "module:new", 1), row("users", "users", 8),
            row("users", "customers", 3),
        ]  # fmt: skip
        found = programme_audit.beside(now, before)
        # what is gone stands in its section; a figure that wasn't counted isn't known
        self.assertEqual(
            [(one["key"], one["value"], one["previous_value"]) for one in found],
            [("odoo", None, None), ("module:new", 1, 0.0), ("module:old", 0.0, 1),
             ("users", 8, 5), ("customers", 3, None)],
        )  # fmt: skip
        self.assertEqual(
            [programme_audit.difference(one["value"], one["previous_value"]) for one in found],
            [None, 1, -1, 3, None],
        )
        first = programme_audit.beside(now, None)
        self.assertEqual({one["previous_value"] for one in first}, {None})

    def test_goals(self):
        """From 20 to 40 per cent, 25 now: a quarter of the way, of 8,000 a year 2,000."""
        self.assertEqual(programme_goal.reached(20.0, 25.0, 40.0), 0.25)
        self.assertEqual(programme_goal.benefit(8000.0, 0.25), 2000.0)
        # fewer days are better: from 10 to 4, 7 now
        self.assertEqual(programme_goal.reached(10.0, 7.0, 4.0), 0.5)
        self.assertEqual(programme_goal.reached(10.0, 13.0, 4.0), -0.5)
        self.assertEqual(programme_goal.benefit(100.0, -0.5), 0.0)
        self.assertEqual(programme_goal.benefit(100.0, 1.5), 100.0)
        self.assertEqual(programme_goal.reached(0.0, 0.0, 4.0), 0.0)
        for unknown in ((None, 5.0, 6.0), (5.0, None, 6.0), (5.0, 5.0, 5.0)):
            self.assertIsNone(programme_goal.reached(*unknown))
        self.assertIsNone(programme_goal.benefit(100.0, None))
        # 6,000 once, 2,500 a year, of which 500 are paid again
        self.assertEqual(programme_goal.payback(6000.0, 2500.0, 500.0), 3.0)
        self.assertIsNone(programme_goal.payback(6000.0, 500.0, 500.0))

    def test_choice(self):
        """Weights 3, 2 (must) and 1. X: (12 + 6 + 5) / 6; Z: (12 + 8) / 5, one isn't scored."""
        needs = [
            programme_choice.Need("price", 3.0), programme_choice.Need("calls", 2.0, must=True),
            programme_choice.Need("look", 1.0),
        ]  # fmt: skip
        scores = {
            "X": {"price": 4, "calls": 3, "look": 5},
            "Y": {"price": 5, "calls": 1, "look": 5},
            "Z": {"price": 4, "calls": 4, "look": None},
            "W": {},
            "V": {"price": 0},
        }
        found = programme_choice.compare(needs, scores)
        self.assertAlmostEqual(found["X"].mean, 23 / 6)
        self.assertAlmostEqual(found["Y"].mean, 22 / 6)
        self.assertEqual((found["Z"].mean, found["Z"].coverage), (4.0, 5 / 6))
        self.assertEqual((found["W"].mean, found["W"].coverage), (None, 0.0))
        self.assertEqual((found["V"].mean, found["V"].coverage), (0.0, 0.5))
        self.assertEqual(found["Y"].failed, ("calls",))
        self.assertEqual(
            {key: one.rank for key, one in found.items()},
            {"X": 2, "Y": None, "Z": 1, "W": None, "V": 3},
        )
        scores["X"] = {"price": 4, "calls": 4, "look": 4}
        equal = programme_choice.compare(needs, scores)
        self.assertEqual([equal[key].rank for key in "XZV"], [1, 1, 3])
        self.assertEqual(programme_choice.compare([], {"X": {}})["X"].coverage, 0.0)
