"""``./dev evaluate products``: protocols by hand on a small file, the real file where it is."""

import csv
import json
import subprocess

import pytest

from tests.online_retail import DATA
from tools import host, odoo, paths

RUNNER = paths.ROOT / "tools" / "evaluate_runner.py"
REAL = pytest.mark.skipif(not DATA.is_file(), reason=f"the real data is not there: {DATA}")


def evaluate(*arguments):
    """Run the evaluation as ./dev does; return the finished process."""
    place = host.attach()
    command = [place.python, "-P", RUNNER, "products", *map(str, arguments)]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env=odoo.environment(place),
    )  # fmt: skip


def answers(*arguments):
    """Run with --json; return what was printed, a dict per line."""
    result = evaluate(*arguments, "--json")
    assert not result.returncode, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def write(path, rows, header="Invoice,Date,Customer ID,Stock Code,Quantity,Unit Price"):
    """Write a file of sales; a row is customer, date, codes separated by blanks."""
    lines = [header]
    for at, (customer, day, codes) in enumerate(rows):
        lines += [f"{at},{day},{customer},{code},1,2.50" for code in codes.split()]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def small(tmp_path):
    """Seven customers; six of them with three baskets or more."""
    rows = []
    for customer in range(6):
        rows += [
            (f"c{customer}", "2024-01-05", "A1 B2 POST"),
            (f"c{customer}", "2024-02-05", "A1 C3"),
            (f"c{customer}", "2024-03-05", "A1 B2 RARE9" if not customer else "A1 B2"),
        ]
    rows += [("once", "2024-02-01", "A1"), ("once", "2024-02-02", "B2 D4")]
    return write(tmp_path / "sales.csv", rows)


def test_counts_and_metrics_by_hand(small):
    """RARE9 and D4 are on one line, POST is a charge, ``once`` has two baskets only."""
    (answer,) = answers(small)
    assert (answer["protocol"], answer["users"], answer["items"]) == ("next-basket", 6, 3)
    # three items, all of them in every list of ten, the two that were bought among them
    assert answer["methods"]["personal_top"]["recall"] == 1
    assert answer["methods"]["global_top"]["phr"] == 1
    assert set(answer["methods"]) == {"ours", "global_top", "personal_top", "decay_popularity"}
    # A1 was bought twice, B2 and C3 once; B2 stands before C3 or after it (both 12 baskets
    # counted once each), so the second hit is on rank 2 or 3
    assert 0.9 < answer["methods"]["personal_top"]["ndcg"] <= 1


def test_lists_can_be_checked_independently(small, tmp_path):
    """Recall of ours, counted anew from the written lists."""
    lists = tmp_path / "lists.csv"
    (answer,) = answers(small, "--lists", lists)
    found = {}
    for row in csv.DictReader(lists.open()):
        found.setdefault(row["customer"], []).append((int(row["rank"]), row["product"]))
    assert set(found) == {f"c{customer}" for customer in range(6)}
    hits = [len({"A1", "B2"} & {item for _rank, item in one}) / 2 for one in found.values()]
    assert answer["methods"]["ours"]["recall"] == pytest.approx(sum(hits) / 6, abs=1e-4)
    for one in found.values():
        assert [rank for rank, _item in one] == list(range(1, len(one) + 1))
        assert len({item for _rank, item in one}) == len(one) <= 10


def test_the_target_is_not_looked_at(small, tmp_path):
    """Other last baskets change the figures, never the lists."""
    changed = tmp_path / "changed.csv"
    text = small.read_text().splitlines()
    kept = [line for line in text if "2024-03-05" not in line]
    kept += [f"9{at},2024-03-09,c{at},C3,1,2.50" for at in range(6)]
    changed.write_text("\n".join(kept) + "\n")
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    answers(small, "--lists", one)
    answers(changed, "--lists", other)
    assert one.read_text() == other.read_text()


def test_second_order_asks_for_new_items_only(tmp_path):
    """What the first basket had is out, whoever bought nothing new isn't judged."""
    rows = [(f"old{at}", "2024-01-10", "A1 B2 C3") for at in range(5)]
    rows += [("n1", "2024-03-01", "A1"), ("n1", "2024-04-02", "A1 B2 C3")]
    rows += [("n2", "2024-03-01", "A1"), ("n2", "2024-04-03", "A1")]
    file, lists = write(tmp_path / "sales.csv", rows), tmp_path / "lists.csv"
    arguments = ("--protocol", "second-order", "--from", "2024-03-01", "--lists", lists)
    (answer,) = answers(file, *arguments)
    assert (answer["users"], answer["judged"]) == (2, 1)
    assert answer["methods"]["ours"] == {"recall": 1, "ndcg": 1, "phr": 1}
    chosen = [row["product"] for row in csv.DictReader(lists.open())]
    assert sorted(chosen) == ["B2", "C3"]


def test_columns_can_be_named(tmp_path):
    """A header that is not recognised is mapped, as for ./dev load."""
    rows = [("a", f"2024-0{month}-01", "X1 Y2") for month in (1, 2, 3)]
    rows += [("b", f"2024-0{month}-01", "X1 Y2") for month in (1, 2, 3)]
    file = write(tmp_path / "sales.csv", rows, "Beleg,Tag,Kunde,Ware,Menge,Preis")
    assert evaluate(file).returncode == 1
    names = "document=Beleg,date=Tag,customer_id=Kunde,product_ref=Ware,quantity=Menge,price=Preis"
    (answer,) = answers(file, "--map", names)
    assert (answer["users"], answer["items"]) == (2, 2)


@pytest.mark.parametrize(
    "name, text, told",
    [
        ("absent.csv", None, "There is no file"),
        ("other.csv", "a,b\n1,2\n", "missing columns"),
        ("short.csv", "Invoice,Date,Customer ID,Amount\n1,2024-01-01,x,5\n", "No sales of goods"),
    ],
)
def test_failures_are_said_in_a_line(tmp_path, name, text, told):
    """No traceback for what the person at the keyboard can change."""
    if text:
        (tmp_path / name).write_text(text)
    result = evaluate(tmp_path / name)
    assert result.returncode == 1
    assert told in result.stderr
    assert "Traceback" not in result.stderr


@REAL
def test_next_basket_of_the_real_file():
    """The figures that are known for this file, and ours well above them."""
    (answer,) = answers(DATA)
    assert (answer["users"], answer["items"]) == (1_898, 3_361)
    personal = answer["methods"]["personal_top"]
    assert (personal["recall"], personal["ndcg"], personal["phr"]) == pytest.approx(
        (0.2053, 0.2210, 0.7945), abs=5e-4
    )
    ours = answer["methods"]["ours"]
    assert ours["recall"] >= 0.215
    assert ours["ndcg"] >= 0.232
