"""Learn within a segment or from all? And what a segment buys more than others. No database."""

import math
from typing import NamedTuple

from .product_rows import Starter


class Choice(NamedTuple):
    """Whether to learn a segment's pairs of items from its own customers, with the evidence."""

    segment: object
    own: bool  #: learnt in the segment
    reason: str  #: ``better``, ``not_better`` or ``too_few``
    customers: int  #: of the segment, who bought anything
    baskets: int
    tested: int  #: held-out baskets on which the two were compared
    recall_own: float | None  #: recall of new items @10 on them; None: not tested
    recall_all: float | None
    difference_low: float | None  #: lower bound, 95 %, of the mean difference own − all


def choose(baskets, segment_of, today):
    """Decide per segment on held-out baskets: the last basket of each of its customers.

    :param Baskets baskets: of all customers
    :param segment_of: array of the length of ``baskets.customers``: key of the segment or None
    :param int today: ordinal
    :return: dict segment → Choice
    """
    return {}


def starters(counts, members, everybody, limit=10):
    """What a segment buys more than the others, safely.

    :param counts: iterable of (item, buyers in the segment, buyers among all)
    :param int members: customers of the segment who bought anything
    :param int everybody: customers who bought anything, the segment included
    :return: list of Starter whose lower bound is above 1, highest score first
    """
    others, found = everybody - members, []
    for item, buyers, total in counts:
        low, ratio = _ratio(buyers, members, total - buyers, others)
        if buyers and low > 1:
            score = low * buyers / members
            found.append(
                Starter(item, score, buyers, members, total - buyers, others, ratio, low)
            )
    return sorted(found, key=lambda one: -one.score)[:limit]


def _ratio(buyers, members, others_buyers, others):
    """:return: (lower bound, ratio) of two shares with half a buyer added to each (Walter 1975)"""
    if not members or not others:
        return 0.0, 1.0
    a, c = buyers + 0.5, others_buyers + 0.5
    n, m = members + 0.5, others + 0.5
    ratio = (a / n) / (c / m)
    error = math.sqrt(max(1 / a - 1 / n + 1 / c - 1 / m, 0))
    return ratio * math.exp(-1.96 * error), ratio
