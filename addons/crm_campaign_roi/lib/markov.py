"""Credit by removal effect: how much less would convert if a channel led nowhere.

Paths make a Markov chain: the states are the last ``order`` channels of a path, with a start, and
two absorbing ends, conversion and nothing. The probability of conversion is solved exactly. The
removal effect of a channel is the share of it that is lost when every path that reaches the
channel ends in nothing; credit is shared in proportion to the effects.

Source: Anderl, Becker, von Wangenheim, Schumann (2016), Mapping the customer journey, IJRM 33.
What converts is summed per last state, so the value of a path needs no chain of its own.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

ORDERS = (1, 2, 3)


class Path(NamedTuple):
    """One sequence of channels and what came of it."""

    channels: tuple
    conversions: float = 1.0
    value: float = 0.0
    nulls: float = 0.0


class Result(NamedTuple):
    """What the chain says.

    :ivar rate: probability of conversion
    :ivar effects: channel → [lost share of conversions, lost share of value]
    :ivar credits: channel → [conversions, value], adding up to those of the paths
    """

    rate: float
    effects: dict
    credits: dict


def attribute(paths, order=1, nulls=True):
    """Solve the chain of some paths.

    :param paths: iterable of Path
    :param int order: how many last channels a state remembers, see ``ORDERS``
    :param bool nulls: whether paths that led to nothing count
    :return: Result
    :raise ValueError: another order, or an empty path
    """
    if order not in ORDERS:
        raise ValueError(order)
    chain = _Chain(order)
    totals = np.zeros(2)
    for path in paths:
        chain.add(path, path.nulls if nulls else 0.0)
        totals += path.conversions, path.value
    full = chain.solve()
    effects = {
        channel: [float(1 - part / whole) if whole else 0.0
                  for part, whole in zip(chain.solve(channel), full, strict=True)]
        for channel in chain.channels
    }  # fmt: skip
    return Result(float(full[0]), effects, _credits(effects, totals))


def _credits(effects, totals):
    """:return: channel → the totals shared in proportion to the effects"""
    sums = [sum(effect[i] for effect in effects.values()) for i in (0, 1)]
    return {
        channel: [
            float(effect[i] / sums[i] * totals[i]) if sums[i] else 0.0 for i in (0, 1)
        ]
        for channel, effect in effects.items()
    }  # fmt: skip


class _Chain:
    """Transitions counted from paths."""

    def __init__(self, order):
        self._order = order
        self._states = {(): 0}  # the start is the state that remembers nothing
        self._moves = defaultdict(float)  # (state, state) → weight
        self._visits = defaultdict(float)  # state → weight
        self._ends = defaultdict(lambda: np.zeros(2))  # state → conversions, value
        self.channels = {}  # in the order of their first appearance

    def add(self, path, nulls):
        """Count one path."""
        if not path.channels:
            raise ValueError("an empty path")
        for channel in path.channels:
            self.channels.setdefault(channel)
        weight = path.conversions + nulls
        if not weight:
            return
        state, remembered = 0, ()
        for channel in path.channels:
            remembered = (*remembered, channel)[-self._order :]
            following = self._states.setdefault(remembered, len(self._states))
            self._moves[state, following] += weight
            self._visits[state] += weight
            state = following
        self._visits[state] += weight
        self._ends[state] += path.conversions, path.value

    def solve(self, without=None):
        """Expected conversions and value of a path that starts.

        :param without: a channel that leads to nothing, None for none
        :return: array of two
        """
        size = len(self._states)
        lost = self._reached_by(without)
        ends = np.zeros((size, 2))
        for state, reached in self._ends.items():
            if state not in lost:
                ends[state] = reached / self._visits[state]
        # (I - T) x = ends: what a path is worth from each state on; that of the start is asked
        system = sparse.identity(size, format="csc") - self._transitions(lost, size)
        return np.atleast_2d(spsolve(system, ends))[0] if size > 1 else np.zeros(2)

    def _reached_by(self, channel):
        """:return: set of the states that a path enters with this channel"""
        if channel is None:
            return set()
        return {at for key, at in self._states.items() if key and key[-1] == channel}

    def _transitions(self, lost, size):
        kept = [
            (one, other, weight / self._visits[one])
            for (one, other), weight in self._moves.items()
            if one not in lost and other not in lost
        ]
        rows, columns, values = zip(*kept, strict=True) if kept else ((), (), ())
        return sparse.csc_matrix((values, (rows, columns)), shape=(size, size))
