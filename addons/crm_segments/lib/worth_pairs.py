"""Which segments differ from which: in what their customers spend, and in what they buy.

Revenue is compared by ranks, so that a few huge customers decide nothing (W. J. Conover,
R. L. Iman, American Statistician 35 (1981) 124), with Welch's test. What is drawn are groups of
customers, not customers in each month: a customer of three months counts once. The shares of
each category are compared in the same way; the least probability times the number of categories
is that of the mix. Over all pairs the false discoveries are limited to 5 % (Y. Benjamini,
Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289).
"""

from collections import defaultdict
from itertools import combinations
from math import inf, sqrt

from .student import two_sided

#: fewer customers, or lines, than this say nothing about a segment
LEAST_CUSTOMERS, LEAST_LINES = 30, 50
#: of a division by hundreds of values the largest segments are compared
MOST_SEGMENTS = 40
FALSE_DISCOVERIES = 0.05


class Ratio:
    """Σ value / Σ weight over groups, with its variance as a ratio of two sums.

    :param parts: dict of group → (weight, value)

    >>> one = Ratio({0: (1, 1), 1: (1, 3)})
    >>> one.value, one.variance
    (2.0, 1.0)
    """

    def __init__(self, parts):
        weight = sum(part[0] for part in parts.values())
        self.value = sum(part[1] for part in parts.values()) / weight
        self.groups = len(parts)
        self.scale = self.groups / (self.groups - 1) if self.groups > 1 else 0
        self.sways = {g: (v - self.value * w) / weight for g, (w, v) in parts.items()}
        self.variance = self.scale * sum(sway * sway for sway in self.sways.values())


def welch(one, other):
    """Probability of a difference at least as great, were there none.

    :param Ratio one: of a segment
    :param Ratio other: of another, over the same groups of customers

    >>> welch(Ratio({0: (1, 1), 1: (1, 3)}), Ratio({2: (1, 2), 3: (1, 2)}))
    1.0
    """
    difference = one.value - other.value
    shared = sum(sway * other.sways.get(group, 0) for group, sway in one.sways.items())
    variance = one.variance + other.variance - 2 * max(one.scale, other.scale) * shared
    spread = one.variance + other.variance
    if variance <= 1e-12 * spread or not spread:
        return 1.0 if abs(difference) < 1e-12 else two_sided(inf, 1)
    parts = [(r.variance, r.groups - 1) for r in (one, other) if r.groups > 1]
    df = spread * spread / sum(var * var / free for var, free in parts)
    return two_sided(difference / sqrt(variance), df)


def adjusted(values):
    """Probabilities that hold for all of them together, as Benjamini and Hochberg have it.

    >>> adjusted([0.01, 0.04, 0.03])
    [0.03, 0.04, 0.04]
    """
    order = sorted(range(len(values)), key=values.__getitem__, reverse=True)
    result, least = [1.0] * len(values), 1.0
    for place, index in enumerate(order):
        least = min(least, values[index] * len(values) / (len(values) - place))
        result[index] = round(least, 12)
    return result


def compare(customers, ranks, lines):
    """Pairs of segments between which no difference shows.

    :param customers: dict of segment → number of customers
    :param ranks: dict of segment → dict of group → (customers × months, sum of their ranks)
    :param lines: dict of segment → dict of group → list of lines by category
    :return: dict of ``pairs`` (list of dicts ``segments``, ``revenue_p`` and ``mix_p``, adjusted;
        ``mix_p`` None where there are too few lines), ``small`` (segments with too few
        customers) and ``compared`` (number of pairs)
    """
    large = sorted(customers, key=lambda one: (-customers[one], one))
    large = [one for one in large if customers[one] >= LEAST_CUSTOMERS and ranks.get(one)]
    small = sorted(set(customers) - set(large))
    large = large[:MOST_SEGMENTS]
    spent = {one: Ratio(ranks[one]) for one in large}
    bought = {one: _shares(lines.get(one) or {}) for one in large}
    tests = [
        (pair, welch(*map(spent.get, pair)), _mix_p(*map(bought.get, pair)))
        for pair in combinations(large, 2)
    ]
    return {"pairs": _not_different(tests), "small": small, "compared": len(tests)}


def _not_different(tests):
    """The pairs of which no test says that they differ."""
    asked = [(n, k) for n, test in enumerate(tests) for k in (1, 2) if test[k] is not None]
    found = dict(zip(asked, adjusted([tests[n][k] for n, k in asked]), strict=True))
    rows = defaultdict(dict)
    for (n, k), value in found.items():
        rows[n][k] = value
    return [
        {"segments": list(tests[n][0]), "revenue_p": row.get(1), "mix_p": row.get(2)}
        for n, row in rows.items()
        if min(row.values()) > FALSE_DISCOVERIES
    ]


def _shares(groups):
    """Per category the share of a segment's lines, as a Ratio; empty with too few lines."""
    totals = [sum(column) for column in zip(*groups.values(), strict=True)]
    if sum(totals) < LEAST_LINES:
        return {}
    weights = {group: sum(counts) for group, counts in groups.items()}
    return {
        category: (
            total,
            Ratio({g: (weights[g], counts[category]) for g, counts in groups.items()}),
        )
        for category, total in enumerate(totals)
    }


def _mix_p(one, other):
    """The least probability over the categories that are common enough, times their number."""
    if not one or not other:
        return None
    common = [c for c in one if one[c][0] + other[c][0] >= 10]
    values = [welch(one[c][1], other[c][1]) for c in common]
    return min([1.0, *(len(values) * value for value in values)])
