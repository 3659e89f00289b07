"""Path models: how the touches before an order share the credit for it.

How to use::

    paths = Paths(order, days, direct, lead, opportunity)   # touches sorted by order, then time
    MODELS["linear"].weights(paths)                          # adds up to 1 per order

A model is one entry of ``MODELS``; everything else (columns, reports, settings) follows from it.
``sql`` is the same weight as an expression over the columns that ``SQL_COLUMNS`` names, because a
million touches are weighed where they stand. A test compares the two.

A milestone that nobody knows of (no lead before the order) gives its share to the others in
proportion, as does the remainder where no touch is left for it. Milestones that fall on the same
touch add up.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

#: days after which a touch counts half in the model of time decay
HALF_LIFE = 7.0

#: what ``sql`` of a model may read; the last six are the same for all touches of an order
SQL_COLUMNS = (
    "position", "days", "is_lead", "is_opportunity",
    "touches", "non_direct", "has_lead", "has_opportunity", "others_w", "others_full", "decayed",
)  # fmt: skip


class Paths:
    """The touches before orders, one after another.

    :param order: what tells orders apart, equal values next to each other
    :param days: days from each touch to its order
    :param direct: whether the touch has no campaign
    :param lead: whether it is the touch that made the lead
    :param opportunity: whether it is the touch that made the opportunity
    """

    def __init__(self, order, days=None, direct=None, lead=None, opportunity=None):
        order = np.asarray(order)
        self.size = len(order)
        changes = np.flatnonzero(order[1:] != order[:-1]) + 1 if self.size else np.array([], int)
        self.starts = np.concatenate(([0], changes)).astype(int) if self.size else changes
        self.counts = np.diff(np.append(self.starts, self.size))
        self.touches = np.repeat(self.counts, self.counts)
        self.position = np.arange(self.size) - np.repeat(self.starts, self.counts) + 1
        self.days = self._column(days, float)
        self.direct = self._column(direct, bool)
        self.lead = self._column(lead, bool)
        self.opportunity = self._column(opportunity, bool)

    @property
    def first(self):
        """:return: for each touch whether it is the first of its order"""
        return self.position == 1

    @property
    def last(self):
        """:return: for each touch whether it is the last of its order"""
        return self.position == self.touches

    def total(self, values):
        """:return: for each touch the sum of ``values`` over its order"""
        if not self.size:
            return np.zeros(0)
        return np.repeat(np.add.reduceat(np.asarray(values, float), self.starts), self.counts)

    def greatest(self, values):
        """:return: for each touch the maximum of ``values`` over its order"""
        if not self.size:
            return np.zeros(0, int)
        return np.repeat(np.maximum.reduceat(values, self.starts), self.counts)

    def _column(self, values, kind):
        return np.zeros(self.size, kind) if values is None else np.asarray(values, kind)


class PathModel(NamedTuple):
    """How credit is shared.

    :ivar label: English name
    :ivar raw: Paths → weights up to a factor per order
    :ivar sql: the weight as an SQL expression, see ``SQL_COLUMNS``
    """

    label: str
    raw: Callable
    sql: str

    def weights(self, paths):
        """:return: array of one weight per touch; per order they add up to 1"""
        raw = np.asarray(self.raw(paths), float)
        return raw / paths.total(raw)


def _last_non_direct(paths):
    """The last touch with a campaign; where there is none, the last one."""
    known = paths.greatest(np.where(paths.direct, 0, paths.position))
    return paths.position == np.where(known, known, paths.touches)


def _milestones(share, *flags):
    """``share`` for each milestone, what is left for the touches that are none."""

    def raw(paths):
        marks = sum(flag(paths).astype(float) for flag in flags)
        others = paths.total(marks == 0)
        rest = (1 - share * len(flags)) / np.where(others, others, 1)
        return share * marks + np.where(marks == 0, rest, 0)

    return raw


def _milestones_sql(share, others, *flags):
    """The same in SQL; ``flags``: (condition of the touch, condition of the order)."""
    rest = f"{1 - share * len(flags):.10g}::float8"
    own = " + ".join(f"({touch})::int" for touch, _order in flags)
    known = " + ".join(f"({order})::int" for _touch, order in flags)
    return f"""(
        CASE WHEN {own} > 0 THEN {share}::float8 * ({own}) ELSE {rest} / {others} END
        / ({share}::float8 * ({known}) + CASE WHEN {others} > 0 THEN {rest} ELSE 0 END)
    )"""


def _first(paths):
    return paths.first


def _last(paths):
    return paths.last


def _lead(paths):
    return paths.lead


def _opportunity(paths):
    return paths.opportunity


def _position(paths):
    middle = 0.2 / np.maximum(paths.touches - 2, 1)
    return np.where(paths.first | paths.last, 0.4, middle)


_FIRST_SQL = ("position = 1", "TRUE")
_LEAD_SQL = ("is_lead", "has_lead")
_OPPORTUNITY_SQL = ("is_opportunity", "has_opportunity")
_LAST_SQL = ("position = touches", "TRUE")

#: code → model, in the order in which they are offered
MODELS = {
    "first": PathModel("First Touch", _first, "(position = 1)::int::float8"),
    "last": PathModel("Last Touch", _last, "(position = touches)::int::float8"),
    "last_non_direct": PathModel(
        "Last Non-Direct Touch",
        _last_non_direct,
        "(position = COALESCE(non_direct, touches))::int::float8",
    ),
    "linear": PathModel("Linear", lambda paths: np.ones(paths.size), "1::float8 / touches"),
    "time_decay": PathModel(
        "Time Decay",
        lambda paths: np.exp2(-paths.days / HALF_LIFE),
        f"power(2::float8, -COALESCE(days, 0) / {HALF_LIFE}) / decayed",
    ),
    "position": PathModel(
        "Position Based",
        _position,
        """CASE WHEN touches <= 2 THEN 1::float8 / touches
                WHEN position IN (1, touches) THEN 0.4::float8
                ELSE 0.2::float8 / (touches - 2) END""",
    ),
    "w": PathModel(
        "W-Shaped",
        _milestones(0.3, _first, _lead, _opportunity),
        _milestones_sql(0.3, "others_w", _FIRST_SQL, _LEAD_SQL, _OPPORTUNITY_SQL),
    ),
    "full_path": PathModel(
        "Full Path",
        _milestones(0.225, _first, _lead, _opportunity, _last),
        _milestones_sql(0.225, "others_full", _FIRST_SQL, _LEAD_SQL, _OPPORTUNITY_SQL, _LAST_SQL),
    ),
}
