"""What won deals have in common that lost ones don't.

How to use: :func:`study` takes the outcome of each deal and what was known of it up to a landmark
(the same number of days after its start for each), and compares the deals that have a value with
those that haven't. A deal that was decided before the landmark is none of them: it would carry
its outcome into what is known of it (J. R. Anderson, K. C. Cain, R. D. Gelber, Journal of
Clinical Oncology 1 (1983) 710).

The score or Fisher's test decides, and of all tests together the false discoveries are limited
(Benjamini, Hochberg 1995); the ratio with its interval is for display.

>>> won = [True] * 40 + [False] * 20 + [True] * 15 + [False] * 45
>>> [one] = study(won, {"meeting": [True] * 60 + [False] * 60})
>>> one.value, one.won_with, one.with_, round(one.ratio, 2), one.verdict
(True, 40, 60, 2.67, 'more')
"""

from collections import Counter
from math import isinf
from typing import NamedTuple

from ...crm_segments.lib.experiment import (
    benjamini_hochberg,
    rate_ratio,
    sample_size,
)
from ...crm_segments.lib.proportions import difference_p

#: fewer deals than this, with or without, say nothing
LEAST_DEALS = 30
#: share of the discoveries that may be false
FALSE_DISCOVERIES = 0.1


class Pattern(NamedTuple):
    """A value of a feature, and how often deals with it were won.

    :ivar int with_: deals that have the value, ``won_with`` of them won; ``without`` those whose
        feature is known and another
    :ivar ratio: rate of winning with over without, None where undefined; ``high`` None: no bound
    :ivar p: of the test, None where there are too few deals; q: adjusted for all tests
    :ivar str verdict: 'more' or 'less' (won more, less often), 'same' (can't be told from
        chance), 'few' (not enough data)
    """

    feature: str
    value: object
    with_: int
    won_with: int
    without: int
    won_without: int
    ratio: float = None
    low: float = None
    high: float = None
    p: float = None
    q: float = None
    test: str = ""
    verdict: str = "few"


def study(won, features, least=LEAST_DEALS, false_discoveries=FALSE_DISCOVERIES):
    """Compare deals by each value of each feature.

    :param won: bool per deal
    :param dict features: name → value per deal in the same order, None where unknown
    :param int least: deals needed on either side
    :return: list of Pattern, those found first, then by probability
    """
    counted = [row for name, values in features.items() for row in _counted(name, values, won)]
    tested = [_tested(row) if _enough(row, least) else row for row in counted]
    places = [place for place, row in enumerate(tested) if row.p is not None]
    adjusted = benjamini_hochberg([tested[place].p for place in places])
    for place, q in zip(places, adjusted, strict=True):
        tested[place] = _judged(tested[place]._replace(q=q), false_discoveries)
    rank = {"more": 0, "less": 0, "same": 1, "few": 2}
    return sorted(
        tested, key=lambda one: (rank[one.verdict], one.p or 0, one.feature, str(one.value))
    )


def _counted(name, values, won):
    """Patterns of the values of one feature, not yet tested."""
    known = [
        (value, bool(one)) for value, one in zip(values, won, strict=True) if value is not None
    ]
    deals, successes = (
        Counter(value for value, _won in known),
        Counter(v for v, one in known if one),
    )
    all_won = successes.total()
    return [
        Pattern(name, value, deals[value], successes[value],
                len(known) - deals[value], all_won - successes[value])
        for value in _asked(deals)
    ]  # fmt: skip


def _asked(deals):
    """The values to test: of two that mirror each other one is enough."""
    if len(deals) == 2:
        return (
            [True] if True in deals else [min(deals, key=lambda value: (deals[value], str(value)))]
        )
    return sorted(deals, key=str) if len(deals) > 2 else []


def _enough(row, least):
    return min(row.with_, row.without) >= least


def _tested(row):
    ratio, low, high = rate_ratio(row.won_with, row.with_, row.won_without, row.without)
    p, test = difference_p(
        row.won_with, row.with_ - row.won_with, row.won_without, row.without - row.won_without
    )
    high = None if high is not None and isinf(high) else high
    return row._replace(ratio=ratio, low=low, high=high, p=p, test=test)


def _judged(row, false_discoveries):
    if row.q > false_discoveries:
        return row._replace(verdict="same")
    more = row.won_with * row.without > row.won_without * row.with_
    return row._replace(verdict="more" if more else "less")


def detectable(deals, won, tests, share=0.5, power=0.8, false_discoveries=FALSE_DISCOVERIES):
    """The ratio of rates that would be found so often, alone among tests that find nothing.

    A pattern that a study did not find may be there all the same if it is weaker than this.

    :param int deals: that were compared, ``won`` of them won
    :param int tests: made together
    :param float share: of the deals that have the value
    :param float power: probability to find it
    :return: float above 1; None if no ratio would do

    >>> round(detectable(1000, 300, 1), 2), round(detectable(1000, 300, 50), 2)
    (1.27, 1.47)
    >>> detectable(8, 4, 50) is None
    True
    """
    if not tests or not 0 < won < deals:
        return None
    overall, alpha = won / deals, false_discoveries / tests

    def needed(ratio):
        base = overall / (1 - share + share * ratio)
        return sample_size(base, base * (ratio - 1), power, alpha, control_share=1 - share)

    low, high = 1 + 1e-6, _most_ratio(overall, share)
    if needed(high) > deals:
        return None
    for _step in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if needed(middle) > deals else (low, middle)
    return high


def _most_ratio(overall, share):
    """The ratio at which every deal with the value is won.

    Overall = (1 − share)·base + share·1 with base = 1 / ratio.
    """
    most = (1 - share) / (overall - share) if overall > share else 1e3
    return min(most, 1e3) * (1 - 1e-9)
