"""./dev evaluate value on the real file, against pandas and a fit of its own."""

import gzip
import json

import numpy as np
import pytest

from tests.online_retail import DATA, read_documents
from tools.evaluate import value

UNTIL = "2011-09-09"

real = pytest.mark.skipif(not DATA.is_file(), reason=f"the real data is not there: {DATA}")


def _answer(capsys, *arguments):
    assert value.main([*map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture(scope="module")
def summary():
    """One row per customer known on the day: x, t_x, T in weeks and days bought after it."""
    import pandas

    until = pandas.Timestamp(UNTIL)
    days = read_documents().query("purchase")[["CustomerID", "day"]].drop_duplicates()
    week = pandas.Timedelta(days=7)
    frame = days[days.day <= until].groupby("CustomerID").day.agg(["count", "min", "max"])
    later = days[days.day > until].groupby("CustomerID").size()
    return pandas.DataFrame(
        {
            "x": frame["count"] - 1,
            "t_x": (frame["max"] - frame["min"]) / week,
            "T": (until - frame["min"]) / week,
            "later": later.reindex(frame.index, fill_value=0),
        }
    )


def _log_likelihood(logs, x, t_x, T):
    """Formula (6) of Fader, Hardie, Lee as it is printed, by logarithms of Beta and Gamma."""
    from scipy.special import betaln, gammaln

    r, alpha, a, b = np.exp(logs)
    start = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    stays = betaln(a, b + x) - (r + x) * np.log(alpha + T)
    again = np.maximum(x, 1)
    leaves = betaln(a + 1, b + again - 1) - (r + x) * np.log(alpha + t_x)
    return start + np.where(x > 0, np.logaddexp(stays, leaves), stays)


@real
def test_fit_and_holdout_of_the_real_file(capsys, summary):
    """As likely as another optimiser's fit; totals as pandas counts them; better than naive."""
    from scipy.optimize import minimize

    answer = _answer(capsys, DATA, "--until", UNTIL)
    held = answer["holdout"]
    known = [summary[name].to_numpy(dtype=float) for name in ("x", "t_x", "T")]
    assert answer["customers"] == len(summary)
    assert answer["time_unit"] == "week"
    assert held["actual"] == summary.later.sum()
    x, _t_x, T = known
    naive = 13 * np.divide(x, T, out=np.zeros_like(x), where=T > 0).sum()
    assert held["naive"] == pytest.approx(naive)

    other = minimize(
        lambda logs: -_log_likelihood(logs, *known).sum(),
        np.log([1, 5, 0.1, 2]),
        method="Nelder-Mead",
        bounds=[(-8, 8)] * 4,  # beyond them the printed formula loses its digits
        options={"maxiter": 2000, "maxfev": 2000, "fatol": 1e-4, "xatol": 1e-4},
    )
    ours = np.log([answer[name] for name in ("r", "alpha", "a", "b")])
    assert answer["log_likelihood"] == pytest.approx(_log_likelihood(ours, *known).sum())
    assert answer["log_likelihood"] > -other.fun - 0.05
    # nobody seems to leave within a year, so a and b are not to be told apart; r and alpha are
    assert np.exp(other.x[:2]) == pytest.approx([answer["r"], answer["alpha"]], rel=0.01)
    # without leaving the expectation is (r + x) / (alpha + T) times the time ahead
    plain = 13 * ((answer["r"] + x) / (answer["alpha"] + T)).sum()
    assert held["expected"] == pytest.approx(plain, rel=0.01)
    assert abs(held["expected"] - held["actual"]) < abs(held["naive"] - held["actual"])
    assert held["better"]


def test_small_file(tmp_path, capsys):
    """Days count once, credit notes not at all, and what comes after the day is kept out."""
    lines = ["invoice,date,customer id,amount"]
    lines += [f"{name}{day},2026-0{day}-05,{name},10" for name in "ABCDEFGH" for day in (1, 2, 5)]
    lines += ["A2b,2026-02-05,A,10", "C1,2026-03-01,B,-10", "Z,2026-05-20,Z,10"]
    path = tmp_path / "sales.csv.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    answer = _answer(capsys, path, "--until", "2026-03-31")
    assert answer["customers"] == 8
    assert answer["holdout"]["actual"] == 8
    # 50 days of 85 since the first purchase, one repeat: 1 / 85 days times 50 days, 8 times
    assert answer["holdout"]["naive"] == pytest.approx(8 * 50 / 85)
    assert answer["until"] == "2026-03-31"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--until", "2030-01-01"], "lies outside"),
        ([], "say --until"),
        (["--map", "customer_id=Nothing"], "unknown_columns"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, capsys, arguments, said):
    path = tmp_path / "sales.csv"
    path.write_text("invoice,date,customer id,amount\n1,2026-01-05,A,10\n2,2026-02-05,A,10\n")
    assert value.main([str(path), *arguments]) == 1
    assert said in capsys.readouterr().err
