"""Logistic regression by Newton's method, held near a prior where there is little to learn."""

import numpy as np

STEPS = 25
TOLERANCE = 1e-6


def fit(columns, happened, prior, strength=5.0):
    """Most likely weights under a normal prior (variance 1 / strength; none on the constant).

    :param columns: float[n, k]
    :param happened: bool[n]
    :param prior: k weights
    :return: list of k + 1 weights, the constant first
    """
    columns = np.column_stack([np.ones(len(columns)), columns])
    prior = np.r_[0.0, prior]
    # a little on the constant as well: without a case on one side it would run away
    penalty = np.r_[0.01, np.full(len(prior) - 1, strength)]
    weights = prior.copy()
    weights[0] = -3.0
    for _step in range(STEPS):
        chance = sigmoid(columns @ weights)
        slope = columns.T @ (happened - chance) - penalty * (weights - prior)
        bend = (columns * (chance * (1 - chance))[:, None]).T @ columns + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights += step * min(1.0, 2.0 / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < TOLERANCE:
            break
    return [round(float(weight), 6) for weight in weights]


def chance(columns, weights):
    """:return: float[n], probability for each row of columns under weights of :func:`fit`"""
    return sigmoid(weights[0] + columns @ np.asarray(weights[1:]))


def sigmoid(values):
    """:return: 1 / (1 + e^−x) without overflow"""
    return 0.5 * (1 + np.tanh(np.asarray(values, dtype=float) / 2))
