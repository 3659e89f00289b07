"""True, False or unknown (None): what can be said without knowing everything.

>>> both([True, None]), both([False, None]), either([True, None]), either([False, None])
(None, False, True, None)
>>> opposite(None) is None
True
"""


def both(verdicts):
    """'And': False as soon as one is, else unknown as soon as one is; True of nothing.

    >>> both([]), both([True, True])
    (True, True)
    """
    unknown = False
    for verdict in verdicts:
        if verdict is False:
            return False
        unknown |= verdict is None
    return None if unknown else True


def either(verdicts):
    """'Or': True as soon as one is, else unknown as soon as one is; False of nothing.

    >>> either([]), either([False, False])
    (False, False)
    """
    return opposite(both(opposite(verdict) for verdict in verdicts))


def opposite(verdict):
    """'Not': the unknown stays unknown."""
    return None if verdict is None else not verdict


def of_tree(node, decide):
    """Verdict on a tree of conditions.

    A node with ``children`` joins them by its ``OPERATOR``, ``&`` or ``|``; one
    with a ``child`` turns it round; anything else is a leaf for ``decide``. What
    doesn't matter is not asked: of ``False & x`` the verdict is False.

    :param node: the root, such as a domain of the host
    :param decide: function of a leaf → True, False or None
    """
    if hasattr(node, "children"):
        join = {"&": both, "|": either}[node.OPERATOR]
        return join(of_tree(child, decide) for child in node.children)
    if hasattr(node, "child"):
        return opposite(of_tree(node.child, decide))
    return decide(node)


def first_match(verdicts):
    """Of verdicts in order, keep the first that is true; who may come later is unknown.

    >>> first_match([False, True, True])
    [False, True, False]
    >>> first_match([None, True, False])
    [None, None, False]
    """
    kept, before = [], []
    for verdict in verdicts:
        kept.append(both([verdict, opposite(either(before))]))
        before.append(verdict)
    return kept
