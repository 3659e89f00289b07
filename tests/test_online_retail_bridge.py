"""The revenue bridge of the real file against pandas, customer by customer and to the cent."""

import json

import pytest

from tests.online_retail import DATA, read_lines

numpy = pytest.importorskip("numpy")
pytestmark = pytest.mark.skipif(not DATA.is_file(), reason=f"the real data is not there: {DATA}")

#: the file runs from 1 December 2010 to 9 December 2011
PERIODS = (("2011-01-01", "2011-05-31"), ("2011-07-01", "2011-11-30"))
PARTS = (
    "lost", "new", "reactivated", "frequency", "basket", "price", "mix", "refunds", "currency",
)  # fmt: skip

PLAY = """
import json

rfm = env.ref("crm_segments.segmentation_rfm")
rfm.enabled = True
rfm.run()
# as if everybody had been all the time where the file's end has them
env.cr.execute("UPDATE crm_segment_membership SET date_from = '2010-12-01'")
env.invalidate_all()
from odoo.addons.crm_segments.models import crm_customer_purchases
from odoo.tools import SQL
crm_customer_purchases.KEEP_FROM = 0
purchases = env["crm.customer.purchases"]
purchases._keep(purchases._count_documents())
Bridge, answer = env["crm.revenue.bridge"], {}
for source, fresh in (("documents", True), ("night", False)):
    bridge = Bridge.bridge(args["periods"], rfm.id, fresh)
    asked = Bridge._asked(args["periods"], rfm.id, fresh)
    rows = env.execute_query_dict(SQL('''
        WITH %s
        SELECT i.external_id AS customer, p.*, p.revenue_a::text AS a, p.revenue_b::text AS b
        FROM placed p JOIN crm_sales_identity i ON i.partner_id = p.partner_id
    ''', Bridge._steps_sql(asked)))
    answer[source] = {"bridge": bridge, "rows": rows}
print(json.dumps(answer, default=str))
"""
SOURCES = ("documents", "night")


@pytest.fixture(scope="module")
def expected():
    """Customer → parts, of documents and lines as pandas groups them."""
    pandas = pytest.importorskip("pandas")
    lines = read_lines()
    days = [[pandas.Timestamp(day) for day in pair] for pair in PERIODS]
    lines["period"] = 0
    for place, (first, last) in enumerate(days, 1):
        lines.loc[lines.day.between(first, last), "period"] = place
    return _parts(pandas, lines, days[0][1], days[1][1])


@pytest.fixture(scope="module")
def played(make_retail):
    """What the product says."""
    output = make_retail(moved=False)[0].script(PLAY, periods=PERIODS)
    return json.loads(output.strip().splitlines()[-1])


@pytest.mark.parametrize("source", SOURCES)
def test_every_customer(played, expected, source):
    """Each part of each customer, exactly the revenue of both periods, and the kind."""
    found = {row["customer"]: row for row in played[source]["rows"]}
    assert found.keys() == set(expected.index)
    assert len(found) > 3000
    for customer, parts in expected.iterrows():
        row = found[customer]
        assert (round(1000 * float(row["a"])), round(1000 * float(row["b"]))) == (
            parts.start, parts.end,
        ), customer  # fmt: skip
        for name in PARTS:
            assert row[name] == pytest.approx(parts[name] / 1000, abs=1e-5), (customer, name)


@pytest.mark.parametrize("source", SOURCES)
def test_adds_up_to_the_cent(played, expected, source):
    """In every segment and in all; the ends are those of the file, every part has something."""
    bridge = played[source]["bridge"]
    assert bool(bridge["read_at"]) == (source == "night")
    rows = [bridge["start"], *bridge["parts"], bridge["end"]]
    cents = [[round(100 * cell["amount"]) for cell in row["cells"]] for row in rows]
    assert len(bridge["segments"]) > 1
    assert [round(100 * row["total"]) for row in rows] == [sum(row) for row in cents]
    for first, *parts, last in zip(*cents, strict=True):
        assert first + sum(parts) == last
    sums = expected.sum() / 10
    assert abs(sums.start - sum(cents[0])) <= 0.5
    assert abs(sums.end - sum(cents[-1])) <= 0.5
    for name, row in zip(PARTS, cents[1:-1], strict=True):
        assert abs(sum(row) - sums[name]) <= len(row), name
        assert (sum(row) == 0) == (name in ("currency",)), name


