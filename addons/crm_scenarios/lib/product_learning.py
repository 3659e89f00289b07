"""Learn from what everybody bought: per item, per pair of items, and how to weigh them.

How to use::

    baskets = Baskets.from_lines(customers, products, days, quantities)
    learned = learn(baskets, today.toordinal())
    learned.parameters                 # a small dict that JSON can hold
    learned.item_rows()                # ItemRow each
    learned.neighbour_rows()           # NeighbourRow each, the strongest of every item

The weights are learnt by hiding the last basket of (at most ``SAMPLE``) customers who have an
earlier one, predicting it from what is left, and fitting a logistic regression on which items of
the customer, and which new ones, were in it.
"""

from dataclasses import dataclass

import numpy as np

from . import product_features, product_items, product_logistic, product_pairs
from .product_baskets import Baskets

SAMPLE = 4000  # customers whose last basket is hidden to learn the weights
CANDIDATES = 100  # new items per customer that are told apart by more than their score
DECAY = 0.9  # weight of an own item per basket since


@dataclass(frozen=True)
class Learned:
    """Result of learning, ready to be stored.

    :ivar dict parameters: JSON; what ``product_scoring`` wants back
    :ivar Baskets baskets: what it was learnt from
    """

    parameters: dict
    baskets: Baskets
    statistics: product_items.ItemStatistics
    neighbours: product_pairs.Neighbours

    def item_rows(self):
        """:return: list of ItemRow, one per item that anybody bought"""
        return self.statistics.rows(self.baskets.items)

    def neighbour_rows(self):
        """:return: list of NeighbourRow, at most ``product_pairs.NEIGHBOURS`` per item"""
        return self.neighbours.rows(self.baskets.items)


def learn(baskets, today, parameters=None):
    """Learn items, pairs and weights.

    :param Baskets baskets: all that may be learnt from, none after ``today``
    :param int today: ordinal of the day for which to learn
    :param dict parameters: weights learnt elsewhere (such as on all customers, for a segment)
        to be kept instead of learnt anew
    :return: Learned
    """
    statistics = product_items.statistics(baskets, today)
    matrix = product_pairs.bought(baskets)
    together = product_pairs.gram(matrix) if matrix.shape[1] <= product_pairs.DENSE else None
    if parameters is None:
        parameters = _weights(baskets, today, matrix, together)
    parameters = {**parameters, "baskets": _basket_count(baskets)}
    if not np.isnan(statistics.usual_gap):
        parameters["usual_gap"] = statistics.usual_gap
    return Learned(parameters, baskets, statistics, product_pairs.neighbours(matrix, together))


def hidden(baskets, most=SAMPLE):
    """Which lines are the last baskets of customers with an earlier one, evenly drawn.

    :return: bool[n]
    """
    ordinal, counts = baskets.ordinals()
    several = np.flatnonzero(counts > 1)
    if len(several) > most:
        several = several[np.linspace(0, len(several) - 1, most).astype(np.int64)]
    drawn = np.zeros(len(counts), bool)
    drawn[several] = True
    return drawn[baskets.customer] & (ordinal == counts[baskets.customer] - 1)


def _basket_count(baskets):
    return int(baskets.ordinals()[1].sum())


def _weights(baskets, today, matrix, together):
    """Hide baskets, predict them, fit: the parameters."""
    last = hidden(baskets)
    rest, target = baskets.only(~last), baskets.only(last)
    drawn = np.zeros(len(baskets.customers), bool)
    drawn[target.customer] = True
    known = rest.only(drawn[rest.customer])
    statistics = product_items.statistics(rest, today)
    overall = statistics.baskets / max(_basket_count(rest), 1)
    own = product_features.own(known)
    days = np.zeros(len(baskets.customers))
    days[target.customer] = target.day
    parameters = {"version": 1, "decay": DECAY, "learnt_on": int(drawn.sum())}
    parameters["again"] = _fit_again(own, statistics, overall, days, target)
    pairs = _without(rest, matrix, together, drawn)
    parameters["new"] = _fit_new(known, own, pairs, statistics, overall, target)
    return parameters


def _fit_again(own, statistics, overall, days, target):
    interval = own.interval()
    interval = np.where(np.isnan(interval), statistics.interval[own.item], interval)
    at = own.item
    columns = product_features.again(
        own, statistics.repeat[at], statistics.popularity[at], overall[at], interval,
        days[own.customer],
    )  # fmt: skip
    size = len(overall)
    happened = np.isin(own.customer.astype(np.int64) * size + at, _keys(target, size))
    return product_logistic.fit(columns, happened, product_features.AGAIN_PRIOR)


def _keys(baskets, size):
    return baskets.customer.astype(np.int64) * size + baskets.item


def _without(rest, matrix, together, drawn):
    """Pairs as they are without the hidden baskets: only the drawn customers differ."""
    remaining = product_pairs.bought(rest)
    if together is not None:
        before, after = matrix[drawn], remaining[drawn]
        together = together - product_pairs.gram(before) + product_pairs.gram(after)
    return product_pairs.neighbours(remaining, together)


def _fit_new(known, own, pairs, statistics, overall, target):
    """Candidates are the items with the highest sums of weights that a customer hasn't had."""
    customer, item, score = candidates(own, pairs.matrix(), len(known.customers))
    size, first = len(overall), np.zeros(len(known.customers), np.int64)
    first[own.customer] = np.arange(len(own.customer))
    at = first[customer]
    columns = product_features.new(
        score, statistics.popularity[item], overall[item], own.size[at], own.baskets[at]
    )
    happened = np.isin(customer.astype(np.int64) * size + item, _keys(target, size))
    return product_logistic.fit(columns, happened, product_features.NEW_PRIOR)


def candidates(own, weights, customers, most=CANDIDATES):
    """New items with the highest scores of each customer.

    :param Own own: what the customers have
    :param weights: sparse items × items
    :param int customers: number of customers
    :return: (customer, item, score) arrays
    """
    from scipy import sparse

    has = sparse.csr_matrix(
        (DECAY**own.age, (own.customer, own.item)), (customers, weights.shape[0])
    )
    rows, parts = np.flatnonzero(np.diff(has.indptr)), []
    for start in range(0, len(rows), 500):
        block = has[rows[start : start + 500]]
        scores = (block @ weights).toarray()
        scores[block.nonzero()] = 0
        keep = min(most, scores.shape[1])
        at = np.argpartition(-scores, keep - 1, axis=1)[:, :keep]
        value = np.take_along_axis(scores, at, 1)
        of = np.repeat(rows[start : start + 500], keep).reshape(at.shape)
        parts.append((of[value > 0], at[value > 0], value[value > 0]))
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))
