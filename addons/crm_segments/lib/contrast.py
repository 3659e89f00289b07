"""Whether a segment's figure differs from that of all customers, and what may be said of it.

>>> contrast(180, 100, 12)
{'verdict': 'more', 'factor': 1.8}
"""

from .lift import LEAST_COUNT, lift_interval, wilson

#: figures nearer than this to each other are about the same
SAME = 0.1


def contrast(value, reference, n, sure=None):
    """A figure beside that of all customers.

    :param float value: of the segment, None where it is undefined
    :param float reference: of all customers, None where it is undefined
    :param int n: customers (or deals) that the value rests on
    :param bool sure: whether the difference is told from chance; None where nobody knows,
        then a tenth more or less counts as a difference
    :return: dict of ``verdict``: 'unknown' (nothing to compare), 'few' (rests on fewer than
        five), 'same', 'more' or 'less'; and ``factor`` = value / reference, None where undefined

    >>> contrast(None, 100, 12)["verdict"], contrast(1, 0, 12)["verdict"]
    ('unknown', 'unknown')
    >>> contrast(300, 100, 4)["verdict"], contrast(105, 100, 12)["verdict"]
    ('few', 'same')
    >>> contrast(0.5, 0.3, 30, sure=False)["verdict"]
    'same'
    """
    if value is None or not reference:
        return {"verdict": "unknown", "factor": None}
    factor = value / reference
    return {"verdict": _verdict(factor, n, sure), "factor": factor}


def _verdict(factor, n, sure):
    if n < LEAST_COUNT:
        return "few"
    # rounded, so that exactly a tenth counts as one
    differs = round(abs(factor - 1), 9) >= SAME if sure is None else sure
    if not differs:
        return "same"
    return "more" if factor > 1 else "less"


def share_differs(count, total, reference):
    """Whether a share of ``count`` in ``total`` is surely not ``reference``.

    95 % score interval, the share of all taken as known, as in ``lift.lift_interval``.

    >>> share_differs(20, 30, 0.4), share_differs(4, 8, 0.4)
    (True, False)
    """
    if not total or reference is None:
        return False
    low, high = wilson(count, total)
    return not low <= reference <= high


def bought(count, all_count, buyers, all_buyers):
    """How often a segment's buyers bought a product, beside all buyers.

    :param int count: buyers of the segment who bought it, all_count: of all
    :param int buyers: buyers in the segment, all_buyers: of all
    :return: dict of the counts, ``lift``, ``low``, ``high`` (95 %, None where undefined) and
        ``verdict``: 'more', 'less', 'same' (can't be told apart) or 'few' (fewer than five)

    >>> bought(40, 60, 100, 1000)["verdict"], bought(0, 300, 100, 1000)["verdict"]
    ('more', 'less')
    >>> bought(2, 2, 100, 1000)["verdict"], bought(0, 60, 0, 1000)["lift"]
    ('few', None)
    """
    found = {"count": count, "all_count": all_count, "buyers": buyers, "all_buyers": all_buyers}
    if not buyers or not all_count:
        return {**found, "lift": None, "low": None, "high": None, "verdict": "few"}
    lift, low, high = lift_interval(count, buyers, all_count, all_buyers)
    return {**found, "lift": lift, "low": low, "high": high,
            "verdict": _bought_verdict(count, buyers, low, high)}  # fmt: skip


def _bought_verdict(count, buyers, low, high):
    if buyers >= LEAST_COUNT and high < 1:
        return "less"
    if count < LEAST_COUNT:
        return "few"
    return "more" if low > 1 else "same"
