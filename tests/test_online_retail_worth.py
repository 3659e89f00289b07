"""What RFM explains of the real file, against pandas, and against a division by chance."""

import hashlib
import json

import pytest

from tests.online_retail import DATA, YESTERDAY, read_documents, rfm_codes

pytestmark = pytest.mark.skipif(not DATA.is_file(), reason=f"the real data is not there: {DATA}")

JUDGE = """
import json

rfm = env.ref("crm_segments.segmentation_rfm")
rfm.enabled = True
rfm.run()
assert rfm.backfill(12).mapped("state") == ["done"]
chance = env["crm.segmentation"].create({
    "name": "Chance", "enabled": True, "domain": "[('id', '=', 0)]",
    "segment_ids": [(0, 0, {"name": str(n), "domain": "[]"}) for n in range(11)],
})
env.flush_all()
# as long as RFM has known them, in a segment by their number alone
env.cr.execute('''
    INSERT INTO crm_segment_membership
        (partner_id, segment_id, segmentation_id, company_id, date_from, date_to, origin)
    SELECT partner_id, (%s::int[])[1 + partner_id %% 11], %s, company_id, date_from, date_to, 'rule'
    FROM crm_segment_membership WHERE segmentation_id = %s
''', [chance.segment_ids.ids, chance.id, rfm.id])
env.invalidate_all()
rfm.judge()
env.cr.execute("SELECT external_id, partner_id FROM crm_sales_identity")
partners = dict(env.cr.fetchall())
print(json.dumps({
    "rfm": rfm.worth(), "chance": chance.worth(), "partners": partners,
    "grid": {code: one.name for one in rfm.segment_ids for code in (one.rfm_codes or "").split()},
}))
"""


def read(documents, days, partners, grid):
    """Rows (day, segment, group, revenue of 90 days) of everybody known on each day."""
    import pandas

    parts = []
    for day in map(pandas.Timestamp, days):
        known = documents[documents.day <= day]
        codes = rfm_codes(known)
        after = documents[(documents.day > day) & (documents.day <= day + pandas.Timedelta("90D"))]
        money = after.groupby("CustomerID").mills.sum() / 1000
        frame = pandas.DataFrame({"customer": known.CustomerID.unique()})
        frame["segment"] = [grid.get(codes.get(one), "none") for one in frame.customer]
        frame["y"] = frame.customer.map(money).fillna(0).clip(lower=0)
        frame["group"] = [group(partners[one]) for one in frame.customer]
        parts.append(frame.assign(day=day))
    return pandas.concat(parts)


def group(partner_id):
    return int(hashlib.md5(f"worth:{partner_id}".encode()).hexdigest()[:8], 16) % 100


def explained(learnt, judged):
    """1 - deviance with the segments / deviance without, over the five parts kept out."""
    import numpy

    own = none = 0
    for part in range(5):
        fit, test = learnt[learnt.group % 5 != part], judged[judged.group % 5 == part]
        mean = fit.y.mean()
        sums = fit.groupby("segment").y.agg(["sum", "count"])
        levels = (sums["sum"] + 10 * mean) / (sums["count"] + 10)
        for expected, with_segments in (
            (test.segment.map(levels).fillna(mean), True),
            (mean, False),
        ):
            logs = numpy.log(test.y.where(test.y > 0, 1) / expected)
            deviance = 2 * (test.y * logs - test.y + expected).sum()
            own, none = (own + deviance, none) if with_segments else (own, none + deviance)
    return 1 - own / none


def test_rfm_explains_and_chance_does_not(make_retail):
    """The share to six digits; the division by chance is not crowned."""
    pandas = pytest.importorskip("pandas")
    output = make_retail(moved=True)[0].script(JUDGE)
    told = json.loads(output.strip().splitlines()[-1])
    rfm, chance = told["rfm"], told["chance"]
    frame = read_documents()
    frame = frame.assign(day=frame.day + (pandas.Timestamp(YESTERDAY) - frame.day.max()))
    learnt, judged = (
        read(frame, rfm[name], told["partners"], told["grid"]) for name in ("learnt", "judged")
    )
    last = judged[judged.day == judged.day.max()]
    assert (rfm["customers"], rfm["buyers"]) == (len(last), int((last.y > 0).sum()))
    assert rfm["revenue"]["share"] == pytest.approx(explained(learnt, judged), abs=1e-6)
    assert rfm["revenue"]["low"] > 0.05
    assert chance["revenue"]["low"] <= 0
    assert -0.15 < chance["revenue"]["share"] < 0.02  # learning chance costs a bit
    best = {row["name"]: row["best"] for row in chance["others"]}
    assert best == {"RFM": True, "Chance": False}
    [against] = [row["difference"] for row in rfm["others"] if row["name"] == "Chance"]
    assert against["high"] < 0
