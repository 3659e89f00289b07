"""Customers who behave exactly as a model says: what a fit has to find again."""

import numpy as np


def bgnbd_histories(rng, customers, model, weeks, ahead=0):
    """Simulate customers who start at random in the first part of a period.

    :param model: (r, alpha, a, b)
    :param float weeks: length of the period, ``ahead`` what is watched after it
    :return: dict of arrays x, t_x, T, later
    """
    r, alpha, a, b = model
    rate = rng.gamma(r, 1 / alpha, customers)
    leaves = rng.beta(a, b, customers)
    T = weeks - rng.uniform(0, weeks * 0.7, customers)
    x, t_x, later = (np.zeros(customers) for _one in range(3))
    now, here = np.zeros(customers), np.arange(customers)
    while len(here):
        now[here] += rng.exponential(1 / rate[here])
        here = here[now[here] <= T[here] + ahead]
        seen = here[now[here] <= T[here]]
        x[seen] += 1
        t_x[seen] = now[seen]
        later[here[now[here] > T[here]]] += 1
        here = here[rng.random(len(here)) >= leaves[here]]
    return {"x": x, "t_x": t_x, "T": T, "later": later}


def gamma_gamma_means(rng, n, model):
    """Simulate the mean money of customers with ``n`` purchases each.

    :param model: (p, q, v)
    """
    p, q, v = model
    rate = rng.gamma(q, 1 / v, len(n))
    return rng.gamma(p * n) / rate / n
