"""The real file through ``./dev load``'s import, against pandas computed from the file itself."""

import datetime
import json

import pytest

from tests.online_retail import DATA, YESTERDAY, read_documents, rfm_codes
from tools import load

pytestmark = pytest.mark.skipif(not DATA.is_file(), reason=f"the real data is not there: {DATA}")

READ = """
import datetime, json

company = env.company
shipped = [("module", "=", "crm_segments"), ("model", "=", "crm.segmentation")]
segmentations = env["crm.segmentation"].browse(
    env["ir.model.data"].search(shipped).mapped("res_id"))
segmentations.write({"enabled": True})
today = datetime.date.fromisoformat(args["today"])
env["crm.customer.metrics"]._refresh_company(company, today=today)
for segmentation in segmentations:
    segmentation._run_company(company)
env.flush_all()
env.cr.execute('''
    SELECT i.external_id, m.purchase_count, m.revenue_total::text, m.revenue_12m::text,
           m.first_purchase_date::text, m.last_purchase_date::text, m.refund_total::text,
           m.interval_median, m.interval_p75
    FROM crm_customer_metrics m JOIN crm_sales_identity i ON i.partner_id = m.partner_id
''')
metrics = env.cr.fetchall()
env.cr.execute('''
    SELECT i.external_id, s.name->>'en_US', ms.code, g.method
    FROM crm_segment_membership ms JOIN crm_sales_identity i ON i.partner_id = ms.partner_id
    JOIN crm_segment s ON s.id = ms.segment_id JOIN crm_segmentation g ON g.id = s.segmentation_id
    WHERE ms.date_to IS NULL
''')
members = env.cr.fetchall()
print(json.dumps({"metrics": metrics, "members": members}, default=str))
"""


@pytest.fixture
def loaded(make_retail):
    """Return a function: what the import of the file said, metrics, memberships."""

    def run(moved=False):
        database, said = make_retail(moved)
        # the rules look at the real day, which may have come since the file was moved
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        output = database.script(READ, today=today)
        return {**json.loads(output.strip().splitlines()[-1]), "result": said, "today": today}

    return run


@pytest.fixture(scope="module")
def documents():
    """The file's documents with a customer, by pandas: an implementation of its own."""
    pytest.importorskip("pandas")
    return read_documents()


def test_figures_and_every_rfm_code(loaded, documents):
    """Unshifted: counts, revenue to the cent, each customer's figures and code."""
    answer = loaded()
    result = answer["result"]
    assert result["lines_read"] == 541_909
    assert list(result["reasons"].values()) == [135_080]
    assert result["lines_accepted"] == 406_829
    assert result["customers"] == 4_372
    assert round(float(result["revenue"]), 2) == 8_300_065.81

    rows = {row[0]: row[1:] for row in answer["metrics"]}
    assert len(rows) == 4_372
    assert sum(row[0] for row in rows.values()) == 18_532
    expected = documents.groupby("CustomerID").mills.sum()
    assert {name: round(1000 * float(row[1])) for name, row in rows.items()} == expected.to_dict()
    bought = documents[documents.purchase].groupby("CustomerID")
    assert {name: row[0] for name, row in rows.items() if row[0]} == bought.size().to_dict()
    assert {name: row[4] for name, row in rows.items() if row[0]} == (
        bought.day.max().dt.strftime("%Y-%m-%d").to_dict()
    )
    assert {float(row[2]) for row in rows.values()} == {0.0}  # the last sale is years ago

    codes = {name: code for name, _segment, code, method in answer["members"] if method == "rfm"}
    assert {name: code for name, code in codes.items() if code} == rfm_codes(documents)
    unranked = [name for name, segment, _code, method in answer["members"]
                if method == "rfm" and segment == "No purchase yet"]  # fmt: skip
    assert (len(codes) - len(unranked), len(unranked)) == (4_338, 34)


def test_shifted_abc_tiers_lifecycle(loaded, documents):
    """Shifted so that it ends yesterday: Pareto classes, tiers, lifecycle."""
    pandas = pytest.importorskip("pandas")
    answer = loaded(moved=True)
    days = pandas.Timestamp(YESTERDAY) - documents.day.max()
    shifted = documents.assign(day=documents.day + days)
    today = pandas.Timestamp(answer["today"])
    recent = shifted[shifted.day > today - pandas.DateOffset(years=1)]
    revenue = recent.groupby("CustomerID").mills.sum()
    rows = {row[0]: row[1:] for row in answer["metrics"]}
    assert {
        name: round(1000 * float(row[2])) for name, row in rows.items() if float(row[2])
    } == revenue[revenue != 0].to_dict()

    members = {}
    for name, segment, _code, method in answer["members"]:
        members.setdefault(method, {})[name] = segment
    assert members["abc"] == {name: _abc(revenue).get(name, "No revenue in 12 months")
                              for name in rows}  # fmt: skip
    assert members["tier"] == {name: _tier(revenue.get(name, 0) / 1000) for name in rows}
    assert members["rule"] == _lifecycle(shifted, today)


def _abc(revenue):
    positive = revenue[revenue > 0].sort_values(ascending=False)
    before = positive.cumsum() - positive
    # equal customers share a class: what stands before the first of them counts for all
    before = before.groupby(positive).transform("min")
    share = 100 * before / positive.sum()
    return {name: "A" if x < 80 else "B" if x < 95 else "C" for name, x in share.items()}


def _tier(value):
    limits = ((20_000, "Key account"), (5_000, "Large"), (1_000, "Medium"), (0.01, "Small"))
    return next((name for limit, name in limits if value >= limit), "No volume")


def _lifecycle(documents, today):
    """customer → stage by the definitions of the shipped segmentation, by pandas."""
    import math

    import pandas

    days = documents[documents.purchase][["CustomerID", "day"]].drop_duplicates().sort_values("day")
    days["gap"] = days.groupby("CustomerID").day.diff().dt.days
    population = days.gap.quantile(0.75)
    stages = dict.fromkeys(documents.CustomerID.unique(), "Prospect")
    for name, own in days.groupby("CustomerID"):
        gaps = own.gap.dropna()
        if len(gaps) >= 3:
            expected = max(math.ceil(gaps.quantile(0.75)), 1)
        else:
            expected = max(math.ceil(population), gaps.max() if len(gaps) else 0, 1)
        last, first = own.day.max(), own.day.min()
        risk = last + pandas.Timedelta(days=_half_away(1.5 * expected))
        if last + pandas.Timedelta(days=3 * expected) < today:
            stages[name] = "Lost"
        elif risk < today:
            stages[name] = "At Risk"
        elif first > today - pandas.Timedelta(days=90):
            stages[name] = "New"
        else:
            stages[name] = "Active"
    return stages


def _half_away(number):
    """Round half up, as PostgreSQL rounds numerics."""
    import math

    return math.floor(number + 0.5)


def test_dev_load_mapping_is_read():
    """``--map`` on the command line means what the import takes."""
    assert load.mapping(["customer_id=Kunde", "decimal=,"]) == {
        "columns": {"customer_id": "Kunde"},
        "decimal": ",",
    }
