"""Translated texts in Python with a placeholder that the translating call takes for itself."""

import ast

from .. import paths

# Environment._(self, source, *args, **kwargs): a keyword of these names never arrives.
TAKEN = {"self", "source"}


def check(addons):
    """Return where a translated text has such a placeholder."""
    return [
        f"{path.relative_to(paths.ROOT)}:{node.lineno}: a translated text takes no '{word.arg}='"
        for name in addons
        for path in sorted((paths.ADDONS / name).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "_"
        for word in node.keywords
        if word.arg in TAKEN
    ]
