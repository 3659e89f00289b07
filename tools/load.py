"""Load a file of sales history through the product's own import.

The database is made if it does not exist: all add-ons, no demonstration data. A second load of the
same file into the same database changes nothing.
"""

import argparse
import datetime
import json
import sys
from pathlib import Path

from . import database, modules, odoo
from .console import Failure, say, step, tail

SCRIPT = Path(__file__).parent / "load_script.py"


def _date(text):
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no date such as 2026-01-31") from None


def _parser():
    parser = argparse.ArgumentParser(prog="./dev load", description=__doc__.split("\n", 1)[0])
    parser.add_argument("file", type=Path, help="CSV or XLSX, gzipped or not")
    parser.add_argument("--db", default="load", help="database, made if absent (default: load)")
    parser.add_argument("--source", help="name of the source (default: the name of the file)")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="ROLE=COLUMN",
        help="what a column holds, such as customer_id=Kunde; several with commas or repeated; "
        "ROLE= alone: there is none; also encoding, delimiter, decimal (. or ,), order (dmy, mdy)",
    )
    parser.add_argument("--shift-to", type=_date, metavar="DATE", help="day of the last sale")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    return parser


def mapping(texts):
    """Turn ``--map`` arguments into the mapping that the import takes.

    >>> mapping(["customer_id=Kunde,country=", "decimal=,"])
    {'columns': {'customer_id': 'Kunde', 'country': ''}, 'decimal': ','}
    """
    result = {"columns": {}}
    for text in texts:
        name, mark, value = text.partition("=")
        if name in ("encoding", "delimiter", "decimal", "order"):
            result[name] = value
            continue
        for pair in text.split(","):
            role, mark, column = pair.partition("=")
            if not mark:
                raise Failure(f"--map {text}: expected ROLE=COLUMN")
            result["columns"][role.strip()] = column.strip()
    return result if texts else None


def _load(place, options):
    """Run the import and return its result."""
    args = {
        "path": str(options.file.resolve()),
        "source": options.source or options.file.name.split(".")[0],
        "mapping": mapping(options.map),
        "shift_to": options.shift_to,
    }
    with step(f"Importing {options.file.name} into the database {options.db}"):
        result = odoo.run_script(place, options.db, SCRIPT, args)
    lines = result.stdout.strip().splitlines()
    if result.returncode or not lines:
        raise Failure(f"The import failed:\n{tail(result.stderr, 40)}")
    answer = json.loads(lines[-1])
    if "error" in answer:
        raise Failure(answer["error"])
    return answer


def _report(answer, labels):
    """Say what was imported, and what was rejected and why."""
    say(f"{answer['lines_read']:>9,} lines read")
    say(f"{answer['lines_imported']:>9,} imported ({answer['lines_new']:,} of them new)")
    say(f"{answer['lines_rejected']:>9,} rejected")
    for reason, count in answer["reasons"].items():
        rows = ", ".join(map(str, labels[reason]["rows"]))
        say(f"{count:>13,} {labels[reason]['label']} (rows {rows} …)")
    say(f"{answer['customers']:>9,} customers, {answer['purchases']:,} purchases")
    say(f"{answer['documents']:>9,} documents, revenue {answer['revenue']:,.2f}")


def main(argv, host):
    """Load a file.

    :param argv: arguments after ``./dev load``
    :param host: what ``tools.host.prepare`` returns
    """
    options = _parser().parse_args(argv)
    if not options.file.is_file():
        raise Failure(f"There is no file {options.file}")
    database.ensure(host, options.db, modules.addons())
    answer = _load(host, options)
    _report(answer, answer.pop("rejected"))
    if options.json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0
