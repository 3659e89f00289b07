"""Dispersion of prices: customers whose mean price is far from the middle of their cell."""

import numpy as np

from .price_cells import Groups, coded

#: a cell needs so many lines, of so many customers, to have a middle
LEAST_LINES, LEAST_CUSTOMERS = 5, 3
#: a mean price this far from the middle is far
FAR = 0.1
#: rows that are kept: those with the most money at stake or paid beyond the middle
MOST = 5000


def far_from_middle(lines, bands, far=FAR, most=MOST):
    """Customers far from the median price of their segment, product and band of quantity.

    :param dict lines: columns ``segment``, ``product``, ``band``, ``partner``, ``quantity``,
        ``price``
    :param int bands: number of bands
    :return: dict of columns ``segment``, ``product``, ``band``, ``partner``, ``lines``,
        ``quantity``, ``price`` (mean by quantity), ``middle``, ``share`` (above 0: pays more),
        ``at_stake`` (median − price, times the quantity, never below 0), ``sample``

    >>> ten = {"segment": [1] * 6, "product": [1] * 6, "band": [0] * 6, "quantity": [2.0] * 6}
    >>> ten |= {"partner": [1, 1, 2, 2, 3, 4], "price": [10.0, 10, 10, 10, 10, 8]}
    >>> found = far_from_middle({name: np.array(one) for name, one in ten.items()}, 1)
    >>> [found[name].round(9).tolist() for name in ("partner", "middle", "share", "at_stake")]
    [[4], [10.0], [-0.2], [4.0]]
    """
    segments, segment = coded(lines["segment"])
    products, product = coded(lines["product"])
    partners, partner = coded(lines["partner"])
    cell = (product * max(1, len(segments)) + segment) * bands + lines["band"]
    groups = Groups(cell, lines["price"], LEAST_LINES)
    place = _placed(cell, groups.keys)
    inside = place >= 0
    place, price = place[inside], lines["price"][inside]
    quantity, middles = lines["quantity"][inside], groups.quantile(0.5)
    # sums only: their values needn't be in order
    whole = np.arange(len(price))
    pairs = Groups(place * max(1, len(partners)) + partner[inside], price, by_value=whole)
    where, who = pairs.keys // max(1, len(partners)), pairs.keys % max(1, len(partners))
    bought = pairs.of(quantity, np.add)
    mean = pairs.of(price * quantity, np.add) / bought
    stake = pairs.of((middles[place] - price) * quantity, np.add)
    enough = np.bincount(where, minlength=len(middles))[where] >= LEAST_CUSTOMERS
    share = mean / middles[where] - 1
    chosen = np.flatnonzero(enough & (np.abs(share) >= far - 1e-12))
    if len(chosen) > most:
        worth = np.abs(stake[chosen])
        chosen = np.sort(chosen[np.argpartition(worth, -most)[-most:]])
    where = where[chosen]
    rest = groups.keys[where] // bands
    return {
        "segment": segments[rest % max(1, len(segments))],
        "product": products[rest // max(1, len(segments))],
        "band": groups.keys[where] % bands,
        "partner": partners[who[chosen]],
        "lines": pairs.counts[chosen],
        "quantity": bought[chosen],
        "price": mean[chosen],
        "middle": middles[where],
        "share": share[chosen],
        "at_stake": np.maximum(stake[chosen], 0.0),
        "sample": groups.counts[where],
    }


def _placed(wanted, keys):
    """Place of each number among sorted keys, −1 where it is none of them."""
    if not len(keys):
        return np.full(len(wanted), -1)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, place, -1)
