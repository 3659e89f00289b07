"""./dev evaluate replay: what is known on the day decides, what followed judges."""

import csv
import json
import random
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from tests.online_retail import DATA
from tools import evaluate_files
from tools.evaluate import replay

AS_OF = date(2025, 3, 31)
HEADER = ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")

real = pytest.mark.skipif(not DATA.is_file(), reason=f"the real data is not there: {DATA}")


def rows():
    """Sales of 300 customers in two countries, each with a taste."""
    draw, made, number = random.Random(3), [], 0
    for customer in range(300):
        day, gap = date(2024, 1, 1) + timedelta(draw.randrange(200)), draw.choice([10, 20, 40])
        while day < date(2025, 6, 30):
            number += 1
            for code in {customer % 5 * 8 + draw.randrange(8) for _one in range(3)}:
                country = ("Germany", "France")[customer % 2]
                made.append((number, 10000 + code, 2, day, 3, f"C{customer}", country))
            day += timedelta(max(1, int(draw.expovariate(1 / gap))))
            if draw.random() < 0.04:
                break
    return made


def write(path, lines):
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *lines])
    return path


def read(path, as_of=AS_OF):
    options = SimpleNamespace(file=path, map=[], item_pattern=None)
    return evaluate_files.read(options, as_of)


def answer(path, capsys, *arguments):
    assert replay.main([str(path), "--json", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_answer(tmp_path, capsys):
    path = write(tmp_path / "sales.csv", rows())
    found = answer(path, capsys, "--as-of", str(AS_OF), "--days", "60")
    assert found.keys() == {"as_of", "days", "customers", "lists", "due", "segments", "seconds"}
    assert (found["as_of"], found["days"], found["due"]["verdict"]) == ("2025-03-31", 60, "better")
    bought = {}
    for _n, _code, _q, day, _p, customer, _c in rows():
        bought.setdefault(customer, []).append(day)
    known = {one for one, days in bought.items() if min(days) <= AS_OF}
    until = AS_OF + timedelta(60)
    came = {one for one in known if any(AS_OF < day <= until for day in bought[one])}
    assert found["customers"] == len(known)
    assert found["lists"]["sample"] == len(came)
    shares = [one["came"] for one in found["segments"]]
    assert sum(one["of"] for one in shares) == len(known)
    assert sum(one["count"] for one in shares) == len(came)
    for one in shares:
        share = one["count"] / one["of"] if one["of"] else None
        assert share is None or 0 <= one["low"] <= share + 1e-9 <= one["high"] + 2e-9 < 1 + 3e-9
    money = found["lists"]["again"]["money"]["all"] + found["lists"]["new"]["money"]["all"]
    spent = sum(
        6 for _n, _code, _q, day, _p, one, _c in rows() if one in came and AS_OF < day <= until
    )
    assert money == spent == sum(one["revenue"] for one in found["segments"])


def test_later_lines_change_no_advice(tmp_path):
    """Other products, customers, amounts and countries after the day; the advice stays."""
    before, after = [], []
    for line in rows():
        before.append(line)
        number, code, quantity, day, price, customer, _country = line
        if day > AS_OF:
            line = (number, code % 7 + 90000, quantity + 5, day, price * 9, customer, "Spain")
        after.append(line)
    after.append((999999, "ABC", 1, date(2025, 5, 1), 5, "NEW", "Spain"))
    said = []
    for name, lines in (("before", before), ("after", after)):
        made = replay.advisor(read(write(tmp_path / f"{name}.csv", lines)), AS_OF.toordinal())
        present = sorted(set(made.baskets.customer.tolist()))
        said.append([made.advise(at) for at in present])
    assert said[0] == said[1]
    assert any(one.again and one.new for one in said[0])


@pytest.mark.parametrize("day", ["2001-01-01", "2030-01-01"])
def test_day_outside(tmp_path, capsys, day):
    path = write(tmp_path / "sales.csv", rows()[:50])
    assert replay.main([str(path), "--as-of", day]) == 1
    assert "lies outside of the sales" in capsys.readouterr().err


def test_report(tmp_path, capsys):
    path = write(tmp_path / "sales.csv", rows())
    assert replay.main([str(path), "--as-of", str(AS_OF)]) == 0
    told = capsys.readouterr().out
    for text in ("buy again", "Due dates: better", "Champions", "90 days after it"):
        assert text in told


@real
def test_real_file(capsys):
    """The counts by pandas; recommendations of new products beat the best sellers."""
    pandas = pytest.importorskip("pandas")
    found = answer(DATA, capsys, "--as-of", "2011-08-31")
    lines = pandas.read_csv(DATA, dtype={"InvoiceNo": str, "CustomerID": str, "StockCode": str})
    lines = lines[
        lines.CustomerID.notna() & ~lines.InvoiceNo.str.startswith("C") & (lines.Quantity > 0)
        & (lines.UnitPrice > 0) & lines.StockCode.str.match(r"\d{5}")
    ]  # fmt: skip
    day = pandas.to_datetime(lines.InvoiceDate).dt.normalize()
    cut, until = pandas.Timestamp("2011-08-31"), pandas.Timestamp("2011-11-29")
    known = set(lines.CustomerID[day <= cut])
    came = known & set(lines.CustomerID[(day > cut) & (day <= until)])
    assert found["customers"] == pytest.approx(len(known), abs=5)
    assert sum(one["came"]["count"] for one in found["segments"]) == pytest.approx(len(came), abs=5)
    assert found["lists"]["new"]["gain"]["low"] > 0
