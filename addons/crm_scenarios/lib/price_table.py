"""Advice of all cells at once: pulled to the wider cell, never below the cost.

What is done for one cell in ``price_guidance.py`` (``shrink``, ``cap_at_cost``) is done here for
a hundred thousand, in numpy; a test compares the two.
"""

import numpy as np

from .price_guidance import BANDS, SHRINK

#: what the advice of a cell rests on, in the order of its number
RESTS = ("none", "category", "all")
#: what its floor rests on
FLOORS = ("discount", "cost", "none", "product")
LEVELS = ("stretch", "target", "floor")


def joined(tables):
    """Tables of the same columns, one below the other."""
    return {name: np.concatenate([one[name] for one in tables]) for name in tables[0]}


def shrunk(cells):
    """Pull each cell to the wider one: a product's to its category, a segment's to all.

    :param dict cells: columns ``segment``, ``categ``, ``product`` (0: all of them), ``band``,
        ``stretch``, ``target``, ``floor``, ``n``
    :return: (array of three levels by cell, what each rests on: places in ``RESTS``)

    >>> cells = {"segment": [0, 7], "categ": [3, 3], "product": [0, 0], "band": [0, 0]}
    >>> cells |= {"stretch": [0.1, 0.0], "target": [0.2, 0.1], "floor": [0.3, 0.2], "n": [500, 20]}
    >>> levels, rests = shrunk({name: np.array(one) for name, one in cells.items()})
    >>> levels[1].round(3).tolist(), [RESTS[one] for one in rests]
    ([0.2, 0.15], ['none', 'all'])
    """
    levels = np.array([cells[name] for name in LEVELS], float)
    rests = np.zeros(len(cells["n"]), np.int32)
    narrow = cells["product"] > 0
    ours = ~narrow & (cells["segment"] > 0)
    everybody = ~narrow & ~ours
    for some, wide, rest, whole in (
        (ours, everybody, RESTS.index("all"), True),
        (narrow, ~narrow, RESTS.index("category"), False),
    ):
        _pull(cells, levels, rests, np.flatnonzero(some), np.flatnonzero(wide), rest, whole)
    return levels, rests


def _pull(cells, levels, rests, some, wide, rest, whole):
    """Pull some cells to wide ones that are done already.

    :param int rest: what the pulled ones rest on
    :param bool whole: the wide ones are those of all segments
    """
    known = _place_keys(cells, wide, whole)
    order = np.argsort(known)
    known, wanted = known[order], _place_keys(cells, some, whole)
    if not len(known):
        return
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    has = known[place] == wanted
    some, wider = some[has], wide[order[place[has]]]
    n = cells["n"][some]
    share = n / (n + SHRINK)
    # as many lines are the same lines: nothing to be pulled
    same = cells["n"][wider] == n
    pulled = share * levels[:, some] + (1 - share) * levels[:, wider]
    levels[:, some] = np.where(same, levels[:, wider], pulled)
    rests[some] = np.where(same, rests[wider], rest)


def _place_keys(cells, chosen, whole):
    """A number for segment, category and band; without the segment where all are meant."""
    categ, band = cells["categ"][chosen].astype(np.int64), cells["band"][chosen]
    size = int(cells["categ"].max(initial=0)) + 1
    segment = 0 if whole else cells["segment"][chosen].astype(np.int64)
    return (segment * size + categ) * len(BANDS) + band


def capped(levels, product, reference, cost, margin=0.0):
    """No discount leads below cost and minimum margin; what the floors rest on.

    :param levels: three levels by cell
    :param product, reference, cost: one per cell; 0: none, or not known
    :return: (levels, places in ``FLOORS``)

    >>> facts = [np.array([one]) for one in (5, 100, 67.5)]
    >>> levels, kinds = capped(np.array([[0.1], [0.2], [0.3]]), *facts, margin=0.1)
    >>> levels[:, 0].round(3).tolist(), FLOORS[kinds[0]]
    ([0.1, 0.2, 0.25], 'cost')
    """
    bound = (product > 0) & (cost > 0) & (reference > 0)
    most = 1 - cost / (1 - margin) / np.where(bound, reference, 1)
    found = np.where(bound, np.minimum(levels, most), levels)
    kinds = np.where(found[2] < levels[2], FLOORS.index("cost"), FLOORS.index("discount"))
    kinds = np.where(cost > 0, kinds, FLOORS.index("none"))
    return found, np.where(product > 0, kinds, FLOORS.index("product")).astype(np.int32)
