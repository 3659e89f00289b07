"""Programmes: estimates, network, calendar and payments, without a database."""

from datetime import UTC, date, datetime

import numpy as np
from odoo.tests import BaseCase, tagged
from scipy import stats

from ..lib import programme_cash as cash
from ..lib import programme_estimate as estimate
from ..lib.programme_calendar import OutsideError, WorkingTime
from ..lib.programme_network import CycleError, Task, in_order, schedule
from ..lib.programme_total import total


def at(day, hour, month=5):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@tagged("post_install", "-at_install")
class TestProgrammeLib(BaseCase):
    def test_mean_and_draws(self):
        self.assertEqual(estimate.mean(4, 8, 24), 10)
        drawn = estimate.draws((4, 8, 24), 50_000, 7)
        # shapes 1 + 4·4/20 = 1.8 and 1 + 4·16/20 = 4.2, between 4 and 24
        known = stats.beta(1.8, 4.2, 4, 20)
        self.assertAlmostEqual(drawn.mean(), 10, delta=0.06)
        for share in (0.1, 0.5, 0.8):
            self.assertAlmostEqual(np.quantile(drawn, share), known.ppf(share), delta=0.1)
        self.assertEqual(list(drawn[:9]), list(estimate.draws((4, 8, 24), 9, 7)))
        self.assertEqual(set(estimate.draws((5, 5, 5), 3, 1)), {5.0})

    def test_network(self):
        tasks = [
            Task("d", before=("b", "c"), lag=2),
            Task("a", (8, 8, 8)),
            Task("b", (12, 12, 12), people=2, before=("a",)),
            Task("c", (1, 1, 1), lead=9, before=("a",)),
            Task("e", (3, 3, 3), earliest=5),
        ]
        dates, end = schedule(tasks, {"a": 8, "b": 12, "c": 1, "d": 0, "e": 3})
        # c takes its nine hours at least; d waits two hours after it
        self.assertEqual(end, 19)
        self.assertEqual(
            {key: (one.start, one.finish, one.slack) for key, one in dates.items()},
            {"a": (0, 8, 0), "b": (8, 14, 3), "c": (8, 17, 0), "d": (19, 19, 0), "e": (5, 8, 11)},
        )
        self.assertTrue(dates["c"].critical)
        self.assertFalse(dates["b"].critical)

    def test_what_is_known_counts(self):
        tasks = [Task("a", (8, 8, 8), begun=4, ended=20), Task("b", (2, 2, 2), before=("a",))]
        dates, end = schedule(tasks, {"a": 8, "b": 2})
        self.assertEqual((dates["a"].start, dates["a"].finish, end), (4, 20, 22))

    def test_cycle_is_named_and_a_diamond_is_none(self):
        diamond = [Task("a"), Task("b", before=("a",)), Task("c", before=("a",)),
                   Task("d", before=("b", "c"))]  # fmt: skip
        self.assertEqual([task.key for task in in_order(diamond[::-1])], ["a", "b", "c", "d"])
        with self.assertRaises(CycleError) as caught:
            in_order([Task("x", before=("z",)), Task("y", before=("x",)), Task("z", before=("y",))])
        self.assertEqual(caught.exception.path, ["x", "z", "y", "x"])

    def test_working_time(self):
        work = WorkingTime([(at(4, 8), at(4, 16)), (at(5, 8), at(5, 16)), (at(7, 8), at(7, 16))])
        self.assertEqual(work.hours, 24)
        # eight hours are over on Monday at four; what comes next begins on Tuesday
        self.assertEqual((work.ends(8), work.starts(8)), (at(4, 16), at(5, 8)))
        self.assertEqual((work.starts(0), work.ends(0)), (at(4, 8), at(4, 8)))
        self.assertEqual(work.ends(17), at(7, 9))
        self.assertEqual(work.before(at(7, 10)), 18)
        self.assertEqual(work.between(at(4, 12), at(5, 9)), 5)
        with self.assertRaises(OutsideError):
            work.starts(24)

    def test_shares_of_months(self):
        work = WorkingTime([(at(29, 8), at(29, 16)), (at(1, 8, 6), at(1, 16, 6))])
        self.assertEqual(
            work.by_month(at(29, 10), at(1, 10, 6)),
            {date(2026, 5, 1): 6 / 8, date(2026, 6, 1): 2 / 8},
        )
        self.assertEqual(work.by_month(at(30, 1), at(30, 2)), {date(2026, 5, 1): 1.0})

    def test_payments(self):
        days = date(2026, 5, 11), date(2026, 5, 29), date(2026, 6, 15)
        self.assertEqual(
            cash.instalments(1000, (0.3, 0.2, 10), days),
            [(date(2026, 5, 21), 300), (date(2026, 6, 8), 200), (date(2026, 6, 25), 500)],
        )
        self.assertEqual(cash.instalments(10, (1, 0, 0), days), [(days[0], 10)])
        thirds = cash.instalments(100, (1 / 3, 1 / 3, 0), days)
        self.assertEqual([part for _day, part in thirds], [33.33, 33.33, 33.34])
        months = {date(2026, 6, 1): 2 / 3, date(2026, 5, 1): 1 / 3}
        self.assertEqual(
            cash.spread(10, months), [(date(2026, 5, 1), 3.33), (date(2026, 6, 1), 6.67)]
        )
        paid = cash.recurring(5, "month", date(2026, 1, 31), date(2026, 4, 30))
        self.assertEqual([day.isoformat() for day, _part in paid],
                         ["2026-01-31", "2026-02-28", "2026-03-31"])  # fmt: skip

    def test_total_against_the_exact_distribution(self):
        """Quantiles of a sum of two estimates, by convolving their densities on a grid."""
        tasks = [Task("a", (10, 16, 40)), Task("b", (4, 8, 12), before=("a",))]
        drawn = total(tasks, {"a": 100, "b": 50}, {"s": (900, 1000, 1100)}, seed=3)
        self.assertEqual(drawn.expected, 19 * 100 + 8 * 50 + 1000)
        grid = 1.0
        whole = np.ones(1)
        for low, likely, high in ((1000, 1600, 4000), (200, 400, 600), (900, 1000, 1100)):
            span = high - low
            known = stats.beta(1 + 4 * (likely - low) / span, 1 + 4 * (high - likely) / span)
            points = np.arange(0, span + grid, grid) / span
            whole = np.convolve(whole, np.diff(known.cdf(points)))
        reached = np.cumsum(whole)
        for share, value in ((0.5, drawn.p50), (0.8, drawn.p80)):
            exact = 2100 + np.searchsorted(reached, share) * grid
            # the standard error of the quantile of 4,000 draws is about 12
            self.assertAlmostEqual(value, exact, delta=36)
        self.assertAlmostEqual(drawn.contingency, drawn.p80 - drawn.expected)
        self.assertGreater(drawn.hours_p80, drawn.hours_p50)
        self.assertEqual(total([], {}, {}, 1).hours_p80, 0)
