"""Relative dates such as ``today -30d``, counted from a given day instead of from the clock.

The host resolves the same texts itself, but knows only now: a rule that is evaluated for a
past day needs that day.

>>> from datetime import date
>>> resolve("today -30d", date(2024, 3, 1))
datetime.date(2024, 1, 31)
>>> resolve("today =1d -1m", date(2024, 3, 15))
datetime.date(2024, 2, 1)
"""

import re
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

_UNITS = {
    "d": "days", "w": "weeks", "m": "months", "y": "years",
    "H": "hours", "M": "minutes", "S": "seconds",
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RELATIVE = re.compile(r"(today|now)?(\s*[-+=]([-+]?\d+[dwmyHMS]|[a-z_]+))*")


def is_relative(value):
    """Whether a value is a text that means a day counted from today.

    >>> is_relative("-90d"), is_relative("today"), is_relative("2024-01-31"), is_relative("")
    (True, True, False, False)
    """
    return isinstance(value, str) and bool(value.strip() and _RELATIVE.fullmatch(value.strip()))


def resolve(text, day, week_start=0):
    """The date that ``text`` means on ``day``; a datetime unless it starts with ``today``.

    :param int week_start: first day of the week, 0 for Monday
    :raises ValueError: if a term can't be read
    """
    terms = text.split()
    moment = day if terms[0] == "today" else datetime.combine(day, time())
    for term in terms[terms[0] in ("today", "now") :]:
        moment = _apply(moment, term, week_start)
    return moment


def _apply(moment, term, week_start):
    operator, name = term[0], term[1:]
    if name in (*_WEEKDAYS, "week_start"):
        return moment + timedelta(_days_to(moment.weekday(), operator, name, week_start))
    unit = _UNITS.get(term[-1])
    if operator not in "+-=" or not unit:
        raise ValueError(term)
    if operator != "=":
        return moment + relativedelta(**{unit: int(term[:-1])})
    if isinstance(moment, datetime):
        below = {"hours": {"minute": 0, "second": 0}, "minutes": {"second": 0}, "seconds": {}}
        moment = moment.replace(**below.get(unit, {"hour": 0, "minute": 0, "second": 0}))
    return moment + relativedelta(**{unit.removesuffix("s"): int(term[1:-1])})


def _days_to(today, operator, name, week_start):
    """Days to a weekday: of this week (=), the next one (+) or the last one (-)."""
    wanted = week_start if name == "week_start" else _WEEKDAYS.index(name)
    days = (wanted - week_start) % 7 - (today - week_start) % 7
    if operator == "+" and days < 0:
        return days + 7
    if operator == "-" and days > 0:
        return days - 7
    return days
