"""Credit at size: 1,000,000 touchpoints, 300,000 orders, 1,000,000 invoice lines.

The rebuild of credit under all nine models against what it cannot do without: the window query over
the pairs of touch and order, and a bare INSERT of a row per pair into a table with the same keys.
"""

from .frame import generated, measured, prepared, row

NAME = "roi"
CUSTOMERS, TOUCHES, ORDERS, LINES = 100_000, 1_000_000, 300_000, 1_000_000
CALL = "from tests.benchmarks.roi_measure import {0}\n{0}(env, **args)"


def run(context):
    """Yield the rows."""
    with prepared(context) as name:
        generated(
            context, name, f"{TOUCHES:,} touchpoints, {ORDERS:,} orders", CALL.format("generate"),
            customers=CUSTOMERS, touches=TOUCHES, orders=ORDERS, lines=LINES,
        )  # fmt: skip
        found = measured(context, name, "Rebuilding credit", CALL.format("main"))
        read = measured(context, name, "Reading the report", CALL.format("report"))
    floor = found["window"] + found["insert"]
    yield row("credit, nine models, first time : window query and bare INSERT",
               found["first"], floor, 2)  # fmt: skip
    yield row("credit, nine models, nothing changed : the same", found["again"], floor, 2)
    yield row("of that, removal effects : the same", found["markov"], floor, 1)
    if "theirs" in found:
        yield row("removal effects of the same paths : ChannelAttribution",
                   found["ours_on_paths"], found["theirs"], 1)  # fmt: skip
    yield row("return by campaign and month : bare join of credit, orders and invoice lines",
               read["report"], read["join"], 3)  # fmt: skip
    yield row("the same, results kept : the same join", read["kept"], read["join"], 3)
    yield row("the same, results kept, seconds : two", read["kept"], 2, 1)
    yield row("adding results up to keep them : the join", read["adding"], read["join"], 20)
