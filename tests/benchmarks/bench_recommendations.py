"""Recommendations in the database: 200,000 customers, 3,000 products, 4,000,000 lines.

The rebuild (read, learn, store) against what it cannot do without: a bare COPY of the distinct
pairs of customer and product with the joins that say who a customer is, scipy's ``X.T @ X`` and
numpy's inverse. Once a week the weights are learnt too, and each of 20 segments is compared with
all customers, on baskets kept out: that needs an inverse each time. It is set against the nightly
work, and against reading and multiplying once with as many of numpy's inverses as were used.
The lists of one customer against the goal in seconds, which no floor can tell. The lines stand
in the sales history; segments are those of a division by country.
"""

from .frame import generated, measured, prepared, row

NAME = "recommendations"
CUSTOMERS, PRODUCTS, LINES = 200_000, 3_000, 4_000_000
CALL = "from tests.benchmarks.recommendations_measure import {0}\n{0}(env, **args)"
ON_DEMAND = 0.050  # seconds, p95
MEMORY = 2 << 30


def run(context):
    """Yield the rows."""
    with prepared(context) as name:
        generated(context, name, f"{LINES:,} lines", CALL.format("generate"),
                  customers=CUSTOMERS, products=PRODUCTS, lines=LINES)  # fmt: skip
        found = measured(context, name, "Rebuilding and reading", CALL.format("main"))
    floor = found["floor"]
    yield row("rebuild, nightly : bare COPY, X.T @ X, inverse", found["night"], floor, 2)
    yield row("rebuild, weekly with 20 segments compared : the same", found["review"], floor, 2)
    used = found["review_inverses"]
    needed = floor + (used - 1) * found["inverse"]
    yield row(f"the weekly one : COPY, X.T @ X, its {used} inverses", found["review"], needed, 2)
    yield row("lists of one customer, p95 : 50 ms", found["p95"], ON_DEMAND, 1)
    yield row("peak memory of the rebuild : 2 GiB", found["memory"], MEMORY, 1)
