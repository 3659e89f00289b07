"""Import of 200,000 rows of ad spend, as CSV and as XLSX.

CSV against csv.reader, a bare COPY and one INSERT … SELECT under the unique key; XLSX against
iterating openpyxl's rows and the same.
"""

from .frame import measured, prepared, row

NAME = "spend"
ROWS = 200_000
CALL = "from tests.benchmarks.spend_measure import {0}\n{0}(env, **args)"


def run(context):
    """Yield the rows."""
    with prepared(context) as name:
        found = measured(context, name, f"Importing {ROWS:,} rows", CALL.format("main"), rows=ROWS)
    csv_floor = found["csv_reader"] + found["write"]
    xlsx_floor = 1.5 * found["openpyxl"] + csv_floor
    yield row("CSV : csv.reader, COPY, INSERT", found["csv"], csv_floor, 3)
    yield row("CSV again, nothing changed : the same", found["csv_again"], csv_floor, 3)
    yield row("XLSX : 1.5 × openpyxl and that", found["xlsx"], xlsx_floor, 1)
    yield row("peak memory of the imports : 500 MB", found["memory"], 500 << 20, 1)
