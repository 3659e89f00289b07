"""What a campaign was worth: each treatment against the hold-out, as assigned.

One look: an audience is read when its window is over, not before, so that no correction for
repeated looks is needed. Several treatments share one control: their intervals hold together
(Bonferroni: each at 1 − 0.05 / treatments).
"""

from dataclasses import dataclass, field
from math import exp, log, sqrt

from ...crm_segments.lib import experiment
from ...crm_segments.lib.proportions import z_value
from .audience_power import ALPHA

#: fewer customers or buyers in an arm than this are no comparison
LEAST_CUSTOMERS, LEAST_SUCCESSES = 30, 5
#: outcomes that a customer has or hasn't, and those in amounts or numbers
RATES = ("response", "conversion")
MEANS = ("orders", "revenue", "margin")


@dataclass
class Arm:
    """What became of an arm.

    :ivar int customers: units that were assigned to it, those without a sale among them
    :ivar float share: planned share of all units
    :ivar dict successes: outcome in ``RATES`` → how many customers
    :ivar dict moments: outcome in ``MEANS`` → ``Moments`` with the pre-period's revenue beside
    """

    name: str
    customers: int
    share: float
    successes: dict = field(default_factory=dict)
    moments: dict = field(default_factory=dict)


def read(control, treatments, outcome="conversion", effect=None):
    """Compare treatments with the hold-out.

    :param Arm control: the hold-out
    :param treatments: list of Arm
    :param str outcome: the one that the verdict is about, chosen before the launch
    :param float effect: smallest difference of rates that matters, as planned
    :return: dict with ``state`` (``none``, ``broken``, ``read``), ``ratio_p``, ``confidence``,
        ``correction``, ``treatments``: a dict each with ``name``, ``verdict`` (``better``,
        ``worse``, ``nothing``, ``small``), ``outcomes`` (outcome → dict of ``difference``,
        ``lift``, ``adjusted``, ``kept``), ``needed`` (customers that would be enough)
    """
    arms = [control, *treatments]
    if not treatments or not all(arm.customers for arm in arms) or min(a.share for a in arms) <= 0:
        return {"state": "none", "ratio_p": None, "treatments": []}
    ratio_p = experiment.sample_ratio_p([a.customers for a in arms], [a.share for a in arms])
    if ratio_p < experiment.SAMPLE_RATIO_STOP:
        return {"state": "broken", "ratio_p": ratio_p, "treatments": []}
    confidence = 1 - ALPHA / len(treatments)
    found = [_against(one, control, outcome, effect, confidence) for one in treatments]
    return {
        "state": "read",
        "ratio_p": ratio_p,
        "confidence": confidence,
        "correction": "bonferroni" if len(treatments) > 1 else None,
        "treatments": found,
    }


def _against(arm, control, outcome, effect, confidence):
    outcomes = {}
    for name in RATES:
        if name in arm.successes:
            outcomes[name] = _rates(arm, control, name, confidence)
    for name in MEANS:
        if name in arm.moments and name in control.moments:
            outcomes[name] = _means(arm, control, name, confidence)
    needed = _needed(arm, control, effect)
    return {
        "name": arm.name,
        "outcomes": outcomes,
        "needed": needed,
        "verdict": _verdict(arm, control, outcomes.get(outcome), needed),
    }


def _rates(arm, control, name, confidence):
    """Newcombe's interval of the difference, Koopman's of the relative lift."""
    counts = arm.successes[name], arm.customers, control.successes[name], control.customers
    ratio, low, high = experiment.rate_ratio(*counts, confidence)
    return {
        "treated": counts[0] / counts[1],
        "control": counts[2] / counts[3],
        "difference": list(experiment.newcombe(*counts, confidence)),
        "lift": None if ratio is None else [ratio - 1, low - 1, high - 1],
        "adjusted": None,
    }


def _means(arm, control, name, confidence):
    """Welch's interval with zeros included; beside it, with the pre-period taken away (CUPED)."""
    one, other = arm.moments[name], control.moments[name]
    reduced = experiment.cuped({"arm": one, "control": other})
    adjusted = _welch(reduced.groups["arm"], reduced.groups["control"], confidence)
    return {
        "treated": one.mean,
        "control": other.mean,
        "difference": _welch(one, other, confidence),
        "lift": relative(one, other, confidence),
        "adjusted": adjusted if reduced.theta else None,
        "kept": reduced.kept,
    }


def _welch(one, other, confidence):
    found = experiment.welch(
        one.mean, one.variance, one.n, other.mean, other.variance, other.n, confidence
    )
    return list(found)


