"""./dev evaluate lift: a table worked out by hand, and scipy beside."""

import json

import numpy as np
import pytest

from tools.evaluate import lift


def _answer(capsys, *arguments):
    assert lift.main([*map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_shares_of_the_published_table(capsys, tmp_path):
    """56 of 70 against 48 of 80: 0.2, 0.0524 to 0.3339 (Newcombe 1998); sizes by hand.

    70 and 80 in equal shares: chi-square 25/75 + 25/75 = 0.6667, p = 0.4142.
    """
    rows = [("mailed", "yes")] * 56 + [("mailed", "no")] * 14
    rows += [("kept out", "1")] * 48 + [("kept out", "0")] * 32
    file = tmp_path / "table.csv"
    file.write_text("arm;answered\n" + "\n".join(";".join(row) for row in rows), "utf-8")
    common = (file, "--group", "arm", "--control", "kept out", "--outcome", "answered")
    answer = _answer(capsys, *common)
    assert answer["groups"]["mailed"] == {"n": 70, "rate": 0.8, "mean": 0.8}
    [found] = answer["comparisons"]
    assert found["group"] == "mailed"
    assert [round(x, 4) for x in found["rate_difference"]] == [0.2, 0.0524, 0.3339]
    assert found["sample_ratio_p"] == pytest.approx(0.41422, abs=1e-5)
    planned = _answer(capsys, *common, "--share", "mailed=0.1", "--share", "kept out=0.9")
    assert planned["comparisons"][0]["sample_ratio_p"] < 1e-6
    assert lift.main([str(one) for one in common]) == 0
    assert "more than the control" in capsys.readouterr().err


def test_money_of_two_treatments_against_scipy(capsys, tmp_path):
    """Welch with zeros; what the time before explains is taken away without changing much else."""
    from scipy import stats

    draw = np.random.default_rng(2)
    arm = draw.choice(["none", "mail", "call"], 900)
    before = np.round(draw.gamma(0.5, 200, 900) * (draw.random(900) < 0.6), 2)
    money = np.round(0.7 * before + draw.gamma(1, 30, 900) + 15 * (arm == "call"), 2)
    file = tmp_path / "money.csv"
    lines = [f"{a},{m},{b}" for a, m, b in zip(arm, money, before, strict=True)]
    file.write_text("arm,revenue,before\n" + "\n".join(lines), "utf-8")
    answer = _answer(
        capsys, file, "--group", "arm", "--control", "none", "--outcome", "revenue",
        "--pre", "before",
    )  # fmt: skip
    assert [one["group"] for one in answer["comparisons"]] == ["call", "mail"]
    theta = np.sum([np.cov(money[arm == a], before[arm == a])[0, 1] * (sum(arm == a) - 1)
                    for a in ("none", "mail", "call")])  # fmt: skip
    theta /= np.sum([before[arm == a].var(ddof=1) * (sum(arm == a) - 1)
                     for a in ("none", "mail", "call")])  # fmt: skip
    for found in answer["comparisons"]:
        for key, values in (
            ("mean_difference", money),
            ("mean_difference_cuped", money - theta * (before - before.mean())),
        ):
            one, other = values[arm == found["group"]], values[arm == "none"]
            expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
            np.testing.assert_allclose(
                found[key], [one.mean() - other.mean(), expected.low, expected.high], atol=1e-6
            )
    [call, mail] = answer["comparisons"]
    assert call["mean_difference_cuped"][1] > 0 > mail["mean_difference_cuped"][1]
    assert 0 < answer["variance_kept"] < 0.5


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("arm,n\na,1\nb,\n", "line 3: nothing stands there"),
        ("arm,n\na,1\nb,two\n", "line 3: 'two' is no number"),
        ("arm,n\na,1\na,2\n", "'a' and another group"),
        ("arm,m\na,1\nb,2\n", "There is no column 'n'"),
        ("arm,n\n", "lines below it"),
        ("arm,n\n,1\nb,2\n", "line 2: no group"),
    ],
)
def test_what_is_wrong_is_told(capsys, tmp_path, content, told):
    file = tmp_path / "wrong.csv"
    file.write_text(content, "utf-8")
    assert lift.main([str(file), "--group", "arm", "--control", "a", "--outcome", "n"]) == 1
    assert told in capsys.readouterr().err


def test_no_file(capsys, tmp_path):
    missing = str(tmp_path / "none.csv")
    assert lift.main([missing, "--group", "a", "--control", "b", "--outcome", "c"]) == 1
    assert "There is no file" in capsys.readouterr().err
