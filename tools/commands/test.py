"""Run the tests: of the add-ons, across them, browser tours and JavaScript unit tests.

Everything unknown is passed on to pytest: paths, -k, -x, --lf …
"""

import subprocess

from .. import browser, bundles, database, host, modules, odoo, paths


def add_arguments(parser):
    """Declare the arguments of the command."""
    parser.add_argument("arguments", nargs="*", help="paths below the checkout")


def command(place, name, arguments):
    """Return the command line of pytest on a database."""
    return [
        place.python,
        "-m",
        "pytest",
        f"--odoo-config={paths.CONF}",
        f"--odoo-database={name}",
        "--odoo-http",
        "--odoo-log-level=error",
        "--odoo-extra=max-cron-threads=0",
        f"--odoo-extra=db-filter=^{name}$",
        "-rs",
        "-p",
        "no:cacheprovider",
        *arguments,
    ]


def run(options):
    """Run pytest on a fresh copy of a prepared database; return its exit status."""
    browser.ensure()
    place = host.prepare(options)
    database.drop_leftovers(place)
    environment = odoo.environment(place)
    if options.pg:
        environment["DEV_PG"] = options.pg
    wanted = modules.everything("test")
    bundles.ensure(place, wanted)
    with database.temporary(place, wanted, "test") as name:
        arguments = [*options.arguments, *options.rest]
        result = subprocess.run(
            command(place, name, arguments),
            stdin=subprocess.DEVNULL,
            env=environment,
            cwd=paths.ROOT,
        )
    return result.returncode
