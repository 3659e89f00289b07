"""What of an add-on decides whether a prepared database still fits."""

import pytest

from tools import modules, paths


@pytest.fixture
def addons(tmp_path, monkeypatch):
    """Return a directory of add-ons: ``two`` depends on ``one``, which depends on the CRM."""
    monkeypatch.setattr(paths, "ADDONS", tmp_path)
    for name, depends in (("one", ["crm"]), ("two", ["one", "sale"])):
        (tmp_path / name / "tests").mkdir(parents=True)
        (tmp_path / name / "__manifest__.py").write_text(repr({"depends": depends}))
    (tmp_path / "off").mkdir()
    (tmp_path / "off" / "__manifest__.py").write_text(repr({"installable": False}))
    return tmp_path


def test_addons_are_the_installable_ones(addons):
    assert modules.addons() == ["one", "two"]


def test_split_follows_dependencies_of_ours(addons):
    assert modules.split(["two", "contacts"]) == (["contacts", "crm", "sale"], ["one", "two"])


def test_digest_follows_what_is_installed(addons):
    before = modules.digest(["one"])
    (addons / "one" / "model.py").write_text("x = 1")
    after = modules.digest(["one"])
    assert before != after
    (addons / "one" / "model.py").rename(addons / "one" / "other.py")
    assert modules.digest(["one"]) not in (before, after)


@pytest.mark.parametrize(
    "name", ["tests/test_x.py", "static/src/x.js", "README.rst", "__pycache__/x.pyc"]
)
def test_digest_ignores_what_no_database_holds(addons, name):
    before = modules.digest(["one"])
    path = addons / "one" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("changed")
    assert modules.digest(["one"]) == before


def test_digest_sees_the_icon_which_menus_store(addons):
    before = modules.digest(["one"])
    (addons / "one" / "static" / "description").mkdir(parents=True)
    (addons / "one" / "static" / "description" / "icon.png").write_bytes(b"png")
    assert modules.digest(["one"]) != before
