"""Gamma-Gamma: what a customer spends on a day with a purchase.

The money of a purchase varies around the customer's own mean as a Gamma with shape ``p``; the
rates of customers vary as a Gamma with shape ``q`` and rate ``v``. A customer with few purchases is
drawn to the mean of all, one with many keeps their own. What a customer spends must not go with
how often they buy: :func:`correlation` tells.

Source: P. Fader, B. Hardie (2013), "The Gamma-Gamma Model of Monetary Value",
http://www.brucehardie.com/notes/025/. ``n`` is the number of days with a purchase, ``mean`` the
mean money of such a day, positive, in any currency.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, psi

#: logarithms of p, q - 1 and v, money in units of its median, stay within these
BOUNDS = (-7.0, 9.0)
#: (p, q - 1, v) to start from
STARTS = ((2.0, 1.0, 1.0), (6.0, 3.0, 4.0), (1.0, 10.0, 10.0))
#: customers on which the starts are tried; the best one goes on with all
SAMPLE = 20_000


class Model(NamedTuple):
    """The parameters; ``v`` in the unit of money. ``q`` > 1: else all together have no mean."""

    p: float
    q: float
    v: float


class Fit(NamedTuple):
    """What a fit gives: ``log_likelihood`` is of all customers together."""

    model: Model
    log_likelihood: float
    converged: bool


def log_likelihood(model, n, mean):
    """Logarithm of the density of each customer's mean, formula (1a) of the note.

    :return: array
    """
    p, q, v = model
    n, mean = np.asarray(n, dtype=float), np.asarray(mean, dtype=float)
    return (
        gammaln(p * n + q)
        - gammaln(p * n)
        - gammaln(q)
        + q * np.log(v)
        + (p * n - 1) * np.log(mean)
        + p * n * np.log(n)
        - (p * n + q) * np.log(v + n * mean)
    )


def fit(n, mean):
    """Find the parameters of the greatest likelihood, from several starts.

    :return: Fit
    :raises ValueError: without customers, or with money that is not positive
    """
    n, mean = np.asarray(n, dtype=float), np.asarray(mean, dtype=float)
    if not len(n) or (n < 1).any() or (mean <= 0).any():
        raise ValueError("a customer needs a purchase and a positive mean")
    unit = float(np.median(mean))
    step = 1 + len(n) // SAMPLE
    some = _loss(n[::step], mean[::step] / unit)
    nearest = min((_descend(some, np.log(one)) for one in STARTS), key=lambda one: one.fun)
    best = _descend(_loss(n, mean / unit), nearest.x)
    p, above, v = (float(one) for one in np.exp(best.x))
    # a density over money: another unit adds a constant per customer
    value = -best.fun * len(n) - len(n) * np.log(unit)
    return Fit(Model(p, 1 + above, v * unit), float(value), bool(best.success))


def _descend(loss, start):
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[BOUNDS] * 3)


def _loss(n, mean):
    """:return: function of the logarithms of (p, q - 1, v) → (mean loss, its gradient)"""
    sizes, where = np.unique(n, return_inverse=True)
    log_mean, total = np.log(mean), n * mean

    def loss(logs):
        p, above, v = np.exp(logs)
        q = 1 + above
        log_all = np.log(v + total)
        value = log_likelihood((p, q, v), n, mean).mean()
        of_sizes = psi(p * sizes + q)
        of_p = n * ((of_sizes - psi(p * sizes))[where] + log_mean + np.log(n) - log_all)
        of_q = of_sizes[where] - psi(q) + np.log(v) - log_all
        of_v = q / v - (p * n + q) / (v + total)
        gradient = np.array([of_p.mean() * p, of_q.mean() * above, of_v.mean() * v])
        return -value, -gradient

    return loss


def expected_money(model, n, mean):
    """Money to expect of a day with a purchase: formula (5) of the note.

    A weighted mean of that of all, ``p v / (q - 1)``, and the customer's own.

    :return: array, in the unit of money
    """
    p, q, v = model
    n, mean = np.asarray(n, dtype=float), np.asarray(mean, dtype=float)
    return p * (v + n * mean) / (p * n + q - 1)


def correlation(n, mean):
    """Rank correlation between how often customers buy and what they spend, of repeaters.

    Ranks, because one giant must not decide.

    :return: float of -1 … 1; 0 where there is nothing to correlate
    """
    n, mean = np.asarray(n, dtype=float), np.asarray(mean, dtype=float)
    n, mean = n[n > 1], mean[n > 1]
    if len(n) < 2 or np.ptp(n) == 0 or np.ptp(mean) == 0:
        return 0.0
    from scipy.stats import spearmanr

    return float(spearmanr(n, mean).statistic)
