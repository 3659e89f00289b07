"""What the guides name in the code is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WALK = (ROOT / "CONTRIBUTING.md").read_text().partition("## One invoice")[2].partition("\n## ")[0]
#: a file and, behind it, a method: `file.py`, `method`
NAMED = re.findall(r"`([\w/]+\.py)`,\s+`(\w+)`", WALK)


def _sources(name):
    folder, _slash, file = name.rpartition("/")
    found = [path for path in (ROOT / "addons").rglob(file) if str(path.parent).endswith(folder)]
    return [path.read_text() for path in found]


@pytest.mark.parametrize(("file", "method"), NAMED)
def test_the_walk_of_an_invoice(file, method):
    assert any(f"def {method}(" in source for source in _sources(file))


def test_the_walk_is_long_enough():
    """A walk that is written otherwise would name nothing, and all would pass."""
    assert len(NAMED) > 15
