"""How far goals are reached, and what that is worth beside what the programme costs."""


def reached(baseline, current, target):
    """Share of the way from the baseline to the target; None where it can't be measured.

    Below 0 it has become worse, above 1 more was reached than wanted. Where the baseline is the
    target already, there is no way to measure along.
    """
    if baseline is None or current is None or target == baseline:
        return None
    return (current - baseline) / (target - baseline)


def benefit(worth, share):
    """Money a year: the worth of the target times the share of it, from nothing to all.

    :param worth: money a year of reaching the target
    :param share: as of :func:`reached`; None where it can't be measured
    :return: money a year, or None
    """
    return None if share is None else worth * min(max(share, 0.0), 1.0)


def payback(cost, benefit_year, running_year):
    """Years until a cost that is paid once is earned by what is left of a yearly benefit.

    :return: years, or None where what is paid each year takes all of it
    """
    left = benefit_year - running_year
    return cost / left if left > 0 else None
