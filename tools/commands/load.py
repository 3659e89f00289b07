"""Load a file of sales history through the product's own import."""

import importlib

from .. import host


def add_arguments(parser):
    """Take every argument as it comes: ``tools/load.py`` has its own parser."""
    parser.prefix_chars = "\0"
    parser.add_argument("arguments", nargs="...", help="see ./dev load --help")


def run(options):
    """Hand over to the loader."""
    loader = importlib.import_module("tools.load")
    return loader.main(options.arguments + options.rest, host.prepare(options))
