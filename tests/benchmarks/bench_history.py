"""The past of 200,000 customers and 1,000,000 invoices, and the reports that read it.

The backfill of twelve month-ends is compared with twelve bare GROUP BYs over the invoices as of
each month-end and the bare INSERT of the stays that come of it, in the same database, in turn.
The backtest before a rule is saved is compared with that backfill.
The reports have to answer within two seconds; those read at night as they are opened. Read from
the documents they take longer: those rows tell what a page costs where nothing was kept, and
the bridge of other periods than the offered ones.
"""

from .bench_segments import CUSTOMERS, INVOICES, _generated, _measured
from .frame import row

NAME = "history"
SECONDS = 2
REPORTS = {
    "migration": "migration matrix",
    "movers": "movers with their cause",
    "by_month": "segments by month, opened",
    "by_month_read": "segments by month, read from the documents",
    "bridge": "revenue bridge, 12 months against 12, opened",
    "bridge_read": "revenue bridge, 12 months against 12, read from the documents",
}


def run(context):
    """Yield the rows; the database lives as long as it is needed."""
    with _generated(context, CUSTOMERS, INVOICES) as large:
        times = _measured(context, large, "The past and its reports", "history_measure", "main")
    backfill = times.pop("backfill")
    yield row(
        "backfill of 12 month-ends : 12 GROUP BYs and the INSERT",
        backfill["ours"],
        backfill["floor"],
        2,
    )
    backtest = times.pop("backtest")
    yield row(
        "backtest of 12 month-ends and today : the backfill of them",
        backtest["ours"],
        backtest["floor"],
        1.1,
    )
    for name, found in times.items():
        yield row(f"{REPORTS[name]} : {SECONDS} seconds", found, SECONDS, 1)
