"""Learn within a segment or from all? And what a segment buys more than others. No database."""

import math
from typing import NamedTuple

import numpy as np

from . import product_features, product_learning, product_pairs
from .product_rows import Starter

MIN_CUSTOMERS = 200  # fewer have too few pairs of items in common to learn from
MIN_TESTED = 100  # fewer held-out baskets can't tell the two apart
LENGTH = 10
Z = 1.96


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

    Both are learnt without these baskets. The segment's own pairs are taken only if they find
    more of the new items, by more than chance explains.

    :param Baskets baskets: of all customers
    :param segment_of: array of the length of ``baskets.customers``: key of the segment or None
    :param int today: ordinal; nothing later counts
    :return: dict segment → Choice
    """
    baskets, segment_of = baskets.only(baskets.day <= today), np.asarray(segment_of, dtype=object)
    # a sample per segment, so that a small one isn't lost among the many of a large one
    last, everywhere, choices = product_learning.hidden(baskets, len(baskets.customers)), None, {}
    for segment in dict.fromkeys(key for key in segment_of if key is not None):
        member = np.asarray(segment_of == segment, bool)
        size = _sizes(baskets, member)
        asked = _asked(baskets, member, last)
        if size[0] < MIN_CUSTOMERS or len(asked) < MIN_TESTED:
            choices[segment] = Choice(segment, False, "too_few", *size, len(asked), *[None] * 3)
            continue
        if everywhere is None:
            everywhere = _pairs(baskets.only(~last))
        own = _pairs(baskets.only(~last & member[baskets.customer]))
        choices[segment] = _compare(baskets, last, asked, (own, everywhere), segment, size)
    return choices


def sizes(baskets, segment_of):
    """:return: dict segment → (customers who bought anything, their baskets)"""
    keys = dict.fromkeys(key for key in segment_of if key is not None)
    return {key: _sizes(baskets, segment_of == key) for key in keys}


def _sizes(baskets, member):
    """:return: (customers, baskets) of the segment"""
    counts = baskets.ordinals()[1][member]
    return int((counts > 0).sum()), int(counts.sum())


def _asked(baskets, member, last):
    """:return: positions of the segment's customers whose last basket is hidden: SAMPLE at most"""
    asked = np.unique(baskets.customer[last & member[baskets.customer]])
    most = product_learning.SAMPLE
    return asked[np.linspace(0, len(asked) - 1, most).astype(int)] if len(asked) > most else asked


def _pairs(baskets):
    return product_pairs.neighbours(product_pairs.bought(baskets)).matrix()


def _compare(baskets, last, asked, pairs, segment, size):
    own, everywhere = (_recalls(baskets, last, asked, one) for one in pairs)
    told = ~np.isnan(own)
    if told.sum() < MIN_TESTED:
        return Choice(segment, False, "too_few", *size, int(told.sum()), None, None, None)
    gain = (own - everywhere)[told]
    low = float(gain.mean() - Z * gain.std(ddof=1) / math.sqrt(len(gain)))
    better = low > 0
    return Choice(
        segment, better, "better" if better else "not_better", *size, len(gain),
        round(float(own[told].mean()), 4), round(float(everywhere[told].mean()), 4),
        round(low, 4),
    )  # fmt: skip


def _recalls(baskets, last, asked, pairs):
    """:return: float[asked]: share of the new items found, NaN where nothing new was bought"""
    among = np.zeros(len(baskets.customers), bool)
    among[asked] = True
    known = baskets.only(~last & among[baskets.customer])
    target = baskets.only(last & among[baskets.customer])
    own, count = product_features.own(known), len(baskets.items)
    had = own.customer.astype(np.int64) * count + own.item
    wanted = target.customer.astype(np.int64) * count + target.item
    wanted = wanted[~np.isin(wanted, had)]
    customer, item, score = product_learning.candidates(own, pairs, len(baskets.customers), LENGTH)
    found = (customer.astype(np.int64) * count + item)[score > 0]
    hits = np.bincount(found[np.isin(found, wanted)] // count, minlength=len(among))
    new = np.bincount(wanted // count, minlength=len(among))
    with np.errstate(divide="ignore", invalid="ignore"):
        return (hits / np.where(new > 0, new, np.nan))[asked]


def starters(counts, members, everybody, limit=LENGTH):
    """What a segment buys more than the others, safely.

    :param counts: iterable of (item, buyers in the segment, buyers among all)
    :param int members: customers of the segment who bought anything
    :param int everybody: customers who bought anything, the segment included
    :return: list of Starter whose lower bound is above 1, highest score first
    """
    others, found = everybody - members, []
    for item, buyers, total in counts:
        low, ratio = ratio_bounds(buyers, members, total - buyers, others)
        if buyers and low > 1:
            score = low * buyers / members
            found.append(Starter(item, score, buyers, members, total - buyers, others, ratio, low))
    return sorted(found, key=lambda one: -one.score)[:limit]


def ratio_bounds(buyers, members, others_buyers, others):
    """Ratio of two shares, half a case added to each count (Walter 1975), and its lower bound.

    :return: (lower bound of the 95 % interval on the log scale, ratio)
    """
    if not members or not others:
        return 0.0, 1.0
    a, c, n, m = buyers + 0.5, others_buyers + 0.5, members + 0.5, others + 0.5
    ratio = (a / n) / (c / m)
    error = math.sqrt(max(1 / a - 1 / n + 1 / c - 1 / m, 0))
    return ratio * math.exp(-Z * error), ratio
