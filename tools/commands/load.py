"""Load a file of sales history through the product's own import."""

import argparse
import importlib

from .. import host


def add_arguments(parser):
    """Take every argument as it comes: ``tools/load.py`` has its own parser."""
    parser.prefix_chars = "\0"
    parser.add_argument("arguments", nargs="...", help="see ./dev load --help")


def run(options):
    """Hand over to the loader."""
    loader = importlib.import_module("tools.load")
    arguments = _host_options(options.arguments + options.rest, options)
    return loader.main(arguments, host.prepare(options))


def _host_options(arguments, options):
    """Put ``--odoo`` and ``--pg``, wherever they were typed, into the options; return the rest."""
    ours = argparse.ArgumentParser(prog="./dev load", add_help=False, allow_abbrev=False)
    for option in ("--odoo", "--pg"):
        ours.add_argument(option, default=argparse.SUPPRESS)
    return ours.parse_known_args(arguments, options)[1]
