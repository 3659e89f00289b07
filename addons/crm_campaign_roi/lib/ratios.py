"""Ratios of return. What can't be known is None and stays None: 'n/a' is never 0 or infinity.

All amounts are floats in one currency, or None.
"""


def ratio(numerator, denominator):
    """Return numerator / denominator; None without either, or where below isn't positive.

    >>> ratio(3, 2), ratio(3, 0), ratio(None, 2), ratio(3, -1), ratio(0, 2)
    (1.5, None, None, None, 0.0)
    """
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return numerator / denominator


def roi(margin, cost):
    """Return on investment: (margin - cost) / cost.

    >>> roi(150, 100), roi(50, 100), roi(50, 0), roi(None, 100)
    (0.5, -0.5, None, None)
    """
    return None if margin is None or cost is None else ratio(margin - cost, cost)


def romi(margins, cost):
    """Return on incremental margin, with its interval: (margin - cost) / cost of each limit.

    >>> romi([150, 90, 210], 100), romi(None, 100), romi([1, 0, 2], 0)
    ([0.5, -0.1, 1.1], None, None)
    """
    if margins is None or cost is None or cost <= 0:
        return None
    return [(margin - cost) / cost for margin in margins]


def roas(revenue, cost):
    """Return on ad spend: revenue / cost.

    >>> roas(400, 100), roas(400, 0)
    (4.0, None)
    """
    return ratio(revenue, cost)


def share(part, whole):
    """Share of a part in a whole of money, as coverage shows it.

    >>> share(25, 100), share(0, 0)
    (0.25, None)
    """
    return ratio(part, whole)


def payback(cost, margins):
    """Months until the accumulated margin has earned the cost; None if it hasn't yet.

    :param float cost: what was spent
    :param margins: margin of each month since the first cost, in order
    :return: int, 1 for the first month, or None

    >>> payback(100, [30, 40, 50]), payback(100, [30]), payback(0, [30])
    (3, None, None)
    """
    if not cost or cost <= 0:
        return None
    earned = 0.0
    for month, margin in enumerate(margins, 1):
        earned += margin
        if earned >= cost:
            return month
    return None
