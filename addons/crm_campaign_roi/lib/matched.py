"""Matched comparison on the pre-period: who was addressed against customers alike who were not.

Weaker than an experiment: whoever was chosen may differ in what nobody has recorded. Customers are
alike in their stratum (how much, how often and how lately they bought before), and only how much
their sales *changed* is compared (difference in differences). Source: J. D. Angrist, J.-S. Pischke:
Mostly Harmless Econometrics (2009), 3.3.1 (matching) and 5.2 (differences).
"""

from math import sqrt
from typing import NamedTuple

#: fewer addressed customers than this, or a smaller part of them with somebody alike, tell nothing
LEAST_TREATED, LEAST_MATCHED = 30, 0.5
#: a stratum needs so many of each
LEAST_IN_STRATUM = 2
Z = 1.959963984540054


class Stratum(NamedTuple):
    """Customers alike, by sums of how much their sales changed.

    :ivar int treated, control: customers who were addressed, and who were not
    :ivar float treated_sum, treated_squares, control_sum, control_squares: of the change
    """

    treated: int
    treated_sum: float
    treated_squares: float
    control: int
    control_sum: float
    control_squares: float


class Matched(NamedTuple):
    """:ivar str state: ``known`` or ``few``

    :ivar int treated: addressed customers that have somebody alike; of ``addressed`` all
    :ivar list total: [estimate, low, high] of what all of these changed more than those alike
    """

    state: str
    addressed: int
    treated: int
    total: list | None


def compare(strata):
    """Effect on the addressed, as a sum over them with its 95 % interval.

    :param strata: iterable of Stratum
    :return: Matched

    >>> found = compare([Stratum(50, 500.0, 10000.0, 50, 0.0, 5000.0)])
    >>> found.state, [round(x, 1) for x in found.total]
    ('known', [500.0, 302.0, 698.0])
    """
    strata = list(strata)
    addressed = sum(one.treated for one in strata)
    used = [one for one in strata if min(one.treated, one.control) >= LEAST_IN_STRATUM]
    treated = sum(one.treated for one in used)
    if treated < LEAST_TREATED or treated < LEAST_MATCHED * addressed:
        return Matched("few", addressed, treated, None)
    total, variance = 0.0, 0.0
    for one in used:
        mean_t, var_t = _moments(one.treated, one.treated_sum, one.treated_squares)
        mean_c, var_c = _moments(one.control, one.control_sum, one.control_squares)
        total += one.treated * (mean_t - mean_c)
        variance += one.treated**2 * (var_t / one.treated + var_c / one.control)
    reach = Z * sqrt(variance)
    return Matched("known", addressed, treated, [total, total - reach, total + reach])


def _moments(n, total, squares):
    mean = total / n
    return mean, max(0.0, (squares - n * mean * mean) / (n - 1))
