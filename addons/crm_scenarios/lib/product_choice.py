"""Which of the likely products make a list: shared by the lists and by the replay. No database."""

SPARE = 4  #: lists are made so many times as long, since some products fall away afterwards
LEAST_CASES = 3  #: a share of fewer buyers is an anecdote
LEAST_BUYERS = 5  #: a segment with fewer buyers is no segment to learn anything from


def first_of_each(items, group_of, taken, limit):
    """The first item of each group, such as one variant of a product, none of a taken group.

    :param items: items, most likely first
    :param group_of: item → its group, None where it may not be listed
    :param set taken: groups that are out of the question
    :param int limit: most items
    :return: list of items

    >>> first_of_each([1, 2, 3, 4], {1: "a", 2: "a", 3: "b", 4: "c"}.get, {"c"}, 10)
    [1, 3]
    """
    kept, taken = [], set(taken)
    for item in items:
        group = group_of(item)
        if group is not None and group not in taken and len(kept) < limit:
            taken.add(group)
            kept.append(item)
    return kept
