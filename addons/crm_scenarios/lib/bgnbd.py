"""BG/NBD: how many purchases to expect of a customer, and whether they are still one.

While alive, a customer buys at random at a rate of their own (rates vary as a Gamma with shape
``r`` and rate ``alpha``); after each purchase they may leave for good, with a probability of
their own (a Beta with ``a`` and ``b``). What is known of a customer is how often they bought
again, when last, and since when: ``x``, ``t_x``, ``T``.

Source: P. Fader, B. Hardie, K. L. Lee (2005), "'Counting Your Customers' the Easy Way: An
Alternative to the Pareto/NBD Model", Marketing Science 24(2), 275-284. Numbers of formulas below
are those of that article.

How to use::

    fit = bgnbd.fit(*combinations)              # (x, t_x, T, number of customers)
    bgnbd.expected_purchases(fit.model, 52, x, t_x, T)
    bgnbd.alive_probability(fit.model, x, t_x, T)

All times are in one unit, weeks here. Arrays are of equal length; ``x`` counts days with a
purchase after the first one, ``t_x`` is the time from the first to the last purchase (0 without
a repeat), ``T`` that from the first purchase to the day of the fit.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaincinv, gammaln, hyp2f1, psi

#: logarithms of the parameters, times in units of the mean age, stay within these
BOUNDS = (-9.0, 9.0)
#: (r, alpha, a, b) to start from, times in units of the mean age
STARTS = ((0.5, 0.5, 0.5, 2.0), (1.0, 1.0, 1.0, 5.0), (2.0, 1.0, 0.2, 2.0), (0.3, 0.1, 1.0, 3.0))
#: rows on which the starts are tried; the best one goes on with all
SAMPLE = 20_000
#: distance kept from where a formula is 0/0 although its limit is finite
_APART = 1e-6


class Model(NamedTuple):
    """The parameters; ``alpha`` in the unit of the times, the others without unit."""

    r: float
    alpha: float
    a: float
    b: float


class Fit(NamedTuple):
    """What a fit gives: ``log_likelihood`` is of all customers together."""

    model: Model
    log_likelihood: float
    converged: bool


def combinations(x, t_x, T):
    """Count equal customers: the likelihood needs each combination once.

    :return: arrays (x, t_x, T, count)
    """
    rows = np.column_stack([np.asarray(one, dtype=float) for one in (x, t_x, T)])
    rows, count = np.unique(rows, axis=0, return_counts=True)
    return (*rows.T, count)


def log_likelihood(model, x, t_x, T):
    """Logarithm of the likelihood of each customer, formula (6), by sums of logarithms.

    :return: array
    """
    return _Likelihood(x, t_x, T).each(*model)[0]


class _Likelihood:
    """The likelihood of fixed customers: what depends on ``x`` alone is computed once per ``x``."""

    def __init__(self, x, t_x, T):
        self.x, self.t_x, self.T = (np.asarray(one, dtype=float) for one in (x, t_x, T))
        self.repeated = self.x > 0
        self.values, self.where = np.unique(self.x, return_inverse=True)

    def each(self, r, alpha, a, b):
        """:return: (log-likelihood, log of the part that is alive, log of the one that left)"""
        n = self.values
        common = gammaln(r + n) - gammaln(r) + r * np.log(alpha)
        common += gammaln(a + b) + gammaln(b + n) - gammaln(b) - gammaln(a + b + n)
        stayed = -(r + self.x) * np.log(alpha + self.T)
        ended = np.where(
            self.repeated,
            np.log(a)
            - np.log(np.where(self.repeated, b + self.x - 1, 1))
            - (r + self.x) * np.log(alpha + self.t_x),
            -np.inf,
        )
        both = np.logaddexp(stayed, ended)
        return common[self.where] + both, stayed - both, ended - both

    def total(self, logs, weights):
        """:return: (log-likelihood of all, its gradient by the logarithms of the parameters)"""
        r, alpha, a, b = np.exp(logs)
        each, stayed, ended = self.each(r, alpha, a, b)
        alive, gone = np.exp(stayed) * weights, np.exp(ended) * weights
        n = self.values
        count = np.bincount(self.where, weights=weights)
        past = self.x / (alpha + self.T), self.x / (alpha + self.t_x)
        of_r = count @ (psi(r + n) - psi(r) + np.log(alpha))
        of_r -= alive @ np.log(alpha + self.T) + gone @ np.log(alpha + self.t_x)
        of_alpha = count.sum() * r / alpha
        of_alpha -= alive @ (r / (alpha + self.T) + past[0])
        of_alpha -= gone @ (r / (alpha + self.t_x) + past[1])
        of_a = count @ (psi(a + b) - psi(a + b + n)) + gone.sum() / a
        of_b = count @ (psi(a + b) + psi(b + n) - psi(b) - psi(a + b + n))
        of_b -= gone @ (1 / np.where(self.repeated, b + self.x - 1, 1))
        gradient = np.array([of_r, of_alpha, of_a, of_b]) * np.exp(logs)
        return weights @ each, gradient


def fit(x, t_x, T, count=None):
    """Find the parameters of the greatest likelihood, from several starts.

    :param count: how many customers each row stands for, one by default
    :return: Fit
    :raises ValueError: without customers, or with times that don't fit together
    """
    x, t_x, T = (np.asarray(one, dtype=float) for one in (x, t_x, T))
    weights = np.ones(len(x)) if count is None else np.asarray(count, dtype=float)
    _check(x, t_x, T)
    unit = float(weights @ T / weights.sum()) or 1.0
    rows = x, t_x / unit, T / unit, weights
    some = [one[:: 1 + len(x) // SAMPLE] for one in rows]
    nearest = min((_descend(some, np.log(one)) for one in STARTS), key=lambda one: one.fun)
    # along a and b the likelihood may be nearly flat: the usual tolerance stops too early
    best = _descend(rows, nearest.x, ftol=1e-12, gtol=1e-7, maxiter=2000)
    r, alpha, a, b = (float(one) for one in np.exp(best.x))
    # a density over times: another unit adds a constant per repeat purchase
    value = -best.fun * weights.sum() - weights @ x * np.log(unit)
    free = np.abs(best.x) < -BOUNDS[0] - 1e-9
    converged = bool((np.abs(best.jac[free]) < 1e-4).all())
    return Fit(Model(r, alpha * unit, a, b), float(value), converged)


def _descend(rows, start, **options):
    """Minimise the mean negative log-likelihood from the logarithms of some parameters."""
    *known, weights = rows
    likelihood, customers = _Likelihood(*known), weights.sum()

    def loss(logs):
        value, gradient = likelihood.total(logs, weights)
        return -value / customers, -gradient / customers

    bounds = [BOUNDS] * 4
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)


def _check(x, t_x, T):
    if not len(x):
        raise ValueError("no customers")
    if (x < 0).any() or (t_x < 0).any() or (t_x > T).any() or ((x == 0) & (t_x > 0)).any():
        raise ValueError("a customer needs x >= 0, 0 <= t_x <= T, and t_x = 0 where x = 0")


def alive_probability(model, x, t_x, T):
    """Probability that a customer has not left, given the past.

    Source: Fader, Hardie (2008), "Computing P(alive) Using the BG/NBD Model". A customer who
    never bought again is alive by the model's assumption: leaving follows a repeat purchase.

    :return: array of 0 … 1
    """
    x, t_x, T = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in (x, t_x, T)))
    _each, stayed, _ended = _Likelihood(x.ravel(), t_x.ravel(), T.ravel()).each(*model)
    return np.exp(stayed).reshape(x.shape)


def expected_purchases(model, t, x=0, t_x=0, T=0):
    """Days with a purchase to expect in the next ``t``, given the past: formula (10).

    Without a past (the defaults) it is what a new customer will do: formula (9). The
    hypergeometric function is transformed by Euler's formula, ``F(A, B; C; z) = (1 - z)**(C-A-B)
    F(C-A, C-B; C; z)``: parameters grow with the number of purchases otherwise, and overflow.

    :param t: time ahead, a number or an array
    :return: array
    """
    r, alpha, a, b = model
    t, x, T = (np.asarray(one, dtype=float) for one in (t, x, T))
    # the limits at a = 1, and at a + b = 1 without repeats, are finite: step aside
    a = 1 + _APART if abs(a - 1) < _APART else a
    b = b + 2 * _APART if abs(a + b - 1) < _APART else b
    age, c = alpha + T, a + b + x - 1
    with np.errstate(all="ignore"):  # what overflows is integrated instead
        series = hyp2f1(c - r - x, a - 1, c, t / (age + t))
        bought = c / (a - 1) * (1 - (age / (age + t)) ** (a - 1) * series)
    return _repaired(bought, r + x, a, b + x, t / age) * alive_probability(model, x, t_x, T)


def _repaired(bought, shape, a, b, ahead):
    """Integrate where the hypergeometric function of scipy fails: very large parameters.

    No living customer is expected to buy more often than without leaving, ``shape * ahead``.
    """
    bought, shape, b, ahead = np.broadcast_arrays(bought, shape, b, ahead)
    wrong = ~np.isfinite(bought) | (bought < 0) | (bought > shape * ahead * (1 + 1e-6))
    if not wrong.any():
        return bought
    bought = bought.copy()
    rows = zip(shape[wrong], b[wrong], ahead[wrong], strict=True)
    bought[wrong] = [_integrated(one, a, of_staying, time) for one, of_staying, time in rows]
    return bought


def _integrated(shape, a, b, ahead):
    """The mean of ``(1 - (1 + p * ahead)**-shape) / p`` over p of a Beta, by its quantiles."""
    p = betaincinv(a, b, _NODES)
    some = np.where(p > 0, p, 1)
    bought = np.where(p > 0, -np.expm1(-shape * np.log1p(p * ahead)) / some, shape * ahead)
    return _WEIGHTS @ bought


def _graded_nodes():
    """Nodes and weights on 0 … 1, denser to both ends: quantiles run steeply there."""
    small = np.logspace(-12, np.log10(0.5), 20)
    edges = np.unique(np.concatenate([[0, 1], small, 1 - small]))
    node, weight = np.polynomial.legendre.leggauss(16)
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    return (middle[:, None] + half[:, None] * node).ravel(), (half[:, None] * weight).ravel()


_NODES, _WEIGHTS = _graded_nodes()


def weeks_to_next(model, x, T):
    """Time to the next purchase of a customer who is alive: one over the expected rate.

    The rate of a living customer is Gamma with ``r + x`` and ``alpha + T``, whose mean is
    ``(r + x) / (alpha + T)``.

    :return: array, in the unit of the times
    """
    return (model.alpha + np.asarray(T, dtype=float)) / (model.r + np.asarray(x, dtype=float))
