"""Judge the product's own methods on a file of one's own: products, value …

Each kind of evaluation has its own arguments: ./dev evaluate KIND --help
"""

import subprocess

from .. import evaluate, host, odoo, paths
from ..console import Failure

RUNNER = paths.ROOT / "tools" / "evaluate_runner.py"


def add_arguments(parser):
    """Take every argument as it comes: each kind has its own parser."""
    parser.prefix_chars = "\0"
    parser.add_argument("arguments", nargs="...", help="KIND and its arguments")


def run(options):
    """Run an evaluation in the host's interpreter; return its exit status."""
    kind, *arguments = [*options.arguments, *options.rest] or [""]
    if kind not in evaluate.kinds():
        raise Failure(f"./dev evaluate KIND …: one of {', '.join(evaluate.kinds())}")
    place = host.prepare(options)
    command = [place.python, "-P", RUNNER, kind, *arguments]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, env=odoo.environment(place))
    return result.returncode
