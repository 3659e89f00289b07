"""Is a prediction better than what the past of each customer says by itself?

The last months are kept out of the fit. For them three numbers stand side by side per customer:
what they bought (*actual*), what the model expected of them (*expected*), and their own rate so
far times the length of those months (*naive*). The prediction is better where its squared error is
smaller on the same customers, beyond chance, and its total is no worse.

The squared error, because an expectation is what makes it smallest; the absolute one favours
whoever says 0 for everybody who buys rarely. Each customer's is divided by one more than the mean
of both predictions, about the variance of a count of that size: the largest customers vary most,
and would decide alone otherwise. A weight that is known before the outcome favours nobody.
"""

from datetime import timedelta
from typing import NamedTuple

import numpy as np

#: weeks of history below which nothing is fitted: what is kept out is a quarter of it
MIN_WEEKS = 40
#: customers who bought again, below which nothing is fitted
MIN_REPEATERS = 100
#: weeks that are kept out at most
MAX_KEPT_OUT = 26
#: a total this near to the actual one is near enough, whatever the naive one is
TOLERANCE = 0.1
#: quantile of the normal distribution for an interval of 95 %
Z = 1.959963984540054
#: purchases again (days), lowest and highest, by which the check is broken down
GROUPS = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 6), (7, 12), (13, None))


class Check(NamedTuple):
    """The months kept out: totals, errors per customer, and what follows."""

    customers: int
    actual: float
    expected: float
    naive: float
    mae: float  #: mean absolute error of the expected purchases
    mae_naive: float
    rmse: float  #: root of the mean squared error
    rmse_naive: float
    gain: float  #: share of the naive squared error, weighted, that the prediction saves
    gain_low: float  #: of the interval of 95 %
    gain_high: float
    surplus_low: float  #: of expected - actual in total, interval of 95 %
    surplus_high: float

    @property
    def total_holds(self):
        """Whether the total is no worse than the naive one, or near enough."""
        error = abs(self.expected - self.actual)
        return error <= max(abs(self.naive - self.actual), TOLERANCE * self.actual)

    @property
    def better(self):
        """Whether the prediction is better beyond chance."""
        return self.gain_low > 0 and self.total_holds


def split_day(first, last):
    """The day up to which to fit, so that the time after it can judge the fit.

    :param date first: the first purchase there is
    :param date last: the last day there is
    :return: date, None where there is too little to keep out
    """
    weeks = (last - first).days / 7
    if weeks < MIN_WEEKS:
        return None
    return last - timedelta(weeks=min(MAX_KEPT_OUT, int(weeks / 4)))


def naive_purchases(t, x, T):
    """Each customer's own rate times ``t``: days with a purchase per time since the first one.

    >>> naive_purchases(10, [0, 4, 0], [20, 8, 0]).tolist()
    [0.0, 5.0, 0.0]
    """
    x, T = np.asarray(x, dtype=float), np.asarray(T, dtype=float)
    return t * np.divide(x, T, out=np.zeros_like(x), where=T > 0)


def judge(actual, expected, naive):
    """Compare two predictions of the same customers.

    Intervals are those of a mean of independent customers, so they say nothing of a season that
    moved all of them at once.

    :param actual: array of what each customer bought
    :return: Check
    """
    actual, expected, naive = (np.asarray(one, dtype=float) for one in (actual, expected, naive))
    residual, other = expected - actual, naive - actual
    weight = 1 / (1 + (expected + naive) / 2)
    saved = weight * (other**2 - residual**2)
    scale = (weight * other**2).mean() or 1.0
    mean, error = saved.mean(), _standard_error(saved)
    surplus, spread = residual.sum(), _standard_error(residual) * len(actual)
    return Check(
        len(actual),
        *(float(one.sum()) for one in (actual, expected, naive)),
        *(float(np.abs(one).mean()) for one in (residual, other)),
        *(float(np.sqrt((one**2).mean())) for one in (residual, other)),
        *(float(one / scale) for one in (mean, mean - Z * error, mean + Z * error)),
        float(surplus - Z * spread),
        float(surplus + Z * spread),
    )


def _standard_error(values):
    return values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.inf


def by_repeats(x, actual, expected, naive):
    """The check broken down by how often customers had bought again.

    :return: list of dict: low, high (None: and more), customers, and the mean per customer of
        actual, expected, naive
    """
    x = np.asarray(x)
    rows = []
    for low, high in GROUPS:
        here = (x >= low) & (x <= (np.inf if high is None else high))
        if here.any():
            means = {
                name: round(float(np.asarray(one)[here].mean()), 4)
                for name, one in (("actual", actual), ("expected", expected), ("naive", naive))
            }
            rows.append({"low": low, "high": high, "customers": int(here.sum()), **means})
    return rows
