"""How good a list of ten is against what was really bought. No database.

>>> of_list(["a", "b", "c"], {"b", "x"}, 3)
(0.5, 0.38685280723454163, 1.0)
"""

from math import log2


def of_list(proposed, target, length=10):
    """Judge one list.

    Recall: share of the target that is in the list. NDCG: Järvelin & Kekäläinen 2002 with
    gain 1 and discount log2(rank + 1), the ideal list holding *all* items of the target, however
    many. PHR: whether anything was hit.

    :param proposed: items, best first; what stands beyond ``length`` doesn't count
    :param set target: what was bought, not empty
    :return: (recall, NDCG, 1.0 or 0.0)
    """
    hits = [rank for rank, item in enumerate(proposed[:length], start=1) if item in target]
    gain = sum(1 / log2(rank + 1) for rank in hits)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, len(target) + 1))
    return len(hits) / len(target), gain / ideal, float(bool(hits))


def average(found):
    """:param found: list of what :func:`of_list` returns; :return: dict recall, ndcg, phr"""
    means = [round(sum(column) / len(found), 4) for column in zip(*found, strict=True)]
    return dict(zip(("recall", "ndcg", "phr"), means, strict=True))
