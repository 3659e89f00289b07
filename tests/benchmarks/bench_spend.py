"""Import of 200,000 rows of ad spend, as CSV and as XLSX.

CSV against csv.reader, a bare COPY and one INSERT … SELECT under the unique key; XLSX against
iterating openpyxl's rows and the same.
"""

import json

from tools import modules
from tools.console import step

NAME = "spend"
ROWS = 200_000
CALL = "from tests.benchmarks.spend_measure import {0}\n{0}(env, **args)"


def run(context):
    """Yield the rows."""
    with step("Preparing a database"):
        database = context.database(modules.everything("test"))
    with database as name, step(f"Importing {ROWS:,} rows"):
        output = context.script(name, CALL.format("main"), {"rows": ROWS})
    found = json.loads(output.strip().splitlines()[-1])
    csv_floor = found["csv_reader"] + found["write"]
    xlsx_floor = 1.5 * found["openpyxl"] + csv_floor
    yield _row("CSV : csv.reader, COPY, INSERT", found["csv"], csv_floor, 3)
    yield _row("CSV again, nothing changed : the same", found["csv_again"], csv_floor, 3)
    yield _row("XLSX : 1.5 × openpyxl and that", found["xlsx"], xlsx_floor, 1)
    yield _row("peak memory of the imports : 500 MB", found["memory"], 500 << 20, 1)


def _row(work, ours, floor, goal):
    return {"work": work, "ours": ours, "floor": floor, "ratio": ours / floor, "goal": goal}