def _parts(pandas, lines, end_a, end_b):
    """The frame of the parts, in thousandths: the formulas written out again."""
    lines = lines[lines.day <= end_b]
    documents = lines.groupby(["CustomerID", "InvoiceNo"], as_index=False).agg(
        mills=("mills", "sum"), day=("day", "min"), period=("period", "first")
    )
    documents["bought"] = ~documents.InvoiceNo.str.startswith("C") & (documents.mills > 0)
    bought = documents[documents.bought]
    first = bought.groupby("CustomerID").day.min()
    table = documents[documents.period > 0].groupby(["CustomerID", "period"]).mills.sum().unstack()
    table = table.reindex(columns=[1, 2]).fillna(0).rename(columns={1: "start", 2: "end"})
    for name, frame, how in (("v", bought, "sum"), ("n", bought, "count")):
        sides = frame[frame.period > 0].groupby(["CustomerID", "period"]).mills.agg(how).unstack()
        table[[f"{name}1", f"{name}2"]] = sides.reindex(table.index, columns=[1, 2]).fillna(0)
    change = table.end - table.start
    in_a, in_b = table.n1 > 0, table.n2 > 0
    came = first.reindex(table.index) > end_a
    both = in_a & in_b
    table["lost"] = change.where(in_a & ~in_b, 0.0)
    table["new"] = change.where(~in_a & in_b & came, 0.0)
    table["reactivated"] = change.where(~in_a & in_b & ~came, 0.0)
    table["refunds"] = (change - table.v2 + table.v1).where(both | ~(in_a | in_b), 0.0)
    table["currency"] = 0.0
    keys = bought[["CustomerID", "InvoiceNo"]]
    goods = _goods(lines.merge(keys, on=["CustomerID", "InvoiceNo"]))
    table = table.join(goods, how="left").fillna(0.0)
    _quantities(table, both)
    return table


def _goods(lines):
    """Per customer: pieces and money of products by period, and what prices explain."""
    grouped = lines[lines.period > 0].groupby(["CustomerID", "StockCode", "period"])
    sides = grouped.agg(q=("Quantity", "sum"), m=("mills", "sum"))
    sides = sides[(sides.q > 0) & (sides.m > 0)].unstack("period").fillna(0.0)
    sides.columns = [f"{name}{period}" for name, period in sides.columns]
    sides["price"] = _by_unit_value(sides)
    return sides.groupby("CustomerID").sum()


def _quantities(table, both):
    """Frequency, basket, price and mix of those who bought in both periods."""
    known = table.where(both)
    frequency = (_log_mean(known.v1, known.v2) * numpy.log(known.n2 / known.n1)).fillna(0.0)
    unit_value = _by_unit_value(known)
    table["frequency"] = frequency
    table["price"] = table.price.where(both, 0.0)
    table["mix"] = unit_value - table.price
    table["basket"] = (known.v2 - known.v1).fillna(0.0) - frequency - unit_value


def _by_unit_value(frame):
    """Logarithmic mean of money × logarithm of the ratio of unit values; else 0."""
    frame = frame.where(frame.q1 * frame.q2 > 0)
    ratio = frame.m2 / frame.q2 / (frame.m1 / frame.q1)
    return (_log_mean(frame.m1, frame.m2) * numpy.log(ratio)).fillna(0.0)


def _log_mean(a, b):
    return ((b - a) / numpy.log(b / a)).where(a != b, a)
