"""What benchmarks in a database share: prepare it, generate, measure, and the row of a work."""

import json
from contextlib import contextmanager

from tools import modules
from tools.console import step


@contextmanager
def prepared(context):
    """Name of a database with all add-ons, as long as the block lasts."""
    with step("Preparing a database"):
        database = context.database(modules.everything("test"))
    with database as name:
        yield name


def generated(context, name, title, source, **arguments):
    """Fill the database by a script, and let PostgreSQL know of it."""
    with step(f"Generating {title}"):
        context.script(name, source, arguments)
        context.host.server.query("VACUUM ANALYZE", name)


def measured(context, name, title, source, **arguments):
    """What a script prints as JSON in its last line."""
    with step(title):
        output = context.script(name, source, arguments)
    return json.loads(output.strip().splitlines()[-1])


def row(work, ours, floor, goal):
    """A work against what it is compared with; the ratio is to be at most the goal, if any."""
    ratio = ours / floor if floor else 0.0
    return {"work": work, "ours": ours, "floor": floor, "ratio": ratio, "goal": goal}
