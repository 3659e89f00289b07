"""Where the next euro of budget earns more: marginal returns with their uncertainty.

What matters is not what a campaign returned on average but what one unit more would have: the
slope of margin over cost by month. It is scaled by what the campaign is known to have caused, and
money moves only between campaigns where that is known from an experiment or a matched comparison.
"""

import statistics
from math import ceil, sqrt
from typing import NamedTuple

from ...crm_segments.lib.experiment import sample_size
from ...crm_segments.lib.student import quantile
from .audience_power import detectable_rate

#: grades of evidence, the strongest first; "small" is an experiment that is too small to tell
GRADES = ("experiment", "matched", "small", "attribution", "platform", "none")
#: on these money may be moved
SURE = GRADES[:2]
#: months with cost, and how unlike they have to be (standard deviation / mean)
LEAST_MONTHS, LEAST_VARIATION = 6, 0.15
#: fewer customers reached than this don't say what reaching one costs
LEAST_CONTACTS = 30
#: days of a month
MONTH = 30.4375


class Slope(NamedTuple):
    """Margin of one unit of cost more: ``[estimate, low, high]``, or why it isn't known.

    :ivar str state: ``known``, ``short`` (too few months) or ``flat`` (not enough variation)
    """

    state: str
    months: int
    slope: list | None


def grade(experiment, matched, credited, reported, small=False):
    """The best evidence that a campaign has.

    :param bool small: there was an experiment, too small to tell

    >>> grade(False, True, True, True), grade(False, False, False, False)
    ('matched', 'none')
    >>> grade(False, False, True, True, small=True)
    'small'
    """
    known = (experiment, matched, small, credited, reported)
    return next((name for name, has in zip(GRADES, known, strict=False) if has), "none")


def cheapest(campaigns, effect, control_share=0.5, customers=None):
    """The experiment that costs least among campaigns, with its size.

    Its size comes from the effect that is to be seen with a power of 80 % and from the share of
    those reached who ordered; its cost from what reaching one has cost. One that there are
    customers enough for comes before all that there aren't.

    :param list campaigns: dicts of ``id``, ``cost``, ``orders`` and ``contacts`` (customers
        that were reached) of the same time
    :param float effect: rise of the share of customers who order, as a share
    :param int customers: how many there are; None where that doesn't matter
    :return: dict of ``id``, ``needed`` (customers, those held out among them), ``rate`` (share
        who order), ``each`` (cost of a contact) and ``cost`` (of those who aren't held out);
        None where no campaign says so

    >>> cheapest([{"id": 1, "cost": 200.0, "orders": 60, "contacts": 100}], 0.1)
    {'id': 1, 'needed': 712, 'rate': 0.6, 'each': 2.0, 'cost': 712.0}
    """
    found = []
    for one in campaigns:
        contacts, orders = one["contacts"], one["orders"] or 0
        if contacts < LEAST_CONTACTS or not orders or not one["cost"] or one["cost"] <= 0:
            continue
        rate = min(orders / contacts, 1 - effect)
        needed = sample_size(rate, effect, control_share=control_share)
        each = one["cost"] / contacts
        found.append({"id": one["id"], "needed": needed, "rate": rate, "each": each,
                      "cost": each * needed * (1 - control_share)})  # fmt: skip
    limit = float("inf") if customers is None else customers
    return min(found, key=lambda one: (one["needed"] > limit, one["cost"]), default=None)


