"""Upper tail of the chi-square distribution, by the incomplete gamma function.

>>> round(upper_tail(3.841458820694124, 1), 6)
0.05
"""

from math import exp, lgamma, log

_TINY = 1e-300


def upper_tail(value, df):
    """Probability of a chi-square of at least ``value``.

    :param float value: the statistic
    :param int df: degrees of freedom, above 0

    >>> upper_tail(0, 3)
    1.0
    """
    if value <= 0:
        return 1.0
    a, x = df / 2, value / 2
    return 1 - _series(a, x) if x < a + 1 else _fraction(a, x)


def _front(a, x):
    return exp(a * log(x) - x - lgamma(a))


def _series(a, x):
    """Lower part; source: Abramowitz, Stegun: Handbook of Mathematical Functions (1964), 6.5.29."""
    term = total = 1 / a
    step = a
    while term > total * 1e-16:
        step += 1
        term *= x / step
        total += term
    return total * _front(a, x)


def _fraction(a, x):
    """Upper part; source: the continued fraction 6.5.31 of the same, by Lentz's method."""
    b = x + 1 - a
    up, down = 1 / _TINY, 1 / b
    value = down
    for step in range(1, 1000):
        term = -step * (step - a)
        b += 2
        down = 1 / ((term * down + b) or _TINY)
        up = (b + term / up) or _TINY
        value *= up * down
        if abs(up * down - 1) < 1e-15:
            break
    return value * _front(a, x)
