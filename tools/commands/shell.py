"""Open Odoo's shell on a database; a script on standard input is run instead."""

import sys

from .. import database, host, odoo
from ..console import Failure


def add_arguments(parser):
    """Declare the arguments of the command."""
    parser.add_argument("db", nargs="?", default="demo", help="the database (default: demo)")


def run(options):
    """Run the script of standard input, or the interactive shell at a terminal."""
    place = host.prepare(options)
    if not database.exists(place, options.db):
        raise Failure(f"There is no database '{options.db}'")
    if sys.stdin.isatty():
        odoo.shell(place, options.db)
    source = sys.stdin.read()
    return odoo.run_script(place, options.db, source, capture=False).returncode
