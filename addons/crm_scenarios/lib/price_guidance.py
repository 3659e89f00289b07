"""What customers of a kind really pay: quantiles of the discount, with their uncertainty.

A discount is told against a reference price: (reference − net) / reference, so it is negative
where more than the reference was paid. Of the lines of a cell three quantiles are the advice:
stretch (the best price, 25 % of the lines have less discount), target, floor (75 %).

>>> guide([0.0, 0.05, 0.1, 0.15, 0.2])
Guide(stretch=0.05, target=0.1, floor=0.15, low=None, high=None, n=5)
"""

from bisect import bisect_right
from math import comb, exp, floor, lgamma, log, log1p
from typing import NamedTuple

#: quantiles of the discount: stretch, target, floor
LEVELS = (0.25, 0.5, 0.75)
#: a cell of so many lines is believed as much as the wider cell beside it
SHRINK = 20
#: lower ends of the bands of quantity, in the product's own unit
BANDS = (0, 10, 50, 250)


class Guide(NamedTuple):
    """Quantiles of the discount in a cell.

    :ivar low, high: interval of the target at 95 %, None with too few lines for one
    """

    stretch: float
    target: float
    floor: float
    low: float
    high: float
    n: int


def discount(reference, net):
    """Share of the reference price that was given away; None without a reference.

    >>> discount(10, 9), discount(0, 9)
    (0.1, None)
    """
    return (reference - net) / reference if reference and reference > 0 else None


def band(quantity, edges=BANDS):
    """(from, below) of the band that a quantity falls into; below None: no upper end.

    >>> band(10), band(9.5), band(1000)
    ((10, 50), (0, 10), (250, None))
    """
    place = max(0, bisect_right(edges, quantity) - 1)
    return edges[place], edges[place + 1] if place + 1 < len(edges) else None


def quantile(ordered, level):
    """Quantile of sorted values by linear interpolation, as ``percentile_cont`` has it.

    >>> quantile([1, 2, 4], 0.75)
    3.0
    """
    place = level * (len(ordered) - 1)
    whole = floor(place)
    if whole + 1 >= len(ordered):
        return float(ordered[-1])
    return ordered[whole] + (place - whole) * (ordered[whole + 1] - ordered[whole])


def quantile_ranks(n, level, confidence=0.95):
    """Places (from 0) of the sorted values between which a quantile lies.

    Distribution-free: as many values are below the quantile as a binomial count. The narrowest
    symmetrical pair whose probability is at least the confidence; source: W. J. Conover:
    Practical Nonparametric Statistics (3rd ed., 1999), 3.2.

    :return: (low, high), None where so few values give no such interval

    >>> quantile_ranks(10, 0.5), quantile_ranks(5, 0.5)
    ((1, 8), None)
    """
    tail = (1 - confidence) / 2
    below, low = 0.0, -1
    for count in range(n):
        below += _binomial(n, count, level)
        if below > tail:
            break
        low = count
    above, high = 0.0, n
    for count in range(n, -1, -1):
        above += _binomial(n, count, level)
        if above > tail:
            break
        high = count - 1
    return (low, high) if low >= 0 and high < n else None


def _binomial(n, k, p):
    if n < 60:
        return comb(n, k) * p**k * (1 - p) ** (n - k)
    logs = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(logs + k * log(p) + (n - k) * log1p(-p))


def guide(discounts, levels=LEVELS):
    """The advice of a cell. :param discounts: one per line, None left out"""
    ordered = sorted(value for value in discounts if value is not None)
    if not ordered:
        return None
    ranks = quantile_ranks(len(ordered), levels[1])
    low, high = (ordered[ranks[0]], ordered[ranks[1]]) if ranks else (None, None)
    return Guide(*(quantile(ordered, level) for level in levels), low, high, len(ordered))


def shrink(own, wider, weight=SHRINK):
    """Pull the advice of a small cell towards that of the wider one it lies in.

    The mean of both, weighted by the lines of the cell and ``weight``: with as many lines both
    count half. Order is kept: stretch ≤ target ≤ floor.

    >>> shrink(Guide(0, .1, .2, None, None, 20), Guide(.1, .2, .3, 0, 1, 500)).target.__round__(3)
    0.15
    """
    if own is None or wider is None:
        return own or wider
    share = own.n / (own.n + weight)
    pulled = (share * a + (1 - share) * b for a, b in zip(own[:3], wider[:3], strict=True))
    return Guide(*pulled, own.low, own.high, own.n)


def cap_at_cost(own, reference, cost, margin=0.0):
    """No discount of the advice leads below cost and minimum margin.

    :param cost: None or 0: unknown, nothing changes

    >>> cap_at_cost(Guide(0.1, 0.2, 0.3, None, None, 9), 100, 67.5, 0.1)[:3]
    (0.1, 0.2, 0.25)
    """
    if not cost or not reference or reference <= 0:
        return own
    most = 1 - cost / (1 - margin) / reference
    return own._replace(**{name: min(getattr(own, name), most) for name in own._fields[:3]})


def light(given, target, most):
    """Is a discount usual? ``good`` up to the target, ``fair`` up to the floor, else ``low``.

    Compared to a tenth of a per cent, as it is told.

    >>> light(0.1, 0.1, 0.2), light(0.15, 0.1, 0.2), light(0.201, 0.1, 0.2)
    ('good', 'fair', 'low')
    """
    beyond = sum(round(given, 3) > round(share, 3) for share in (target, most))
    return ("good", "fair", "low")[beyond]


def lowest_price(reference, discount_floor, cost=None, margin=0.0):
    """The lowest advisable price: the floor, but never below cost and minimum margin.

    :param float margin: least margin, as a share of the price
    :return: price, None without a reference

    >>> lowest_price(100, 0.3), lowest_price(100, 0.3, cost=72, margin=0.1)
    (70.0, 80.0)
    """
    if not reference or reference <= 0:
        return None
    price = reference * (1 - discount_floor)
    return price if cost is None else max(price, cost / (1 - margin))
