"""Learn from what everybody bought: per item, per pair of items, and how to weigh them.

How to use::

    baskets = Baskets.from_lines(customers, products, days, quantities)
    learned = learn(baskets, today.toordinal())
    learned.parameters                 # a small dict that JSON can hold
    learned.item_rows()                # ItemRow each
    learned.neighbour_rows()           # NeighbourRow each, the strongest of every item
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from .product_rows import ItemRow, NeighbourRow

NEIGHBOURS = 50  # kept per item


@dataclass(frozen=True)
class Learned:
    """Result of learning, ready to be stored.

    :ivar dict parameters: JSON; what ``product_scoring`` wants back
    :ivar list items: ItemRow
    :ivar list neighbours: NeighbourRow, by item, then falling weight
    """

    parameters: dict
    items: list
    neighbours: list

    def item_rows(self):
        """:return: list of ItemRow, one per item that anybody bought"""
        return self.items

    def neighbour_rows(self):
        """:return: list of NeighbourRow, at most NEIGHBOURS per item"""
        return self.neighbours


def learn(baskets, today, parameters=None):
    """Learn items, pairs and weights.

    :param Baskets baskets: all that may be learnt from, none after ``today``
    :param int today: ordinal of the day for which to learn
    :param dict parameters: weights learnt elsewhere (such as on all customers, for a segment)
        to be kept instead of learnt anew
    :return: Learned
    """
    parameters = parameters or {"version": 1, "recent_days": 90, "decay": 0.9}
    return Learned(parameters, _items(baskets, today, parameters), _neighbours(baskets))


def _items(baskets, today, parameters):
    count = len(baskets.items)
    pairs = np.unique(baskets.customer.astype(np.int64) * count + baskets.item)
    customers = np.bincount(pairs % count, minlength=count)
    lines = np.bincount(baskets.item, minlength=count)
    recent = np.bincount(
        baskets.item[baskets.day > today - parameters["recent_days"]], minlength=count
    )
    total = max(len(np.unique(baskets.customer.astype(np.int64) * 10**6 + baskets.day)), 1)
    return [
        ItemRow(item, int(c), 0, int(n), int(r), 0.1, None, None, 0, n / total, 1.0)
        for item, c, n, r in zip(baskets.items.tolist(), customers, lines, recent, strict=True)
        if n
    ]


def _neighbours(baskets):
    bought = sparse.csr_matrix(
        (np.ones(len(baskets.item)), (baskets.customer, baskets.item)),
        (len(baskets.customers), len(baskets.items)),
    )
    bought.data[:] = 1
    both = (bought.T @ bought).tocoo()
    counts = np.asarray(bought.sum(axis=0)).ravel()
    everybody = len(np.unique(baskets.customer))
    keep = both.row != both.col
    row, col, n = both.row[keep], both.col[keep], both.data[keep]
    weight = n / np.sqrt(counts[row] * counts[col])
    order = np.lexsort((-weight, row))
    row, col, n, weight = row[order], col[order], n[order], weight[order]
    starts = np.searchsorted(row, np.arange(len(counts)))
    keep = np.arange(len(row)) - starts[row] < NEIGHBOURS
    items = baskets.items.tolist()
    return [
        NeighbourRow(
            items[i], items[j], float(w), int(b), int(counts[i]), int(counts[j]), everybody,
            lift(int(b), int(counts[i]), int(counts[j]), everybody),
        )
        for i, j, w, b in zip(row[keep], col[keep], weight[keep], n[keep], strict=True)
    ]  # fmt: skip


def lift(both, item_customers, neighbour_customers, customers):
    """How many times as often buyers of the item buy the neighbour as customers without it do.

    :return: float, or None if no other customer bought the neighbour

    >>> lift(42, 118, 102, 718)
    3.56
    """
    others, elsewhere = customers - item_customers, neighbour_customers - both
    if not others or not elsewhere:
        return None
    return round(both / item_customers * others / elsewhere, 2)
