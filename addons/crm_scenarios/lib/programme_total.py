"""What a programme costs and how long it takes, with its uncertainty."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from . import programme_estimate as estimate
from .programme_network import forward, in_order

DRAWS = 4000


@dataclass(frozen=True)
class Total:
    """Money of the one-off costs and hours until the end: expected, and what 50 % and 80 %
    of the draws stay within."""

    expected: float
    p50: float
    p80: float
    hours_p50: float
    hours_p80: float

    @property
    def contingency(self):
        """What has to lie ready beside the plan for it to suffice in 80 % of the cases."""
        return max(self.p80 - self.expected, 0.0)


def total(tasks, rates, purchases, seed, size=DRAWS):
    """Draw all estimates at once and read the quantiles.

    :param tasks: Tasks (``programme_network``)
    :param rates: key → money an hour of effort
    :param purchases: key → (low, likely, high) money paid once
    :param seed: int; each estimate's own stream is (seed, place): drawn alike each time
    :param size: number of draws
    :return: Total
    :raises CycleError: if tasks wait for each other
    """
    ordered = in_order(tasks)
    place = {task.key: number for number, task in enumerate(tasks)}
    efforts = {
        task.key: estimate.draws(task.effort, size, [seed, 0, place[task.key]]) for task in ordered
    }
    money = np.zeros(size)
    for key, effort in efforts.items():
        money += effort * rates.get(key, 0.0)
    for number, one in enumerate(purchases.values()):
        money += estimate.draws(one, size, [seed, 1, number])
    finishes = [finish for _start, finish in forward(ordered, efforts).values()]
    hours = reduce(np.maximum, finishes, np.zeros(size))
    expected = sum(estimate.mean(*task.effort) * rates.get(task.key, 0.0) for task in tasks)
    expected += sum(estimate.mean(*one) for one in purchases.values())
    p50, p80 = np.quantile(money, (0.5, 0.8))
    hours_p50, hours_p80 = np.quantile(hours, (0.5, 0.8))
    return Total(float(expected), float(p50), float(p80), float(hours_p50), float(hours_p80))
