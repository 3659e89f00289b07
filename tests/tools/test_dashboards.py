"""The dashboards in the add-ons are those that the tool writes."""

import json

import pytest

from tools import dashboards, paths
from tools.dashboards import sheets


@pytest.mark.parametrize("name", dashboards.FILES)
def test_file_is_what_the_tool_writes(name):
    build = dashboards.FILES[name]
    assert (paths.ADDONS / name).read_text(encoding="utf-8") == dashboards.text(build)
    assert dashboards.text(build) == dashboards.text(build)


def test_no_file_of_others():
    found = {path for folder in paths.ADDONS.glob("*/data/files") for path in folder.iterdir()}
    assert found == {paths.ADDONS / name for name in dashboards.FILES}


@pytest.mark.parametrize("name", dashboards.FILES)
def test_charts_have_ids_of_their_own(name):
    board = json.loads((paths.ADDONS / name).read_text(encoding="utf-8"))
    figures = [one for sheet in board["sheets"] for one in sheet["figures"]]
    assert len({one["id"] for one in figures}) == len(figures) >= 8
    assert set(board["chartOdooMenusReferences"]) <= {one["id"] for one in figures}


def test_ids_are_the_same_each_time():
    assert sheets.ident("a") == sheets.ident("a") != sheets.ident("b")
