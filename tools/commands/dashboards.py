"""Write the spreadsheet dashboards of the add-ons."""

from .. import dashboards
from ..console import step


def add_arguments(parser):
    """The command has no arguments of its own."""


def run(options):
    """Write what differs."""
    with step("Writing the dashboards"):
        dashboards.write()
