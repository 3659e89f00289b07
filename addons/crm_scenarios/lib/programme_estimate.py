"""Three-point estimates: the mean by PERT, and draws of its distribution."""

import numpy as np


def mean(low, likely, high):
    """Expected value of a three-point estimate, in its unit.

    (low + 4 · likely + high) / 6; Malcolm et al., "Application of a Technique for Research and
    Development Program Evaluation", 1959.
    """
    return (low + 4 * likely + high) / 6


def draws(estimate, size, seed):
    """Draw values of an estimate; the same seed gives the same values.

    Beta distribution between the extremes with the PERT mean: shapes 1 + 4 (m − a) / (b − a) and
    1 + 4 (b − m) / (b − a); Vose, "Risk Analysis", 2008, ch. 4.

    :param estimate: (low, likely, high), low ≤ likely ≤ high
    :param size: how many
    :param seed: int or list of ints: an estimate of its own seed doesn't change with others
    :return: array of ``size``
    """
    low, likely, high = estimate
    if high <= low:
        return np.full(size, float(likely))
    span = high - low
    shapes = 1 + 4 * (likely - low) / span, 1 + 4 * (high - likely) / span
    return low + span * np.random.default_rng(seed).beta(*shapes, size)
