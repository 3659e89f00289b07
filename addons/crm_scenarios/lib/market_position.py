"""Where a company stands in its markets. What is not known is None, never 0.

The matrix of market growth and relative share is that of the Boston Consulting Group (B.
Henderson, The Product Portfolio, 1970): the share relative to the largest competitor on a
logarithmic axis, the greater to the left.

>>> share(20, 200), share(20, None), share(None, 200)
(0.1, None, None)
>>> growth(110, 100), growth(110, 0)
(0.1, None)
>>> quadrant(1.5, 0.2), quadrant(1.5, 0.02), quadrant(0.5, 0.2), quadrant(0.5, None)
('star', 'cow', 'question', None)
"""

from math import log2, sqrt

#: a figure older than this is shown in grey
STALE_MONTHS = 18
#: relative shares outside of these stand at the edge
LEAST_SHARE, MOST_SHARE = 0.125, 8.0
LARGEST = 9.0  # radius of the largest bubble, in per cent of the width


def share(own, size):
    """Own revenue by the size of the market; both in one currency."""
    return None if own is None or not size else own / size


def growth(now, before):
    """Growth against the year before, None where that had nothing."""
    return None if now is None or not before else (now - before) / before


def competitor_revenue(revenue, part, size):
    """Revenue as it was given, else by the share of the market; None where neither is known.

    :param part: share of the market (0.2 = 20 %)
    """
    if revenue:
        return revenue
    return part * size if part and size else None


def relative_share(own, revenues):
    """Own revenue by that of the largest competitor whose revenue is known."""
    largest = max((one for one in revenues if one), default=None)
    return None if own is None or largest is None else own / largest


def quadrant(relative, market_growth, share_cut=1.0, growth_cut=0.1):
    """``star``, ``cow``, ``question`` or ``dog``; None where one of the two is not known."""
    if relative is None or market_growth is None:
        return None
    fast = market_growth >= growth_cut
    if relative >= share_cut:
        return "star" if fast else "cow"
    return "question" if fast else "dog"


def is_stale(day, today):
    """Whether a figure of this day is older than 18 months.

    >>> from datetime import date
    >>> today = date(2025, 11, 26)
    >>> is_stale(date(2024, 5, 26), today), is_stale(date(2024, 5, 25), today)
    (False, True)
    """
    if day is None:
        return True
    months = (today.year - day.year) * 12 + today.month - day.month
    return months > STALE_MONTHS or (months == STALE_MONTHS and today.day > day.day)


def bubbles(points, share_cut=1.0, growth_cut=0.1):
    """Places of the bubbles in a square of 100 × 100, and of the cuts.

    :param points: list of dict ``id``, ``relative``, ``growth``, ``revenue``; points that lack
        one of them get no bubble
    :return: dict ``bubbles`` (dicts ``id``, ``x``, ``y`` from the top, ``r``), ``cut_x``,
        ``cut_y``, ``low``, ``high`` (growth at the bottom and at the top)
    """
    shown = [one for one in points if None not in (one["relative"], one["growth"], one["revenue"])]
    rates = [growth_cut * 2, 0.0, *(one["growth"] for one in shown)]
    low, high = min(rates), max(rates)
    room = (high - low or 0.1) * 0.1
    low, high = low - room, high + room
    largest = max((one["revenue"] for one in shown), default=0) or 1

    def place_y(rate):
        return 100 * (high - rate) / (high - low)

    return {
        "bubbles": [
            {"id": one["id"], "x": _place_x(one["relative"]), "y": place_y(one["growth"]),
             "r": max(1.5, LARGEST * sqrt(max(one["revenue"], 0) / largest))}
            for one in sorted(shown, key=lambda one: -one["revenue"])
        ],
        "cut_x": _place_x(share_cut), "cut_y": place_y(growth_cut), "low": low, "high": high,
    }  # fmt: skip


def _place_x(relative):
    """0 for eight times the largest competitor, 100 for an eighth of it.

    >>> _place_x(8), _place_x(1), _place_x(0.125), _place_x(100)
    (0.0, 50.0, 100.0, 0.0)
    """
    bounded = min(max(relative, LEAST_SHARE), MOST_SHARE)
    return 50 - 50 * log2(bounded) / log2(MOST_SHARE)
