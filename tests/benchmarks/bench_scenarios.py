"""10,000 customers enter a scenario in one pass of the cron, with a hold-out.

Against the host's own batched creation of as many activities, in the same database, for the
same customers and salesperson; the pass commits after each batch, the floor too.
"""

import json

from tools import modules
from tools.console import step

NAME = "scenarios"
CUSTOMERS = 10_000
CALL = "from tests.benchmarks.scenarios_measure import main\nmain(env, **args)"
PASS = 60  # seconds


def run(context):
    """Yield the rows."""
    with step("Preparing a database"):
        database = context.database(modules.everything("test"))
    with database as name, step(f"{CUSTOMERS:,} customers enter"):
        output = context.script(name, CALL, {"customers": CUSTOMERS})
    found = json.loads(output.strip().splitlines()[-1])
    yield _row("10,000 enter : the host's activities", found["pass"], found["floor"], 1.5)
    yield _row("10,000 enter : 60 s", found["pass"], PASS, 1)
    yield _row("statements added to a batch of 1,000 : of 100", found["large"], found["small"], 1.2)


def _row(work, ours, floor, goal):
    return {"work": work, "ours": ours, "floor": floor, "ratio": ours / floor, "goal": goal}
