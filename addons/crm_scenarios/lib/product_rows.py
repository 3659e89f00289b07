"""Rows that recommendations are learnt into and made from: plain tuples, as a table keeps them.

An *item* is any key that can be compared and hashed (the id of a product, a code), a *day* is
``datetime.date.toordinal()``, a *basket* is what one customer bought on one day.
"""

from typing import NamedTuple


class ItemRow(NamedTuple):
    """What is known of one item."""

    item: object
    customers: int  #: who bought it
    repeaters: int  #: of them on more than one day
    baskets: int  #: days of customers
    recent: int  #: of the baskets, those of the last ``parameters['recent_days']``
    repeat: float  #: chance that who has bought it takes it into the next basket (shrunk)
    interval: float | None  #: usual days between two purchases by a customer: median (shrunk)
    soonest: float | None  #: days within which it is seldom bought again (shrunk)
    intervals: int  #: how many intervals these two were seen on
    popularity: float  #: chance that a basket of these days holds it
    quantity: float  #: usual quantity of a basket: median


class NeighbourRow(NamedTuple):
    """Item → another one that its buyers buy as well. One row per pair and direction."""

    item: object  #: the anchor: what a customer has
    neighbour: object  #: what may be proposed
    weight: float  #: of this pair in the score; comparable within one learning
    both: int  #: customers who bought both
    item_customers: int  #: customers who bought the anchor
    neighbour_customers: int  #: customers who bought the neighbour
    customers: int  #: customers who bought anything
    lift: float | None  #: how many times as often as those without the anchor; None: nobody is


class Purchase(NamedTuple):
    """One line of the customer's own history."""

    item: object
    day: int
    quantity: float = 1.0


class Again(NamedTuple):
    """A line of the list *buy again*: 'bought 6 times, about every 30 days, last 34 days ago'."""

    item: object
    score: float  #: chance that it is in the customer's next basket
    times: int  #: days on which the customer bought it
    interval: float | None  #: usual days until it is bought again
    own_interval: bool  #: whether the customer's own purchases tell, or the product's
    days_since: int  #: since the last purchase
    quantity: float  #: the customer's usual quantity: median


class New(NamedTuple):
    """A line of *new to this customer*: 'both of item_customers who bought A bought this too'."""

    item: object
    score: float  #: chance that it is in the customer's next basket
    anchor: object  #: the customer's item that speaks most for it
    both: int
    item_customers: int
    lift: float | None
    customers: int
    quantity: float  #: usual quantity of the item


class Starter(NamedTuple):
    """What a segment buys more than others: for a customer without orders."""

    item: object
    score: float  #: lower bound of the lift × how often it is bought: what the list is ordered by
    buyers: int  #: customers of the segment who bought it
    members: int  #: customers of the segment who bought anything
    others_buyers: int  #: the same outside of the segment
    others: int
    lift: float  #: share of the segment's customers : share of the others, shrunk
    lower: float  #: lower bound of the lift, 95 %
