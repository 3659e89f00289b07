"""Guidance of all cells at once: numpy over columns of lines, each grouping sorted once.

What a cell is told by stands in ``price_guidance.py``, for one list of discounts; here the same
is done for some million lines, and a test compares the two.

>>> import numpy as np
>>> groups = Groups(np.array([7, 3, 7, 7]), np.array([0.3, 0.5, 0.1, 0.2]))
>>> groups.keys.tolist(), groups.counts.tolist(), groups.quantile(0.5).tolist()
([3, 7], [1, 3], [0.5, 0.2])
"""

import numpy as np

from .price_guidance import quantile_ranks

#: below so many lines the places of the interval are exact, above by the normal distribution
EXACT = 60


class Groups:
    """Values sorted within the groups of a key.

    :ivar keys: the distinct keys, in their order
    :ivar counts: values in each
    """

    def __init__(self, key, values, least=1, by_value=None):
        """Sort.

        :param key: integers from 0, one per value, below 2⁶³ over the number of values
        :param int least: groups of fewer values are left out
        :param by_value: places of the values in their order, where it is known already
        """
        if by_value is None:
            by_value = np.argsort(values)
        # key and place in one number: sorting such numbers is many times faster than by a key
        bits = max(1, int(len(key)).bit_length())
        packed = (key[by_value].astype(np.int64) << bits) | np.arange(len(key))
        packed.sort()
        self._order = by_value[packed & ((1 << bits) - 1)]
        self._values = values[self._order]
        ordered = packed >> bits
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)])
        counts = np.diff(np.r_[starts, len(ordered)])
        kept = counts >= least
        self._starts, self.counts = starts[kept], counts[kept]
        self.keys = ordered[self._starts]
        self._all = (starts, kept)

    def quantile(self, level):
        """Quantile of each group, as ``percentile_cont`` has it."""
        place = level * (self.counts - 1)
        whole = np.floor(place).astype(np.int64)
        below = self._values[self._starts + whole]
        above = self._values[self._starts + np.minimum(whole + 1, self.counts - 1)]
        return below + (place - whole) * (above - below)

    def interval(self, level=0.5):
        """(low, high) by order statistics at 95 %, NaN where there are too few values.

        From ``EXACT`` values on by the normal distribution, one place wider on either side.
        """
        n = self.counts
        ranks = [quantile_ranks(one, level) or (-1, -1) for one in range(1, EXACT)]
        exact = np.array([(-1, -1), *ranks])[np.minimum(n, EXACT - 1)]
        half = 1.96 * np.sqrt(n * level * (1 - level))
        low = np.where(n < EXACT, exact[:, 0], np.floor(n * level - half) - 1).astype(np.int64)
        high = np.where(n < EXACT, exact[:, 1], np.ceil(n * level + half)).astype(np.int64)
        return tuple(
            np.where(place < 0, np.nan, self._values[self._starts + np.clip(place, 0, n - 1)])
            for place in (low, high)
        )

    def of(self, column, ufunc):
        """A column reduced per group, such as by ``np.minimum``."""
        if not len(self._order):
            return column[:0]
        starts, kept = self._all
        return ufunc.reduceat(column[self._order], starts)[kept]

    def last(self, column):
        """The column's entry that stands beside the largest value of each group."""
        return column[self._order[self._starts + self.counts - 1]]

    def histogram(self, start, width, bins):
        """Counts per group and bin: below ``start``, ``bins`` of this width, and above.

        :return: array of len(keys) × (bins + 2)
        """
        inside = np.zeros(len(self._values) + 1, np.int64)
        np.add.at(inside, self._starts, 1)
        np.add.at(inside, self._starts + self.counts, -1)
        kept = np.cumsum(inside[:-1]) > 0
        group = np.repeat(np.arange(len(self.counts)), self.counts)
        # a discount of 5 % is in the bin from 5 %, however the division came out
        place = np.floor((self._values[kept] - start) / width + 1e-9).astype(np.int64) + 1
        size = bins + 2
        cells = group * size + np.clip(place, 0, bins + 1)
        counts = np.bincount(cells, minlength=size * len(self.keys))
        return counts.reshape(len(self.keys), size)


def references(lines, since, level):
    """Reference price by product: a quantile of the unit price in the lowest band of quantity.

    :param dict lines: columns ``product``, ``band``, ``price``, ``day``
    :param int since: lines before this day are left out
    :return: (products in their order, prices)
    """
    recent = lines["day"] > since
    product, band = lines["product"][recent], lines["band"][recent]
    lowest = np.full((product.max(initial=0) + 1,), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(lowest, product, band)
    inside = band == lowest[product]
    groups = Groups(product[inside].astype(np.int64), lines["price"][recent][inside])
    return groups.keys, groups.quantile(level)


def coded(ids):
    """(distinct ids in their order, place of each id among them); ids from 0."""
    seen = np.zeros(ids.max(initial=0) + 1, bool)
    seen[ids] = True
    known = np.flatnonzero(seen)
    places = np.zeros(len(seen), np.int64)
    places[known] = np.arange(len(known))
    return known, places[ids]


def by_id(wanted, ids, values):
    """The value of each wanted id, 0 where there is none; both are whole numbers from 0.

    A table by id is read some million times faster than sorted ids are searched.

    >>> by_id(np.array([5, 2, 5, 9]), np.array([5, 2]), np.array([50, 20])).tolist()
    [50, 20, 50, 0]
    """
    table = np.zeros(max(wanted.max(initial=0), ids.max(initial=0)) + 1, np.int32)
    table[ids] = values
    return table[wanted]


def looked_up(wanted, keys, values, missing=np.nan):
    """The value of each wanted key; ``keys`` are sorted, ``missing`` where there is none."""
    if not len(keys):
        return np.full(len(wanted), missing)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], missing)


def pocket_factors(partner, amount, rebates):
    """What is left of each line after its customer's rebates, as a share of its amount.

    :param dict rebates: customer → credit notes without product and cash discounts, above zero
    """
    if not rebates:
        return np.ones(len(partner))
    customers, place = coded(partner)
    sums = np.bincount(place, amount)
    given = np.array([rebates.get(one, 0.0) for one in customers.tolist()])
    return (1 - np.clip(given / sums, 0, 1))[place]
