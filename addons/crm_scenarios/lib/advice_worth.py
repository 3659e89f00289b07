"""What following the advice of a month was worth, added up over scenarios.

>>> found = add_up([(100, 5.0, 4.0, 100, 3.0, 4.0)])
>>> [round(x, 1) for x in (found["worth"], found["low"], found["high"])]
[200.0, 144.6, 255.4]
"""

from math import sqrt

_Z = 1.959963984540054
#: fewer customers than this in an arm say nothing
LEAST = 30


def add_up(arms):
    """Money that the treated customers brought more than the hold-out would have.

    Each scenario counts its treated customers times the difference of the means; the variances
    add up, the scenarios being drawn independently. Scenarios with less than ``LEAST`` customers
    in an arm are left out, and counted in ``few``.

    :param arms: (treated, mean, variance, held out, mean, variance) per scenario
    :return: dict ``customers`` (treated, of those compared), ``worth``, ``low``, ``high`` (None
        where nothing is compared), ``few``
    """
    worth = variance = 0.0
    customers = few = 0
    for treated, mean, spread, control, other, other_spread in arms:
        if min(treated, control) < LEAST:
            few += treated
            continue
        customers += treated
        worth += treated * (mean - other)
        variance += treated**2 * (spread / treated + other_spread / control)
    if not customers:
        return {"customers": 0, "worth": None, "low": None, "high": None, "few": few}
    reach = _Z * sqrt(variance)
    return {
        "customers": customers, "worth": worth, "low": worth - reach, "high": worth + reach,
        "few": few,
    }  # fmt: skip
