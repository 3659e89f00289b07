"""Probability to win a quotation against the discount that was given.

>>> curve = win_curve([0.1] * 30 + [0.2] * 30, [0.1] * 60 + [0.2] * 20)
>>> [(row.won, row.n, round(row.fitted, 2)) for row in curve.bins], curve.verdict
([(30, 90, 0.33), (30, 50, 0.6)], 'rising')
"""

from typing import NamedTuple

from ...crm_segments.lib.proportions import wilson_interval
from .price_guidance import quantile

#: won, and lost, quotations from which a curve is drawn
LEAST = 40
BINS = 5


class Bin(NamedTuple):
    """Quotations with a discount above ``low`` up to ``high`` (the first: from ``low``)."""

    low: float
    high: float
    won: int
    n: int
    rate: float
    rate_low: float
    rate_high: float
    fitted: float


class Curve(NamedTuple):
    """:ivar str verdict: 'rising' (more discount wins more often, by more than
    chance somewhere), 'flat' (can't be told from the
    same rate everywhere), 'mixed' (it falls somewhere by more than chance: no recommendation),
    'few' (too few quotations, no bins)
    """

    bins: list
    verdict: str


def win_curve(won, lost, least=LEAST, bins=BINS):
    """Rates of winning by discount, with Wilson's intervals and an isotonic fit.

    :param won, lost: discount per quotation
    :return: Curve
    """
    if min(len(won), len(lost)) < least:
        return Curve([], "few")
    rows = _binned(won, lost, bins)
    fitted = isotonic([row[2] for row in rows], [row[3] for row in rows])
    found = [
        Bin(low, high, count, n, count / n, *wilson_interval(count, n), fit)
        for (low, high, count, n), fit in zip(rows, fitted, strict=True)
    ]
    return Curve(found, _verdict(found))


def _binned(won, lost, bins):
    """Rows of (low, high, won, n): as many quotations in each as ties allow."""
    ordered = sorted([*won, *lost])
    cuts = sorted({quantile(ordered, part / bins) for part in range(1, bins)} | {ordered[-1]})
    rows, low = [], ordered[0]
    for place, high in enumerate(cuts):
        inside = [
            sum((low < one or not place) and one <= high for one in side) for side in (won, lost)
        ]
        if sum(inside):
            rows.append((low, high, inside[0], sum(inside)))
        low = high
    return rows


def isotonic(successes, totals):
    """Rates that never fall, nearest to those observed (pool adjacent violators).

    Source: M. Ayer, H. D. Brunk, G. M. Ewing, W. T. Reid, E. Silverman, Annals of Mathematical
    Statistics 26 (1955) 641.

    >>> isotonic([1, 3, 2], [4, 4, 4])
    [0.25, 0.625, 0.625]
    """
    pools = []
    for won, n in zip(successes, totals, strict=True):
        pools.append([won, n, 1])
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
            last = pools.pop()
            pools[-1] = [a + b for a, b in zip(pools[-1], last, strict=True)]
    return [won / n for won, n, width in pools for _place in range(width)]


def _verdict(bins):
    for place, row in enumerate(bins):
        if any(row.rate_high < earlier.rate_low for earlier in bins[:place]):
            return "mixed"
    for place, row in enumerate(bins):
        if any(row.rate_low > earlier.rate_high for earlier in bins[:place]):
            return "rising"
    return "flat"
