"""What speaks for buying an item again, or for the first time: numbers for a logistic model.

The same functions serve learning (arrays of many customers) and scoring (one customer).
"""

from dataclasses import dataclass

import numpy as np

FAST, SLOW = 0.6, 0.97  # a basket's weight against the one after it, for two memories
OWN_GAPS = 3  # so many purchases of an item by a customer tell its own interval
AGAIN = (
    "lately", "slowly", "times", "age", "baskets", "repeat", "popularity", "overall", "due", "size"
)  # fmt: skip
NEW = ("score", "popularity", "overall", "size", "baskets")
#: Where there is too little to learn from, the model stays near these.
AGAIN_PRIOR = (0.4, 0.6, 0.0, 0.0, -0.5, 0.3, 0.3, 0.0, 0.0, 0.0)
NEW_PRIOR = (1.0, 0.3, -0.3, 0.0, 0.0)


@dataclass(frozen=True)
class Own:
    """One entry per customer and item that it bought.

    :ivar customer: position, :ivar item: position in the items of the baskets
    :ivar times: on how many days
    :ivar lately: Σ FAST^age, ``slowly`` Σ SLOW^age, age in baskets since (0: the last basket)
    :ivar age: of the last purchase
    :ivar first: day, ``last`` day
    :ivar baskets: of the customer, ``size`` items in its average basket
    :ivar gap: days between the customer's baskets, NaN after a single one
    :ivar seen: day of the customer's last basket
    :ivar closest: fewest days between two purchases of the item by the customer, infinite if one
    """

    customer: np.ndarray
    item: np.ndarray
    times: np.ndarray
    lately: np.ndarray
    slowly: np.ndarray
    age: np.ndarray
    first: np.ndarray
    last: np.ndarray
    baskets: np.ndarray
    size: np.ndarray
    gap: np.ndarray
    seen: np.ndarray
    closest: np.ndarray

    def interval(self):
        """:return: days between the customer's purchases of the item, NaN where too few"""
        gaps = (self.last - self.first) / np.maximum(self.times - 1, 1)
        return np.where(self.times >= OWN_GAPS, gaps, np.nan)

    def used_up(self, soonest):
        """Days within which an item was bought just now.

        :param soonest: of the item; where the customer's own purchases tell, these are asked:
            sooner than it ever bought it again, or than a quarter of its usual interval (two
            deliveries of one order say little of use)
        :return: float[n], NaN where neither is known
        """
        own = np.maximum(self.closest, self.interval() / 4)
        return np.where(self.times >= OWN_GAPS, own, soonest)

    def expected(self, usual_gap):
        """:return: the day on which the customer usually comes again"""
        usual = 1.0 if usual_gap is None or np.isnan(usual_gap) else usual_gap
        return self.seen + np.maximum(np.where(np.isnan(self.gap), usual, self.gap), 1.0)


def own(baskets):
    """:param Baskets baskets: what is known of the customers; :return: Own"""
    ordinal, counts = baskets.ordinals()
    age = counts[baskets.customer] - 1 - ordinal
    key = baskets.customer.astype(np.int64) * len(baskets.items) + baskets.item
    order = np.argsort(key, kind="stable")  # keeps the days ascending
    key = key[order]
    head = np.flatnonzero(np.r_[True, key[1:] != key[:-1]][: len(key)])
    tail = np.r_[head[1:], len(key)][: len(head)] - 1  # no line: no tail
    age, day, customer = age[order], baskets.day[order], baskets.customer[order][head]
    size = len(baskets.customers)
    lines = np.bincount(baskets.customer, minlength=size)
    seen, since = np.zeros(size, np.int64), np.zeros(size, np.int64)
    seen[baskets.customer] = baskets.day  # sorted by day: the last one stays
    since[baskets.customer[::-1]] = baskets.day[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.where(counts > 1, (seen - since) / (counts - 1), np.nan)[customer]
    return Own(
        customer,
        baskets.item[order][head],
        tail - head + 1,
        np.add.reduceat(FAST**age, head) if len(head) else np.zeros(0),
        np.add.reduceat(SLOW**age, head) if len(head) else np.zeros(0),
        age[tail],
        day[head],
        day[tail],
        counts[customer],
        (lines / np.maximum(counts, 1))[customer],
        gap,
        seen[customer],
        _closest(day, head),
    )


def _closest(day, head):
    """:return: smallest difference of consecutive days of each group that begins at a head"""
    if not len(head):
        return np.zeros(0)
    gaps = np.r_[np.inf, np.diff(day)]
    gaps[head] = np.inf
    return np.minimum.reduceat(gaps, head)


def again(own, repeat, popularity, overall, interval, today):
    """Numbers that speak for buying again, columns as in ``AGAIN``.

    :param Own own: n entries; the others are arrays of n: figures of the item, the day asked for
    :param interval: usual days, the customer's own or the item's; NaN: unknown
    :return: float[n, 10]
    """
    due = np.log(np.maximum(today - own.last, 1) / np.maximum(interval, 1))
    return np.column_stack(
        [
            np.log(own.lately + 0.05),
            np.log(own.slowly),
            np.log(own.times),
            np.log1p(own.age),
            np.log(own.baskets),
            np.log(repeat / (1 - repeat)),
            np.log(popularity + 1e-4),
            np.log(overall + 1e-4),
            np.nan_to_num(np.clip(due, -3, 3)),
            np.log(own.size),
        ]
    )


def new(score, popularity, overall, size, baskets):
    """Numbers that speak for a new item, columns as in ``NEW``.

    :param score: Σ weight of the customer's items × weight of the pair, above 0
    :return: float[n, 5]
    """
    columns = (
        np.log(score + 1e-6),
        np.log(popularity + 1e-4),
        np.log(overall + 1e-4),
        np.log(np.broadcast_to(size, score.shape)),
        np.log(np.broadcast_to(baskets, score.shape)),
    )
    return np.column_stack(columns)
