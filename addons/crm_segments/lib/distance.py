"""How far a figure is from its limit, and when a date reaches it by itself.

>>> gap(">=", 7700, 10000)
2300
>>> from datetime import date
>>> first_day("<", date(2026, 3, 1), [("days", -90)])
datetime.date(2026, 5, 31)
"""

import math
import re
from datetime import timedelta

from dateutil.relativedelta import relativedelta

_UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_TERM = re.compile(r"([+-])(\d+)([dwmy])")


def gap(operator, value, limit, step=1):
    """What has to be added to ``value`` so that it satisfies the condition.

    :param step: the least difference between two values, such as 1 or 0.01
    :return: number, negative where the value is too high; None where no sum helps

    >>> gap(">", 3, 3), gap("<", 3, 3), gap("<=", 5, 3), gap("=", 1, 4)
    (1, -1, -2, 3)
    >>> gap("!=", 1, 1) is None
    True
    """
    if operator in (">=", "<=", "="):
        return limit - value
    if operator in (">", "<"):
        return limit - value + (step if operator == ">" else -step)
    return None


def relative(text):
    """Offsets of a relative date as the domain editor writes it; None for other texts.

    >>> relative("-90d"), relative("today +1m"), relative("today")
    ([('days', -90)], [('months', 1)], [])
    >>> relative("=1d"), relative("2026-01-01")
    (None, None)
    """
    if not isinstance(text, str):
        return None
    terms = text.split()
    if terms and terms[0] in ("today", "now"):
        terms = terms[1:]
    found = [_TERM.fullmatch(term) for term in terms]
    if not text.split() or not all(found):
        return None
    return [(_UNITS[term[3]], int(term[1] + term[2])) for term in found]


def shifted(day, offsets):
    """The day moved by the offsets, one after the other.

    >>> from datetime import date
    >>> shifted(date(2026, 3, 31), [("months", -1), ("days", 1)])
    datetime.date(2026, 3, 1)
    """
    for unit, number in offsets:
        day += relativedelta(**{unit: number})
    return day


def first_day(operator, value, offsets):
    """The first day on which ``value < day + offsets`` (or ``<=``) holds.

    >>> from datetime import date
    >>> first_day("<=", date(2026, 3, 1), [])
    datetime.date(2026, 3, 1)
    >>> first_day("<", date(2026, 1, 31), [("months", -1)])
    datetime.date(2026, 3, 1)
    """
    guess = shifted(value, [(unit, -number) for unit, number in offsets])
    for days in range(-6, 7):
        day = guess + timedelta(days)
        limit = shifted(day, offsets)
        if value < limit or (operator == "<=" and value == limit):
            return day
    return None


def last_day(operator, value, offsets):
    """The last day on which ``value > day + offsets`` (or ``>=``) holds.

    >>> from datetime import date
    >>> last_day(">", date(2026, 3, 1), [("days", -90)])
    datetime.date(2026, 5, 29)
    """
    end = first_day({">": "<=", ">=": "<"}[operator], value, offsets)
    return end and end - timedelta(1)


def last_day_in_year(day):
    """The last day on which ``day`` counts in the figures of twelve months.

    >>> from datetime import date
    >>> last_day_in_year(date(2026, 3, 15))
    datetime.date(2027, 3, 14)
    """
    return first_day("<=", day, [("years", -1)]) - timedelta(1)


def purchases(amount, average):
    """How many purchases of the usual size make up the amount; None if unknown.

    >>> purchases(2300, 1200), purchases(2400, 1200), purchases(5, 0) is None
    (2, 2, True)
    """
    return math.ceil(amount / average - 1e-9) if average and average > 0 else None


def rounded_up(value):
    """The number rounded up to two significant digits.

    What follows from other customers' figures is told no more exactly than that.

    >>> rounded_up(2301), rounded_up(0.37), rounded_up(99.5), rounded_up(0)
    (2400, 0.37, 100, 0)
    """
    if value <= 0:
        return 0
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    found = round(math.ceil(round(value / unit, 6)) * unit, 6)
    return int(found) if found == int(found) else found


def worse_needed(buyers, score):
    """How many buyers have to be strictly worse for a score, of ``buyers`` in all.

    >>> worse_needed(10, 5), worse_needed(10, 1), worse_needed(7, 3)
    (8, 0, 3)
    """
    return -(-(score - 1) * buyers // 5)


def pareto_reach(others, cutoff):
    """The least figure whose share before it lies below ``cutoff`` % (the bound itself excluded).

    :param others: positive figures of all other customers

    >>> pareto_reach([60, 40], 50), pareto_reach([60, 40], 80), pareto_reach([], 80)
    (40, 25.0, 0)
    """
    total = sum(others)
    best = None
    for start in {0, *others}:
        before = sum(value for value in others if value > start)
        larger = min((value for value in others if value > start), default=None)
        found = max(start, 100 * before / cutoff - total)
        if (larger is None or found < larger) and (best is None or found < best):
            best = found
    return best


def nearest(code, codes):
    """The code that differs least in its digits; better scores first among equals.

    >>> nearest("335", ["555", "345", "111"]), nearest("335", ["335"])
    ('345', '335')
    """

    def far(other):
        steps = [int(there) - int(here) for here, there in zip(code, other, strict=True)]
        return sum(map(abs, steps)), -sum(steps), other

    return min(codes, key=far, default=None)
