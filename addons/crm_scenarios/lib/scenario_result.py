"""What a scenario is worth: those who got it against those who were held out.

The statistics are those of ``crm_segments/lib/experiment.py``, which the caller hands over as
``stats``: nothing here is imported from another add-on.
"""

from dataclasses import dataclass

#: fewer customers or goals in an arm than this are no comparison
LEAST_CUSTOMERS, LEAST_GOALS = 30, 5
#: differences of rates below this aren't worth a search for them
LEAST_EFFECT = 0.005


@dataclass
class Arm:
    """Customers whose time is over: how many, how many reached the goal, money per customer.

    ``mean`` and ``variance`` (of the sample) count customers without a sale as 0.
    """

    customers: int
    goals: int
    mean: float = 0.0
    variance: float = 0.0

    @property
    def rate(self):
        """Share that reached the goal, None of nobody."""
        return self.goals / self.customers if self.customers else None


def compare(treated, control, control_share, stats):
    """Compare two arms.

    :param Arm treated, control: the two arms
    :param float control_share: planned share of the hold-out
    :param stats: module of the statistics
    :return: dict with ``state`` (``none``: nothing to compare; ``broken``: the arms don't have
        the sizes that were drawn; ``few``: not enough data; ``better``, ``worse``, ``unsure``),
        ``rate`` and ``money`` as (difference, low, high) of treated − control, ``ratio_p``, and
        ``needed``: about how many customers more (None: not known)
    """
    found = {"rate": None, "money": None, "ratio_p": None, "needed": None}
    if not 0 < control_share < 1 or not (treated.customers and control.customers):
        return {**found, "state": "none"}
    found["ratio_p"] = stats.sample_ratio_p(
        [treated.customers, control.customers], [1 - control_share, control_share]
    )
    if found["ratio_p"] < stats.SAMPLE_RATIO_STOP:
        return {**found, "state": "broken"}
    found["needed"] = needed_more(treated, control, control_share, stats)
    if _few(treated, control):
        return {**found, "state": "few"}
    found["rate"] = stats.newcombe(
        treated.goals, treated.customers, control.goals, control.customers
    )
    found["money"] = stats.welch(
        treated.mean, treated.variance, treated.customers,
        control.mean, control.variance, control.customers,
    )  # fmt: skip
    return {**found, "state": verdict(found["rate"])}


def _few(treated, control):
    small = min(treated.customers, control.customers) < LEAST_CUSTOMERS
    return small or treated.goals + control.goals < LEAST_GOALS


def verdict(interval):
    """``better`` or ``worse`` where the interval leaves out 0, else ``unsure``."""
    _difference, low, high = interval
    if low is None or low <= 0 <= high:
        return "unsure"
    return "better" if low > 0 else "worse"


def needed_more(treated, control, control_share, stats):
    """About how many customers more would show the difference seen so far, 0 where enough."""
    total = treated.customers + control.customers
    base = (treated.goals + control.goals) / total
    effect = max(abs((treated.rate or 0) - (control.rate or 0)), LEAST_EFFECT)
    if _few(treated, control):  # what was seen of so few says nothing: half as much again
        effect = max(base / 2, LEAST_EFFECT)
    base = min(max(base, 0.01), 0.99 - min(effect, 0.9))
    effect = min(effect, 0.99 - base)
    return max(0, stats.sample_size(base, effect, control_share=control_share) - total)


def advise(expected, base_rate, stats, control_share=0.2, effect=None):
    """Whether a hold-out is worth it with so many customers.

    :param int expected: customers to come within half a year
    :param float base_rate: share that reaches the goal without
    :param float effect: difference to be seen; half of the base rate if not given
    :return: (worth it, customers needed)
    """
    base = min(max(base_rate, 0.01), 0.6)
    needed = stats.sample_size(base, effect or base / 2, control_share=control_share)
    return expected >= needed, needed
