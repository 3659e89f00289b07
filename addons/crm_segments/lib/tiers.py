"""Limits of tiers and cut-offs of Pareto classes.

>>> tier([0, 100, 1000], 100)
1
>>> pareto([50, 30, 20], [80, 95, 100])
[0, 0, 1]
"""


def check(limits, share=False):
    """Return what is wrong with the limits: 'double', 'range' or None.

    :param limits: list of numbers, one per segment
    :param bool share: limits are cut-offs in %, 0 < x ≤ 100

    >>> check([1, 1]), check([80, 120], share=True), check([80, 95], share=True)
    ('double', 'range', None)
    """
    if len(set(limits)) < len(limits):
        return "double"
    if share and any(not 0 < limit <= 100 for limit in limits):
        return "range"
    return None


def tier(limits, value):
    """Index of the highest limit that ``value`` reaches, None below all.

    >>> tier([10, 20], 9) is None
    True
    """
    reached = [(limit, index) for index, limit in enumerate(limits) if limit <= value]
    return max(reached)[1] if reached else None


def pareto(values, cutoffs):
    """Class of each positive value by the share of strictly larger values.

    The class is the first cut-off (in %) above the share of the total that the
    strictly larger values hold; equal values share a class.

    :param values: list of positive numbers
    :param cutoffs: ascending list of numbers in %, such as [80, 95, 100]
    :return: list of indices into cutoffs, None where no cut-off is above

    >>> pareto([90, 5, 5], [80, 95, 100])
    [0, 1, 1]
    """
    total = sum(values)
    shares = [100 * sum(x for x in values if x > value) / total for value in values]
    return [
        next((index for index, cutoff in enumerate(cutoffs) if share < cutoff), None)
        for share in shares
    ]
