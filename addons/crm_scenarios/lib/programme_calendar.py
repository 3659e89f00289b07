"""Working time as one line of hours: to the moment of an hour and back."""

from bisect import bisect_left, bisect_right
from datetime import timedelta
from itertools import accumulate

_EDGE = 1e-7


class OutsideError(ValueError):
    """The calendar has no working time for it."""


class WorkingTime:
    """Intervals of working time (pairs of datetimes, in order, not overlapping)."""

    def __init__(self, intervals):
        self._intervals = [pair for pair in intervals if pair[1] > pair[0]]
        lengths = [(end - begin).total_seconds() / 3600 for begin, end in self._intervals]
        self._until = list(accumulate(lengths))
        self._begins = [begin for begin, _end in self._intervals]

    @property
    def hours(self):
        """How many hours there are."""
        return self._until[-1] if self._until else 0.0

    def starts(self, hours):
        """The moment at which work begins that has so many hours before it.

        :raises OutsideError: if there are not that many
        """
        return self._at(bisect_right(self._until, hours + _EDGE), hours)

    def ends(self, hours):
        """The moment at which so many hours are over: the end of a day, not the next morning.

        :raises OutsideError: if there are not that many
        """
        if hours <= _EDGE:
            return self.starts(0.0)
        return self._at(bisect_left(self._until, hours - _EDGE), hours)

    def _at(self, place, hours):
        if place >= len(self._intervals):
            raise OutsideError(hours)
        before = self._until[place - 1] if place else 0.0
        return self._intervals[place][0] + timedelta(hours=max(hours - before, 0.0))

    def before(self, moment):
        """Hours of working time before a moment."""
        place = bisect_left(self._begins, moment)  # so many intervals have begun
        if not place:
            return 0.0
        begin, end = self._intervals[place - 1]
        whole = self._until[place - 2] if place > 1 else 0.0
        return whole + (min(end, moment) - begin).total_seconds() / 3600

    def between(self, first, last):
        """Hours of working time between two moments."""
        return self.before(last) - self.before(first)

    def by_month(self, first, last):
        """Share of the working time between two moments that lies in each month.

        :return: {first day of the month: share}, adding up to 1; where there is no working
            time all lies in the month of ``last``
        """
        hours = {}
        near = max(bisect_right(self._begins, first) - 1, 0), bisect_left(self._begins, last)
        for begin, end in self._intervals[slice(*near)]:
            length = (min(end, last) - max(begin, first)).total_seconds()
            if length > 0:
                month = begin.date().replace(day=1)
                hours[month] = hours.get(month, 0.0) + length
        whole = sum(hours.values())
        if not whole:
            return {last.date().replace(day=1): 1.0}
        return {month: one / whole for month, one in hours.items()}
