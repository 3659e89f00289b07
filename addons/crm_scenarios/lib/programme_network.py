"""Critical path of a programme: steps, what they wait for, in hours of working time."""

from dataclasses import dataclass
from functools import reduce

import numpy as np


class CycleError(ValueError):
    """Steps wait for each other; ``path`` names them, the first again at the end."""

    def __init__(self, path):
        super().__init__(" → ".join(map(str, path)))
        self.path = path


@dataclass(frozen=True)
class Task:
    """A step: hours of effort (low, likely, high), by how many people, at least how long.

    ``lead`` is the least duration in hours (a delivery is waited for), ``lag`` hours wait after
    the last predecessor, ``earliest`` and ``begun`` hours since the start of the programme:
    not before, and known; ``ended`` is known too.
    """

    key: object
    effort: tuple = (0.0, 0.0, 0.0)
    people: float = 1.0
    lead: float = 0.0
    lag: float = 0.0
    earliest: float = 0.0
    before: tuple = ()
    begun: float | None = None
    ended: float | None = None

    def duration(self, effort):
        """Hours of working time that so much effort takes (number or array)."""
        return np.maximum(effort / (self.people or 1.0), self.lead)


@dataclass(frozen=True)
class Dates:
    """Hours since the start: earliest start and finish, and how much later would do."""

    start: float
    finish: float
    slack: float

    @property
    def critical(self):
        """Whether a delay delays the whole."""
        return self.slack < 1e-6


def in_order(tasks):
    """Tasks so that each comes after those that it waits for.

    :param tasks: Tasks; predecessors that aren't among them are passed over
    :raises CycleError: if some wait for each other
    """
    by_key = {task.key: task for task in tasks}
    done, open_path, result = set(), [], []

    def visit(key):
        if key in done or key not in by_key:
            return
        if key in open_path:
            raise CycleError([*open_path[open_path.index(key) :], key])
        open_path.append(key)
        for one in by_key[key].before:
            visit(one)
        open_path.pop()
        done.add(key)
        result.append(by_key[key])

    for task in tasks:
        visit(task.key)
    return result


def forward(tasks, efforts):
    """Earliest start and finish of each.

    :param tasks: Tasks in order
    :param efforts: key → hours of effort, number or array (one value a draw)
    :return: key → (start, finish), of the same shape
    """
    times = {}
    for task in tasks:
        before = [times[key][1] for key in task.before if key in times]
        # one by one: what is done has one finish, what isn't has one a draw
        ready = reduce(np.maximum, before) + task.lag if before else 0.0
        start = np.maximum(ready, task.earliest) if task.begun is None else task.begun
        finish = start + task.duration(efforts[task.key])
        times[task.key] = (start, finish if task.ended is None else np.maximum(task.ended, start))
    return times


def schedule(tasks, efforts):
    """Dates of each task and the critical path; Kelley and Walker, 1959.

    :param tasks: Tasks in any order
    :param efforts: key → hours of effort
    :return: (key → Dates, hours until the end)
    :raises CycleError: if some wait for each other
    """
    ordered = in_order(tasks)
    times = forward(ordered, efforts)
    end = max((finish for _start, finish in times.values()), default=0.0)
    latest = dict.fromkeys(times, end)
    for task in reversed(ordered):
        start, finish = times[task.key]
        latest_start = latest[task.key] - (finish - start)
        for key in task.before:
            if key in latest:
                latest[key] = min(latest[key], latest_start - task.lag)
    dates = {
        key: Dates(float(start), float(finish), float(latest[key] - finish))
        for key, (start, finish) in times.items()
    }
    return dates, float(end)
