"""Learning of product recommendations: 200,000 customers, 3,000 products, 4,000,000 lines.

The floor is what nobody gets around: the distinct pairs of customer and product, scipy's
``X.T @ X`` of them and numpy's inverse, in the same process, in turn. The peak of memory is that
of a process that only learns.
"""

import json
import subprocess
import sys

from tools import odoo, paths

NAME = "products"
RATIO = 2
MEMORY = 2048  # MB


def run(context):
    """Yield the rows: seconds of learning, peak of memory."""
    times = _measure(context, "time")
    yield {
        "work": "learning recommendations : pairs, X.T @ X, inverse",
        "ours": round(times["ours"], 2),
        "floor": round(times["floor"], 2),
        "ratio": round(times["ours"] / times["floor"], 2),
        "goal": RATIO,
    }
    peak = _measure(context, "memory")["peak_mb"]
    yield {
        "work": "peak of memory of learning : 2 GiB",
        "ours": peak,
        "floor": MEMORY,
        "ratio": round(peak / MEMORY, 2),
        "goal": 1,
    }


def _measure(context, what):
    script = paths.TESTS / "benchmarks" / "products_measure.py"
    result = subprocess.run(
        [context.host.python, script, what],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env=odoo.environment(context.host),
        check=True,
    )
    sys.stderr.write(f"products, {what}: {result.stdout}")
    return json.loads(result.stdout)
