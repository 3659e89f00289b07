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
    chain = Chain(order)
    for path in paths:
        chain.add(path, path.nulls if nulls else 0.0)
    return chain.result()


class Chain:
    """Transitions, counted from paths or beforehand.

    :param int order: how many last channels a state remembers
    """

    def __init__(self, order=1):
        if order not in ORDERS:
            raise ValueError(order)
        self._order = order
        self._states = {(): 0}  # the start is the state that remembers nothing
        self._moves = defaultdict(float)  # (state, state) → weight
        self._visits = defaultdict(float)  # state → weight
        self._ends = defaultdict(lambda: np.zeros(2))  # state → conversions, value
        self._channels = {}  # in the order of their first appearance
        self._totals = np.zeros(2)

    def add(self, path, nulls=0.0):
        """Count one path."""
        if not path.channels:
            raise ValueError("an empty path")
        weight, remembered = path.conversions + nulls, ()
        for channel in path.channels:
            remembered = self.move(remembered, channel, weight)
        self.end(remembered, path.conversions, path.value, nulls)

    def move(self, remembered, channel, weight):
        """Count steps to a channel.

        :param tuple remembered: the channels before, at most as many as a state remembers
        :return: the channels that the state after the step remembers
        """
        self._channels.setdefault(channel)
        after = (*remembered, channel)[-self._order :]
        state, following = self._state(remembered), self._state(after)
        self._moves[state, following] += weight
        self._visits[state] += weight
        return after

    def end(self, remembered, conversions, value, nulls=0.0):
        """Count paths that end in a state."""
        state = self._state(remembered)
        self._visits[state] += conversions + nulls
        self._ends[state] += conversions, value
        self._totals += conversions, value

    def result(self):
        """:return: Result of all that was counted"""
        full = self._solve()
        effects = {channel: _lost(self._solve(channel), full) for channel in self._channels}
        sums = np.sum([*effects.values(), [0, 0]], axis=0)
        factors = np.divide(self._totals, sums, out=np.zeros(2), where=sums > 0)
        credits = {channel: (effect * factors).tolist() for channel, effect in effects.items()}
        effects = {channel: effect.tolist() for channel, effect in effects.items()}
        return Result(float(full[0]), effects, credits)

    def _state(self, remembered):
        return self._states.setdefault(remembered, len(self._states))

    def _solve(self, without=None):
        """Expected conversions and value of a path that starts.

        :param without: a channel that leads to nothing, None for none
        :return: array of two
        """
        size = len(self._states)
        if size == 1:
            return np.zeros(2)
        lost = {at for key, at in self._states.items() if key and key[-1] == without}
        ends = np.zeros((size, 2))
        for state, reached in self._ends.items():
            if state not in lost and self._visits[state]:
                ends[state] = reached / self._visits[state]
        # (I - T) x = ends: what a path is worth from each state on; that of the start is asked
        system = sparse.identity(size, format="csc") - self._transitions(lost, size)
        return spsolve(system, ends)[0]

    def _transitions(self, lost, size):
        kept = [
            (one, other, weight / self._visits[one])
            for (one, other), weight in self._moves.items()
            if weight and one not in lost and other not in lost
        ]
        rows, columns, values = zip(*kept, strict=True) if kept else ((), (), ())
        return sparse.csc_matrix((values, (rows, columns)), shape=(size, size))


def _lost(part, full):
    """:return: array of the shares that are lost, 0 where there was nothing to lose"""
    return 1 - np.divide(part, full, out=np.ones(2), where=full > 0)
