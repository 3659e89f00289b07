"""Make the pictures of the add-ons' descriptions from the demonstration database."""

from .. import browser, host
from ..console import Failure
from ..screens import served


def add_arguments(parser):
    """Declare the arguments of the command."""
    parser.add_argument("only", nargs="*", help="add-ons or names of pictures; default: all")


def run(options):
    """Take the pictures; return how many screens did not come."""
    if "chromium" in browser.missing() and browser.ensure():
        raise Failure("Pictures need Chromium")
    place = host.prepare(options)
    with served.demo_address(place) as address:
        return served.work(place, "pictures", address=address, only=options.only)
