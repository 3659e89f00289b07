"""Student's t distribution, by the incomplete beta function.

>>> round(two_sided(2.0, 10), 4), round(quantile(0.95, 99), 3)
(0.0734, 1.984)
"""

from math import exp, inf, isinf, lgamma, log, log1p

_TINY = 1e-300


def two_sided(t, df):
    """Probability of a value at least as far from zero as ``t``.

    :param float t: the statistic
    :param float df: degrees of freedom, above 0

    >>> two_sided(0, 3)
    1.0
    """
    if isinf(t):
        return 0.0
    return incomplete_beta(df / 2, 0.5, df / (df + t * t))


def quantile(level, df):
    """The ``t`` that a value stays within, to both sides, with probability ``level``."""
    low, high = 0.0, 1.0
    while two_sided(high, df) > 1 - level:
        high *= 2
    for _step in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if two_sided(middle, df) > 1 - level else (low, middle)
    return (low + high) / 2


def incomplete_beta(a, b, x):
    """Regularised incomplete beta function.

    Source: the continued fraction 26.5.8 of Abramowitz, Stegun: Handbook of Mathematical
    Functions (1964), evaluated by W. J. Lentz, Applied Optics 15 (1976) 668.

    >>> round(incomplete_beta(1, 1, 0.25), 12)
    0.25
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    return front / _fraction(a, b, x)


def _fraction(a, b, x):
    """1 + d1/(1 + d2/(1 + …)) by Lentz's method."""
    value, up, down, last = 1.0, 1.0, 0.0, inf
    for step in range(1, 1000):
        half = step // 2
        if step % 2:
            term = -(a + half) * (a + b + half) * x / ((a + step - 1) * (a + step))
        else:
            term = half * (b - half) * x / ((a + step - 1) * (a + step))
        down = 1 / _nonzero(1 + term * down)
        up = _nonzero(1 + term / up)
        value *= up * down
        if abs(value - last) < 1e-15 * abs(value):
            break
        last = value
    return value


def _nonzero(value):
    return value if abs(value) > _TINY else _TINY
