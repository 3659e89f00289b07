"""The command line: one subcommand per module of ``tools.commands``."""

import argparse
import importlib
import sys

from .console import Failure

COMMANDS = (
    "demo", "test", "lint", "check", "shell", "load", "bench", "evaluate", "pot", "dashboards",
    "stop", "clean",
)  # fmt: skip


def parser():
    """Return the parser with all subcommands."""
    result = argparse.ArgumentParser(
        prog="./dev", description="Odoo 19 with this project's add-ons."
    )
    result.add_argument("--odoo", metavar="PATH", help="an existing Odoo 19 (or ODOO_PATH)")
    result.add_argument("--pg", metavar="URI", help="an existing PostgreSQL (postgresql://…)")
    subparsers = result.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        module = importlib.import_module(f"tools.commands.{name}")
        doc = module.__doc__.strip()
        command = subparsers.add_parser(name, help=doc.splitlines()[0], description=doc)
        # Accepted on both sides of the command, as one would type them.
        for option in ("--odoo", "--pg"):
            command.add_argument(option, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        module.add_arguments(command)
        command.set_defaults(run=module.run, rest=[])
    return result


def main(argv):
    """Run a command and return its exit status."""
    arguments = parser()
    options, rest = arguments.parse_known_args(argv)
    if rest and options.command not in ("test", "load", "evaluate"):
        arguments.error(f"unknown: {' '.join(rest)}")
    options.rest = rest
    try:
        return options.run(options) or 0
    except Failure as failure:
        sys.stderr.write(f"\n{failure}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted\n")
        return 130
