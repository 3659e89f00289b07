"""The past of 200,000 customers and 1,000,000 invoices, and the reports that read it.

The backfill of twelve month-ends is compared with twelve bare GROUP BYs over the invoices as of
each month-end and the bare INSERT of the stays that come of it, in the same database, in turn.
The backtest before a rule is saved is compared with that backfill.
The reports have to answer within two seconds; those that are read at night as they are opened.
Read from the documents they take longer: those rows tell what a page costs on the day on which
the add-on is installed, and where the documents of today are asked for.
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
    "bridge": "revenue bridge of free periods",
    "bridge_customers": "revenue bridge of free periods, the customers of a bar",
    "bridge_offered": "revenue bridge of offered periods",
    "bridge_read": "revenue bridge, read from the documents",
}
#: what is told without a goal: nobody waits for it unless they ask for it
READ = ("by_month_read", "bridge_read")


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
    yield row(
        "packing the purchases at night : reading the bridge from the documents",
        times.pop("night"),
        times["bridge_read"],
        4,
    )
    for name, found in times.items():
        goal = None if name in READ else 1
        yield row(f"{REPORTS[name]} : {SECONDS} seconds", found, SECONDS, goal)
