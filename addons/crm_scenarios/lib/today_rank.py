"""The order of the list 'Today': money that depends on acting, and nobody forgotten.

>>> rank([Line("a", 10, 0), Line("b", 500, 0), Line("c", 1, 40)], limit=2)
['b', 'c']
"""

from dataclasses import dataclass

#: of ten lines, so many are kept for those who have waited beyond the interval
KEPT = 0.3


@dataclass
class Line:
    """Something to do: its key, the money that depends on it, days waited beyond the interval.

    ``money`` may be None (not known or not for this user): such lines come after the others.
    """

    key: object
    money: float | None
    overdue: int = 0
    urgent: bool = False  # promised to the customer: a meeting today, an unanswered message
    priority: int = 0  # of the customer's segment, decides where as much money depends on it


def rank(lines, limit):
    """Keys of the lines to show, best first.

    Urgent ones lead. Of the places that are left a part is kept for the customers who have waited
    longest beyond their interval, whatever money depends on them.

    :param lines: list of :class:`Line`
    :param int limit: most lines
    """
    urgent = sorted((one for one in lines if one.urgent), key=_by_money)[:limit]
    others = sorted((one for one in lines if not one.urgent), key=_by_money)
    places = limit - len(urgent)
    first = others[:places]
    waiting = sorted((one for one in others[places:] if one.overdue > 0), key=_by_wait)
    kept = min(int(places * KEPT + 0.5), len(waiting))
    shown_waiting = [one for one in first if one.overdue > 0]
    kept = max(0, kept - len(shown_waiting))
    chosen = first[: places - kept] if kept else first
    return [one.key for one in [*urgent, *chosen, *waiting[:kept]]]


def _by_money(line):
    return (line.money is None, -(line.money or 0), -line.priority, -line.overdue, str(line.key))


def _by_wait(line):
    return (-line.overdue, str(line.key))


def money_at_stake(amount, share):
    """Money that depends on acting: ``share`` of ``amount``; None where it is not known.

    >>> money_at_stake(2000, 0.1), money_at_stake(None, 0.1)
    (200.0, None)
    """
    return None if amount is None else max(float(amount), 0.0) * share
