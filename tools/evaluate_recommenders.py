"""Recommenders that are compared: the product's own, and simple ones that it has to beat.

Each takes a batch and returns a list of items per case, best first.
"""

from collections import Counter, defaultdict

import numpy as np
from odoo.addons.crm_scenarios.lib import product_learning, product_pairs, product_scoring

LENGTH = 10
DECAY = 0.9
RECENT_DAYS = 90


def ours(batch):
    """The product's two lists, merged by the chance that each line states.

    :return: dict of lists of lists: ``ours``, ``again``, ``new``
    """
    learned = product_learning.learn(batch.known, batch.today)
    items = {row.item: row for row in learned.item_rows()}
    pairs = defaultdict(list)
    for row in learned.neighbour_rows():
        pairs[row.item].append(row)
    popular = sorted(items, key=lambda item: -items[item].popularity)
    found = {"ours": [], "again": [], "new": []}
    for case in batch.cases:
        lists = _lists(case, items, pairs, learned.parameters)
        for name, proposed in zip(found, (_filled(case, lists, popular), *lists), strict=True):
            found[name].append([getattr(line, "item", line) for line in proposed])
    return found


def _lists(case, items, pairs, parameters):
    """The day of the target is not told: it is that on which the customer usually comes again."""
    again = []
    if not case.new_only:
        again = product_scoring.buy_again(case.history, items, parameters, None, LENGTH)
    weights = product_scoring.anchors(case.history, parameters, None)
    rows = [row for item in weights for row in pairs.get(item, ())]
    return again, product_scoring.new_items(case.history, items, rows, parameters, None, LENGTH)


def _filled(case, lists, popular):
    """Both lists by chance; what is popular where they are too short."""
    merged = sorted((line for one in lists for line in one), key=lambda line: -line.score)
    chosen = [line.item for line in merged][:LENGTH]
    return _fill(chosen, popular, {one.item for one in case.history} | set(chosen))


def _fill(chosen, popular, without):
    missing = LENGTH - len(chosen)
    for item in popular:
        if missing <= 0:
            break
        if item not in without:
            chosen.append(item)
            missing -= 1
    return chosen


def global_top(batch):
    """What most baskets hold; of the last 90 days where only new items are asked for."""
    popular = [item for item, _count in _popularity(batch).most_common()]
    return [_fill([], popular, _out(case)) for case in batch.cases]


def personal_top(batch):
    """What the customer bought most often, ties by popularity."""
    return _weighted(batch, lambda age: 1.0, 0.999)


def decay_popularity(batch):
    """Σ 0.9^age in baskets + a bit of popularity."""
    return _weighted(batch, lambda age: DECAY**age, 0.5)


def cosine(batch):
    """Items by the sum of their cosines with the customer's own: n both / √(n one · n other)."""
    matrix = product_pairs.bought(batch.known)
    together = product_pairs.gram(matrix)
    norm = np.sqrt(np.maximum(np.diag(together), 1))
    together /= norm
    together /= norm[:, None]
    np.fill_diagonal(together, 0)
    position = {item: at for at, item in enumerate(batch.known.items.tolist())}
    keys = batch.known.items.tolist()
    found = []
    for case in batch.cases:
        own = sorted({position[one.item] for one in case.history})
        score = together[own].sum(axis=0)
        score[own] = -1
        found.append([keys[at] for at in np.argsort(-score, kind="stable")[:LENGTH]])
    return found


def _popularity(batch):
    recent = batch.known.day > batch.today - RECENT_DAYS
    asked_for_new = bool(batch.cases) and batch.cases[0].new_only
    items = batch.known.item[recent] if asked_for_new else batch.known.item
    counts = np.bincount(items, minlength=len(batch.known.items))
    return Counter(dict(zip(batch.known.items.tolist(), counts.tolist(), strict=True)))


def _weighted(batch, weight, share):
    popular = _popularity(batch)
    ranked, most = [item for item, _count in popular.most_common()], max(popular.values())
    found = []
    for case in batch.cases:
        days = sorted({one.day for one in case.history}, reverse=True)
        age = {day: at for at, day in enumerate(days)}
        scores = {item: share * popular[item] / most for item in ranked[: 2 * LENGTH]}
        for one in case.history:
            own = scores.get(one.item, share * popular[one.item] / most)
            scores[one.item] = own + weight(age[one.day])
        for item in _out(case):
            scores.pop(item, None)
        best = sorted(scores, key=scores.get, reverse=True)[:LENGTH]
        found.append(_fill(best, ranked, _out(case) | set(best)))
    return found


def _out(case):
    return {one.item for one in case.history} if case.new_only else set()
