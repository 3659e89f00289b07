"""10,000 customers enter a scenario in one pass of the cron, with a hold-out.

Against the host's own batched creation of as many activities, in the same database, for the
same customers and salesperson; the pass commits after each batch, the floor too.
"""

from .frame import measured, prepared, row

NAME = "scenarios"
CUSTOMERS = 10_000
CALL = "from tests.benchmarks.scenarios_measure import main\nmain(env, **args)"
PASS = 60  # seconds


def run(context):
    """Yield the rows."""
    with prepared(context) as name:
        found = measured(context, name, f"{CUSTOMERS:,} customers enter", CALL, customers=CUSTOMERS)
    yield row("10,000 enter : the host's activities", found["pass"], found["floor"], 1.5)
    yield row("10,000 enter : 60 s", found["pass"], PASS, 1)
    yield row("statements added to a batch of 1,000 : of 100", found["large"], found["small"], 1.2)
