"""What the tests on the real file share: the file, its import, and what pandas makes of it."""

import datetime
import os
from pathlib import Path

from tools import paths

DATA = Path(
    os.environ.get("REAL_DATA", paths.ROOT.parent / "shared" / "data")
) / "online_retail" / "online_retail_2010_2011.csv.gz"  # fmt: skip

#: rules with relative dates look at the real day: moved, the file ends the day before
YESTERDAY = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=1)

#: run in a database: import the file and print what came of it
LOAD = """
import datetime, json

source = env["crm.sales.source"].create({"name": "Online Retail", "create_products": True})
shift_to = args["shift_to"] and datetime.date.fromisoformat(args["shift_to"])
result = env["crm.sales.history.import.engine"]._run(source, args["path"], shift_to=shift_to)
env["crm.segmentation"].search([]).enabled = False
env.cr.commit()
keys = ("lines_read", "lines_accepted", "reasons", "customers", "documents", "revenue")
print(json.dumps({key: result[key] for key in keys}, default=str))
"""


def read_lines():
    """The lines with a customer: those of the file, ``day`` and ``mills``, money in thousandths."""
    import pandas

    lines = pandas.read_csv(
        DATA, dtype={"InvoiceNo": str, "CustomerID": str}, parse_dates=["InvoiceDate"]
    )
    lines = lines[lines.CustomerID.notna()]
    lines["mills"] = (lines.Quantity * (lines.UnitPrice * 1000).round()).astype("int64")
    lines["day"] = lines.InvoiceDate.dt.normalize()
    return lines


def read_documents():
    """The documents with a customer: frame of CustomerID, InvoiceNo, mills, day, purchase."""
    lines = read_lines()
    frame = lines.groupby(["CustomerID", "InvoiceNo"], as_index=False).agg(
        mills=("mills", "sum"), day=("day", "min")
    )
    frame["purchase"] = ~frame.InvoiceNo.str.startswith("C") & (frame.mills > 0)
    return frame


def rfm_codes(documents):
    """customer → code: 1 + floor(5 × strictly worse / buyers), by sorting."""
    bought = documents[documents.purchase]
    buyers = bought.groupby("CustomerID").agg(r=("day", "max"), f=("InvoiceNo", "nunique"))
    buyers["m"] = documents.groupby("CustomerID").mills.sum()
    scores = [
        1 + (5 * (buyers[axis].rank(method="min").astype(int) - 1)) // len(buyers) for axis in "rfm"
    ]
    codes = scores[0].astype(str) + scores[1].astype(str) + scores[2].astype(str)
    return codes.to_dict()
