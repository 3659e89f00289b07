"""How many customers of a group bought each item, and how much at a time. No database."""

import numpy as np


def buyers(baskets):
    """Count the customers of each item.

    :param Baskets baskets: lines of the group only
    :return: list of (item, customers, median quantity of a basket), items that somebody bought

    >>> from .product_baskets import Baskets
    >>> buyers(Baskets.from_lines(["a", "a", "b"], [7, 7, 7], [1, 2, 2], [1, 2, 9]))
    [(7, 2, 2.0)]
    """
    if not len(baskets.item):
        return []
    count = len(baskets.items)
    pairs = np.unique(baskets.customer.astype(np.int64) * count + baskets.item)
    customers = np.bincount(pairs % count, minlength=count)
    order = np.lexsort((baskets.quantity, baskets.item))
    quantity, lines = baskets.quantity[order], np.bincount(baskets.item, minlength=count)
    start = np.cumsum(lines) - lines
    bought = np.flatnonzero(lines)
    low = quantity[start[bought] + (lines[bought] - 1) // 2]
    high = quantity[start[bought] + lines[bought] // 2]
    return list(
        zip(
            baskets.items[bought].tolist(),
            customers[bought].tolist(),
            ((low + high) / 2).tolist(),
            strict=True,
        )
    )
