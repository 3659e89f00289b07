"""Recommendations learnt from the real file: counts against pandas, a newcomer by country."""

import json

import pytest

from tests.online_retail import DATA

pytestmark = pytest.mark.skipif(not DATA.is_file(), reason=f"the real data is not there: {DATA}")

LEARN = """
import json

env.company.crm_segments_guard = 0
division = env["crm.segmentation"].create(
    {"name": "Countries", "method": "field",
     "field_id": env.ref("base.field_res_partner__country_id").id})
division.run()
model = env["crm.recommendation.model"]._rebuild(env.company)
pairs = env["crm.product.affinity"].search([("rank", "=", 1), ("segment_id", "=", False)], limit=50)
usage = env["crm.product.usage"].search([("segment_id", "=", False)])
newcomer = env["res.partner"].create(
    {"name": "Newcomer", "is_company": True, "country_id": env.ref("base.de").id})
env.flush_all()
found = env["crm.recommendation"].recommend(partner_id=newcomer.id)
print(json.dumps({
    "customers": model.customers, "products": model.products,
    "pairs": [[p.product_id.default_code, p.neighbour_id.default_code, p.n_both, p.n_product,
               p.n_neighbour] for p in pairs],
    "usage": {u.product_id.default_code: u.customers for u in usage},
    "segments": newcomer.segment_ids.mapped("name"),
    "new": [[line["support"], line["cases"], line["reason"], line["price"]]
            for line in found["new"]],
    "models": [[m.segment_id.name, m.reason, m.customers, m.tested, m.recall_own, m.recall_all]
               for m in env["crm.recommendation.model"].search([("segment_id", "!=", False)])],
}))
"""


@pytest.fixture
def learnt(make_retail):
    """What was learnt of the file, and what a newcomer gets."""
    output = make_retail(moved=True)[0].script(LEARN)
    return json.loads(output.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def bought():
    """Who bought what, by pandas: customer → set of codes is what the pairs count."""
    pandas = pytest.importorskip("pandas")
    lines = pandas.read_csv(DATA, dtype={"InvoiceNo": str, "CustomerID": str, "StockCode": str})
    lines = lines[lines.CustomerID.notna() & ~lines.InvoiceNo.str.startswith("C")]
    lines = lines[(lines.Quantity > 0) & (lines.UnitPrice > 0)]
    lines["code"] = lines.StockCode.str.strip().str.upper()
    return lines.groupby("code").CustomerID.agg(set).to_dict()


def test_counts_and_newcomer(learnt, bought):
    """Counts of customers are those of the file; Germany's newcomer gets Germany's own list."""
    assert learnt["customers"] > 4000 and learnt["products"] > 3000
    known = {code: len(people) for code, people in bought.items()}
    told = {str(code).upper(): count for code, count in learnt["usage"].items()}
    compared = [code for code in told if code in known]
    assert len(compared) > 3000
    assert [code for code in compared if told[code] != known[code]] == []
    for first, second, both, one, other in learnt["pairs"]:
        left, right = bought[first.upper()], bought[second.upper()]
        assert (both, one, other) == (len(left & right), len(left), len(right)), (first, second)
    assert learnt["segments"] == ["Germany"]
    assert len(learnt["new"]) == 10
    for support, cases, reason, price in learnt["new"]:
        assert 0 < support <= cases <= 95
        assert "“Germany”" in reason
        assert price > 0
    assert {name for name, *_rest in learnt["models"]} >= {"Germany", "France", "United Kingdom"}
