"""Numbers and dates as people and programs write them.

>>> number("1 234,50 €", ",")
Decimal('1234.50')
>>> number("(12.5)", ".")
Decimal('-12.5')
>>> day("03.02.2011", "dmy")
datetime.date(2011, 2, 3)
>>> day("2/3/2011 14:05", "mdy")
datetime.date(2011, 2, 3)
"""

import datetime
import re
from decimal import Decimal

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan янв",
            "feb фев",
            "mar мар",
            "apr апр",
            "may мая май",
            "jun июн",
            "jul июл",
            "aug авг",
            "sep сен",
            "oct окт",
            "nov ноя",
            "dec дек",
        ),
        start=1,
    )
    for name in names.split()
}
ORDERS = ("dmy", "mdy")  # a year that comes first speaks for itself
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_EXCEL_DAYS = range(10000, 80000)  # 1927 to 2119
_YEARS = range(1900, 2200)
_JUNK = re.compile(
    r"[\s\u00a0\u202f\u2009'’$€£¥₽]|руб\.?|р\.$"
    r"|^[A-Za-z]{3}(?=\s?[-(\d])|(?<=\d)\s?[A-Za-z]{3}$"
)
_PLAIN = re.compile(r"-?\d{1,18}(\.\d{1,12})?")
_EXPONENT = re.compile(r"-?\d(\.\d{1,17})?[eE][+-]?\d{1,2}")
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d{1,12})?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?:[ T].*|Z)?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ]\s?(\d{1,2})[-/. ]\s?(\d{4}|\d{2})(?:[ ,T].*| ?г\.?)?")
_NAMED = re.compile(r"(\d{1,2})[-/. ]?([^\W\d_]{3,})[-/., ]*(\d{4}|\d{2})(?:[ ,T].*)?")
_NAMED_FIRST = re.compile(r"([^\W\d_]{3,})\.? (\d{1,2}),? (\d{4})(?:[ ,T].*)?")
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")


def shown(cell):
    """A cell as text for people: a day without the midnight that a spreadsheet adds.

    >>> shown(datetime.datetime(2024, 1, 31)), shown(datetime.datetime(2024, 1, 31, 9, 5)), shown(5)
    ('2024-01-31', '2024-01-31 09:05:00', '5')
    """
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        cell = cell.date()
    return str(cell)


def number(value, decimal="."):
    """Read a number.

    :param value: str, int, float, Decimal or None
    :param str decimal: the decimal mark, ``.`` or ``,``; the other one groups thousands
    :return: Decimal, or None for an empty cell
    :raise ValueError: not a number
    """
    if value is None or value == "":
        return None
    if isinstance(value, (bool, datetime.date)):
        raise ValueError(value)
    text = str(value) if isinstance(value, (int, float, Decimal)) else _bare(value, decimal)
    if _PLAIN.fullmatch(text) or _EXPONENT.fullmatch(text):
        return Decimal(text)
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if not str(value).strip():
        return None
    raise ValueError(value)


def _bare(text, decimal):
    """:return: the number without currency, spaces and brackets, ``.`` as decimal mark"""
    text = _JUNK.sub("", text.strip()).replace("−", "-")
    if decimal == ",":
        text = text.translate({44: ".", 46: ","})
    if text[:1] == "(" and text[-1:] == ")":
        text = "-" + text[1:-1]
    elif text[-1:] == "-":
        text = "-" + text[:-1]
    return text.removeprefix("+")


def sniff_decimal(samples, default="."):
    """Tell the decimal mark from samples of number columns.

    :param samples: iterable of cells; ``1,234`` alone proves nothing
    :param str default: the answer where nothing is proved
    :return: ``.`` or ``,``
    """
    votes = {".": 0, ",": 0}
    for text in samples:
        if isinstance(text, str) and (mark := _decimal_mark(_JUNK.sub("", text.strip()))):
            votes[mark] += 1
    return default if votes["."] == votes[","] else max(votes, key=votes.get)


def _decimal_mark(text):
    """:return: the mark that this number proves, or None"""
    dot, comma = text.rfind("."), text.rfind(",")
    if dot < 0 and comma < 0 or _AMBIGUOUS.fullmatch(text):
        return None
    last = "." if dot > comma else ","
    if text.count(last) > 1:  # 1.234.567: it groups thousands
        return "," if last == "." else "."
    return last


def day(value, order="dmy"):
    """Read a date; the time of day is dropped.

    :param value: str, datetime, date, or the serial number of a spreadsheet's day
    :param str order: ``dmy`` or ``mdy``, for dates that don't begin with the year
    :return: datetime.date
    :raise ValueError: not a date
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, (int, float)) and int(value) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + datetime.timedelta(days=int(value))
    return _checked(*_parts(str(value or "").strip(), order))


def _parts(text, order):
    """:return: year, month, day as written; ValueError if no shape fits"""
    if match := _YEAR_FIRST.fullmatch(text):
        return match.groups()
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = match.groups()
        return (year, second, first) if order == "dmy" else (year, first, second)
    if match := _NAMED.fullmatch(text):
        return match[3], _month(match[2]), match[1]
    if match := _NAMED_FIRST.fullmatch(text):
        return match[3], _month(match[1]), match[2]
    raise ValueError(text)


def _month(name):
    return MONTHS.get(name[:3].lower(), 0)


def _checked(year, month, monthday):
    short, year = len(year) == 2, int(year)
    if short:
        year += 2000 if year < 70 else 1900
    if year not in _YEARS:
        raise ValueError(year)
    return datetime.date(year, int(month), int(monthday))


def is_year_last(text):
    """:return: whether this is a date in figures of which day or month comes first"""
    return isinstance(text, str) and bool(_YEAR_LAST.fullmatch(text.strip()))


def sniff_order(samples):
    """Tell day-first from month-first.

    :param samples: iterable of cells of the date column; ends reading at the first proof
    :return: ``dmy``, ``mdy``, or None where nothing is proved (or nothing is needed)
    """
    for text in samples:
        if isinstance(text, str) and (match := _YEAR_LAST.fullmatch(text.strip())):
            first, second = int(match[1]), int(match[2])
            if (first > 12) != (second > 12):
                return "dmy" if first > 12 else "mdy"
    return None
