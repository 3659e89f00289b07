"""What the recommender would have said on a past day: its own functions, on what was known then.

How to use::

    advisor = Advisor(baskets, day, divisions)     # learns; what is dated later is cut off first
    advisor.advise(position_of_the_customer)       # Advice

Lists are made as ``crm.recommendation`` makes them, from tables in memory instead of the database.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from .product_choice import LEAST_BUYERS, LEAST_CASES, SPARE, first_of_each
from .product_counts import buyers
from .product_learning import learn
from .product_rows import Purchase
from .product_scoring import anchors, buy_again, new_items
from .product_segments import choose, starters


class Advice(NamedTuple):
    """Lists for one customer: items, best first; and what the simplest rules would have listed."""

    again: list
    new: list
    often: list  #: what the customer bought on most days, as long as ``again`` may be
    sellers: list  #: what most baskets of the last 90 days held, nothing that the customer had


class _Learnt:
    """What was learnt of all customers, or of a segment with pairs of its own."""

    def __init__(self, learned):
        self.parameters = learned.parameters
        self.items = {row.item: row for row in learned.item_rows()}
        self.pairs = defaultdict(list)
        for row in learned.neighbour_rows():
            self.pairs[row.item].append(row)


class _Segment(NamedTuple):
    """What a segment buys, and its own pairs where they foretold better."""

    customers: int
    counts: list  #: (item, buyers in the segment, among all), enough to tell anything
    own: _Learnt | None
    gain: float  #: lower bound of the gain of its own pairs


class Advisor:
    """The recommender as of a day.

    :param Baskets baskets: of all customers; what is dated after ``day`` is never looked at
    :param int day: ordinal
    :param divisions: arrays as long as ``baskets.customers``: key of the segment on that day, or
        None
    :param dict templates: item → product that it is a variant of; by default each is its own
    """

    def __init__(self, baskets, day, divisions=(), templates=None):
        self.baskets, self.day = baskets.only(baskets.day <= day), day
        self.templates = templates or {}
        self.divisions = divisions
        learned = learn(self.baskets, day)
        self.everybody = _Learnt(learned)
        self.customers = len(np.unique(self.baskets.customer))
        self.segments = {}
        for segment_of in divisions:
            self.segments |= self._learn_division(segment_of, learned.parameters)
        self.popular = sorted(
            (item for item, row in self.everybody.items.items() if row.recent),
            key=lambda item: (-self.everybody.items[item].recent, item),
        )

    def _learn_division(self, segment_of, parameters):
        """As ``crm.recommendation.model`` learns it."""
        found = {}
        for segment, choice in choose(self.baskets, segment_of, self.day).items():
            if choice.customers < LEAST_BUYERS:
                continue
            members = np.flatnonzero(segment_of == segment)
            mine = self.baskets.only(np.isin(self.baskets.customer, members))
            counts = [
                (item, count, self.everybody.items[item].customers)
                for item, count, _quantity in buyers(mine)
                if count >= LEAST_CASES
            ]
            own = _Learnt(learn(mine, self.day, parameters)) if choice.own else None
            low = choice.difference_low or 0.0
            found[segment] = _Segment(choice.customers, counts, own, low)
        return found

    def asked(self, among, most):
        """Customers who are known on the day and of ``among``, evenly drawn.

        :param among: bool array as long as ``baskets.customers``
        :return: array of positions, ``most`` at most
        """
        known = np.zeros(len(among), bool)
        known[self.baskets.customer] = True
        found = np.flatnonzero(known & among)
        if len(found) > most:
            found = found[np.linspace(0, len(found) - 1, most).astype(np.int64)]
        return found

    def history(self, customer):
        """:return: list of Purchase of the customer at a position"""
        baskets = self.baskets
        start, end = np.searchsorted(baskets.customer, [customer, customer + 1])
        items = baskets.items[baskets.item[start:end]].tolist()
        days, quantities = baskets.day[start:end].tolist(), baskets.quantity[start:end].tolist()
        return [Purchase(*one) for one in zip(items, days, quantities, strict=True)]

    def advise(self, customer, limit=10):
        """:return: Advice for the customer at a position of ``baskets.customers``"""
        history = self.history(customer)
        everybody = self.everybody
        again = buy_again(history, everybody.items, everybody.parameters, self.day, limit)
        had = {self._template(one.item) for one in history}
        return Advice(
            [row.item for row in again],
            first_of_each(self._new(customer, history, limit), self._template, had, limit),
            _often(history)[:limit],
            first_of_each(self.popular, self._template, had, limit),
        )

    def _template(self, item):
        return self.templates.get(item, item)

    def _new(self, customer, history, limit):
        """Items most likely first: what goes with the own ones, then what the segments buy."""
        segments = [
            self.segments[division[customer]]
            for division in self.divisions
            if division[customer] in self.segments
        ]
        own = [one for one in segments if one.own]
        learnt = max(own, key=lambda one: one.gain).own if own else self.everybody
        wide, had = limit * SPARE, {one.item for one in history}
        weights = anchors(history, learnt.parameters, self.day)
        pairs = [row for item in weights for row in learnt.pairs.get(item, ())]
        rows = new_items(history, learnt.items, pairs, learnt.parameters, self.day, wide)
        found = [row.item for row in rows if row.both >= LEAST_CASES]
        return found if len(found) >= limit else found + self._starters(segments, had, wide)

    def _starters(self, segments, had, limit):
        rows = []
        for one in segments:
            counts = [count for count in one.counts if count[0] not in had]
            rows += starters(counts, one.customers, self.customers, limit)
        return [row.item for row in sorted(rows, key=lambda row: -row.score)]


def _often(history):
    """Items by the number of days on which they were bought, then by the last of them."""
    days = defaultdict(set)
    for one in history:
        days[one.item].add(one.day)
    return sorted(days, key=lambda item: (-len(days[item]), -max(days[item]), item))
