"""Groups of records that share a key with one another, directly or over others. No database."""

#: A key that more records share is no sign of one and the same customer: the number of a
#: switchboard, an address of a broker, '0000000'.
MOST_SHARED = 20


def clusters(groups):
    """Join groups that have a member in common.

    :param groups: iterable of (kind, list of ids): the records that share one key
    :return: list of (sorted ids, sorted kinds), ordered by the first id

    >>> clusters([("email", [1, 2]), ("vat", [2, 3]), ("phone", [7, 8])])
    [([1, 2, 3], ['email', 'vat']), ([7, 8], ['phone'])]
    """
    parents, groups = {}, list(groups)
    for _kind, ids in groups:
        for one in ids[1:]:
            _join(parents, ids[0], one)
    members, kinds = {}, {}
    for kind, ids in groups:
        root = _root(parents, ids[0])
        members.setdefault(root, set()).update(ids)
        kinds.setdefault(root, set()).add(kind)
    found = [(sorted(ids), sorted(kinds[root])) for root, ids in members.items() if len(ids) > 1]
    return sorted(found)


def _root(parents, one):
    while one in parents:
        # halve the path on the way: long chains stay cheap
        above = parents[one]
        if above in parents:
            parents[one] = parents[above]
        one = above
    return one


def _join(parents, left, right):
    left, right = _root(parents, left), _root(parents, right)
    if left != right:
        parents[max(left, right)] = min(left, right)
