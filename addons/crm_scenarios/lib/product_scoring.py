"""The two lists for one customer, from rows as a table keeps them. No database.

How to use::

    weights = anchors(history, parameters, today)     # which items' neighbours to fetch
    again = buy_again(history, items, parameters, today)
    new = new_items(history, items, neighbours, parameters, today)

``history`` is a list of Purchase, ``items`` a dict item → ItemRow (at least of the own items;
an item that is not in it is never proposed), ``neighbours`` NeighbourRow of the anchors.
"""

from statistics import median

import numpy as np

from . import product_features, product_logistic
from .product_baskets import Baskets
from .product_rows import Again, New

ANCHORS = 100  # the items of a customer whose neighbours count: the strongest
CANDIDATES = 100  # new items that are told apart by more than their score


def anchors(history, parameters, today, limit=ANCHORS):
    """Weigh the customer's own items by how much each says of what comes next.

    :param list history: Purchase
    :param dict parameters: see ``product_learning.learn``
    :param int today: ordinal, or None; unused as long as age is counted in baskets
    :return: dict item → weight, the strongest ``limit``
    """
    if not history:
        return {}
    days = {day: age for age, day in enumerate(sorted({one.day for one in history}, reverse=True))}
    last = {}
    for one in history:
        last[one.item] = max(one.day, last.get(one.item, one.day))
    weights = {item: parameters["decay"] ** days[day] for item, day in last.items()}
    strongest = sorted(weights, key=weights.get, reverse=True)[:limit]
    return {item: weights[item] for item in strongest}


def buy_again(history, items, parameters, today, limit=10):
    """What the customer is likely to buy again, without what has been bought just now.

    'Just now' is sooner than this customer has ever bought it again, where it has bought it three
    times; else sooner than nine of ten repurchases of the item come.

    :param list history: Purchase
    :param dict items: item → ItemRow
    :param dict parameters: see ``product_learning.learn``
    :param int today: ordinal; None = at the customer's next basket, whenever that is: the day on
        which it usually comes is assumed, and nothing is left out as bought just now
    :return: list of Again, most likely first
    """
    history = [one for one in history if one.item in items]
    if not history:
        return []
    own, keys = _own(history)
    rows = [items[keys[at]] for at in own.item]
    timeless = today is None
    today = own.expected(parameters.get("usual_gap")) if timeless else today
    today = np.broadcast_to(today, own.last.shape)
    own_interval = own.interval()
    told = ~np.isnan(own_interval)
    interval = np.where(told, own_interval, _column(rows, "interval"))
    columns = product_features.again(
        own, _column(rows, "repeat"), _column(rows, "popularity"), _overall(rows, parameters),
        interval, today,
    )  # fmt: skip
    chance = product_logistic.chance(columns, parameters["again"])
    since = today - own.last
    just_now = (since < own.used_up(_column(rows, "soonest"))) & (not timeless)
    order = [at for at in np.argsort(-chance, kind="stable") if not just_now[at]]
    quantities = _quantities(history)
    return [
        Again(rows[at].item, float(chance[at]), int(own.times[at]), _number(interval[at]),
              bool(told[at]), int(since[at]), quantities[rows[at].item])
        for at in order[:limit]
    ]  # fmt: skip


def new_items(history, items, neighbours, parameters, today, limit=10):
    """What customers with the same items buy and this one never has.

    :param list history: Purchase
    :param dict items: item → ItemRow of what may be proposed
    :param neighbours: iterable of NeighbourRow of the customer's anchors
    :param dict parameters: see ``product_learning.learn``
    :param int today: ordinal, or None
    :return: list of New, most likely first
    """
    weights = anchors(history, parameters, today)
    return likely(history, items, *_sums(history, items, neighbours, weights), parameters, limit)


def likely(history, items, scores, best, parameters, limit=10):
    """The same from what the pairs of each new item come to, wherever they were added up.

    :param dict scores: item → Σ weight of the anchor × weight of the pair
    :param dict best: item → NeighbourRow of the largest part of that sum
    :return: list of New, most likely first
    """
    if not scores:
        return []
    chosen = sorted(scores, key=scores.get, reverse=True)[:CANDIDATES]
    rows = [items[item] for item in chosen]
    baskets = len({one.day for one in history})
    lines = len({(one.item, one.day) for one in history})
    columns = product_features.new(
        np.array([scores[item] for item in chosen]), _column(rows, "popularity"),
        _overall(rows, parameters), lines / baskets, baskets,
    )  # fmt: skip
    chance = product_logistic.chance(columns, parameters["new"])
    order = np.argsort(-chance, kind="stable")[:limit]
    return [_new(rows[at], float(chance[at]), best[chosen[at]]) for at in order]


def _sums(history, items, neighbours, weights):
    """:return: item → Σ weight, item → row of the largest part, of what the customer never had"""
    had, scores, best, largest = {one.item for one in history}, {}, {}, {}
    for row in neighbours:
        target = row.neighbour
        if target in had or target not in items or row.item not in weights:
            continue
        part = weights[row.item] * row.weight
        scores[target] = scores.get(target, 0.0) + part
        if target not in best or part > largest[target]:
            best[target], largest[target] = row, part
    return scores, best


def _new(item, chance, row):
    return New(item.item, chance, row.item, row.both, row.item_customers, row.lift,
               row.customers, item.quantity)  # fmt: skip


def _own(history):
    """:return: (Own of the one customer, keys of the items by position)"""
    keys = sorted({one.item for one in history})
    at = {key: position for position, key in enumerate(keys)}
    item, day = [at[one.item] for one in history], [one.day for one in history]
    return product_features.own(Baskets.from_lines(np.zeros(len(item)), item, day)), keys


def _quantities(history):
    """:return: item → median over days"""
    days = {}
    for one in history:
        own = days.setdefault(one.item, {})
        own[one.day] = own.get(one.day, 0) + one.quantity
    return {item: float(median(own.values())) for item, own in days.items()}


def _overall(rows, parameters):
    return _column(rows, "baskets") / max(parameters["baskets"], 1)


def _column(rows, name):
    # None, an unknown interval, becomes NaN
    return np.array([getattr(row, name) for row in rows], dtype=float)


def _number(value):
    return None if np.isnan(value) else round(float(value), 1)
