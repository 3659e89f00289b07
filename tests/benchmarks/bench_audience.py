"""Drawing an audience of 50,000 customers, against what it cannot do without.

The floor: reading the customers and their addresses once, and a bare INSERT of a row per customer
and per contact into tables with the same keys.
"""

import json

from tools import modules
from tools.console import step

NAME = "audience"
CUSTOMERS = 50_000
CALL = "from tests.benchmarks.audience_measure import {0}\n{0}(env, **args)"


def run(context):
    """Yield the rows."""
    with step("Preparing a database"):
        database = context.database(modules.everything("test"))
    with database as name:
        with step(f"Generating {CUSTOMERS:,} customers"):
            context.script(name, CALL.format("generate"), {"customers": CUSTOMERS})
            context.host.server.query("VACUUM ANALYZE", name)
        with step("Drawing"):
            output = context.script(name, CALL.format("main"), {})
    found = json.loads(output.strip().splitlines()[-1])
    for work in ("check", "draw", "recipients"):
        yield _row(f"{work} : read once, bare INSERT", found[work], found["floor"], 20)
    yield _row("draw, seconds : ten", found["draw"], 10, 1)


def _row(work, ours, floor, goal):
    return {"work": work, "ours": ours, "floor": floor, "ratio": ours / floor, "goal": goal}
