"""Shares of two groups: intervals of their difference and of their ratio, and tests.

>>> [round(x, 4) for x in newcombe(56, 70, 48, 80)]
[0.2, 0.0524, 0.3339]
>>> round(fisher(3, 1, 1, 3), 4)
0.4857
"""

from math import erfc, exp, inf, lgamma, sqrt
from statistics import NormalDist

from .lift import wilson

#: where fewer than this are expected in a cell, the exact test decides
LEAST_EXPECTED = 5


def z_value(confidence):
    """How many standard deviations a two-sided interval reaches.

    :raise ValueError: a confidence that isn't between 0 and 1
    """
    if not 0 < confidence < 1:
        raise ValueError("confidence lies between 0 and 1")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson_interval(successes, n, confidence=0.95):
    """Wilson's score interval of a share at any confidence.

    :return: (low, high), both None where there is nobody

    >>> wilson_interval(0, 0)
    (None, None)
    """
    _check(successes, n)
    if not n:
        return None, None
    low, high = wilson(successes, n, z_value(confidence))
    return (0.0 if not successes else low), (1.0 if successes == n else high)


def newcombe(successes_a, n_a, successes_b, n_b, confidence=0.95):
    """Difference of two independent shares, a − b, with its interval.

    Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873, method 10 (Wilson's intervals
    of the two, put together), without continuity correction.

    :return: (difference, low, high) as shares; all None where a group is empty
    :raise ValueError: counts that can't be

    >>> newcombe(0, 0, 3, 9)
    (None, None, None)
    """
    low_a, high_a = wilson_interval(successes_a, n_a, confidence)
    low_b, high_b = wilson_interval(successes_b, n_b, confidence)
    if not n_a or not n_b:
        return None, None, None
    a, b = successes_a / n_a, successes_b / n_b
    below = sqrt((a - low_a) ** 2 + (high_b - b) ** 2)
    above = sqrt((high_a - a) ** 2 + (b - low_b) ** 2)
    return a - b, a - b - below, a - b + above


def rate_ratio(successes_a, n_a, successes_b, n_b, confidence=0.95):
    """Ratio of two independent shares, a / b, with its score interval.

    The interval holds the ratios that the score test does not reject, so that it never
    contradicts the test's verdict. Source: P. A. R. Koopman, Biometrics 40 (1984) 513.

    :return: (ratio, low, high); ``high`` is infinite where b has none, the ratio None where it
        is undefined

    >>> [round(x, 2) for x in rate_ratio(36, 40, 16, 80)]
    [4.5, 2.94, 7.15]
    """
    _check(successes_a, n_a)
    _check(successes_b, n_b)
    if not n_a or not n_b or not (successes_a or successes_b):
        return None, None, None
    counts = successes_a, n_a, successes_b, n_b
    limit = z_value(confidence) ** 2
    ratio = successes_a / n_a / (successes_b / n_b) if successes_b else inf
    low = _bound(counts, limit, ratio, 0.5) if successes_a else 0.0
    high = _bound(counts, limit, ratio, 2) if successes_b else inf
    return (ratio if successes_b else None), low, high


def _bound(counts, limit, ratio, factor):
    """The ratio, away from the estimate in one direction, at which the statistic is ``limit``."""
    near = ratio if 0 < ratio < inf else _start(counts)
    far = near * factor
    while _koopman(counts, far) < limit:
        far *= factor
    for _step in range(100):
        middle = sqrt(near * far)
        near, far = (middle, far) if _koopman(counts, middle) < limit else (near, middle)
    return sqrt(near * far)


def _start(counts):
    """A ratio inside of the interval where one of the groups has none."""
    x, m, y, n = counts
    return (x + 0.5) / (m + 0.5) / ((y + 0.5) / (n + 0.5))


def _koopman(counts, ratio):
    """Chi-square of the two shares against the likeliest ones that stand in this ratio."""
    x, m, y, n = counts
    a = ratio * (m + n)
    b = ratio * (m + y) + x + n
    p = (b - sqrt(max(0, b * b - 4 * a * (x + y)))) / (2 * (m + n))
    q = p / ratio
    statistic = 0.0
    for count, size, share in ((x, m, p), (y, n, q)):
        variance = size * share * (1 - share)
        if variance <= 0:
            if abs(count - size * share) > 1e-9:
                return inf
            continue
        statistic += (count - size * share) ** 2 / variance
    return statistic


def fisher(a, b, c, d):
    """Fisher's exact test of a table of two rows, to both sides.

    :param int a, b: with and without, of the first group; c, d: of the second
    :return: probability of a table at most as likely, were there no difference

    >>> fisher(0, 0, 3, 4)
    1.0
    """
    _check(a, a + b)
    _check(c, c + d)
    first, second, column = a + b, c + d, a + c
    least, most = max(0, column - second), min(first, column)
    logs = [_ways(first, k) + _ways(second, column - k) for k in range(least, most + 1)]
    top = max(logs)
    weights = [exp(one - top) for one in logs]
    bar = weights[a - least] * (1 + 1e-7)  # equal ones differ in the last digits
    return min(1.0, sum(one for one in weights if one <= bar) / sum(weights))


def _ways(n, k):
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def score_p(a, b, c, d):
    """Score test of two shares (chi-square without correction), to both sides.

    :return: probability of a difference at least as great, were there none

    >>> round(score_p(40, 60, 20, 80), 5), score_p(0, 10, 0, 10)
    (0.00203, 1.0)
    """
    n, spread = a + b + c + d, (a + b) * (c + d) * (a + c) * (b + d)
    return erfc(abs(a * d - b * c) * sqrt(n / spread / 2)) if spread else 1.0


def difference_p(a, b, c, d):
    """Score test where enough is expected in each cell, otherwise Fisher's.

    :return: (p, 'score' or 'fisher')

    >>> difference_p(40, 60, 20, 80)[1], difference_p(3, 27, 0, 30)[1]
    ('score', 'fisher')
    """
    rows, columns, n = (a + b, c + d), (a + c, b + d), a + b + c + d
    if n and min(rows) * min(columns) >= LEAST_EXPECTED * n:
        return score_p(a, b, c, d), "score"
    return fisher(a, b, c, d), "fisher"


def _check(successes, n):
    if not 0 <= successes <= n:
        raise ValueError("successes lie between 0 and the size of the group")
