"""How much a division explains of what it was not fitted on.

``1 - loss of the division / loss of no division``, both learnt from the same customers and
months, both judged on others: the out-of-sample R² of J. Y. Campbell, S. B. Thompson, Review of
Financial Studies 21 (2008) 1509. Without any division it is 0 by definition; a division by chance
comes out a little below.

Losses:

* revenue: Poisson deviance 2 Σ (y ln(y/μ) - (y - μ)). It is least at the mean whatever the
  distribution (C. Gourieroux, A. Monfort, A. Trognon, Econometrica 52 (1984) 681), its ratio does
  not depend on the currency, as that of logarithms of 1 + y does (J. Chen, J. Roth, Quarterly
  Journal of Economics 139 (2024) 891), and one huge customer sways it far less than squares do.
  As a measure of fit: A. C. Cameron, F. A. G. Windmeijer, Journal of Business & Economic
  Statistics 14 (1996) 209.
* squares: the usual R², in money, so mostly of the greatest customers.
* mix: minus the logarithm of the share that was foretold for the category of each line, so the
  part of the uncertainty about a category that the division takes away.

The interval is that of the delete-a-group jackknife over the groups of customers (P. S. Kott,
Journal of Official Statistics 17 (2001) 521): it learns and judges anew without each group.
"""

from dataclasses import dataclass, field
from math import log, sqrt

from .student import quantile
from .worth_split import FOLDS

#: what a segment's own figures are mixed with: so many customers, or lines, like all others
PRIOR = 10
LEVEL = 0.95


@dataclass
class Explained:
    """A share with its 95 % interval, and the share without each group of customers."""

    share: float
    low: float
    high: float
    replicates: dict = field(default_factory=dict)


def poisson(learnt, judged):
    """Losses (with the division, without) of revenue.

    :param learnt: dict of cell → [n, Σy, Σ y ln y, Σy²]
    :param judged: the same of the customers kept out

    >>> poisson({"a": [10, 0, 0, 0], "b": [10, 20, 0, 0]}, {"a": [1, 0, 0, 0]})
    (1.0, 2.0)
    """
    own = none = 0.0
    mean = _mean(learnt.values())
    if mean <= 0:
        return own, none
    for cell, (n, y, y_ln_y, _squares) in judged.items():
        expected = _shrunk(learnt.get(cell), mean)
        own += 2 * (y_ln_y - y * log(expected) - y + n * expected)
        none += 2 * (y_ln_y - y * log(mean) - y + n * mean)
    return own, none


def squares(learnt, judged):
    """Losses (with the division, without) of revenue as squared differences.

    >>> squares({"a": [10, 0, 0, 0], "b": [10, 20, 0, 0]}, {"b": [1, 3, 0, 9]})
    (2.25, 4.0)
    """
    own = none = 0.0
    mean = _mean(learnt.values())
    for cell, (n, y, _y_ln_y, total) in judged.items():
        expected = _shrunk(learnt.get(cell), mean)
        own += total - 2 * y * expected + n * expected * expected
        none += total - 2 * y * mean + n * mean * mean
    return own, none


def mix(learnt, judged):
    """Losses (with the division, without) of the categories of lines, in nats.

    :param learnt: dict of cell → list of the numbers of lines by category
    :param judged: the same of the customers kept out
    """
    own = none = 0.0
    totals = [1 + sum(column) for column in zip(*learnt.values(), strict=True)]
    everybody = [one / sum(totals) for one in totals]
    for cell, counts in judged.items():
        mine = learnt.get(cell) or [0] * len(counts)
        lines = sum(mine) + PRIOR
        for count, found, share in zip(counts, mine, everybody, strict=False):
            if count:
                own -= count * log((found + PRIOR * share) / lines)
                none -= count * log(share)
    return own, none


def explained(learnt, judged, loss):
    """The share explained by a division on the customers kept out, with its interval.

    :param learnt: dict of group → dict of cell → list of sums, of the months learnt from
    :param judged: the same of the months that judge
    :param loss: one of the functions above
    :return: Explained, None where there is nothing to explain
    """
    folds = [(_total(learnt, fold, False), _total(judged, fold, True)) for fold in range(FOLDS)]
    share = _share(folds, loss)
    if share is None:
        return None
    replicates = {}
    for group in sorted(learnt.keys() | judged.keys()):
        without = [
            (fit, _less(test, judged.get(group)))
            if group % FOLDS == fold
            else (_less(fit, learnt.get(group)), test)
            for fold, (fit, test) in enumerate(folds)
        ]
        replicates[group] = _share(without, loss)
    return Explained(share, *interval(share, replicates), replicates)


def interval(value, replicates):
    """Limits of ``value``, by what it is without each group.

    >>> interval(2.0, {0: 1.0, 1: 3.0})[1] > 14
    True
    """
    found = [one for one in replicates.values() if one is not None]
    groups = len(found)
    if groups < 2:
        return None, None
    middle = sum(found) / groups
    error = sqrt((groups - 1) / groups * sum((one - middle) ** 2 for one in found))
    reach = quantile(LEVEL, groups - 1) * error
    return value - reach, value + reach


def _mean(rows):
    customers, revenue = (sum(column) for column in list(zip(*rows, strict=True))[:2])
    return revenue / customers if customers else 0.0


def _shrunk(sums, mean):
    n, y = sums[:2] if sums else (0, 0)
    return (y + PRIOR * mean) / (n + PRIOR)


def _total(groups, fold, inside):
    """Sums per cell over the groups of a part, or over all others."""
    totals = {}
    for group, cells in groups.items():
        if (group % FOLDS == fold) is inside:
            for cell, sums in cells.items():
                known = totals.get(cell)
                totals[cell] = [a + b for a, b in zip(known, sums, strict=True)] if known else sums
    return totals


def _less(totals, cells):
    """The sums without those of one group."""
    less = {
        cell: [a - b for a, b in zip(totals[cell], sums, strict=True)]
        for cell, sums in (cells or {}).items()
    }
    return {**totals, **less}


def _share(folds, loss):
    losses = [loss(fit, test) for fit, test in folds if fit and test]
    own, none = (sum(column) for column in zip(*losses, strict=True)) if losses else (0, 0)
    return 1 - own / none if none > 0 else None
