"""A grocer's year with 27 campaigns: imported, credited, and the report beside pandas.

Baskets go through the import of the sales history, who received which campaign and who redeemed
a coupon through the import of touchpoints, cost is entered by hand.
"""

import json

import pytest

from tests.online_retail import DATA as ONLINE_RETAIL

FOLDER = ONLINE_RETAIL.parent.parent / "completejourney"
WINDOW = 90

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the data is not there: {FOLDER}")

PLAY = """
import json

source = env["crm.sales.source"].create({"name": "Grocer"})
env["crm.sales.history.import.engine"]._run(source, args["baskets"])
identities = env["crm.sales.identity"].search([("source_id", "=", source.id)])
partners = {one.external_id: one.partner_id.id for one in identities}
campaigns = env["utm.campaign"].create(
    [{"title": f"Campaign {number}", "company_id": env.company.id} for number in range(1, 28)])
campaigns.action_create_analytic_account()
env["account.analytic.line"].create([
    {"name": "By hand", "amount": -10 * number, "date": "2017-06-01",
     campaign.crm_analytic_account_id.plan_id._column_name(): campaign.crm_analytic_account_id.id}
    for number, campaign in enumerate(campaigns, 1)])
kinds = {kind.code: kind.id for kind in env["crm.touchpoint.kind"].search([])}
with open(args["touches"]) as file:
    touches = json.load(file)
rows = [[kinds[kind], partners[household], campaigns[number - 1].id, day]
        for kind, household, number, day in touches if household in partners]
fields = ["kind_id/.id", "partner_id/.id", "campaign_id/.id", "date"]
answer = env["crm.touchpoint"].load(fields, rows)
assert len(answer["ids"] or []) == len(rows) == len(touches), answer["messages"][:3]
env["crm.touchpoint"]._refresh()
env["crm.campaign.markov"]._rebuild()
report = env["crm.campaign.roi.report"]
names = ["ordered", "invoiced", "paid", "orders", "cost", "margin"]
specs = [f"{name}:sum" for name in names] + ["roi:avg"]
found = {}
for model in ("first", "last", "linear", "markov"):
    found[model] = [
        [campaign.title or "", *values] for campaign, *values
        in report._read_group([("model", "=", model)], ["campaign_id"], specs)]
everything = report._read_group([], [], specs)[0]
history = report._read_group([], ["is_history"], ["ordered:sum"])
weights = env.execute_query_dict(__import__("odoo").tools.SQL(
    "SELECT MAX(ABS(one - 1)) AS off FROM (SELECT SUM(weight_linear) AS one"
    " FROM crm_campaign_credit GROUP BY history_key) x"))[0]["off"]
print(json.dumps({"models": found, "all": everything, "history": history, "off": weights}))
"""


@pytest.fixture(scope="module")
def frames():
    """Baskets with their money, and touches with a moment of their own each."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("fastparquet")

    def read(name):
        return pandas.read_parquet(FOLDER / f"{name}.parquet", engine="fastparquet")

    lines = read("transactions")
    baskets = (
        lines.groupby(["household_id", "basket_id"])
        .agg(money=("sales_value", "sum"), day=("transaction_timestamp", "min"))
        .reset_index()
    )
    baskets["day"] = baskets.day.dt.normalize()
    baskets = baskets[baskets.household_id % 16 == 1]
    baskets["money"] = baskets.money.round(2)
    received = read("campaigns").merge(read("campaign_descriptions"), on="campaign_id")
    received = received.rename(columns={"start_date": "moment"}).assign(kind="catalogue")
    redeemed = read("coupon_redemptions").rename(columns={"redemption_date": "moment"})
    touches = pandas.concat([received, redeemed.assign(kind="promotion")], ignore_index=True)
    touches = touches[touches.household_id.isin(baskets.household_id)].reset_index(drop=True)
    # no two at the same time: which of them came last would be a matter of taste
    touches["moment"] += pandas.to_timedelta(touches.index + 1, unit="s")
    return baskets, touches[["kind", "household_id", "campaign_id", "moment"]]


@pytest.fixture(scope="module")
def report(frames, make_shared_database, tmp_path_factory):
    """The figures of the product."""
    baskets, touches = frames
    folder = tmp_path_factory.mktemp("journey")
    columns = {
        "household_id": "CustomerID", "day": "date", "money": "amount", "basket_id": "document",
    }  # fmt: skip
    baskets.rename(columns=columns).to_csv(folder / "baskets.csv", index=False)
    rows = [
        [one.kind, str(one.household_id), int(one.campaign_id), str(one.moment)]
        for one in touches.itertuples()
    ]
    (folder / "touches.json").write_text(json.dumps(rows))
    database = make_shared_database(["crm_campaign_roi"])
    answer = database.script(
        PLAY, baskets=str(folder / "baskets.csv"), touches=str(folder / "touches.json")
    )
    return json.loads(answer.strip().splitlines()[-1])


def test_totals_tie(report, frames):
    """Attributed + unattributed = history, under each model; and so does the cost."""
    money = frames[0].money.sum()
    ordered, invoiced, paid, orders, cost, margin, roi = report["all"]
    assert orders == pytest.approx((frames[0].money > 0).sum())
    assert [ordered, invoiced, paid] == pytest.approx([money] * 3, abs=0.01)
    assert cost == pytest.approx(10 * 27 * 28 / 2)
    assert margin is None or margin is False  # no cost of goods is known
    assert roi is None or roi is False
    assert dict(map(tuple, report["history"]))[True] == pytest.approx(money, abs=0.01)
    for rows in report["models"].values():
        assert sum(row[1] or 0 for row in rows) == pytest.approx(money, abs=0.05)
        assert sum(row[5] or 0 for row in rows) == pytest.approx(cost)
    assert report["off"] < 1e-9


def test_every_campaign_has_its_cost_and_no_invented_return(report):
    """27 campaigns with their own cost; ROI is n/a, for the history knows no cost of goods."""
    rows = {row[0]: row for row in report["models"]["linear"] if row[0]}
    assert len(rows) == 27
    for title, row in rows.items():
        assert row[5] == pytest.approx(10 * int(title.split()[1]))
        if row[1]:
            assert row[7] is None or row[7] is False


def test_first_and_last_touch_are_those_of_pandas(report, frames):
    """Of each basket: that of its household in the 90 days up to that evening."""
    import pandas

    baskets, touches = frames
    baskets = baskets.assign(until=baskets.day + pandas.Timedelta("23:59:59"))
    pairs = baskets.merge(touches, on="household_id")
    since = pairs.until - pandas.Timedelta(days=WINDOW)
    pairs = pairs[(pairs.moment <= pairs.until) & (pairs.moment >= since)]
    for model, keep in (("first", "first"), ("last", "last")):
        one = pairs.sort_values("moment").drop_duplicates("basket_id", keep=keep)
        expected = one.groupby("campaign_id").money.sum()
        rows = {row[0]: row[1] or 0 for row in report["models"][model]}
        for number in range(1, 28):
            found = rows.get(f"Campaign {number}", 0)
            assert found == pytest.approx(expected.get(number, 0), abs=0.01), (model, number)
        missing = baskets.money.sum() - expected.sum()
        assert rows[""] == pytest.approx(missing, abs=0.01)
