"""Drawing an audience of 50,000 customers, against what it cannot do without.

The floor: reading the customers and their addresses once, and a bare INSERT of a row per customer
and per contact into tables with the same keys.
"""

from .frame import generated, measured, prepared, row

NAME = "audience"
CUSTOMERS = 50_000
CALL = "from tests.benchmarks.audience_measure import {0}\n{0}(env, **args)"


def run(context):
    """Yield the rows."""
    with prepared(context) as name:
        generated(context, name, f"{CUSTOMERS:,} customers", CALL.format("generate"),
                  customers=CUSTOMERS)  # fmt: skip
        found = measured(context, name, "Drawing", CALL.format("main"))
    for work in ("check", "draw", "recipients"):
        yield row(f"{work} : read once, bare INSERT", found[work], found["floor"], 20)
    yield row("draw, seconds : ten", found["draw"], 10, 1)
