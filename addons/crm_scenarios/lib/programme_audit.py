"""Two audits beside each other: what was counted then, and what is gone."""


def is_item(key):
    """Whether a key names a thing (``module:sale``), which may come and go; the others are
    figures that each audit has."""
    return ":" in key


def beside(rows, previous):
    """Rows of an audit with those of the one before.

    :param rows: dicts with ``section``, ``key``, ``label``, ``value`` (None: a text only)
    :param previous: such dicts of the audit before, or None where there was none
    :return: the rows with ``previous_value`` (None: not known); things that are gone come last
        in their section, with value 0
    """
    if previous is None:
        return [{**row, "previous_value": None} for row in rows]
    before = {row["key"]: row for row in previous}
    result = [{**row, "previous_value": _then(row, before)} for row in rows]
    known = {row["key"] for row in rows}
    gone = [
        {**row, "value": 0.0, "previous_value": row["value"]}
        for row in previous
        if is_item(row["key"]) and row["key"] not in known and row["value"]
    ]
    order = list(dict.fromkeys(row["section"] for row in [*rows, *gone]))
    return sorted([*result, *gone], key=lambda row: order.index(row["section"]))


def _then(row, before):
    """A thing that wasn't there counts 0; a figure that wasn't counted isn't known."""
    if row["value"] is None:
        return None
    if row["key"] in before:
        return before[row["key"]]["value"]
    return 0.0 if is_item(row["key"]) else None


def difference(value, previous):
    """Now less then; None where one of them isn't known."""
    return None if value is None or previous is None else value - previous
