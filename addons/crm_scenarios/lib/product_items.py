"""What the baskets of everybody tell about each item. Arrays as long as ``baskets.items``."""

from dataclasses import dataclass

import numpy as np

from .product_rows import ItemRow

RECENT_DAYS = 90
HALF_LIFE = 30  # days after which a basket counts half for today's popularity
SHRINK = 20  # as many cases of the average item are added to each item's own
SOON = 0.1  # of ten repurchases, nine come later than ``soonest``


@dataclass(frozen=True)
class ItemStatistics:
    """Columns of ItemRow; ``interval`` and ``soonest`` are NaN where nobody bought twice.

    :ivar float usual_gap: median days between two baskets of a customer, NaN if there are none
    """

    customers: np.ndarray
    repeaters: np.ndarray
    baskets: np.ndarray
    recent: np.ndarray
    repeat: np.ndarray
    interval: np.ndarray
    soonest: np.ndarray
    intervals: np.ndarray
    popularity: np.ndarray
    quantity: np.ndarray
    usual_gap: float

    def rows(self, items):
        """:return: list of ItemRow of the items that somebody bought"""
        bought = np.flatnonzero(self.baskets)
        columns = [getattr(self, name)[bought].tolist() for name in ItemRow._fields[1:]]
        rows = zip(items[bought].tolist(), *columns, strict=True)
        return [
            row._replace(interval=None, soonest=None) if row.interval != row.interval else row
            for row in map(ItemRow._make, rows)
        ]


def statistics(baskets, today):
    """Count and average per item.

    :param Baskets baskets: none after ``today``
    :param int today: ordinal
    :return: ItemStatistics
    """
    size, item = len(baskets.items), baskets.item
    ordinal, counts = baskets.ordinals()
    by_pair = np.argsort(baskets.customer.astype(np.int64) * size + item, kind="stable")
    gaps, of_gap, customers, repeaters = _gaps(baskets, by_pair, size)
    interval, soonest, intervals = _intervals(gaps, of_gap, size)
    age = today - baskets.day
    head = np.r_[True, (ordinal[1:] != ordinal[:-1]) | (np.diff(baskets.customer) != 0)]
    weight = 0.5 ** (age / HALF_LIFE)
    total = max(weight[head[: len(weight)]].sum(), 1e-9)
    popularity = np.bincount(item, weight, size) / total
    return ItemStatistics(
        customers,
        repeaters,
        np.bincount(item, minlength=size),
        np.bincount(item[age < RECENT_DAYS], minlength=size),
        _repeat(baskets, by_pair, ordinal, counts, size),
        interval,
        soonest,
        intervals,
        popularity,
        _medians(baskets.quantity, item, size, 0.5),
        _usual_gap(baskets, head),
    )


def _gaps(baskets, by_pair, size):
    """:return: days between purchases, their items; customers and repeaters of each item"""
    customer, item, day = (x[by_pair] for x in (baskets.customer, baskets.item, baskets.day))
    same = (customer[1:] == customer[:-1]) & (item[1:] == item[:-1])
    first = np.r_[True, ~same][: len(item)]
    second = same & first[:-1]
    customers = np.bincount(item[first], minlength=size)
    repeaters = np.bincount(item[1:][second], minlength=size)
    return np.diff(day)[same], item[1:][same], customers, repeaters


def _intervals(gaps, of_gap, size):
    """:return: median and ``SOON`` quantile of each item, shrunk to those of all; the counts"""
    counts = np.bincount(of_gap, minlength=size)
    if not len(gaps):
        return np.full(size, np.nan), np.full(size, np.nan), counts
    shrunk = []
    for share in (0.5, SOON):
        own = np.nan_to_num(_medians(gaps, of_gap, size, share))
        overall = np.quantile(gaps, share)
        shrunk.append((counts * own + SHRINK * overall) / (counts + SHRINK))
    return *shrunk, counts


def _repeat(baskets, by_pair, ordinal, counts, size):
    """Chance that what is in a basket is in the customer's next one, shrunk to that of all."""
    customer, item, at = baskets.customer[by_pair], baskets.item[by_pair], ordinal[by_pair]
    has_next = at < counts[customer] - 1
    again = np.r_[
        (customer[1:] == customer[:-1]) & (item[1:] == item[:-1]) & (at[1:] == at[:-1] + 1), False
    ][: len(item)]
    tried = np.bincount(item[has_next], minlength=size)
    kept = np.bincount(item[again], minlength=size)
    overall = (kept.sum() + 0.5) / (tried.sum() + 1)
    return (kept + SHRINK * overall) / (tried + SHRINK)


def _medians(values, group, size, share):
    """:return: quantile of each group (nearest lower value), NaN for an empty one"""
    order = np.lexsort((values, group))
    counts = np.bincount(group, minlength=size)
    starts = np.cumsum(counts) - counts
    at = starts + np.floor((counts - 1) * share).astype(np.int64)
    found = np.full(size, np.nan)
    some = counts > 0
    found[some] = values[order][at[some]]
    return found


def _usual_gap(baskets, head):
    customer, day = (
        baskets.customer[head[: len(baskets.day)]],
        baskets.day[head[: len(baskets.day)]],
    )
    gaps = np.diff(day)[customer[1:] == customer[:-1]]
    return float(np.median(gaps)) if len(gaps) else float("nan")
