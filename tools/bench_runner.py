"""Run by the host's interpreter: the benchmarks, each row as a line of JSON.

A benchmark is a file ``tests/benchmarks/bench_*.py`` with ``NAME`` and ``run(context)``, which
yields dicts of work, ours, floor, ratio and goal. The context offers the host, databases and
scripts in them.
"""

import importlib
import json
import sys

from tools import database, host, modules, odoo, paths


class Context:
    """What a benchmark may use."""

    def __init__(self):
        self.host = host.attach()

    def database(self, wanted=None):
        """Return a context manager that yields the name of a fresh database.

        Without ``wanted`` it has all add-ons installed.
        """
        chosen = modules.everything("test") if wanted is None else wanted
        return database.temporary(self.host, chosen, "bench")

    def script(self, name, source, args=None):
        """Run a script in a database and return what it printed."""
        return odoo.check_script(self.host, name, source, args, message="A benchmark's script")


def main(chosen):
    """Run all benchmarks, or the chosen ones, and print their rows."""
    context = Context()
    for path in sorted((paths.TESTS / "benchmarks").glob("bench_*.py")):
        benchmark = importlib.import_module(f"tests.benchmarks.{path.stem}")
        if not chosen or benchmark.NAME in chosen:
            for row in benchmark.run(context):
                sys.stdout.write(json.dumps(row) + "\n")
                sys.stdout.flush()


main(sys.argv[1:])
