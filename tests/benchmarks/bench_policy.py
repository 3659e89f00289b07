"""Deal control over 100,000 open deals, and prices learnt from 4,000,000 lines.

60,000 opportunities, 20,000 quotations and 20,000 unfinished orders stand in the host's own
tables, with 150,000 activities and 100,000 messages. The kanban's first page, and the pivot of
all rows, are read as a salesperson who sees all reads them; against the goal in seconds.

Prices: guidance of all cells (four groupings), floors, dispersion and what is written, against one
GROUP BY with ``percentile_cont`` over the same lines in the same run.
"""

import json

from tools import modules
from tools.console import step

NAME = "policy"
DEALS = 100_000
LINES = 4_000_000
PRICES = "from tests.benchmarks.prices_measure import {0}\n{0}(env, **args)"
CALL = "from tests.benchmarks.policy_measure import {0}\n{0}(env, **args)"
GOAL = 2.0  # seconds


def run(context):
    """Yield the rows."""
    with step("Preparing a database"):
        database = context.database(modules.everything("test"))
    with database as name:
        with step(f"Generating {DEALS:,} open deals"):
            context.script(name, CALL.format("generate"), {"deals": DEALS})
            context.host.server.query("VACUUM ANALYZE", name)
        with step("Reading"):
            output = context.script(name, CALL.format("main"), {})
    found = json.loads(output.strip().splitlines()[-1])
    yield _row("deal control, all rows by step and person : 2 s", found["pivot"])
    yield _row("deal control, the most urgent 80 : 2 s", found["page"])
    yield _row("norms of the steps : 2 s", found["norms"])
    yield from _prices(context)


def _prices(context):
    with step("Preparing a database"):
        database = context.database(modules.everything("test"))
    with database as name:
        with step(f"Generating {LINES:,} lines"):
            context.script(name, PRICES.format("generate"), {"lines": LINES})
            context.host.server.query("VACUUM ANALYZE", name)
        with step("Learning prices"):
            output = context.script(name, PRICES.format("main"), {})
    found = json.loads(output.strip().splitlines()[-1])
    for work, name in (("first time", "first"), ("nothing changed", "again")):
        yield {
            "work": f"guidance of {found['cells']:,} cells, {work} : one GROUP BY",
            "ours": found[name], "floor": found["floor"],
            "ratio": found[name] / found["floor"], "goal": 2,
        }  # fmt: skip


def _row(work, ours):
    return {"work": work, "ours": ours, "floor": GOAL, "ratio": ours / GOAL, "goal": 1}
