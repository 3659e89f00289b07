"""Credit at size: 1,000,000 touchpoints, 300,000 orders, 1,000,000 invoice lines.

The rebuild of credit under all nine models against what it cannot do without: the window query over
the pairs of touch and order, and a bare INSERT of a row per pair into a table with the same keys.
"""

import json

from tools import modules
from tools.console import step

NAME = "roi"
CUSTOMERS, TOUCHES, ORDERS, LINES = 100_000, 1_000_000, 300_000, 1_000_000
CALL = "from tests.benchmarks.roi_measure import {0}\n{0}(env, **args)"


def run(context):
    """Yield the rows."""
    with step("Preparing a database"):
        database = context.database(modules.everything("test"))
    with database as name:
        with step(f"Generating {TOUCHES:,} touchpoints and {ORDERS:,} orders"):
            arguments = {
                "customers": CUSTOMERS, "touches": TOUCHES, "orders": ORDERS, "lines": LINES,
            }  # fmt: skip
            context.script(name, CALL.format("generate"), arguments)
            context.host.server.query("VACUUM ANALYZE", name)
        with step("Rebuilding credit"):
            output = context.script(name, CALL.format("main"), {})
        with step("Reading the report"):
            read = context.script(name, CALL.format("report"), {})
    found = json.loads(output.strip().splitlines()[-1])
    floor = found["window"] + found["insert"]
    yield _row("credit, nine models, first time : window query and bare INSERT",
               found["first"], floor, 2)  # fmt: skip
    yield _row("credit, nine models, nothing changed : the same", found["again"], floor, 2)
    yield _row("of that, removal effects : the same", found["markov"], floor, 1)
    if "theirs" in found:
        yield _row("removal effects of the same paths : ChannelAttribution",
                   found["ours_on_paths"], found["theirs"], 1)  # fmt: skip
    read = json.loads(read.strip().splitlines()[-1])
    yield _row("return by campaign and month : bare join of credit, orders and invoice lines",
               read["report"], read["join"], 3)  # fmt: skip
    yield _row("the same, results kept : the same join", read["kept"], read["join"], 3)
    yield _row("the same, results kept, seconds : two", read["kept"], 2, 1)
    yield _row("adding results up to keep them : the join", read["adding"], read["join"], 20)


def _row(work, ours, floor, goal):
    return {"work": work, "ours": ours, "floor": floor, "ratio": ours / floor, "goal": goal}
