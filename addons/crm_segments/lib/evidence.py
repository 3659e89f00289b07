"""A rule as a tree: its sentence, its verdicts, and what is lacking.

A tree is a nested tuple: ``("leaf", index)``, ``("not", [child])``,
``("and", [child, …])`` or ``("or", [child, …])``; ``and`` without children holds
always, ``or`` without children never. Verdicts are True, False or None (unknown).

>>> tree = parse(["|", ("a", ">", 1), ("b", "=", 2)])
>>> verdict(tree, [False, None]), verdict(tree, [False, True])
(None, True)
"""

ALWAYS = ("and", [])
NEVER = ("or", [])
_OPERATORS = {"&": "and", "|": "or"}
_CONSTANTS = {(1, "=", 1): ALWAYS, (0, "=", 1): NEVER}


def parse(prefix):
    """Tree of a domain in prefix notation; conditions are numbered from the left.

    >>> parse(["&", ("a", "=", 1), "!", ("b", "=", 2)])
    ('and', [('leaf', 0), ('not', [('leaf', 1)])])
    >>> parse([(1, "=", 1)]), parse([])
    (('and', []), ('and', []))
    """
    items = list(prefix)
    stack, index = [], sum(_is_leaf(item) for item in items)
    for item in reversed(items):
        if item in ("&", "|"):
            stack.append(join(_OPERATORS[item], [stack.pop(), stack.pop()]))
        elif item == "!":
            stack.append(("not", [stack.pop()]))
        elif _is_leaf(item):
            index -= 1
            stack.append(("leaf", index))
        else:
            stack.append(_CONSTANTS[tuple(item)])
    return join("and", reversed(stack))


def _is_leaf(item):
    return not isinstance(item, str) and tuple(item[:2]) not in ((1, "="), (0, "="))


def join(operator, children):
    """Node of the children, with nested nodes of the same kind flattened.

    >>> join("or", [("or", [("leaf", 0), ("leaf", 1)]), ("leaf", 2)])
    ('or', [('leaf', 0), ('leaf', 1), ('leaf', 2)])
    >>> join("and", [("leaf", 4)])
    ('leaf', 4)
    """
    flat = []
    for child in children:
        flat += child[1] if child[0] == operator else [child]
    return flat[0] if len(flat) == 1 else (operator, flat)


def shift(tree, offset):
    """The tree with its conditions numbered from ``offset``.

    >>> shift(("not", [("leaf", 0)]), 3)
    ('not', [('leaf', 3)])
    """
    kind, rest = tree
    if kind == "leaf":
        return ("leaf", rest + offset)
    return (kind, [shift(child, offset) for child in rest])


def verdict(tree, leaves):
    """What the verdicts of the conditions make of the whole: True, False or None.

    >>> verdict(("and", [("leaf", 0), ("leaf", 1)]), [False, None])
    False
    >>> verdict(("not", [("leaf", 0)]), [None]) is None
    True
    """
    kind, rest = tree
    if kind == "leaf":
        return leaves[rest]
    found = [verdict(child, leaves) for child in rest]
    if kind == "not":
        return None if found[0] is None else not found[0]
    decisive = kind == "or"
    if decisive in found:
        return decisive
    return None if None in found else not decisive


def implied(tree, wanted=True):
    """Verdicts of conditions that follow from that of the whole: index → True or False.

    Who is in a segment satisfied its population then, without anybody having noted how.

    >>> implied(("and", [("leaf", 0), ("not", [("leaf", 1)])]))
    {0: True, 1: False}
    >>> implied(("or", [("leaf", 0), ("leaf", 1)])), implied(("or", [("leaf", 0)]), False)
    ({}, {0: False})
    """
    kind, rest = tree
    if kind == "leaf":
        return {rest: wanted}
    if kind == "not":
        return implied(rest[0], not wanted)
    if (kind == "and") is not wanted:
        return {}
    return {index: found for child in rest for index, found in implied(child, wanted).items()}


def sentence(tree, texts, words, inside=False):
    """The rule in words.

    :param list texts: a text per condition
    :param dict words: ``and``, ``or``, ``not``, ``always``, ``never`` in the user's language

    >>> words = {"and": "and", "or": "or", "not": "not"}
    >>> tree = ("and", [("leaf", 0), ("or", [("leaf", 1), ("not", [("leaf", 2)])])])
    >>> sentence(tree, ["A", "B", "C"], words)
    'A and (B or not C)'
    """
    kind, rest = tree
    if kind == "leaf":
        return texts[rest]
    if kind == "not":
        return f"{words['not']} {sentence(rest[0], texts, words, inside=True)}"
    if not rest:
        return words["always" if kind == "and" else "never"]
    text = f" {words[kind]} ".join(sentence(child, texts, words, inside=True) for child in rest)
    return f"({text})" if inside else text


def annotate(tree, now, then):
    """The tree as dicts with verdicts now and then, for the screen and other programs.

    :param list now: verdicts of the conditions today
    :param list then: verdicts at the time of the decision, None where unknown

    >>> annotate(("not", [("leaf", 0)]), [True], [None])["passed"]
    False
    """
    kind, rest = tree
    node = {
        "op": kind,
        "passed": verdict(tree, now),
        "passed_then": verdict(tree, then),
    }
    if kind == "leaf":
        return {**node, "index": rest}
    return {**node, "children": [annotate(child, now, then) for child in rest]}


def lacking(tree, leaves, wanted=True):
    """What has to change for the tree to be ``wanted``; None where nothing has.

    Returns ``("leaf", index, wanted)``, ``("all", [part, …])`` or ``("any", [part, …])``.

    >>> lacking(("and", [("leaf", 0), ("leaf", 1)]), [True, False])
    ('leaf', 1, True)
    >>> lacking(("not", [("or", [("leaf", 0), ("leaf", 1)])]), [True, True])
    ('all', [('leaf', 0, False), ('leaf', 1, False)])
    """
    kind, rest = tree
    if kind == "not":
        return lacking(rest[0], leaves, not wanted)
    if kind == "leaf":
        return None if leaves[rest] is wanted else ("leaf", rest, wanted)
    if verdict(tree, leaves) is wanted:
        return None
    parts = [lacking(child, leaves, wanted) for child in rest]
    parts = [part for part in parts if part]
    if len(parts) == 1:
        return parts[0]
    return ("all" if (kind == "and") is wanted else "any", parts)


def phrases(lack, text, words):
    """What is lacking as texts, each of which is needed.

    :param text: function of (index, wanted) that names one condition, or None to leave it out

    >>> words = {"and": "and", "or": "or"}
    >>> lack = ("all", [("leaf", 0, True), ("any", [("leaf", 1, True), ("leaf", 2, True)])])
    >>> phrases(lack, lambda index, wanted: "ABC"[index], words)
    ['A', 'B, or C']
    """
    if not lack:
        return []
    if lack[0] == "all":
        return [found for part in lack[1] for found in phrases(part, text, words)]
    if lack[0] == "leaf":
        found = text(*lack[1:])
        return [found] if found else []
    options = [f" {words['and']} ".join(phrases(part, text, words)) for part in lack[1]]
    options = [option for option in dict.fromkeys(options) if option]
    return [f", {words['or']} ".join(options)] if options else []
