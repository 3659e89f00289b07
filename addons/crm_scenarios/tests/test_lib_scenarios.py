"""Arithmetic of scenarios and of 'Today', without a database."""

import doctest
from random import Random

from odoo.addons.crm_segments.lib import experiment
from odoo.tests import BaseCase, tagged
from scipy.stats import binom

from ..lib import advice_worth, phone_number, scenario_steps, today_rank
from ..lib.scenario_result import Arm, advise, compare


@tagged("post_install", "-at_install")
class TestLibScenarios(BaseCase):
    def test_examples(self):
        for module in (advice_worth, phone_number, scenario_steps, today_rank):
            found = doctest.testmod(module)
            self.assertTrue(found.attempted, module.__name__)
            self.assertFalse(found.failed, module.__name__)

    def test_verdicts(self):
        """124 of 1,000 against 91 of 1,000: +3.3 points, 0.6 to 6.0 by Newcombe."""
        found = compare(Arm(1000, 124, 30.0, 900.0), Arm(1000, 91, 25.0, 900.0), 0.5, experiment)
        self.assertEqual(found["state"], "better")
        self.assertEqual([round(100 * one, 1) for one in found["rate"]], [3.3, 0.6, 6.0])
        # 5 ± 1.961 · sqrt(900/1000 · 2)
        self.assertEqual([round(one, 1) for one in found["money"]], [5.0, 2.4, 7.6])
        for treated, control, share, state in (
            (Arm(0, 0), Arm(0, 0), 0.2, "none"),
            (Arm(50, 5), Arm(50, 5), 0.0, "none"),
            (Arm(900, 90), Arm(10, 1), 0.5, "broken"),
            (Arm(90, 9), Arm(10, 1), 0.1, "few"),
            (Arm(400, 2), Arm(100, 1), 0.2, "few"),
            (Arm(400, 80), Arm(100, 18), 0.2, "unsure"),
            (Arm(1000, 50), Arm(1000, 120), 0.5, "worse"),
        ):
            found = compare(treated, control, share, experiment)
            self.assertEqual(found["state"], state, (treated, control))
        self.assertGreater(compare(Arm(90, 9), Arm(10, 1), 0.1, experiment)["needed"], 500)

    def test_priority_decides_between_equals(self):
        lines = [today_rank.Line("a", 10), today_rank.Line("b", 10, priority=2),
                 today_rank.Line("c", 20), today_rank.Line("d", None, priority=1)]  # fmt: skip
        self.assertEqual(today_rank.rank(lines, 4), ["c", "b", "a", "d"])

    def test_nothing_withheld_for_nothing(self):
        self.assertTrue(advise(5000, 0.1, experiment)[0])
        self.assertFalse(advise(100, 0.1, experiment)[0])
        self.assertFalse(advise(0, 0.0, experiment)[0])

    def test_nothing_found_where_nothing_is(self):
        """A/A: customers alike, drawn by the product's own assignment."""
        draw, alarms, rounds = Random(7), 0, 400
        for number in range(rounds):
            held = experiment.assign(range(600), [key % 3 for key in range(600)], 0.4, number)
            goals = [draw.random() < 0.15 for _key in held]
            arms = [
                Arm(held.count(flag), sum(g for g, h in zip(goals, held, strict=True) if h is flag))
                for flag in (False, True)
            ]
            alarms += compare(*arms, 0.4, experiment)["state"] in ("better", "worse")
        # of an interval of 95 %, no more than chance allows in 999 of 1,000 such tests
        self.assertLessEqual(alarms, binom.ppf(0.999, rounds, 0.05))
        self.assertGreaterEqual(alarms, binom.ppf(0.001, rounds, 0.05))
