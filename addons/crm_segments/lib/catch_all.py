"""Which names stand for many customers, such as 'Walk-in customer'. No database.

>>> is_catch_all(600, 10_000, 3)
True
>>> is_catch_all(400, 10_000, 3)     # large, but no twentieth of everything
False
>>> is_catch_all(600, 10_000, 20)    # the others buy often as well: a large account
False
"""

#: A twentieth of all documents: less than that bends no quantile, median or share by a visible
#: amount, since each customer counts once in them.
SHARE = 0.05
#: So many times the documents of the customer in the middle. Documents per customer are skewed:
#: in the Online Retail data the busiest of 4,338 has 105 times the median but 1.1 % of all
#: documents, so both conditions have to hold.
TIMES = 50


def is_catch_all(documents, total, median):
    """Whether a name has a large part of all documents and lies far from the distribution.

    :param int documents: of this name
    :param int total: documents of everybody
    :param float median: documents of the customer in the middle, of those who bought
    :return: bool
    """
    return documents >= SHARE * total and documents >= TIMES * max(median, 1)


def is_anonymous(vat, email, contacts):
    """Whether nothing tells who it is: such a name is proposed to be left out.

    A large account that orders daily passes :func:`is_catch_all` too; it has a tax number,
    an address or people.
    """
    return not (vat or email or contacts)
