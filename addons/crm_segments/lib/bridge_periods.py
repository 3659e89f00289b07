"""Periods that the revenue bridge offers; the twin of ``static/src/bridge/bridge_periods.js``."""

from dateutil.relativedelta import relativedelta


def presets(today):
    """Periods to compare by name, the days of both belong to them.

    ``year``: this year until today and the same days of the last one; ``months``: the twelve months
    that end today and the twelve before; ``quarter``: the last whole quarter and the one before.

    :param date today: the last day that is known
    :return: dict of name → (first day, last day, first day, last day)

    >>> from datetime import date
    >>> [str(day) for day in presets(date(2024, 2, 29))["months"]]
    ['2022-03-01', '2023-02-28', '2023-03-01', '2024-02-29']
    >>> [str(day) for day in presets(date(2024, 2, 29))["quarter"]]
    ['2023-07-01', '2023-09-30', '2023-10-01', '2023-12-31']
    """
    year, quarter, day = relativedelta(years=1), relativedelta(months=3), relativedelta(days=1)
    before, start = today - year, today - year + day
    this_quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    last = this_quarter - quarter
    return {
        "year": (before.replace(month=1, day=1), before, today.replace(month=1, day=1), today),
        "months": (start - year, start - day, start, today),
        "quarter": (last - quarter, last - day, last, this_quarter - day),
    }
