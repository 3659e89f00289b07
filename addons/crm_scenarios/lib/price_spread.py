"""Dispersion of prices: customers whose mean price is far from the middle of their cell."""

import numpy as np

from .price_cells import Groups, coded, looked_up

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
    cell = (product * len(segments) + segment) * bands + lines["band"]
    groups = Groups(cell, lines["price"], LEAST_LINES)
    middle = looked_up(cell, groups.keys, groups.quantile(0.5))
    amount = lines["price"] * lines["quantity"]
    known, codes = _coded_pairs(cell, partner, len(partners))
    count = np.bincount(codes, minlength=len(known))
    quantity, paid = (np.bincount(codes, one) for one in (lines["quantity"], amount))
    price = paid / np.where(quantity > 0, quantity, 1)
    cells, who = known // max(1, len(partners)), known % max(1, len(partners))
    centre = looked_up(cells, groups.keys, groups.quantile(0.5))
    distinct, customers = np.unique(cells, return_counts=True)
    enough = looked_up(cells, distinct, customers, 0) >= LEAST_CUSTOMERS
    share = price / centre - 1
    stake = np.bincount(codes, np.nan_to_num((middle - lines["price"]) * lines["quantity"]))
    chosen = np.flatnonzero(enough & (np.abs(np.nan_to_num(share)) >= far - 1e-12))
    worth = np.abs(stake[chosen])
    if len(chosen) > most:
        chosen = np.sort(chosen[np.argpartition(worth, -most)[-most:]])
    rest = cells[chosen] // bands
    return {
        "segment": segments[rest % len(segments)] if len(chosen) else rest,
        "product": products[rest // len(segments)] if len(chosen) else rest,
        "band": cells[chosen] % bands,
        "partner": partners[who[chosen]] if len(chosen) else rest,
        "lines": count[chosen],
        "quantity": quantity[chosen],
        "price": price[chosen],
        "middle": centre[chosen],
        "share": share[chosen],
        "at_stake": np.maximum(stake[chosen], 0.0),
        "sample": looked_up(cells[chosen], groups.keys, groups.counts, 0).astype(int),
    }


def _coded_pairs(cell, partner, partners):
    """(distinct pairs as one number in their order, place of each line's pair)."""
    return np.unique(cell * max(1, partners) + partner, return_inverse=True)
