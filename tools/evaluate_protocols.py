"""What is hidden from a recommender, and what it is asked for.

*next-basket*: items on at least 3 lines; customers with 3 to 50 baskets (a basket is a customer's
day); the last basket is the target, all earlier ones of these customers are known.

*second-order*: customers whose first basket is of a day or later; known are their first basket and
everything dated before the month of their second; the target is what is new in the second.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from odoo.addons.crm_scenarios.lib.product_baskets import Baskets
from odoo.addons.crm_scenarios.lib.product_rows import Purchase

LEAST_LINES, LEAST_BASKETS, MOST_BASKETS = 3, 3, 50


@dataclass(frozen=True)
class Case:
    """One customer who is asked for.

    :ivar list history: Purchase
    :ivar set target: items, never empty
    :ivar bool new_only: whether items of the history are out of the question
    """

    customer: object
    history: list
    target: set
    new_only: bool


@dataclass(frozen=True)
class Batch:
    """Cases that may know the same baskets.

    :ivar Baskets known: of everybody, none later than ``today``
    :ivar int today: ordinal
    """

    known: Baskets
    today: int
    cases: list


@dataclass(frozen=True)
class Trial:
    """What is to be foretold in all.

    :ivar int users: customers who take part, also those with an empty target
    :ivar int items: different items
    """

    protocol: str
    users: int
    items: int
    batches: list


def next_basket(baskets, _start=None):
    """:return: Trial, of a single batch"""
    lines = np.bincount(baskets.item, minlength=len(baskets.items))
    baskets = baskets.only(lines[baskets.item] >= LEAST_LINES)
    ordinal, counts = baskets.ordinals()
    asked = (counts >= LEAST_BASKETS) & (counts <= MOST_BASKETS)
    mine = asked[baskets.customer]
    last = mine & (ordinal == counts[baskets.customer] - 1)
    known = baskets.only(mine & ~last)
    cases = _cases(known, baskets.only(last), new_only=False)
    today = int(known.day.max()) if len(known.day) else 0
    items = int((lines >= LEAST_LINES).sum())
    return Trial("next-basket", int(asked.sum()), items, [Batch(known, today, cases)])


def second_order(baskets, start):
    """:param start: ``datetime.date``; None: when a third of the time is over; :return: Trial"""
    ordinal, counts = baskets.ordinals()
    first = np.zeros(len(counts), np.int64)
    first[baskets.customer[ordinal == 0]] = baskets.day[ordinal == 0]
    from_day = start.toordinal() if start else _third(baskets.day)
    new = (first >= from_day) & (counts > 1)
    mine, batches = new[baskets.customer], []
    months = np.zeros(len(counts), np.int64)
    second = mine & (ordinal == 1)
    months[baskets.customer[second]] = _months(baskets.day[second])
    for month in np.unique(months[new]):
        of_month = (months == month)[baskets.customer] & mine
        history = baskets.only(of_month & (ordinal == 0))
        target = baskets.only(of_month & (ordinal == 1))
        known = baskets.only(baskets.day < month)
        batches.append(Batch(known, int(month) - 1, _cases(history, target, new_only=True)))
    items = len(np.unique(baskets.item))
    return Trial("second-order", int(new.sum()), items, batches)


def _third(days):
    return int(days.min()) + (int(days.max()) - int(days.min())) // 3


def _months(days):
    dates = map(datetime.date.fromordinal, days.tolist())
    return np.array([date.replace(day=1).toordinal() for date in dates], np.int64)


def _cases(history, target, new_only):
    known, wanted = _by_customer(history), _by_customer(target)
    cases = []
    for customer, lines in wanted.items():
        own = known[customer]
        items = {one.item for one in lines}
        if new_only:
            items -= {one.item for one in own}
        if items:
            cases.append(Case(target.customers[customer], own, items, new_only))
    return cases


def _by_customer(baskets):
    """:return: dict position of the customer → list of Purchase"""
    found = defaultdict(list)
    items = baskets.items[baskets.item].tolist()
    columns = baskets.customer.tolist(), items, baskets.day.tolist(), baskets.quantity.tolist()
    for customer, item, day, quantity in zip(*columns, strict=True):
        found[customer].append(Purchase(item, day, quantity))
    return found
