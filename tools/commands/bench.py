"""Run the benchmarks below tests/benchmarks: what we do against a floor of the same run."""

import json
import os
import subprocess
import sys

from .. import host, odoo, paths
from ..console import Failure

RUNNER = paths.ROOT / "tools" / "bench_runner.py"
COLUMNS = ("work", "ours", "floor", "ratio", "goal")


def add_arguments(parser):
    """Declare the arguments of the command."""
    parser.add_argument("name", nargs="?", help="only the benchmark of this name")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def _show(rows):
    """Print rows as a table."""
    cells = [COLUMNS, *([_text(row[column]) for column in COLUMNS] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(COLUMNS))]
    for line in cells:
        texts = [
            text.ljust(width) if column == "work" else text.rjust(width)
            for column, text, width in zip(COLUMNS, line, widths, strict=True)
        ]
        sys.stdout.write("  ".join(texts).rstrip() + "\n")


def _text(value):
    if value is None:
        return "–"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def run(options):
    """Run the benchmarks in the host's interpreter.

    :raises Failure: if a benchmark breaks, or a ratio is above its goal; one without a goal
        only tells how long something takes
    """
    place = host.prepare(options)
    environment = odoo.environment(place)
    if options.pg:
        environment["DEV_PG"] = options.pg
    result = subprocess.run(
        [place.python, "-P", RUNNER, *([options.name] if options.name else [])],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=paths.ROOT,
    )
    if result.returncode:
        raise Failure("A benchmark failed")
    lines = [line for line in result.stdout.splitlines() if line.startswith("{")]
    rows = [json.loads(line) for line in lines]
    if options.json:
        sys.stdout.write("".join(f"{line}{os.linesep}" for line in lines))
    else:
        _show(rows)
    if missed := _missed(rows):
        raise Failure(f"Above the goal: {'; '.join(missed)}")


def _missed(rows):
    return [one["work"] for one in rows if one["goal"] is not None and one["ratio"] > one["goal"]]
