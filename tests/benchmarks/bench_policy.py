"""Deal control over 100,000 open deals, and prices learnt from 4,000,000 lines.

60,000 opportunities, 20,000 quotations and 20,000 unfinished orders stand in the host's own
tables, with 150,000 activities and 100,000 messages. The kanban's first page, and the pivot of
all rows, are read as a salesperson who sees all reads them; against the goal in seconds.

Prices: guidance of all cells (four groupings), floors, dispersion and what is written, against one
GROUP BY with ``percentile_cont`` over the same lines in the same run.
"""

from .frame import generated, measured, prepared, row

NAME = "policy"
DEALS = 100_000
LINES = 4_000_000
PRICES = "from tests.benchmarks.prices_measure import {0}\n{0}(env, **args)"
CALL = "from tests.benchmarks.policy_measure import {0}\n{0}(env, **args)"
GOAL = 2.0  # seconds


def run(context):
    """Yield the rows."""
    with prepared(context) as name:
        generated(context, name, f"{DEALS:,} open deals", CALL.format("generate"), deals=DEALS)
        found = measured(context, name, "Reading", CALL.format("main"))
    yield row("deal control, all rows by step and person : 2 s", found["pivot"], GOAL, 1)
    yield row("deal control, the most urgent 80 : 2 s", found["page"], GOAL, 1)
    yield row("the same with all their steps : 2 s", found["steps"], GOAL, 1)
    yield row("norms of the steps : 2 s", found["norms"], GOAL, 1)
    yield from _prices(context)


def _prices(context):
    with prepared(context) as name:
        generated(context, name, f"{LINES:,} lines", PRICES.format("generate"), lines=LINES)
        found = measured(context, name, "Learning prices", PRICES.format("main"))
    for work, name in (("first time", "first"), ("nothing changed", "again")):
        work = f"guidance of {found['cells']:,} cells, {work} : one GROUP BY"
        yield row(work, found[name], found["floor"], 2)
