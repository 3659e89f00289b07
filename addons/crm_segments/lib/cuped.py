"""Variance of an outcome reduced by what was known before the start (CUPED).

What a customer did before says much of what it does after, and nothing of the treatment: taken
away, the intervals become narrower and the estimate stays unbiased. Source: A. Deng, Y. Xu,
R. Kohavi, T. Walker, WSDM 2013, 123.

>>> before, after = [1, 2, 3, 4], [2, 4, 6, 9]
>>> found = cuped({"one": Moments.of(after, before)})
>>> round(found.theta, 2), round(found.kept, 4)
(2.3, 0.0112)
"""

from typing import NamedTuple


class Moments(NamedTuple):
    """What is known of a group: sizes, means, variances of the sample (n − 1).

    :ivar pre_mean, pre_variance: of the values before the start
    :ivar covariance: of both
    """

    n: int
    mean: float
    variance: float
    pre_mean: float = 0.0
    pre_variance: float = 0.0
    covariance: float = 0.0

    @classmethod
    def of(cls, values, before=None):
        """:param values: one per customer, zeros included; before: in the same order, or None"""
        before = values if before is None else before
        return cls.of_sums(
            len(values), sum(values), sum(v * v for v in values), sum(before),
            sum(b * b for b in before), sum(v * b for v, b in zip(values, before, strict=True)),
        )  # fmt: skip

    @classmethod
    def of_sums(cls, n, total, squares, pre_total=0, pre_squares=0, products=0):
        """From sums, as one GROUP BY gives them.

        >>> Moments.of_sums(2, 4.0, 10.0)[:3]
        (2, 2.0, 2.0)
        """
        if not n:
            return cls(0, 0.0, 0.0)
        mean, pre = total / n, pre_total / n
        free = max(n - 1, 1)
        return cls(
            n, mean, max(0.0, (squares - n * mean * mean) / free), pre,
            max(0.0, (pre_squares - n * pre * pre) / free), (products - n * mean * pre) / free,
        )  # fmt: skip


class Adjusted(NamedTuple):
    """:ivar dict groups: name → Moments with the mean and the variance that remain

    :ivar float theta: how much of the difference before is taken away, 0 where it tells nothing
    :ivar float kept: share of the variance that remains, 1 = nothing gained
    """

    groups: dict
    theta: float
    kept: float


def cuped(groups):
    """Take away from each group's mean what its time before explains.

    Theta is that of all groups together, within the groups, so that an effect is no part of it.

    :param dict groups: name → Moments
    :return: Adjusted
    """
    weights = {name: max(one.n - 1, 0) for name, one in groups.items()}
    spread = sum(weights[name] * one.pre_variance for name, one in groups.items())
    shared = sum(weights[name] * one.covariance for name, one in groups.items())
    theta = shared / spread if spread else 0.0
    n = sum(one.n for one in groups.values())
    centre = sum(one.n * one.pre_mean for one in groups.values()) / n if n else 0.0
    found = {name: _adjusted(one, theta, centre) for name, one in groups.items()}
    raw = sum(weights[name] * one.variance for name, one in groups.items())
    left = sum(weights[name] * one.variance for name, one in found.items())
    return Adjusted(found, theta, left / raw if raw else 1.0)


def _adjusted(one, theta, centre):
    variance = one.variance - 2 * theta * one.covariance + theta * theta * one.pre_variance
    return one._replace(
        mean=one.mean - theta * (one.pre_mean - centre), variance=max(0.0, variance)
    )
