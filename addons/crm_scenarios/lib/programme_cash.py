"""When money leaves: by terms of payment, as work is done, and what is paid again and again."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

PERIODS = {"month": 1, "year": 12}


def month_of(day):
    """First day of the month."""
    return day.replace(day=1)


def instalments(amount, terms, days, digits=2):
    """What is paid when, by terms of payment.

    :param amount: money
    :param terms: (advance, milestone, days to pay): shares of 1 at the begin and at the end of
        the step; the rest after acceptance
    :param days: dates (begin, end, acceptance)
    :param digits: decimals of the currency
    :return: list of (day, money), adding up to the amount; nothing for a share of 0
    """
    advance, milestone, wait = terms
    parts = [round(amount * advance, digits), round(amount * milestone, digits)]
    rest = round(amount - sum(parts), digits)
    return [
        (day + timedelta(days=wait), part)
        for day, part in zip(days, [*parts, rest], strict=True)
        if part
    ]


def spread(amount, shares, digits=2):
    """Money over months by shares; the last takes what rounding leaves.

    :param shares: month → share, adding up to 1
    :return: list of (month, money)
    """
    result, left = [], round(amount, digits)
    for number, (month, share) in enumerate(sorted(shares.items()), 1):
        part = left if number == len(shares) else round(amount * share, digits)
        left = round(left - part, digits)
        if part:
            result.append((month, part))
    return result


def recurring(amount, period, first, last):
    """What is paid at the beginning of each period.

    :param period: ``month`` or ``year``
    :param first: date of the first payment
    :param last: date; payments on it or later aren't counted
    :return: list of (day, money)
    """
    step, result, number = PERIODS[period], [], 0
    while (day := first + relativedelta(months=step * number)) < last:
        result.append((day, amount))
        number += 1
    return result
