"""When a step is due, and whom the contact cap holds back.

>>> import datetime
>>> step_day(datetime.date(2026, 1, 31), 1, "months")
datetime.date(2026, 2, 28)
>>> held_back([7, 8, 7], {7: 2, 8: 3}, cap=3)
[False, True, True]
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

#: steps that reach the customer, so that the contact cap counts
CONTACTS = ("activity", "email", "prepare")


def step_day(base, count, unit):
    """The day of a step.

    :param date base: the day that the delays count from
    :param int count: how many ``unit``; below 0 counts as 0
    :param str unit: ``days``, ``weeks`` or ``months``
    """
    return base + relativedelta(**{unit: max(count, 0)})


def next_day(step, base, today):
    """The day on which a step is looked at next, None after the last step.

    A wait for a condition is looked at every day from the start, any other step when its delay
    is over; a step whose day is past is due today.

    :param dict step: ``kind``, ``delay``, ``unit``, ``condition``; None after the last one
    """
    if step is None:
        return None
    if step["kind"] == "wait" and step.get("condition"):
        return today
    return max(step_day(base, step["delay"], step["unit"]), today)


def held_back(keys, contacts, cap):
    """Who has had so many contacts that the next one has to wait.

    Contacts that are let through count for those behind in the same row.

    :param keys: customers in the order of service; None is nobody known, never held back
    :param dict contacts: customer → contacts of the last 30 days
    :param int cap: most contacts, 0 for no cap
    :return: list of bool
    """
    counts, held = dict(contacts), []
    for key in keys:
        full = bool(cap and key is not None and counts.get(key, 0) >= cap)
        held.append(full)
        if not full:
            counts[key] = counts.get(key, 0) + 1
    return held


def shifted(day, since, today):
    """A day moved by as long as a pause lasted; None stays None.

    >>> from datetime import date
    >>> shifted(date(2026, 3, 10), date(2026, 3, 1), date(2026, 3, 5))
    datetime.date(2026, 3, 14)
    """
    if day is None or since is None:
        return day
    return day + max(today - since, timedelta())
