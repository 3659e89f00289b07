"""What service a segment needs, from what its customers did.

Pulling a small group towards all customers follows the usual empirical weight n / (n + k): a
group with ``SHRINK`` observations counts half.

>>> shrunk(20, 20, 40)
30.0
>>> near_terms(41, [0, 15, 30, 45, 60])
45
"""

from dataclasses import dataclass

#: with so many observations of its own a group counts half
SHRINK = 20
#: fewer observations than this say nothing
LEAST = 10
#: response limits that are tried, in hours
LIMITS = (4, 24, 72, 168)
#: fewer deals than this on either side of a limit are no comparison
LEAST_DEALS = 30
FALSE_DISCOVERIES = 0.1


def shrunk(own, count, wider, weight=SHRINK):
    """A figure of a group pulled towards that of everybody.

    :param float own: figure of the group, None: not known
    :param int count: observations behind it
    :param float wider: figure of all, None: not known
    :return: (count · own + weight · wider) / (count + weight); whichever is known if one isn't
    """
    if own is None or not count:
        return None if wider is None else float(wider)
    if wider is None:
        return float(own)
    return (count * own + weight * wider) / (count + weight)


def near_terms(days, terms):
    """The shortest of the usual terms that is not below so many days; the longest beyond them."""
    return next((one for one in sorted(terms) if one >= days), max(terms))


def payment_advice(granted, p75, terms=(0, 7, 14, 15, 21, 30, 45, 60, 90)):
    """Payment terms that customers keep anyway; never longer than those they have.

    :param float granted: days that are granted today, None: not known
    :param float p75: three in four invoices are paid within so many days, None: not known
    :return: (days or None, ``shorter``, ``kept``, ``late`` or ``unknown``)
    """
    if p75 is None:
        return None, "unknown"
    fitting = near_terms(p75, terms)
    if granted is None:
        return fitting, "kept"
    if fitting < granted:
        return fitting, "shorter"
    late = p75 > granted + 7
    return round(granted), "late" if late else "kept"


@dataclass
class Response:
    """Whether answering within a limit went with winning.

    ``rate`` is (difference, low, high) of the won shares within − beyond the limit.
    """

    hours: int
    within: tuple  # (won, deals)
    beyond: tuple
    rate: tuple
    p: float
    q: float


def response_effect(deals, stats, limits=LIMITS, least=LEAST_DEALS):
    """The limit of the first response that goes with winning most, if any surely does.

    Only deals that lived past the landmark come here, and their first contact counts within it,
    so that an early end can't look like a slow answer. Fisher's test for each limit, corrected
    by Benjamini–Hochberg.

    :param deals: list of (hours until the first contact or None: none within the landmark, won)
    :param stats: module of the statistics (``fisher``, ``newcombe``, ``benjamini_hochberg``)
    :return: (:class:`Response` or None, number of limits that could be compared)
    """
    found = []
    for limit in limits:
        within = [won for hours, won in deals if hours is not None and hours <= limit]
        beyond = [won for hours, won in deals if hours is None or hours > limit]
        if min(len(within), len(beyond)) < least:
            continue
        a, b = (sum(within), len(within)), (sum(beyond), len(beyond))
        p = stats.fisher(a[0], a[1] - a[0], b[0], b[1] - b[0])
        found.append(Response(limit, a, b, stats.newcombe(*a, *b), p, 1.0))
    for one, q in zip(found, stats.benjamini_hochberg([one.p for one in found]), strict=True):
        one.q = q
    sure = [one for one in found if one.q <= FALSE_DISCOVERIES and one.rate[0] > 0]
    return max(sure, key=lambda one: one.rate[0], default=None), len(found)
