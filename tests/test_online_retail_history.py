"""The past of the real file: twelve month-ends against pandas, every customer and code."""

import json
from datetime import timedelta

import pytest

from tests.online_retail import DATA, YESTERDAY, read_documents, rfm_codes

pytestmark = pytest.mark.skipif(not DATA.is_file(), reason=f"the real data is not there: {DATA}")

PLAY = """
import json

from odoo.addons.crm_segments.lib.month_ends import month_ends
from odoo.addons.crm_segments.models.past import shadow_tables

company = env.company
rfm = env.ref("crm_segments.segmentation_rfm")
rfm.enabled = True
rfm.run()
runs = rfm.backfill(12)
assert runs.mapped("state") == ["done"], runs.mapped("error")

Metrics = env["crm.customer.metrics"]
ends = month_ends(rfm._today(), 12)
figures = {}
with shadow_tables(env):
    Metrics._read_documents_once(company, ends[-1])
    for day in ends:
        Metrics._play_figures(company, day, ["revenue_total", "purchase_count"])
        env.cr.execute('''
            SELECT i.external_id, m.purchase_count, m.revenue_total::text
            FROM crm_customer_metrics m JOIN crm_sales_identity i ON i.partner_id = m.partner_id
        ''')
        figures[str(day)] = env.cr.fetchall()
env.cr.execute('''
    SELECT i.external_id, ms.date_from::text, ms.date_to::text, ms.code, ms.evidence -> 'codes'
    FROM crm_segment_membership ms JOIN crm_sales_identity i ON i.partner_id = ms.partner_id
    WHERE ms.origin = 'backfill'
''')
stays = env.cr.fetchall()
report = env["crm.segment.report"]._read_group(
    [("segmentation_id", "=", rfm.id)], ["month:month"], ["revenue:sum", "orders:sum"])
days = [str(ends[3]), str(ends[9])]
matrix = rfm.migration(*days)
ruled = rfm.segment_ids.filtered("rfm_codes")
codes = {one.id: one.rfm_codes.replace(",", " ").split() for one in ruled}
moves = env["crm.segment.move"].with_context(
    moves_segmentation=rfm.id, moves_from=days[0], moves_to=days[1])
causes = moves._read_group([], ["cause"], ["__count"])
print(json.dumps({"figures": figures, "stays": stays, "report": report, "days": days,
                  "cells": matrix["cells"], "codes": codes, "causes": causes}, default=str))
"""


@pytest.fixture(scope="module")
def documents():
    """The file's documents, moved so that the last day is yesterday."""
    pandas = pytest.importorskip("pandas")
    frame = read_documents()
    return frame.assign(day=frame.day + (pandas.Timestamp(YESTERDAY) - frame.day.max()))


@pytest.fixture(scope="module")
def played(make_retail):
    """What the product says of twelve month-ends."""
    output = make_retail(moved=True)[0].script(PLAY)
    return json.loads(output.strip().splitlines()[-1])


def test_twelve_month_ends(played, documents):
    """Every customer's revenue and number of purchases, and every code, at each month-end."""
    import pandas

    assert len(played["figures"]) == 12
    for text, rows in played["figures"].items():
        known = documents[documents.day <= pandas.Timestamp(text)]
        money = known.groupby("CustomerID").mills.sum()
        assert {name: round(1000 * float(total)) for name, _n, total in rows} == money.to_dict()
        bought = known[known.purchase].groupby("CustomerID").size().to_dict()
        assert {name: count for name, count, _total in rows if count} == bought
        assert _codes_at(played["stays"], text) == rfm_codes(known), text


def test_report_by_month(played, documents):
    """Revenue and purchases of each whole month add up over the segments to those of the file."""
    months = documents.day.dt.strftime("%Y-%m-01")
    mills = documents.groupby(months).mills.sum()
    counts = documents[documents.purchase].groupby(months).size()
    this_month = (YESTERDAY + timedelta(days=1)).isoformat()[:8] + "01"
    whole = [row for row in played["report"] if row[0] < this_month]
    assert len(whole) == 12
    for month, revenue, purchases in whole:
        assert (round(1000 * revenue), purchases) == (mills.get(month, 0), counts.get(month, 0))


def test_migration(played, documents):
    """Every cell between two month-ends: customers, and their money of the twelve months before."""
    import pandas

    first, second = map(pandas.Timestamp, played["days"])
    at = [_segments(played, documents[documents.day <= day]) for day in (first, second)]
    year = documents[
        (documents.day <= second) & (documents.day > second - pandas.DateOffset(years=1))
    ]
    money = year.groupby("CustomerID").mills.sum()
    # whoever had not bought yet is in no segment of buyers: also who came in between
    moved = pandas.DataFrame({"old": at[0], "new": at[1]}).fillna("")
    moved["mills"] = money.reindex(moved.index).fillna(0)
    cells = moved.groupby(["old", "new"]).mills.agg(["size", "sum"])
    expected = {key: (row["size"], row["sum"]) for key, row in cells.iterrows()}
    assert {old for old, _new in expected} > {""} and all(new for _old, new in expected)
    found = {}
    for cell in played["cells"]:
        key = tuple(
            str(cell[side]) if str(cell[side]) in played["codes"] else "" for side in ("from", "to")
        )
        count, mills = found.get(key, (0, 0))
        found[key] = count + cell["count"], mills + round(1000 * cell["amount"])
    found.pop(("", ""), None)
    assert found == expected


def test_movers(played):
    """As many as the matrix tells; of a past that was computed at once nothing was corrected."""
    moved = sum(cell["count"] for cell in played["cells"] if cell["from"] != cell["to"])
    causes = dict(played["causes"])
    assert sum(causes.values()) == moved
    assert {"own", "others"} <= causes.keys() <= {"own", "others", "time", "newcomer"}


def _segments(played, documents):
    """Customer → id of the segment of its code."""
    by_code = {code: key for key, codes in played["codes"].items() for code in codes}
    return {name: by_code[code] for name, code in rfm_codes(documents).items()}


def _codes_at(stays, day):
    """Customer → the code that held on a day, of those who had bought."""
    found = {}
    for name, since, until, code, codes in stays:
        if since <= day < until and code:
            found[name] = [one for start, one in codes or [[since, code]] if start <= day][-1]
    return found
