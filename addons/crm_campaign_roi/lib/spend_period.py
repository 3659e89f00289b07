"""The period that a report says it is about, and costs of a period spread over its days."""

import datetime
import re
from decimal import Decimal

from odoo.addons.crm_segments.lib.tabular_values import MONTHS
from odoo.addons.crm_segments.lib.tabular_values import day as read_day

_FIGURES = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_NAMED = re.compile(r"(\d{1,2})\.?\s+([^\W\d_]{3,})\.?,?\s+(\d{4})")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2}),?\s+(\d{4})")
_LABELLED = re.compile(r"(report|period|период|zeitraum|отч[её]т)", re.I)
#: days of a period that is believed
LONGEST = 3660


def days_in(text, order="dmy"):
    """Days named in a line of a preamble, in their sequence.

    >>> days_in("October 1, 2025 - October 31, 2025")
    [datetime.date(2025, 10, 1), datetime.date(2025, 10, 31)]
    >>> days_in("Период с 01.10.2025 по 31.10.2025")
    [datetime.date(2025, 10, 1), datetime.date(2025, 10, 31)]
    >>> days_in("1 октября 2025 г. - 31 октября 2025 г.")
    [datetime.date(2025, 10, 1), datetime.date(2025, 10, 31)]

    :param str order: 'dmy' or 'mdy', for figures that don't begin with the year
    :return: list of datetime.date
    """
    found = []
    for match in _FIGURES.finditer(text):
        found.append(
            (match.start(), _quiet(read_day, match[0], "dmy" if "." in match[0] else order))
        )
    for match in _NAMED.finditer(text):
        found.append((match.start(), _quiet(_date, match[3], match[2], match[1])))
    for match in _NAMED_FIRST.finditer(text):
        found.append((match.start(), _quiet(_date, match[3], match[1], match[2])))
    days = [one for _at, one in sorted((x for x in found if x[1]), key=lambda x: x[0])]
    return days


def _date(year, month, monthday):
    return datetime.date(int(year), MONTHS.get(month[:3].lower(), 0), int(monthday))


def _quiet(read, *arguments):
    try:
        return read(*arguments)
    except ValueError:
        return None


def period(lines, order="dmy"):
    """First and last day that the lines before the header say, or None.

    A line with two days says it by itself; 'Report Start' and 'Report End' together.
    """
    starts = []
    for text in lines:
        days = days_in(text, order)
        if len(days) >= 2 and days[0] <= days[1]:
            return days[0], days[1]
        if len(days) == 1 and re.search(r"start|end|from|to\b|начал|конец|оконч", text, re.I):
            starts += days
    if len(starts) == 2 and starts[0] <= starts[1]:
        return starts[0], starts[1]
    return None


def spread(amount, first, last, digits=2):
    """Share an amount evenly over days; up to each day its share of the whole, rounded.

    >>> february, march = datetime.date(2025, 2, 27), datetime.date(2025, 3, 1)
    >>> [str(part) for _day, part in spread(10, february, march)]
    ['3.33', '3.34', '3.33']

    :return: list of (date, Decimal), adding up to the amount
    """
    count = (last - first).days + 1
    amount, unit = Decimal(amount), Decimal(1).scaleb(-digits)
    done, parts = Decimal(0), []
    for number in range(1, count + 1):
        until = (amount * number / count).quantize(unit) if number < count else amount
        parts.append((first + datetime.timedelta(number - 1), until - done))
        done = until
    return parts
