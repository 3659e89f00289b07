"""Advice of a past day against what followed: lists, segments, due dates. No database.

A share is a dict ``count`` and ``of``; whoever shows it adds Wilson's interval. Where several
lines belong to one customer, the interval is that of a ratio of sums over customers (Cochran,
*Sampling Techniques*, 1977, 6.3): lines of a customer are not independent.
"""

import math

import numpy as np

Z = 1.959963984540054


def share(count, of):
    """A share to be shown with its sample."""
    return {"count": int(count), "of": int(of)}


def judge_lists(advisor, asked, followed):
    """Both lists of customers who bought afterwards.

    :param Advisor advisor: what was known on the day
    :param asked: positions of customers
    :param dict followed: position → dict item → money, of what was bought afterwards
    :return: dict ``again`` and ``new``, each as of :func:`judge_list`
    """
    asked = [int(at) for at in asked]
    advice = [advisor.advise(at) for at in asked]
    had = [{one.item for one in advisor.history(at)} for at in asked]
    bought = [set(followed.get(at, ())) for at in asked]
    parts = {"again": ("again", "often", set.__and__), "new": ("new", "sellers", set.__sub__)}
    return {
        name: judge_list(
            [getattr(one, ours) for one in advice],
            [getattr(one, simple) for one in advice],
            bought,
            [
                {item: followed[at][item] for item in part(basket, own)}
                for at, basket, own in zip(asked, bought, had, strict=True)
            ],
        )
        for name, (ours, simple, part) in parts.items()
    }


def judge_list(lists, simple, bought, spent):
    """One list of each customer against what the customer bought then.

    :param lists: list of lists of items, one per customer
    :param simple: the same by the simplest rule
    :param bought: list of sets of items
    :param spent: list of dicts item → money, of the items that this list is for
    :return: dict ``customers`` (share of them who bought something of the list), ``lines`` (share
        of the lines that were bought, with ``low`` and ``high``), ``simple`` (the same by the
        simplest rule), ``gain`` (difference of the two in lines of a hundred, with ``low``,
        ``high``; None without lines) and ``money`` (what was spent on the list, by the
        simplest rule, in all)
    """
    ours, theirs = (_hits(one, bought) for one in (lists, simple))
    return {
        "customers": share((ours[0] > 0).sum(), len(lists)),
        "lines": _ratio(*ours),
        "simple": _ratio(*theirs),
        "gain": _difference(ours, theirs),
        "money": {
            "listed": _money(lists, spent),
            "simple": _money(simple, spent),
            "all": round(sum(sum(one.values()) for one in spent), 2),
        },
    }


def _hits(lists, bought):
    """:return: (lines bought, lines) per customer"""
    hits = [len(set(one) & basket) for one, basket in zip(lists, bought, strict=True)]
    return np.array(hits, float), np.array([len(one) for one in lists], float)


def _money(lists, spent):
    pairs = zip(lists, spent, strict=True)
    return round(sum(money.get(item, 0) for one, money in pairs for item in one), 2)


def _ratio(hits, lines):
    found = share(hits.sum(), lines.sum())
    if not lines.sum():
        return found
    ratio = hits.sum() / lines.sum()
    error = _error(hits - ratio * lines) / lines.sum()
    return {**found, "low": max(ratio - Z * error, 0), "high": min(ratio + Z * error, 1)}


def _difference(ours, theirs):
    if not ours[1].sum() or not theirs[1].sum():
        return None
    rest, ratios = 0, []
    for sign, (hits, lines) in ((1, ours), (-1, theirs)):
        ratios.append(hits.sum() / lines.sum())
        rest = rest + sign * (hits - ratios[-1] * lines) / lines.sum()
    gain, error = ratios[0] - ratios[1], _error(rest)
    return {"value": gain, "low": gain - Z * error, "high": gain + Z * error}


def _error(rest):
    """Standard error of a sum over independent customers, from its linearised parts."""
    count = len(rest)
    return math.sqrt(count / (count - 1) * (rest**2).sum()) if count > 1 else math.inf


def judge_segments(members, came, revenue):
    """Customers of each segment on the day: who bought again, and for how much.

    :param members: list of (key, ids of customers)
    :param came: set of ids of customers who bought afterwards
    :param dict revenue: id → money afterwards, net of credit notes
    :return: list of dicts ``key``, ``came`` (a share), ``revenue``, in the order of ``members``
    """
    return [
        {
            "key": key,
            "came": share(sum(one in came for one in ids), len(ids)),
            "revenue": round(sum(revenue.get(one, 0) for one in ids), 2),
        }
        for key, ids in members
    ]


def judge_due(days, alive, first, horizon, own=None):
    """Dates of the next purchase, and who was given up, against who came and when.

    :param days: array: days from the day to the expected purchase, NaN: none is expected
    :param alive: array: probability of still being a customer
    :param first: array: days to the purchase that followed, NaN: none within the horizon
    :param int horizon: days that were looked at
    :param own: array: days to the next purchase by the customer's own mean interval, NaN: unknown
    :return: dict of shares who came: ``due`` (expected within the horizon), ``later``, ``gone``
        (more likely lost than not), ``there``; and ``off``: ``customers`` and the median number
        of days between the date and the purchase, ``expected`` and by the ``own`` interval
    """
    came = ~np.isnan(first)
    due = np.nan_to_num(days, nan=np.inf) <= horizon
    gone = alive < 0.5
    found = {
        name: share(came[group].sum(), group.sum())
        for name, group in (("due", due), ("later", ~due), ("gone", gone), ("there", ~gone))
    }
    judged = due & came & ~np.isnan(first if own is None else own)
    return {**found, "off": _off(judged, first, days, own)}


def _off(judged, first, days, own):
    if not judged.any():
        return None
    return {
        "customers": int(judged.sum()),
        "expected": float(np.median(np.abs(first - days)[judged])),
        "own": None if own is None else float(np.median(np.abs(first - own)[judged])),
    }


def own_interval(x, t_x, T):
    """Days from the day to the next purchase by the customer's own mean interval.

    :param x: purchases after the first one; ``t_x``, ``T`` in weeks, as of the day
    :return: array, NaN for who bought once; a date that has passed is today

    >>> own_interval([4, 0], [8, 0], [9, 3]).tolist()
    [7.0, nan]
    """
    x, t_x, T = (np.asarray(one, dtype=float) for one in (x, t_x, T))
    gap = np.divide(t_x, x, out=np.full_like(x, np.nan), where=x > 0)
    return np.maximum((t_x + gap - T) * 7, 0)
