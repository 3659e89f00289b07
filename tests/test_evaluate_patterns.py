"""./dev evaluate patterns: nothing where nothing is, and what was put in."""

import csv
import json
import random

import pytest

from tests.online_retail import DATA
from tools.evaluate import patterns

MAVEN = DATA.parent.parent / "maven_crm"

real = pytest.mark.skipif(not MAVEN.is_dir(), reason=f"the real data is not there: {MAVEN}")


def _answer(capsys, *arguments):
    assert patterns.main([*map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@real
def test_negative_control(capsys, tmp_path):
    """Deals of the real file, alone and with what is known of customers, products and teams."""
    pandas = pytest.importorskip("pandas")
    file = MAVEN / "sales_pipeline.csv"
    answer = _answer(capsys, file, "--outcome", "deal_stage")
    assert (answer["deals"], answer["won"]) == (6711, 4238)
    assert answer["tests"] >= 100
    assert answer["discoveries"] == []
    assert answer["left_out"]["close_value"] == "outcome"
    assert answer["detectable"] < 1.1
    joined = pandas.read_csv(file)
    for name, key in (
        ("accounts", "account"),
        ("sales_teams", "sales_agent"),
        ("products", "product"),
    ):
        joined = joined.merge(pandas.read_csv(MAVEN / f"{name}.csv"), "left", key)
    joined.to_csv(tmp_path / "joined.csv", index=False)
    answer = _answer(capsys, tmp_path / "joined.csv", "--outcome", "deal_stage")
    assert answer["tests"] > 150
    assert answer["discoveries"] == []


@real
def test_positive_control(capsys, tmp_path):
    """The same deals with a column that was drawn so that it is won 1.3 times as often."""
    draw = random.Random(5)
    with (MAVEN / "sales_pipeline.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        won = row["deal_stage"] == "Won"
        row["called"] = "same day" if draw.random() < (0.5 if won else 0.25) else "later"
    with (tmp_path / "called.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    answer = _answer(capsys, tmp_path / "called.csv", "--outcome", "deal_stage")
    [found] = answer["discoveries"]
    assert (found["feature"], found["value"]) == ("called", "same day")
    # P(won | called) = .5 · .6315 / (.5 · .6315 + .25 · .3685) = .7741; without .5333: 1.451
    assert found["low"] < 1.451 < found["high"]
    assert found["p"] <= found["q"] < 1e-6


def test_other_words_and_what_is_wrong(capsys, tmp_path):
    file = tmp_path / "deals.csv"
    lines = [f"{'gewonnen' if n % 3 else 'verloren'},{n % 2}" for n in range(120)]
    file.write_text("end,x\n" + "\n".join(lines), "utf-8")
    arguments = (file, "--outcome", "end", "--won", "Gewonnen", "--lost", "verloren")
    answer = _answer(capsys, *arguments)
    assert (answer["deals"], answer["won"], answer["tests"]) == (120, 80, 1)
    assert patterns.main([str(file), "--outcome", "end"]) == 1
    assert "--won" in capsys.readouterr().err
    assert patterns.main([str(file), "--outcome", "stage"]) == 1
    assert "There is no column 'stage'" in capsys.readouterr().err
