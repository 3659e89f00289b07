"""A programme of 500 steps: made, one effort changed, started, its form opened.

Against the same with 50 steps: ten times the steps take about ten times the time.
"""

from .frame import measured, prepared, row

NAME = "programme"
SMALL, LARGE = 50, 500
CALL = "from tests.benchmarks.programme_measure import main\nmain(env, **args)"
WORKS = {
    "create": "planning", "change": "changing an effort", "start": "starting", "open": "the form",
}  # fmt: skip


def run(context):
    """Yield the rows."""
    with prepared(context) as name:
        found = measured(context, name, "Programmes of 50 and 500 steps", CALL,
                         sizes=[SMALL, LARGE])  # fmt: skip
    small, large = found[str(SMALL)], found[str(LARGE)]
    for work, words in WORKS.items():
        yield row(f"programme: {words}, 500 : 50 steps", large[work], small[work], 12)