def pooled(trial, customers, window_days, control_share=0.5):
    """What can be found with fewer customers than an experiment needs.

    The same customers are drawn anew for each of several campaigns, one after the other, and
    all are read together: each campaign counts every customer once more.

    :param dict trial: as of :func:`cheapest`
    :param int customers: how many there are
    :param int window_days: how long the orders of one campaign are counted
    :return: dict of ``customers``, ``cost`` (of one campaign to all but those held out),
        ``detectable`` (the smallest effect that one campaign shows, as a share, None where not
        even the largest is seen), ``yearly`` (how many campaigns fit into a year),
        ``detectable_yearly``, ``campaigns`` (to see the effect of the trial) and ``months`` that
        these take; None where there are customers enough

    >>> trial = {"needed": 712, "rate": 0.6, "each": 2.0}
    >>> found = pooled(trial, 178, 30)
    >>> found["campaigns"], found["months"], round(found["detectable"], 3), found["cost"]
    (4, 4, 0.192, 178.0)
    """
    if customers >= trial["needed"]:
        return None
    yearly = max(1, 365 // window_days)
    campaigns = ceil(trial["needed"] / customers) if customers else None

    def seen(size):
        return detectable_rate(size, trial["rate"], control_share)

    return {
        "customers": customers,
        "cost": trial["each"] * customers * (1 - control_share),
        "detectable": seen(customers),
        "yearly": yearly,
        "detectable_yearly": seen(customers * yearly),
        "campaigns": campaigns,
        "months": campaigns and ceil(campaigns * window_days / MONTH),
    }


def marginal(months):
    """Least-squares slope of margin over cost by month, with its 95 % interval.

    Source: N. R. Draper, H. Smith: Applied Regression Analysis (3rd ed., 1998), 1.4.

    :param months: list of (cost, margin); only months with cost tell
    :return: Slope
    """
    months = [(float(cost), float(margin)) for cost, margin in months if cost > 0]
    n = len(months)
    if n < LEAST_MONTHS:
        return Slope("short", n, None)
    mean_x = sum(cost for cost, _margin in months) / n
    mean_y = sum(margin for _cost, margin in months) / n
    spread = sum((cost - mean_x) ** 2 for cost, _margin in months)
    if sqrt(spread / (n - 1)) < LEAST_VARIATION * mean_x:
        return Slope("flat", n, None)
    slope = sum((cost - mean_x) * (margin - mean_y) for cost, margin in months) / spread
    rest = sum((margin - mean_y - slope * (cost - mean_x)) ** 2 for cost, margin in months)
    reach = quantile(0.95, n - 2) * sqrt(rest / (n - 2) / spread)
    return Slope("known", n, [slope, slope - reach, slope + reach])


def calibrated(slope, caused, credited):
    """A slope of credited margin, scaled by how much of it was caused.

    The errors of both are put together as those of independent factors.

    :param list slope: [estimate, low, high]
    :param list caused: [estimate, low, high] of the margin that the campaign is known to have
        brought
    :param float credited: margin that it was credited with
    :return: [estimate, low, high], None where nothing was credited

    >>> calibrated([2.0, 1.0, 3.0], [50.0, 50.0, 50.0], 100.0)
    [1.0, 0.5, 1.5]
    """
    if not credited or credited <= 0:
        return None
    factor = [value / credited for value in caused]
    value = slope[0] * factor[0]
    one, other = (slope[2] - slope[1]) / 2, (factor[2] - factor[1]) / 2
    reach = sqrt((one * factor[0]) ** 2 + (other * slope[0]) ** 2)
    return [value, value - reach, value + reach]


def propose(campaigns, amount):
    """Whether to move an amount, from where, to where.

    Money moves only between campaigns with a grade in ``SURE`` and a known marginal return, and
    only where even the careful estimate gains: the lower limit of the one above the upper limit
    of the other.

    :param campaigns: list of dicts of ``id``, ``grade``, ``marginal`` ([estimate, low, high] or
        None), ``cost`` (that could be moved)
    :param float amount: to be moved at most
    :return: dict of ``state`` (``move``, ``unsure``, ``unknown``), ``source``, ``target`` (ids),
        ``amount`` and ``effect`` ([estimate, low, high] of margin)

    >>> propose([], 100)["state"]
    'unknown'
    """
    nothing = {"source": None, "target": None, "amount": 0.0, "effect": None}
    known = [one for one in campaigns if one["grade"] in SURE and one["marginal"]]
    if len(known) < 2:
        return {"state": "unknown", **nothing}
    source = min(known, key=lambda one: one["marginal"][2])
    target = max(known, key=lambda one: one["marginal"][1])
    if source is target:
        return {"state": "unsure", **nothing}
    found = move(source, target, amount)
    return {**found, "state": "move" if found["effect"][1] > 0 else "unsure"}


def move(source, target, amount):
    """What moving an amount from one campaign to another would bring.

    :param dict source: as those of :func:`propose`; ``target`` too
    :return: dict of ``source``, ``target`` (ids), ``amount`` (no more than the source costs),
        ``effect`` ([estimate, low, high] of margin, None where a marginal return isn't known)
        and ``state``: ``unknown``, ``proven`` (both rest on a grade in ``SURE``) or ``claimed``

    >>> known = {"id": 1, "grade": "matched", "marginal": [2.0, 1.5, 2.5], "cost": 50}
    >>> move(known, {"id": 2, "grade": "attribution", "marginal": [3.0, 2.0, 4.0], "cost": 9}, 80)
    {'source': 1, 'target': 2, 'amount': 50, 'effect': [50.0, -25.0, 125.0], 'state': 'claimed'}
    """
    moved, a, b = min(amount, source["cost"] or 0), target["marginal"], source["marginal"]
    effect, state = None, "unknown"
    if a and b:
        effect = [moved * (a[0] - b[0]), moved * (a[1] - b[2]), moved * (a[2] - b[1])]
        state = "proven" if {source["grade"], target["grade"]} <= {*SURE} else "claimed"
    return {
        "source": source["id"], "target": target["id"], "amount": moved, "effect": effect,
        "state": state,
    }  # fmt: skip


def median(values):
    """The middle of known values, None without any.

    >>> median([3, None, 1, 2]), median([1, 2]), median([None])
    (2, 1.5, None)
    """
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
