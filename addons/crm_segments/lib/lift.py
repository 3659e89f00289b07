"""Lift: how much more often a segment's customers do something than all do.

>>> ratio(1, 0) is None
True
>>> [round(x, 2) for x in lift_interval(42, 118, 150, 1300)]
[3.08, 2.39, 3.86]
"""

from math import sqrt

#: fewer customers than this are an anecdote
LEAST_COUNT = 5
_Z = 1.959963984540054


def ratio(part, whole):
    """``part / whole`` as float, None where it is undefined."""
    if part is None or not whole:
        return None
    return float(part) / float(whole)


def wilson(count, total, z=_Z):
    """Wilson score interval of a share.

    Source: E. B. Wilson, JASA 22 (1927) 209.

    >>> [round(x, 3) for x in wilson(5, 10)]
    [0.237, 0.763]
    """
    share = count / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    spread = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    spread /= 1 + z * z / total
    return centre - spread, centre + spread


def lift_interval(count, total, all_count, all_total):
    """Lift of a segment's share over the share of all, with its 95 % interval.

    The share of all is taken as known (the segment is a part of it), so the
    interval is Wilson's of the segment's share over that constant.

    :return: (lift, low, high)
    """
    base = all_count / all_total
    low, high = wilson(count, total)
    return count / total / base, low / base, high / base


def over_represented(rows, limit=10):
    """The rows whose lift is most surely above 1, highest lift first.

    :param rows: (key, count, all_count, total, all_total) per product
    :return: list of dicts with the counts, lift, low, high

    >>> over_represented([(7, 40, 60, 100, 1000), (8, 10, 100, 100, 1000)])[0]["lift"]
    6.666666666666667
    """
    found = []
    for key, count, all_count, total, all_total in rows:
        if count < LEAST_COUNT or not total or not all_count:
            continue
        value, low, high = lift_interval(count, total, all_count, all_total)
        if low > 1:
            found.append(
                {"product_id": key, "customers": count, "buyers": total, "all_customers": all_count,
                 "all_buyers": all_total, "lift": value, "low": low, "high": high}
            )  # fmt: skip
    found.sort(key=lambda row: (-row["low"], row["product_id"]))
    return sorted(found[:limit], key=lambda row: (-row["lift"], row["product_id"]))
