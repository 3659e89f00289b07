"""Recommendations in the database: 200,000 customers, 3,000 products, 4,000,000 lines.

The rebuild (read, learn, store) against what it cannot do without: a bare COPY of the distinct
pairs of customer and product with the joins that say who a customer is, and scipy's ``X.T @ X``.
The lists of one customer against the goal in seconds, which no floor can tell. The lines stand
in the sales history; segments are those of a division by country.
"""

import json

from tools import modules
from tools.console import step

NAME = "recommendations"
CUSTOMERS, PRODUCTS, LINES = 200_000, 3_000, 4_000_000
CALL = "from tests.benchmarks.recommendations_measure import {0}\n{0}(env, **args)"
ON_DEMAND = 0.050  # seconds, p95
MEMORY = 2 << 30


def run(context):
    """Yield the rows."""
    with step("Preparing a database"):
        database = context.database(modules.everything("test"))
    with database as name:
        with step(f"Generating {LINES:,} lines"):
            arguments = {"customers": CUSTOMERS, "products": PRODUCTS, "lines": LINES}
            context.script(name, CALL.format("generate"), arguments)
            context.host.server.query("VACUUM ANALYZE", name)
        with step("Rebuilding and reading"):
            output = context.script(name, CALL.format("main"), {})
    found = json.loads(output.strip().splitlines()[-1])
    floor = found["floor"]
    yield _row("rebuild, first time : bare COPY and X.T @ X", found["first"], floor, 2)
    yield _row("rebuild, nothing changed : the same", found["again"], floor, 2)
    yield _row("lists of one customer, p95 : 50 ms", found["p95"], ON_DEMAND, 1)
    yield _row("peak memory of the rebuild : 2 GiB", found["memory"], MEMORY, 1)


def _row(work, ours, floor, goal):
    return {"work": work, "ours": ours, "floor": floor, "ratio": ours / floor, "goal": goal}
