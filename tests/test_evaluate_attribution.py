"""./dev evaluate attribution on the real paths, against exact references made independently."""

import csv
import json

import pytest

from tests.online_retail import DATA as RETAIL
from tools.evaluate import attribution

FOLDER = RETAIL.parent.parent / "attribution"
PATHS = FOLDER / "PathData.csv"
HEURISTICS = {"first": "first", "last": "last", "linear": "linear", "position": "u_40_20_40"}

real = pytest.mark.skipif(not PATHS.is_file(), reason=f"the real data is not there: {PATHS}")


def _answer(capsys, *arguments):
    assert attribution.main([*map(str, arguments), "--json"]) == 0
    output = capsys.readouterr().out
    assert output.count("\n") == 1
    return json.loads(output)


def _reference(name):
    with (FOLDER / f"ref_exact_{name}.csv").open() as lines:
        return {row["channel_name"]: row for row in csv.DictReader(lines)}


def _assert_credits(found, reference, conversions, value):
    assert found.keys() == reference.keys()
    for channel, row in reference.items():
        expected = [float(row[conversions]), float(row[value])]
        assert found[channel] == pytest.approx(expected, abs=1e-9), channel


@real
@pytest.mark.parametrize(("nulls", "rate"), [("null", 0.2238451356), ("nonull", 1)])
def test_chain_of_the_real_paths(capsys, nulls, rate):
    answer = _answer(capsys, PATHS, *(["--no-null"] if nulls == "nonull" else []))
    assert answer["conversions"] == 19785
    assert answer["value"] == pytest.approx(74802.97, abs=0.005)
    assert answer["conversion_rate"] == pytest.approx(rate, abs=1e-10)
    _assert_credits(
        answer["models"]["markov"], _reference(f"markov_order1_{nulls}"),
        "total_conversions", "total_conversion_value",
    )  # fmt: skip


@real
def test_heuristics_of_the_real_paths(capsys):
    models = _answer(capsys, PATHS)["models"]
    for code, column in HEURISTICS.items():
        _assert_credits(models[code], _reference("heuristics"), f"{column}_conv", f"{column}_value")


@real
@pytest.mark.parametrize("order", [2, 3])
def test_longer_memory_keeps_the_totals(capsys, order):
    answer = _answer(capsys, PATHS, "--order", order)
    credits = answer["models"]["markov"].values()
    assert sum(one for one, _value in credits) == pytest.approx(19785, abs=1e-6)
    assert answer["conversion_rate"] == pytest.approx(0.2238451356, abs=1e-9)


def test_a_file_of_ones_own(tmp_path, capsys):
    """The worked example of the chain's own test, and words for people."""
    file = tmp_path / "paths.csv"
    file.write_text(
        "path,total_conversions,total_conversion_value,total_null\n"
        "a > b,1,10,1\na,0,0,1\nb,1,30,0\n"
    )
    models = _answer(capsys, file)["models"]
    assert models["markov"]["a"] == pytest.approx([0.8, 16])
    assert models["first"] == {"a": [1, 10], "b": [1, 30]}
    assert attribution.main([str(file)]) == 0
    assert "0.5000000000 probability" in capsys.readouterr().err


def test_another_file_says_what_is_missing(tmp_path, capsys):
    file = tmp_path / "paths.csv"
    file.write_text("a,b\n1,2\n")
    assert attribution.main([str(file)]) == 1
    assert "the column path is missing" in capsys.readouterr().err
