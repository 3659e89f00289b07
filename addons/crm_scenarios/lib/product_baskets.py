"""Lines of sales → who bought what on which day, coded as numbers. No database.

>>> baskets = Baskets.from_lines(["a", "a", "b"], [7, 7, 9], [735000, 735000, 735001], [1, 2, 5])
>>> len(baskets.item), baskets.quantity.tolist(), baskets.items.tolist()
(2, [3.0, 5.0], [7, 9])
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Baskets:
    """Each item once per customer and day, sorted by customer, day and item.

    :ivar customers: keys; ``customer`` holds positions in it
    :ivar items: keys, sorted; ``item`` holds positions in it
    :ivar customer: int32[n]
    :ivar item: int32[n]
    :ivar day: int32[n], ``datetime.date.toordinal()``
    :ivar quantity: float64[n], summed over the day
    """

    customers: np.ndarray
    items: np.ndarray
    customer: np.ndarray
    item: np.ndarray
    day: np.ndarray
    quantity: np.ndarray

    @classmethod
    def from_lines(cls, customer, item, day, quantity=None):
        """Build from columns of equal length.

        :param customer: keys of customers, array-like of one comparable type
        :param item: keys of items
        :param day: int, ``date.toordinal()``
        :param quantity: 1 each if absent
        :return: Baskets
        """
        customers, customer = np.unique(np.asarray(customer), return_inverse=True)
        items, item = np.unique(np.asarray(item), return_inverse=True)
        day = np.asarray(day, dtype=np.int64)
        quantity = np.ones(len(day)) if quantity is None else np.asarray(quantity, dtype=float)
        first = int(day.min()) if len(day) else 0
        span = int(day.max()) - first + 1 if len(day) else 1
        key = (customer.astype(np.int64) * span + (day - first)) * max(len(items), 1) + item
        order = np.argsort(key, kind="stable")
        key = key[order]
        head = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else key
        at = order[head] if len(key) else order
        total = np.add.reduceat(quantity[order], head) if len(key) else quantity
        small = (column[at].astype(np.int32) for column in (customer, item, day))
        return cls(customers, items, *small, total)

    def only(self, mask):
        """:return: Baskets of the lines for which ``mask`` is true; keys stay as they are"""
        columns = (self.customer, self.item, self.day, self.quantity)
        return Baskets(self.customers, self.items, *(column[mask] for column in columns))

    def ordinals(self):
        """Number each line's basket within its customer.

        :return: (int32[n] ordinal from 0, int32[customers] number of baskets)
        """
        n = len(self.customer)
        if not n:
            return np.zeros(0, np.int32), np.zeros(len(self.customers), np.int32)
        other = np.r_[True, self.customer[1:] != self.customer[:-1]]
        fresh = other | np.r_[True, self.day[1:] != self.day[:-1]]
        running = np.cumsum(fresh) - 1
        counts = np.bincount(self.customer[fresh], minlength=len(self.customers))
        starts = np.cumsum(counts) - counts
        return (running - starts[self.customer]).astype(np.int32), counts.astype(np.int32)
