"""Plan against actual: earned value, forecast at completion, and when to warn.

Terms of the Project Management Institute (PMI, "The Standard for Earned Value Management",
2019; ANSI/EIA-748): budget at completion (BAC) = ``planned``, earned value (EV) = BAC × share of
the work that is done, actual cost (AC) = ``actual``, estimate at completion (EAC) =
``forecast``, variance at completion (VAC) = BAC − EAC. EAC is that of work to come at the
planned cost, AC + (BAC − EV), except that what is ordered already is owed at least.
"""

from dataclasses import dataclass

#: a phase that has spent such a share of its money has to have done as much of its work
WARN_FROM = 0.8
_EDGE = 1e-9


@dataclass(frozen=True)
class Figures:
    """Money of one phase (or hours, with nothing committed), in one unit.

    ``progress`` is the share of the work that is done, 0 to 1.
    """

    planned: float = 0.0
    committed: float = 0.0
    actual: float = 0.0
    progress: float = 0.0

    @property
    def earned(self):
        """EV: what the work that is done should have cost."""
        return self.planned * self.progress

    @property
    def forecast(self):
        """EAC: actual, and what is still to come: what is committed, or the rest of the plan if
        that is more."""
        return self.actual + max(self.committed, self.planned - self.earned, 0.0)

    @property
    def variance(self):
        """VAC: what is left of the plan at the end; below 0 where it doesn't suffice."""
        return self.planned - self.forecast

    @property
    def spent_share(self):
        """Share of the planned money that is spent; None where none was planned."""
        return self.actual / self.planned if self.planned > 0 else None

    @property
    def warned(self):
        """Whether 80 % of the money is spent and less than that share of the work done."""
        share = self.spent_share
        return share is not None and share >= WARN_FROM - _EDGE and self.progress < share - _EDGE


def together(figures):
    """Sums of several phases: (planned, committed, actual, earned, forecast, variance).

    The forecast of the whole is the sum of theirs: what one phase saves is no money of another
    that has it ordered already.

    :param figures: iterable of :class:`Figures`
    """
    names = ("planned", "committed", "actual", "earned", "forecast", "variance")
    known = list(figures)
    return tuple(sum(getattr(one, name) for one in known) for name in names)
