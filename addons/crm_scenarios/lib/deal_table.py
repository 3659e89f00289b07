"""A table of deals as features for :mod:`deal_patterns`: what to compare, what to leave out.

>>> table = {"id": ["1", "2"], "stage": ["Won", "Lost"], "source": ["web", "fair"]}
>>> outcomes(table["stage"], None, None)
[True, False]
"""

import re
from bisect import bisect_left

WON = {"won", "1", "1.0", "true", "yes", "win", "success", "closed won"}
LOST = {"lost", "0", "0.0", "false", "no", "loss", "closed lost"}
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([ T].*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
#: a column of numbers with more different values than this is cut into quarters
MOST_VALUES = 10


def outcomes(values, won, lost):
    """Read the outcome of each deal.

    :param values: texts of the column
    :param won: the text of a won deal, lost: of a lost one; None: the usual words
    :return: list of True (won), False (lost), None (not decided)
    """
    yes = {won.lower()} if won else WON
    no = {lost.lower()} if lost else LOST - yes
    return [
        True if text.lower() in yes else False if text.lower() in no else None for text in values
    ]


def features(table, won):
    """The columns as features of the decided deals.

    Dates are left out: it isn't told whether they were known at the start. So is what follows
    from the outcome: a column that is empty, or always the same number, for all deals of one
    outcome only.

    :param dict table: column → texts of the decided deals
    :param won: bool per deal
    :return: (dict of column → values, dict of column left out → 'date' or 'outcome')
    """
    found, left_out = {}, {}
    for name, texts in table.items():
        filled = [text for text in texts if text]
        if not filled:
            continue
        if all(_DATE.fullmatch(text) for text in filled):
            left_out[name] = "date"
            continue
        numbers = _numbers(texts)
        if _follows(numbers or texts, won, bool(numbers)):
            left_out[name] = "outcome"
        elif numbers and len(set(numbers) - {None}) > MOST_VALUES:
            found[name] = quarters(numbers)
        else:
            found[name] = [text or None for text in texts]
    return found, left_out


def _numbers(texts):
    """:return: list of float, None where nothing stands; None if it is no column of numbers"""
    try:
        return [float(text) if text else None for text in texts]
    except ValueError:
        return None


def _follows(values, won, is_number):
    """Whether a column is empty, or the same number, throughout one outcome but not the other."""
    empty = {None, ""}
    sides = [
        {v for v, one in zip(values, won, strict=True) if one is side} for side in (True, False)
    ]
    if any(side <= empty for side in sides):
        return not all(side <= empty for side in sides)
    few, many = sorted((side - empty for side in sides), key=len)
    return is_number and len(few) == 1 and len(many) > MOST_VALUES


def quarters(values):
    """Cut numbers at their quartiles.

    :param values: float, None where unknown
    :return: list of texts, as '≤ 10', '10 – 20', '> 20', None where unknown

    >>> quarters([1, 2, 3, 4, None])
    ['≤ 1', '1 – 2', '2 – 3', '> 3', None]
    """
    known = sorted(value for value in values if value is not None)
    cuts = sorted({known[(len(known) * part - 1) // 4] for part in (1, 2, 3)} - {known[-1]})
    if not cuts:
        return [None if value is None else f"{known[0]:g}" for value in values]
    names = [f"≤ {cuts[0]:g}"]
    names += [f"{low:g} – {high:g}" for low, high in zip(cuts, cuts[1:], strict=False)]
    names.append(f"> {cuts[-1]:g}")
    return [None if value is None else names[bisect_left(cuts, value)] for value in values]
