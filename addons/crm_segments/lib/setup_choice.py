"""What suits the data of a company: basis, purchase unit, two segmentations. No database.

Each function returns a choice and a code of the reason; the words are the caller's.
"""

from typing import NamedTuple

#: half of the money: what is known of less divides a minority and calls the rest unknown
HALF = 0.5
#: invoices that collect orders, orders that are invoiced in parts, documents on one day:
#: from a fifth on the count of documents is no longer that of purchases
FIFTH = 0.2
#: quintiles need buyers, and some that came back: with fewer 'how often' ranks nobody
RFM_BUYERS, RFM_REPEAT = 50, 0.25
#: below this many buyers even a lifecycle is guesswork
FEW = 10
#: one value that holds nearly everybody divides nobody
DOMINANT = 0.9


class Documents(NamedTuple):
    """Documents of twelve months: how many, and their money."""

    count: int
    amount: float


def choose_basis(invoices, orders, open_orders):
    """What the figures should count.

    :param Documents invoices: posted customer invoices less credit notes
    :param Documents orders: confirmed orders
    :param Documents open_orders: those of them without any invoice
    :return: ('invoice' or 'order', code of the reason)

    >>> choose_basis(Documents(90, 900), Documents(100, 1000), Documents(10, 100))
    ('invoice', 'invoiced')
    >>> choose_basis(Documents(2, 20), Documents(100, 1000), Documents(98, 980))
    ('order', 'not_invoiced')
    """
    if not invoices.count and not orders.count:
        return "invoice", "nothing"
    if not orders.count:
        return "invoice", "no_orders"
    if not invoices.count:
        return "order", "no_invoices"
    if open_orders.amount > HALF * orders.amount and invoices.amount < HALF * orders.amount:
        return "order", "not_invoiced"
    return "invoice", "invoiced"


def choose_unit(basis, documents, collective, partial, days):
    """What should count as one purchase.

    :param str basis: 'invoice' or 'order'
    :param int documents: with a positive total
    :param int collective: of them, invoices of several orders
    :param int partial: orders with several invoices
    :param int days: distinct days with a document, per customer, added up
    :return: ('documents', 'orders' or 'days', code of the reason)

    >>> choose_unit("invoice", 100, 30, 0, 100)
    ('orders', 'collective')
    >>> choose_unit("order", 100, 0, 0, 60)
    ('days', 'same_day')
    """
    if not documents:
        return "documents", "nothing"
    if basis == "invoice" and collective >= FIFTH * documents:
        return "orders", "collective"
    if basis == "invoice" and partial >= FIFTH * documents:
        return "orders", "partial"
    if documents - days >= FIFTH * documents:
        return "days", "same_day"
    return "documents", "one_each"


class Buyers(NamedTuple):
    """Who buys: counts of customers, and whether one value is most of them."""

    customers: int
    buyers: int
    repeat: int  #: bought on more than one day
    flat: float  #: largest share of buyers with one and the same number of days


class Attribute(NamedTuple):
    """How far a field of the customer divides the revenue."""

    name: str
    known: float  #: share of the revenue (of the customers without any) that has a value
    customers: int  #: how many have one
    values: int
    largest: float  #: share of the commonest value in what is known


def choose_behaviour(buyers):
    """Which segmentation tells how customers buy.

    :param Buyers buyers:
    :return: ('rfm', 'lifecycle' or 'volume', code of the reason)

    >>> choose_behaviour(Buyers(200, 100, 60, 0.4))
    ('rfm', 'spread')
    >>> choose_behaviour(Buyers(200, 100, 5, 0.95))
    ('volume', 'once')
    """
    if buyers.buyers < FEW:
        return "lifecycle", "few"
    repeat = buyers.repeat / buyers.buyers
    if buyers.buyers >= RFM_BUYERS and repeat >= RFM_REPEAT and buyers.flat <= 0.8:
        return "rfm", "spread"
    return ("lifecycle", "some_repeat") if repeat >= 0.1 else ("volume", "once")


def choose_attribute(attributes):
    """Which field tells who customers are; None where no field divides enough.

    :param list attributes: of Attribute, in the order of preference
    :return: Attribute or None
    """
    for one in attributes:
        if one.known >= HALF and one.values > 1 and one.largest <= DOMINANT:
            return one
    return None


def readiness(lacking, total):
    """How far a feature can be used, by the part that lacks what it needs.

    :return: 'ready' below a tenth, 'partly' up to a half, 'lacking' above, 'empty' of nothing
    """
    if not total:
        return "empty"
    share = lacking / total
    return "ready" if share < 0.1 else "partly" if share <= HALF else "lacking"
