"""Statistics of experiments: who is held out, how many are needed, what came out.

How to use, in this order: :func:`sample_size` before the start, :func:`assign` at entry,
:func:`sample_ratio_p` before reading anything, then :func:`newcombe` for rates, :func:`welch`
for money per customer with zeros included, and :func:`cuped` where the time before is known.
Of several comparisons :func:`benjamini_hochberg` limits the false discoveries.

>>> sample_size(0.6, 0.1, control_share=0.5)
712
>>> [round(x, 3) for x in welch(20, 16, 10, 18, 9, 15)]
[2, -1.151, 5.151]
"""

from collections import defaultdict
from hashlib import blake2b
from math import ceil, floor, sqrt
from statistics import NormalDist

from .chi_square import upper_tail
from .cuped import Moments, cuped
from .proportions import fisher, newcombe, rate_ratio, wilson_interval, z_value
from .student import quantile
from .worth_pairs import adjusted

__all__ = [
    "SAMPLE_RATIO_STOP", "Moments", "assign", "benjamini_hochberg", "cuped", "fisher", "newcombe",
    "rate_ratio", "sample_ratio_p", "sample_size", "welch", "wilson_interval",
]  # fmt: skip

#: groups whose sizes are less likely than this were not drawn as planned: nothing is read
SAMPLE_RATIO_STOP = 0.001


def welch(mean_a, variance_a, n_a, mean_b, variance_b, n_b, confidence=0.95):
    """Difference of two means, a − b, with its interval for unequal variances.

    Source: B. L. Welch, Biometrika 34 (1947) 28; degrees of freedom by F. E. Satterthwaite.

    :param float variance_a, variance_b: of the sample (divided by n − 1)
    :return: (difference, low, high); the limits are None where the spread isn't known (fewer
        than two in a group, or all values the same), all None where a group is empty

    >>> welch(3.0, 0, 1, 1.0, 2.0, 9)
    (2.0, None, None)
    """
    if not n_a or not n_b:
        return None, None, None
    difference = mean_a - mean_b
    parts = [(variance_a or 0) / n_a, (variance_b or 0) / n_b]
    if min(n_a, n_b) < 2 or not sum(parts):
        return difference, None, None
    df = sum(parts) ** 2 / (parts[0] ** 2 / (n_a - 1) + parts[1] ** 2 / (n_b - 1))
    reach = quantile(confidence, df) * sqrt(sum(parts))
    return difference, difference - reach, difference + reach


def sample_ratio_p(counts, shares):
    """Probability that groups drawn in these shares differ at least so much in size.

    Chi-square test of goodness of fit; below ``SAMPLE_RATIO_STOP`` the assignment is broken.

    :param counts: customers found per group
    :param shares: planned shares (or weights) in the same order
    :raise ValueError: no two groups, or a share that isn't above 0

    >>> round(sample_ratio_p([450, 550], [0.5, 0.5]), 6)
    0.001565
    """
    if len(counts) != len(shares) or len(counts) < 2 or min(shares) <= 0:
        raise ValueError("two groups or more, each with a share above 0")
    total, whole = sum(counts), sum(shares)
    if not total:
        return 1.0
    expected = [total * share / whole for share in shares]
    statistic = sum((c - e) ** 2 / e for c, e in zip(counts, expected, strict=True))
    return upper_tail(statistic, len(counts) - 1)


def benjamini_hochberg(values):
    """Probabilities of tests, adjusted so that they limit the share of false discoveries.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]), benjamini_hochberg([1e-30])
    ([0.03, 0.04, 0.04], [1e-30])
    """
    # what is compared is rounded there; it is never less than what it comes from
    return [max(pair) for pair in zip(adjusted(values), values, strict=True)]


def sample_size(base_rate, effect, power=0.8, alpha=0.05, control_share=0.5):
    """Customers needed in both groups together to see a difference of rates.

    Source: J. L. Fleiss, B. Levin, M. C. Paik: Statistical Methods for Rates and Proportions
    (3rd ed., 2003), formulas 4.14 and 4.18 without continuity correction.

    :param float base_rate: rate of the control
    :param float effect: difference to be seen, in shares (0.02 = two points), below 0 for less
    :param float power: probability to see it
    :param float alpha: probability of a false alarm, to both sides
    :param float control_share: share of the customers that is held out
    :return: int
    :raise ValueError: a rate or share that can't be, or no effect
    """
    treated = base_rate + effect
    if not effect or not all(0 <= rate <= 1 for rate in (base_rate, treated)):
        raise ValueError("an effect other than 0, and rates between 0 and 1")
    if not all(0 < share < 1 for share in (power, alpha, control_share)):
        raise ValueError("power, alpha and the share lie between 0 and 1")
    pooled = control_share * base_rate + (1 - control_share) * treated
    none = pooled * (1 - pooled) / (control_share * (1 - control_share))
    some = base_rate * (1 - base_rate) / control_share + treated * (1 - treated) / (
        1 - control_share
    )
    reach = z_value(1 - alpha) * sqrt(none) + NormalDist().inv_cdf(power) * sqrt(some)
    return max(2, ceil(round((reach / effect) ** 2, 9)))


def assign(keys, strata, control_share, seed):
    """Draw who is held out, at random within each stratum.

    Depends on the keys, their strata and the seed only: not on the order, the process or the
    day, so that an assignment can be audited. Each customer is held out with exactly the
    probability ``control_share``; of each stratum, and of all, the share is met within one.

    :param keys: one per customer, unlike each other (ids, or texts)
    :param strata: what a customer is alike in (segment, tier …), in the same order; may be None
    :param float control_share: from 0 (nobody) to 1 (everybody)
    :param seed: int or text
    :return: list of bool in the order of the keys: True = control, held out
    :raise ValueError: a key twice, or a share that can't be

    >>> assign(range(8), "aaaabbbb", 0.25, seed=7).count(True)
    2
    """
    keys = list(keys)
    strata = [None] * len(keys) if strata is None else list(strata)
    if not 0 <= control_share <= 1 or len(set(keys)) < len(keys) or len(keys) != len(strata):
        raise ValueError("keys once each with a stratum, and a share between 0 and 1")
    draws = [_digest(seed, key) for key in keys]
    groups = defaultdict(list)
    for place, stratum in enumerate(strata):
        groups[stratum].append(place)
    # one common start in [0, 1) for all strata, of those that are drawn together: single
    # customers who enter one after the other have each their own
    start = _digest(seed, *sorted(draws)) / 2**64
    flags, before = [False] * len(keys), 0
    for stratum in sorted(groups, key=repr):
        places = sorted(groups[stratum], key=lambda place: (draws[place], repr(keys[place])))
        after = before + len(places)
        held = floor(after * control_share + start) - floor(before * control_share + start)
        for place in places[:held]:
            flags[place] = True
        before = after
    return flags


def _digest(*parts):
    text = "\x1f".join(str(part) for part in parts).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest())
