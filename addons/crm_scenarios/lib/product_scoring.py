"""The two lists for one customer, from rows as a table keeps them. No database.

How to use::

    weights = anchors(history, parameters, today)     # which items' neighbours to fetch
    again = buy_again(history, items, parameters, today)
    new = new_items(history, items, neighbours, parameters, today)

``history`` is a list of Purchase, ``items`` a dict item → ItemRow (at least of the own items;
an item that is not in it is never proposed), ``neighbours`` NeighbourRow of the anchors.
"""

from statistics import median

from .product_rows import Again, New

ANCHORS = 100  # the items of a customer whose neighbours count: the strongest


def anchors(history, parameters, today, limit=ANCHORS):
    """Weigh the customer's own items by how much each says of what comes next.

    :param list history: Purchase
    :param dict parameters: see ``product_learning.learn``
    :param int today: ordinal
    :return: dict item → weight, the strongest ``limit``
    """
    weights = _decayed(history, parameters["decay"])
    strongest = sorted(weights, key=weights.get, reverse=True)[:limit]
    return {item: weights[item] for item in strongest}


def buy_again(history, items, parameters, today, limit=10):
    """What the customer is likely to buy again, without what has been bought just now.

    :param list history: Purchase
    :param dict items: item → ItemRow
    :param dict parameters: see ``product_learning.learn``
    :param int today: ordinal; None = when the customer usually comes again
    :return: list of Again, most likely first
    """
    weights, lines = _decayed(history, parameters["decay"]), _by_item(history)
    today = max(one.day for one in history) if today is None and history else today
    found = []
    for item, own in lines.items():
        if item in items:
            days = sorted({one.day for one in own})
            row = items[item]
            found.append(
                Again(item, weights[item] * row.repeat, len(days), row.interval, False,
                      today - days[-1], median(one.quantity for one in own))
            )  # fmt: skip
    return sorted(found, key=lambda line: -line.score)[:limit]


def new_items(history, items, neighbours, parameters, today, limit=10):
    """What customers with the same items buy and this one never has.

    :param list history: Purchase
    :param dict items: item → ItemRow of what may be proposed
    :param neighbours: iterable of NeighbourRow of the customer's anchors
    :param dict parameters: see ``product_learning.learn``
    :param int today: ordinal
    :return: list of New, most likely first
    """
    weights, own = anchors(history, parameters, today), {one.item for one in history}
    scores, best = {}, {}
    for row in neighbours:
        target = row.neighbour
        if target in own or target not in items or row.item not in weights:
            continue
        part = weights[row.item] * row.weight
        scores[target] = scores.get(target, 0) + part
        if target not in best or part > best[target][0]:
            best[target] = part, row
    chosen = sorted(scores, key=scores.get, reverse=True)[:limit]
    return [
        New(item, scores[item], row.item, row.both, row.item_customers, row.lift, row.customers,
            items[item].quantity)
        for item, (_part, row) in ((item, best[item]) for item in chosen)
    ]  # fmt: skip


def _by_item(history):
    found = {}
    for one in history:
        found.setdefault(one.item, []).append(one)
    return found


def _decayed(history, decay):
    """:return: dict item → Σ decay^age, age in baskets from the customer's last one"""
    days = {day: age for age, day in enumerate(sorted({one.day for one in history}, reverse=True))}
    weights = {}
    for item, day in {(one.item, one.day) for one in history}:
        weights[item] = weights.get(item, 0) + decay ** days[day]
    return weights
