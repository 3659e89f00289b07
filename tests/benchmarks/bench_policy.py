"""Deal control over 100,000 open deals, against the goal in seconds.

60,000 opportunities, 20,000 quotations and 20,000 unfinished orders stand in the host's own
tables, with 150,000 activities and 100,000 messages. The kanban's first page, and the pivot of
all rows, are read as a salesperson who sees all reads them.
"""

import json

from tools import modules
from tools.console import step

NAME = "policy"
DEALS = 100_000
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


def _row(work, ours):
    return {"work": work, "ours": ours, "floor": GOAL, "ratio": ours / GOAL, "goal": 1}
