"""Month-ends: the days for which the past is computed."""

from datetime import date, timedelta


def month_end(day):
    """The last day of the month of ``day``.

    >>> month_end(date(2024, 2, 10)), month_end(date(2023, 12, 31))
    (datetime.date(2024, 2, 29), datetime.date(2023, 12, 31))
    """
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)


def month_ends(before, months):
    """The last ``months`` month-ends before a day, oldest first.

    >>> [str(one) for one in month_ends(date(2024, 3, 31), 3)]
    ['2023-12-31', '2024-01-31', '2024-02-29']
    >>> [str(one) for one in month_ends(date(2024, 4, 1), 1)]
    ['2024-03-31']
    """
    ends, day = [], before
    for _month in range(months):
        day = day.replace(day=1) - timedelta(days=1)
        ends.append(day)
    return ends[::-1]
