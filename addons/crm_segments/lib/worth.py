"""Does a division earn its place? The whole judgement, from sums per segment and group.

A *cell* is a tuple of the segments that a customer was in on a month-end: one in an exclusive
division, none, or several where they overlap.
"""

from collections import defaultdict
from dataclasses import dataclass

from . import worth_fit, worth_pairs

#: customers on the last month-end, and of them such as bought in the 90 days after it
LEAST_CUSTOMERS, LEAST_BUYERS = 100, 30
LEAST_LINES = 200


@dataclass(frozen=True)
class Count:
    """What one cell and group of customers had in the 90 days after month-ends.

    :ivar judged: whether of the month-ends that judge, else of those learnt from
    :ivar cell: tuple of ids of segments
    :ivar group: 0…99, see ``worth_split.bucket``
    :ivar n: customers × month-ends
    :ivar y: their revenue; ``y_ln_y`` and ``squares`` the sums of y ln y and y²
    :ivar rank: sum of their ranks by revenue among all, 0…1, of those that judge
    :ivar customers: on the last month-end; ``buyers``: those of them who bought
    """

    judged: bool
    cell: tuple
    group: int
    n: int
    y: float
    y_ln_y: float
    squares: float
    rank: float = 0.0
    customers: int = 0
    buyers: int = 0


def verdict(counts, lines):
    """The judgement on a division.

    :param counts: list of Count
    :param lines: list of (judged, cell, group, category, number of lines)
    :return: dict of ``missing`` (list of {code, have, need}) or else ``customers``, ``buyers``,
        ``revenue``, ``squares``, ``mix`` (each {share, low, high, replicates}, None where there is
        nothing to explain; mix {missing} with too few lines), ``segments`` (id → {customers,
        mean}), ``pairs``, ``small``, ``compared`` (see ``worth_pairs.compare``)
    """
    if missing := _missing(counts):
        return {"missing": missing}
    vectors = [(one.judged, one.cell, one.group, _vector(one)) for one in counts]
    learnt, judged = _sums(vectors, False), _sums(vectors, True)
    categories = sorted({category for *_rest, category, _lines in lines}, key=str)
    bought = _category_sums(lines, categories)
    latest = [one for one in counts if one.judged]
    segments = {key for one in latest for key in one.cell}
    return {
        "customers": sum(one.customers for one in latest),
        "buyers": sum(one.buyers for one in latest),
        "revenue": _told(worth_fit.explained(learnt, judged, worth_fit.poisson)),
        "squares": _told(worth_fit.explained(learnt, judged, worth_fit.squares)),
        "mix": _mix(bought, categories),
        "segments": {key: _profile(key, latest) for key in sorted(segments)},
        **worth_pairs.compare(
            {key: sum(one.customers for one in latest if key in one.cell) for key in segments},
            {key: _rank_sums(key, latest) for key in segments},
            {key: _line_sums(key, bought[True]) for key in segments},
        ),
    }


def _missing(counts):
    """What there is too little of."""
    latest = [one for one in counts if one.judged]
    cells = {one.cell for one in latest if one.cell and one.n}
    enough = (
        ("customers", sum(one.customers for one in latest), LEAST_CUSTOMERS),
        ("segments", len(cells), 2),
        ("buyers", sum(one.buyers for one in latest), LEAST_BUYERS),
        ("learnt", sum(one.n for one in counts if not one.judged and one.y > 0), 1),
    )
    return [{"code": code, "have": n, "need": least} for code, n, least in enough if n < least][:1]


def _vector(one):
    return [one.n, one.y, one.y_ln_y, one.squares]


def _sums(rows, judged):
    """Group → cell → list of sums."""
    groups = defaultdict(dict)
    for of_judged, cell, group, vector in rows:
        if of_judged is judged:
            groups[group][cell] = vector
    return groups


def _category_sums(lines, categories):
    """Judged or not → group → cell → numbers of lines by category."""
    place = {category: n for n, category in enumerate(categories)}
    sums = {True: defaultdict(dict), False: defaultdict(dict)}
    for judged, cell, group, category, count in lines:
        row = sums[judged][group].setdefault(cell, [0] * len(categories))
        row[place[category]] += count
    return sums


def _mix(bought, categories):
    lines = {
        judged: sum(sum(row) for cells in groups.values() for row in cells.values())
        for judged, groups in bought.items()
    }
    if min(lines.values()) < LEAST_LINES:
        have = min(lines.values())
        return {"missing": [{"code": "lines", "have": have, "need": LEAST_LINES}]}
    if len(categories) < 2:
        return {"missing": [{"code": "categories", "have": len(categories), "need": 2}]}
    found = _told(worth_fit.explained(bought[False], bought[True], worth_fit.mix))
    return found and {**found, "lines": lines[True], "categories": len(categories)}


def _told(found):
    if found is None:
        return None
    rounded = {group: value and round(value, 7) for group, value in found.replicates.items()}
    return {"share": found.share, "low": found.low, "high": found.high, "replicates": rounded}


def _profile(key, latest):
    own = [one for one in latest if key in one.cell]
    n = sum(one.n for one in own)
    return {
        "customers": sum(one.customers for one in own),
        "mean": sum(one.y for one in own) / n if n else None,
    }


def _rank_sums(key, latest):
    groups = defaultdict(lambda: (0, 0.0))
    for one in latest:
        if key in one.cell:
            n, rank = groups[one.group]
            groups[one.group] = n + one.n, rank + one.rank
    return dict(groups)


def _line_sums(key, groups):
    found = {}
    for group, cells in groups.items():
        rows = [row for cell, row in cells.items() if key in cell]
        if rows:
            found[group] = [sum(column) for column in zip(*rows, strict=True)]
    return found


def difference(one, other):
    """How much more one division explains than another, judged on the same customers.

    :param one: dict of ``share`` and ``replicates``
    :param other: the same of another division over the same months
    :return: dict of ``share``, ``low``, ``high``; None where they can't be compared

    >>> mine = {"share": 0.3, "replicates": {"0": 0.2, "1": 0.4}}
    >>> difference(mine, mine)
    {'share': 0.0, 'low': 0.0, 'high': 0.0}
    """
    if not one or not other or one["replicates"].keys() != other["replicates"].keys():
        return None
    replicates = {
        group: None if None in (value, other["replicates"][group]) else
        value - other["replicates"][group]
        for group, value in one["replicates"].items()
    }  # fmt: skip
    share = one["share"] - other["share"]
    low, high = worth_fit.interval(share, replicates)
    return {"share": share, "low": low, "high": high}
