"""Prices learnt from the real file, by country: each cell against pandas."""

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
division.enabled = True
division.run()
env.company.crm_reporting_segmentation_id = division
guidance = env["crm.price.guidance"]
guidance._rebuild(env.company)
env.flush_all()
products = guidance.search([("product_id", "!=", False)])
rows = [[g.segment_id.name or "", g.product_id.default_code, g.quantity_min, g.sample_count,
         g.reference, g.shrunk_to, g.discount_stretch, g.discount_target, g.discount_floor,
         g.floor_kind, g.reference_kind] for g in products]
wide = guidance.search([("product_id", "=", False), ("segment_id", "=", False)])
far = env["crm.price.dispersion"].search([])
env.cr.execute(
    "SELECT DISTINCT s.name->>'en_US', i.external_id FROM crm_segment_membership m"
    " JOIN crm_segment s ON s.id = m.segment_id"
    " JOIN crm_sales_identity i ON i.partner_id = m.partner_id"
    " WHERE m.segmentation_id = %s AND m.date_to IS NULL", [division.id])
whose = dict((customer, name) for name, customer in env.cr.fetchall())
print(json.dumps({
    "rows": rows, "whose": whose,
    "wide": {g.quantity_min: [g.sample_count, g.discount_stretch, g.discount_target,
                              g.discount_floor] for g in wide},
    "far": [[d.segment_id.name or "", d.product_id.default_code, d.quantity_min, d.partner_id.ref,
             d.middle, d.price, d.at_stake] for d in far],
    "charges": env["product.product"].search([("sale_ok", "=", False)]).mapped("default_code"),
}))
"""
BANDS = (0, 10, 50, 250)


@pytest.fixture(scope="module")
def learnt(make_retail):
    output = make_retail(moved=True)[0].script(LEARN)
    return json.loads(output.strip().splitlines()[-1])


@pytest.fixture(scope="module")
def lines(learnt):
    """Priced lines by pandas: the reference is the 90th percentile in the lowest band."""
    pandas = pytest.importorskip("pandas")
    lines = pandas.read_csv(DATA, dtype={"InvoiceNo": str, "CustomerID": str, "StockCode": str},
                            parse_dates=["InvoiceDate"])  # fmt: skip
    lines = lines[lines.CustomerID.notna() & ~lines.InvoiceNo.str.startswith("C")]
    lines = lines[(lines.Quantity > 0) & (lines.UnitPrice > 0)]
    lines["code"] = lines.StockCode.str.strip()
    lines["country"] = lines.CustomerID.map(learnt["whose"]).fillna("")
    lines["band"] = pandas.cut(
        lines.Quantity, [*BANDS, float("inf")], right=False, labels=BANDS
    ).astype(int)
    day = lines.InvoiceDate.dt.normalize()
    # moved, the file ends yesterday: the same twelve months back from the day after its end
    recent = lines[day > day.max() + pandas.Timedelta(days=1) - pandas.DateOffset(years=1)]
    lowest = recent.groupby("code").band.transform("min")
    reference = recent[recent.band == lowest].groupby("code").UnitPrice.quantile(0.9)
    lines["reference"] = lines.code.map(reference)
    lines = lines[lines.reference > 0]
    lines["discount"] = 1 - lines.UnitPrice / lines.reference
    return lines


def _quantiles(groups):
    found = groups.discount.quantile([0.25, 0.5, 0.75]).unstack()
    found["n"] = groups.size()
    return found[found.n >= 5]


def test_cells_against_pandas(learnt, lines):
    """Quantiles, counts and references; a small cell pulled to the category's."""
    wide = _quantiles(lines.groupby("band"))
    for band, (count, *told) in learnt["wide"].items():
        row = wide.loc[int(float(band))]
        assert count == row.n
        assert told == pytest.approx([row[0.25], row[0.5], row[0.75]], abs=1e-4)
    cells = _quantiles(lines.groupby(["code", "band"]))
    references = lines.groupby("code").reference.first().to_dict()
    cells, checked = cells.to_dict("index"), 0
    for name, code, band, count, reference, rests, *told, floor, kind in learnt["rows"]:
        if name or (code, int(band)) not in cells:
            continue
        row, all_ = cells[code, int(band)], wide.loc[int(band)]
        share = row["n"] / (row["n"] + 20)
        own = [share * row[level] + (1 - share) * all_[level] for level in (0.25, 0.5, 0.75)]
        assert (count, rests, floor, kind) == (row["n"], "category", "none", "estimated"), code
        assert told == pytest.approx(own, abs=1e-4), (code, band)
        assert told[0] <= told[1] <= told[2]
        assert reference == pytest.approx(references[code], abs=1e-4)
        checked += 1
    assert checked > 2000
    assert {name for name, *_rest in learnt["rows"]} >= {"Germany", "France", "United Kingdom"}


def test_dispersion_against_pandas(learnt, lines):
    """Who pays far from the middle: the median of the country's lines, and what is at stake."""
    assert len(learnt["far"]) == 5000
    medians = lines.groupby(["country", "code", "band"]).UnitPrice.median()
    known = lines.set_index(["country", "code", "band", "CustomerID"]).sort_index()
    for name, code, band, customer, middle, price, stake in learnt["far"][:200]:
        key = (name, code, int(band))
        assert middle == pytest.approx(medians[key], abs=1e-4)
        own = known.loc[[(*key, customer)]]
        paid = (own.UnitPrice * own.Quantity).sum() / own.Quantity.sum()
        assert price == pytest.approx(paid, abs=1e-4)
        assert abs(paid / middle - 1) >= 0.1 - 1e-6
        lost = ((middle - own.UnitPrice) * own.Quantity).sum()
        assert stake == pytest.approx(max(0, lost), abs=0.01)
