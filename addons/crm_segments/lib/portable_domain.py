"""Domains as data that can be carried to another database.

The text of a domain becomes a list: operators stay texts, a condition becomes
``[path, operator, value]``. A value is what JSON knows, ``{"python": source}``
where it is computed, such as ``context_today()``, ``{"domain": [...]}`` for a
condition on related records, or whatever the caller makes of an id.

>>> to_data("['|', ('a', '=', 1), ('b', 'in', [2, 3])]", lambda path, value: value)
['|', ['a', '=', 1], ['b', 'in', [2, 3]]]
>>> to_text(['|', ['a', '=', 1], ['b', 'in', [2, 3]]], lambda path, value: value)
"['|', ('a', '=', 1), ('b', 'in', [2, 3])]"
"""

import ast
import datetime

_RELATED = ("any", "not any")


class DomainError(ValueError):
    """The text or data is no domain."""


def to_data(text, encode):
    """Return the domain in ``text`` as data.

    :param str text: as the host's editor writes it, empty for 'all'
    :param encode: function (path, value) → data, called for every literal value
    """
    try:
        node = ast.parse((text or "[]").strip(), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise DomainError(str(error)) from error
    if not isinstance(node, (ast.List, ast.Tuple)):
        return {"python": ast.unparse(node)}
    return _nodes_to_data(node.elts, encode, "")


def to_text(data, decode):
    """Return the text of the domain in ``data``.

    :param decode: function (path, data) → value, called for every value
    :raises DomainError: if ``data`` is no domain
    """
    return _source(data, decode, "")


def paths(data):
    """Field paths of all conditions, those of related records behind their field."""
    return list(_paths(data, ""))


def _nodes_to_data(nodes, encode, prefix):
    return [_node_to_data(node, encode, prefix) for node in nodes]


def _node_to_data(node, encode, prefix):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List)) else []
    if len(parts) != 3:
        return {"python": ast.unparse(node)}
    path, operator = (_literal(part) for part in parts[:2])
    full = f"{prefix}{path}"
    if operator in _RELATED and isinstance(parts[2], (ast.List, ast.Tuple)):
        inner = _nodes_to_data(parts[2].elts, encode, f"{full}.")
        return [path, operator, {"domain": inner}]
    try:
        value = ast.literal_eval(parts[2])
    except ValueError:
        return [path, operator, {"python": ast.unparse(parts[2])}]
    return [path, operator, encode(full, value)]


def _literal(node):
    try:
        return ast.literal_eval(node)
    except ValueError as error:
        raise DomainError(ast.unparse(node)) from error


def _source(data, decode, prefix):
    if isinstance(data, dict) and isinstance(data.get("python"), str):
        return data["python"]
    if not isinstance(data, list):
        raise DomainError(str(data))
    return f"[{', '.join(_term_source(term, decode, prefix) for term in data)}]"


def _term_source(term, decode, prefix):
    if isinstance(term, str):
        return repr(term)
    if isinstance(term, dict):
        return _source(term, decode, prefix)
    if not isinstance(term, list) or len(term) != 3 or not isinstance(term[1], str):
        raise DomainError(str(term))
    path, operator, value = term
    full = f"{prefix}{path}"
    if isinstance(value, dict) and set(value) == {"domain"}:
        source = _source(value["domain"], decode, f"{full}.")
    elif isinstance(value, dict) and set(value) == {"python"}:
        source = str(value["python"])
    else:
        source = repr(decode(full, value))
    return f"({path!r}, {operator!r}, {source})"


def _paths(data, prefix):
    for term in data if isinstance(data, list) else []:
        if isinstance(term, list) and len(term) == 3:
            yield f"{prefix}{term[0]}"
            if isinstance(term[2], dict) and "domain" in term[2]:
                yield from _paths(term[2]["domain"], f"{prefix}{term[0]}.")


def plain(value):
    """A literal as JSON knows it: tuples and sets as lists, dates as text."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    if isinstance(value, (datetime.date, datetime.datetime)):
        return str(value)
    return value
