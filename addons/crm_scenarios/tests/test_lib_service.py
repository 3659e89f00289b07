"""Arithmetic of the service policy, by hand and against scipy."""

import doctest
from random import Random

from odoo.addons.crm_segments.lib import experiment
from odoo.tests import BaseCase, tagged
from scipy.stats import false_discovery_control, fisher_exact

from ..lib import service_policy


@tagged("post_install", "-at_install")
class TestLibService(BaseCase):
    def test_examples(self):
        found = doctest.testmod(service_policy)
        self.assertTrue(found.attempted)
        self.assertFalse(found.failed)

    def test_shrunk(self):
        self.assertEqual(service_policy.shrunk(30, 60, 70), 40.0)  # (60·30 + 20·70) / 80
        self.assertEqual(service_policy.shrunk(None, 0, 70), 70.0)
        self.assertEqual(service_policy.shrunk(30, 5, None), 30.0)
        self.assertIsNone(service_policy.shrunk(None, 0, None))

    def test_payment_terms(self):
        for granted, p75, expected in (
            (30, 12, (14, "shorter")),  # they pay sooner than they have to
            (30, 28, (30, "kept")),
            (30, 36, (30, "kept")),  # a week is no lateness
            (30, 52, (30, "late")),  # late: never longer terms for it
            (None, 25, (30, "kept")),
            (30, None, (None, "unknown")),
            (120, 300, (90, "shorter")),
        ):
            self.assertEqual(service_policy.payment_advice(granted, p75), expected, granted)

    def test_response(self):
        """60 of 100 won within a day, 30 of 100 beyond: a day is what to promise."""
        deals = [(10, n < 60) for n in range(100)] + [(100, n < 30) for n in range(100)]
        best, compared = service_policy.response_effect(deals, experiment)
        self.assertEqual((best.hours, best.within, best.beyond), (24, (60, 100), (30, 100)))
        self.assertEqual(compared, 2)  # 4 h: nobody; 168 h: nobody beyond
        p = fisher_exact([[60, 40], [30, 70]]).pvalue
        self.assertAlmostEqual(best.p, p, 10)
        self.assertAlmostEqual(best.q, false_discovery_control([p, p])[0], 10)
        self.assertEqual(best.rate, experiment.newcombe(60, 100, 30, 100))

    def test_no_response_effect(self):
        alike = [(10, n % 2 == 0) for n in range(100)] + [(None, n % 2 == 0) for n in range(100)]
        self.assertIsNone(service_policy.response_effect(alike, experiment)[0])
        slower_wins = [(10, n < 30) for n in range(100)] + [(100, n < 60) for n in range(100)]
        self.assertIsNone(service_policy.response_effect(slower_wins, experiment)[0])
        few = [(10, True)] * 29 + [(100, False)] * 29
        self.assertEqual(service_policy.response_effect(few, experiment), (None, 0))

    def test_false_alarms(self):
        """Where answering makes no difference, at most one in ten samples says that it does."""
        draw, alarms = Random(3), 0
        for _round in range(200):
            deals = [
                (draw.choice((2, 10, 50, 100, None)), draw.random() < 0.4) for _n in range(300)
            ]
            alarms += service_policy.response_effect(deals, experiment)[0] is not None
        # one side of the test only: 5 % at most; 99.9 % bound of 200 draws at 10 % is 34
        self.assertLessEqual(alarms, 34)
