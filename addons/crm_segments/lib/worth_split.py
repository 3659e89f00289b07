"""Which month-ends and which customers a division is fitted on, and which judge it.

A customer belongs to one of 100 groups by a hash of its id, so always to the same one. What is
said of the customers of a fifth of the groups was learnt from the other four fifths, and from
month-ends whose 90 days were over before the first month-end that judges.
"""

from datetime import timedelta
from hashlib import md5

from .month_ends import month_ends

#: days after a month-end that are foretold
HORIZON = 90
#: groups of customers, and the parts that they are kept out in
BUCKETS, FOLDS = 100, 5
#: month-ends that can be judged with: the first and the last of five lie 90 days apart
LEAST_ENDS, MOST_ENDS = 5, 12
#: month-ends at most that judge, and that are learnt from
JUDGED, LEARNT = 3, 6


def bucket(partner_id):
    """The group of a customer: the first 32 bits of a digest, so evenly spread and for ever.

    >>> [bucket(one) for one in (1, 2, 3)]
    [36, 57, 20]
    """
    digest = md5(f"worth:{partner_id}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % BUCKETS


def finished_ends(today):
    """The last month-ends of which all 90 days are over, oldest first.

    >>> from datetime import date
    >>> [str(one) for one in finished_ends(date(2024, 6, 29))][-1:]
    ['2024-02-29']
    >>> str(finished_ends(date(2024, 6, 30))[-1]), str(finished_ends(date(2024, 7, 1))[-1])
    ('2024-03-31', '2024-03-31')
    """
    ends = month_ends(today, MOST_ENDS + 4)
    return [day for day in ends if day + timedelta(HORIZON) < today][-MOST_ENDS:]


def split_ends(ends):
    """Month-ends to learn from and month-ends to judge with, none of whose days they share.

    :param ends: month-ends, oldest first
    :return: (list of dates, list of dates), both empty where there are too few

    >>> from datetime import date
    >>> learnt, judged = split_ends(month_ends(date(2024, 12, 1), 9))
    >>> [one.month for one in learnt], [one.month for one in judged]
    ([3, 4, 5, 6], [9, 10, 11])
    """
    if len(ends) < LEAST_ENDS:
        return [], []
    judged = ends[-min(JUDGED, (len(ends) - 3) // 2) :]
    learnt = [day for day in ends if day + timedelta(HORIZON) <= judged[0]]
    return learnt[-LEARNT:], judged