def relative(one, other, confidence=0.95):
    """Ratio of two means less 1, with its interval on the logarithm (delta method).

    Source: R. A. Lewis, J. M. Rao, Quarterly Journal of Economics 130 (2015) 1941, on why to show
    it; the variance of a logarithm of a mean is variance / (n × mean²).

    :return: [lift, low, high], None where a mean isn't above 0
    """
    if one.mean <= 0 or other.mean <= 0:
        return None
    spread = sqrt(one.variance / (one.n * one.mean**2) + other.variance / (other.n * other.mean**2))
    reach = z_value(confidence) * spread
    ratio = one.mean / other.mean
    return [ratio - 1, exp(log(ratio) - reach) - 1, exp(log(ratio) + reach) - 1]


def _needed(arm, control, effect):
    """Customers in both arms that would show the planned effect with a power of 80 %."""
    base = control.successes.get("conversion", 0) / control.customers
    share = control.customers / (control.customers + arm.customers)
    if not effect:
        return None
    base = min(max(base, 0.005), 0.99 - min(effect, 0.9))
    return experiment.sample_size(base, min(effect, 0.99 - base), control_share=share)


def _verdict(arm, control, found, needed):
    """What may be said of the chosen outcome.

    An interval without 0 is an effect. One with it says 'nothing' only where enough customers
    were drawn to see the planned effect; otherwise the audience was too small to tell.
    """
    few = min(arm.customers, control.customers) < LEAST_CUSTOMERS
    bought = arm.successes.get("conversion", 0) + control.successes.get("conversion", 0)
    if found is None or few or bought < LEAST_SUCCESSES:
        return "small"
    _difference, low, high = found["difference"]
    if low is None:
        return "small"
    if low > 0 or high < 0:
        return "better" if low > 0 else "worse"
    enough = needed is not None and arm.customers + control.customers >= needed
    return "nothing" if enough else "small"


def incremental(reading, arms, outcome="margin"):
    """What all who were treated brought more than without it, with its interval.

    :param dict reading: of :func:`read`
    :param dict arms: name of the treatment → customers
    :return: [estimate, low, high] or None; intervals of several treatments are added up, which
        is wider than needed
    """
    parts = [
        [arms[one["name"]] * value for value in one["outcomes"][outcome]["difference"]]
        for one in reading["treatments"]
        if outcome in one["outcomes"] and None not in one["outcomes"][outcome]["difference"]
    ]
    if not parts or len(parts) < len(reading["treatments"]):
        return None
    return [sum(values) for values in zip(*parts, strict=True)]


def always_valid(difference, variance, scale, alpha=ALPHA):
    """Interval that holds however often it is looked at, for groups that are never over.

    Source: R. Johari, P. Koomen, L. Pekelis, D. Walsh, Operations Research 70 (2022) 1806,
    formula 7: the mixture sequential test of a normal estimate.

    :param float variance: of the difference (the square of its standard error)
    :param float scale: size of the differences that matter most; the interval is tightest there
    :return: [difference, low, high]

    >>> [round(x, 3) for x in always_valid(1.0, 0.04, 0.5)]
    [1.0, 0.392, 1.608]
    """
    whole = variance + scale**2
    reach = sqrt(variance * whole / scale**2 * (log(whole / variance) - 2 * log(alpha)))
    return [difference, difference - reach, difference + reach]


def together(intervals):
    """Sum of independent estimates with its interval: errors add as squares.

    :param intervals: list of [estimate, low, high]
    :return: [estimate, low, high], None of nothing

    >>> together([[10.0, 7.0, 13.0], [5.0, 1.0, 9.0]]), together([])
    ([15.0, 10.0, 20.0], None)
    """
    if not intervals:
        return None
    total = sum(one[0] for one in intervals)
    below = sqrt(sum((one[0] - one[1]) ** 2 for one in intervals))
    above = sqrt(sum((one[2] - one[0]) ** 2 for one in intervals))
    return [total, total - below, total + above]


def shrunk(effects):
    """Effects of several segments, each drawn towards their common mean by what is noise in it.

    Empirical Bayes with the variance between segments by moments. Source: R. DerSimonian,
    N. Laird, Controlled Clinical Trials 7 (1986) 177.

    :param effects: list of (estimate, standard error), none of them 0
    :return: list of (shrunk estimate, standard error)

    >>> shrunk([(0.5, 0.25), (0.5, 0.25)])
    [(0.5, 0.0), (0.5, 0.0)]
    """
    if len(effects) < 2:
        return list(effects)
    weights = [1 / error**2 for _value, error in effects]
    total = sum(weights)
    mean = sum(w * value for w, (value, _error) in zip(weights, effects, strict=True)) / total
    q = sum(w * (value - mean) ** 2 for w, (value, _error) in zip(weights, effects, strict=True))
    c = total - sum(w * w for w in weights) / total
    between = max(0.0, (q - (len(effects) - 1)) / c) if c else 0.0
    found = []
    for value, error in effects:
        kept = between / (between + error**2)
        found.append((mean + kept * (value - mean), sqrt(kept) * error))
    return found
