"""Compare what the add-ons have stored in a database with what a rebuild would give.

Nothing is changed. The exit status is 1 if anything is found.
"""

import json
import sys
from pathlib import Path

from .. import database, host, odoo
from ..console import Failure, tail

SCRIPT = Path(__file__).parents[1] / "check_script.py"
#: ids of a finding that are shown
SHOWN = 10


def add_arguments(parser):
    """Declare the arguments of the command."""
    parser.add_argument("db", nargs="?", default="demo", help="the database (default: demo)")


def check(place, name):
    """Run the check in all companies.

    :return: list of dicts as of ``crm.consistency.check``
    """
    result = odoo.run_script(place, name, SCRIPT)
    if result.returncode:
        raise Failure(f"The check failed:\n{tail(result.stderr, 40)}")
    return json.loads(result.stdout.strip().splitlines()[-1])


def _print(line):
    sys.stdout.write(f"{line}\n")


def is_wrong(result):
    """Tell whether a result is a finding."""
    return bool(result["wrong"] or result["error"])


def table(results):
    """Return the lines that are shown, one per check and company."""
    rows = [("company", "check", "rows", "findings", "waiting", "seconds")]
    rows += [
        (one["company"], one["name"], f"{one['checked']:,}",
         "failed" if one["error"] else f"{len(one['wrong']):,}",
         f"{len(one['waiting']):,}", f"{one['seconds']:.1f}")
        for one in results
    ]  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            text.ljust(width) if index < 2 else text.rjust(width)
            for index, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _explain(result):
    """Show which records a finding is about, and what to do."""
    _print(f"\n{result['company']}: {result['name']}")
    if result["error"]:
        return _print(f"  could not be checked: {result['error']}")
    ids = ", ".join(map(str, result["wrong"][:SHOWN]))
    more = len(result["wrong"]) - SHOWN
    _print(f"  {result['model']} {ids}{f' and {more:,} more' if more > 0 else ''}")
    _print(f"  {result['mend']}")


def run(options):
    """Check, show a table, tell by the exit status whether anything was found."""
    place = host.prepare(options)
    if not database.exists(place, options.db):
        raise Failure(f"There is no database '{options.db}'")
    results = check(place, options.db)
    for line in table(results):
        _print(line)
    findings = [one for one in results if is_wrong(one)]
    for one in findings:
        _explain(one)
    if not findings:
        rows = sum(one["checked"] for one in results)
        _print(f"\nNothing found in {rows:,} rows.")
    return 1 if findings else 0
