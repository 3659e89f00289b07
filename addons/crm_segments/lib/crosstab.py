"""Two divisions of the same customers against each other: index, and whether it is chance.

>>> cell = compare_cell(30, 40, 50, 100, tested=4)
>>> cell["expected"], cell["index"], cell["verdict"]
(20.0, 150.0, 'more')
"""

from math import sqrt
from statistics import NormalDist

#: below this many expected customers the normal approximation doesn't hold (Cochran's rule)
LEAST_EXPECTED = 5
#: chance of any wrong 'more' or 'less' in the whole table
ERROR = 0.05


def expected(row, column, total):
    """Customers that a cell would have if the divisions had nothing to do with each other.

    >>> expected(40, 50, 100), expected(0, 5, 0)
    (20.0, None)
    """
    return row * column / total if total else None


def residual(count, row, column, total):
    """Adjusted residual of a cell: standard normal if the divisions are independent.

    (n − e) / √(e (1 − row/total) (1 − column/total)); None where a row or column is everybody.
    Source: S. J. Haberman, Biometrics 29 (1973) 205.

    >>> round(residual(30, 40, 50, 100), 3)
    4.082
    >>> residual(40, 40, 100, 100) is None
    True
    """
    awaited = expected(row, column, total)
    spread = awaited and awaited * (1 - row / total) * (1 - column / total)
    return (count - awaited) / sqrt(spread) if spread and spread > 0 else None


def limit(tested):
    """Residual beyond which a cell is told from chance, with ``tested`` cells looked at.

    Bonferroni's correction, so that a large table isn't full of accidents.

    >>> round(limit(1), 2), round(limit(10), 2)
    (1.96, 2.81)
    """
    return NormalDist().inv_cdf(1 - ERROR / (2 * max(tested, 1)))


def compare_cell(count, row, column, total, tested):
    """One cell against independence.

    :param int count: customers in both segments
    :param int row: customers in the row's segment, column: in the column's, total: in all
    :param int tested: cells with enough expected customers, see ``count_tested``
    :return: dict of ``expected``, ``index`` (100 = as expected, None where undefined) and
        ``verdict``: 'more', 'less', 'chance' (can't be told from it), 'few' (too few
        expected to say) or 'only' (nothing to compare with: the row or column is everybody)
    """
    awaited = expected(row, column, total)
    found = {"expected": awaited, "index": 100 * count / awaited if awaited else None}
    return {**found, "verdict": _verdict(count, row, column, total, tested)}


def _verdict(count, row, column, total, tested):
    awaited = expected(row, column, total)
    if not awaited or awaited < LEAST_EXPECTED:
        return "few"
    distance = residual(count, row, column, total)
    if distance is None:
        return "only"
    if abs(distance) <= limit(tested):
        return "chance"
    return "more" if distance > 0 else "less"


def count_tested(rows, columns, total):
    """How many cells have enough expected customers to be judged.

    >>> count_tested([40, 60], [50, 48, 2], 100)
    4
    """
    return sum((expected(row, column, total) or 0) >= LEAST_EXPECTED
               for row in rows for column in columns)  # fmt: skip
