"""What an audience can show: the smallest effect that it would see, known before the launch."""

from math import sqrt
from statistics import NormalDist

from ...crm_segments.lib.experiment import sample_size

POWER, ALPHA = 0.8, 0.05
#: shares of the hold-out that are tried, the smallest first
SHARES = tuple(part / 100 for part in (5, 10, 15, 20, 25, 30, 35, 40, 45, 50))


def detectable_rate(size, base_rate, control_share):
    """Smallest rise of a rate that is seen with a probability of 80 %.

    :param int size: customers in all arms
    :param float base_rate: rate without the campaign
    :return: difference as a share (0.02 = two points), None where none can be seen

    >>> round(detectable_rate(712, 0.6, 0.5), 1)
    0.1
    """
    if size < 2 or not 0 < control_share < 1:
        return None
    low, high = 0.0, 1.0 - base_rate

    def enough(effect):
        return sample_size(base_rate, effect, POWER, ALPHA, control_share) <= size

    if high <= 0 or not enough(high):
        return None
    for _step in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def detectable_mean(deviation, treated, control):
    """Smallest difference of means that is seen with a probability of 80 %.

    Source: J. Cohen: Statistical Power Analysis (2nd ed., 1988), formula 2.3.2, with the normal
    in place of Student's distribution.

    :param float deviation: standard deviation of a customer's value
    :return: difference in the unit of the deviation, None where there is nobody

    >>> round(detectable_mean(100, 500, 500), 2)
    17.72
    """
    if not treated or not control or not deviation:
        return None
    normal = NormalDist()
    reach = normal.inv_cdf(1 - ALPHA / 2) + normal.inv_cdf(POWER)
    return reach * deviation * sqrt(1 / treated + 1 / control)


def share_for(size, base_rate, effect):
    """Smallest share of the hold-out with which an effect is seen.

    :param float effect: wanted minimum detectable effect, as a share
    :return: (share, customers needed); the share is 0.5 where not even that is enough
    """
    base = min(max(base_rate, 0.0), 1.0)
    effect = min(effect, 1.0 - base)
    needed = None
    for share in SHARES:
        needed = sample_size(base, effect, POWER, ALPHA, share)
        if needed <= size:
            return share, needed
    return SHARES[-1], needed
