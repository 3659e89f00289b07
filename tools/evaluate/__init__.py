"""Evaluations: a module each, with ``main(argv)`` that returns an exit status."""

from pathlib import Path


def kinds():
    """Return the names of the evaluations that there are."""
    return sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
