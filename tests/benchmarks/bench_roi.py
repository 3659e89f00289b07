"""Credit at size: 1,000,000 touchpoints, 300,000 orders, 1,000,000 invoice lines.

The rebuild of credit under all nine models against what it cannot do without: the window query over
the pairs of touch and order, and a bare INSERT of a row per pair into a table with the same keys.

Removal effects are also computed by ChannelAttribution (PyPI) from the same paths, in an
environment of its own; where it doesn't install, its row says so.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from tools import host, paths, venv
from tools.console import Failure

from .frame import generated, measured, prepared, row

NAME = "roi"
#: for a quick look at less: the share of the size
SHARE = float(os.environ.get("ROI_SHARE") or 1)
CUSTOMERS, TOUCHES, ORDERS, LINES = (
    int(SHARE * count) for count in (100_000, 1_000_000, 300_000, 1_000_000)
)
BESIDE = Path(__file__).with_name("attribution_beside.py")
CALL = "from tests.benchmarks.roi_measure import {0}\n{0}(env, **args)"


def run(context):
    """Yield the rows."""
    with prepared(context) as name, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paths.csv"
        generated(
            context, name, f"{TOUCHES:,} touchpoints, {ORDERS:,} orders", CALL.format("generate"),
            customers=CUSTOMERS, touches=TOUCHES, orders=ORDERS, lines=LINES,
        )  # fmt: skip
        found = measured(context, name, "Rebuilding credit", CALL.format("main"),
                         paths=str(file))  # fmt: skip
        beside = _beside(file)
        read = measured(context, name, "Reading the report", CALL.format("report"))
    floor = found["window"] + found["insert"]
    yield row("credit, nine models, first time : window query and bare INSERT",
               found["first"], floor, 2)  # fmt: skip
    yield row("credit, nine models, nothing changed : the same", found["again"], floor, 2)
    yield row("of that, removal effects : the same", found["markov"], floor, 1)
    yield from _compared(found, beside)
    yield row("return by campaign and month : bare join of credit, orders and invoice lines",
               read["report"], read["join"], 3)  # fmt: skip
    yield row("the same, results kept : the same join", read["kept"], read["join"], 3)
    yield row("the same, results kept, seconds : two", read["kept"], 2, 1)
    yield row("adding results up to keep them : the join", read["adding"], read["join"], 20)


def _beside(file):
    """What ChannelAttribution makes of the paths: its seconds and shares, or why there is none."""
    requirements = paths.REQUIREMENTS / "beside.txt"
    try:
        python = venv.ensure(paths.HOST / "beside", requirements, host.pip_wheels)
    except Failure as failure:
        return {"reason": f"does not install here ({str(failure).splitlines()[-1].strip()})"}
    result = subprocess.run([python, BESIDE, file], capture_output=True, text=True)
    if result.returncode:
        return {"reason": f"does not run here ({result.stderr.strip().splitlines()[-1]})"}
    return json.loads(result.stdout.strip().splitlines()[-1])


def _compared(found, beside):
    """Rows of time, and of how far the shares of a channel are apart: theirs is a simulation."""
    work = "removal effects of the same paths : ChannelAttribution"
    if "reason" in beside:
        yield row(f"{work} {beside['reason']}", found["on_paths"], 0.0, None)
        return
    yield row(work, found["on_paths"], beside["seconds"], 1)
    ours, theirs = found["shares"], beside["shares"]
    apart = max(abs(ours.get(name, 0.0) - theirs.get(name, 0.0)) for name in ours.keys() | theirs)
    yield row("the same, farthest share apart : a point", apart, 0.01, 1)
