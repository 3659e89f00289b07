"""Geometry of a programme: days as percentages of an axis of whole months, money below them."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from .programme_cash import month_of

#: so many months have room for their names
MOST_LABELS = 12
#: on longer axes single weekends are too thin to be seen
WEEKENDS_UP_TO = 200
_LONG_BREAK = 3


@dataclass(frozen=True)
class Axis:
    """Whole months from the first day to the last, both included."""

    first: date
    last: date

    @classmethod
    def around(cls, days):
        """The months that hold all of these days; None where there are none."""
        if not days:
            return None
        after = month_of(max(days)) + relativedelta(months=1)
        return cls(month_of(min(days)), after - timedelta(days=1))

    @property
    def days(self):
        """How many days there are."""
        return (self.last - self.first).days + 1

    def place(self, day, end=False):
        """Where a day begins (or ends), in percent from the left; None beside the axis."""
        if not self.first <= day <= self.last:
            return None
        return _percent((day - self.first).days + (1 if end else 0), self.days)

    def bar(self, first, last):
        """``left`` and ``width`` in percent of a bar over whole days, cut at the edges."""
        begin = max(first, self.first)
        until = min(last, self.last) + timedelta(days=1)
        return {
            "left": _percent((begin - self.first).days, self.days),
            "width": _percent(max((until - begin).days, 0), self.days),
        }

    def months(self):
        """Dicts ``month`` (its first day), ``left``, ``width``, ``labelled``: each month, or every
        second, third, … where there are too many for their names."""
        found, month = [], self.first
        while month <= self.last:
            after = month + relativedelta(months=1)
            found.append({"month": month, **self.bar(month, after - timedelta(days=1))})
            month = after
        every = -(-len(found) // MOST_LABELS)
        return [{**one, "labelled": not place % every} for place, one in enumerate(found)]

    def breaks(self, working):
        """Bars over the days on which nobody works, days in a row as one.

        :param working: set of dates on which somebody works
        """
        found, run = [], 0
        for number in range(self.days + 1):
            day = self.first + timedelta(days=number)
            if day <= self.last and day not in working:
                run += 1
                continue
            if run and (self.days <= WEEKENDS_UP_TO or run >= _LONG_BREAK):
                found.append(self.bar(day - timedelta(days=run), day - timedelta(days=1)))
            run = 0
        return found


def _percent(days, whole):
    return round(100 * days / whole, 3)


def sums(payments, key, digits=2):
    """Add payments up.

    :param payments: list of (day, money, whether it is paid again and again)
    :param key: function of a day
    :return: {key: {"once", "running", "total"}}, in the order of the keys
    """
    found = {}
    for day, money, running in payments:
        row = found.setdefault(key(day), {"once": 0.0, "running": 0.0})
        row["running" if running else "once"] += money
    return {one: _rounded(found[one], digits) for one in sorted(found)}


def _rounded(row, digits):
    once, running = round(row["once"], digits), round(row["running"], digits)
    return {"once": once, "running": running, "total": round(once + running, digits)}


def columns(payments, axis, digits=2):
    """Money by month under an axis, and what is paid after it.

    :param payments: list of (day, money, whether it is paid again and again)
    :param axis: Axis
    :return: dict ``columns`` (a dict a month: that of ``Axis.months`` with ``once``,
        ``running``, ``total`` and their heights in percent of the highest column), ``most``
        (its money), ``later`` (dicts ``year``, ``once``, ``running``, ``total`` by calendar
        year), ``after`` and ``all`` (``once``, ``running``, ``total``)
    """
    nothing = {"once": 0.0, "running": 0.0, "total": 0.0}
    within = [one for one in payments if one[0] <= axis.last]
    later = [one for one in payments if one[0] > axis.last]
    money = sums(within, month_of, digits)
    most = max((row["total"] for row in money.values()), default=0.0)
    found = []
    for one in axis.months():
        row = money.get(one["month"], nothing)
        high = {
            f"{name}_height": round(100 * row[name] / most, 3) if most else 0.0
            for name in ("once", "running")
        }
        found.append({**one, **row, **high})
    return {
        "columns": found, "most": most,
        "later": [
            {"year": year, **row}
            for year, row in sums(later, lambda day: day.year, digits).items()
        ],
        "after": whole(later, digits), "all": whole(payments, digits),
    }  # fmt: skip


def whole(payments, digits=2):
    """All of them: ``once``, ``running``, ``total``."""
    found = sums(payments, lambda _day: 0, digits)
    return found.get(0, {"once": 0.0, "running": 0.0, "total": 0.0})


def by_year(payments, start, digits=2):
    """Payments by year from the start: 1 is its first twelve months.

    :return: {year: {"once", "running", "total"}}
    """
    return sums(payments, lambda day: relativedelta(day, start).years + 1, digits)
