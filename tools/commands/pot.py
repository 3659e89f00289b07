"""Write the translation templates of the add-ons and carry new terms over to the languages."""

from .. import host, modules, translations
from ..console import Failure, step


def add_arguments(parser):
    """The command has no arguments of its own."""


def run(options):
    """Export and merge."""
    place = host.prepare(options)
    if not modules.addons():
        raise Failure("There is no add-on below addons/ yet")
    with step("Writing .pot and merging it into the languages"):
        result = translations.run(place, "write")
    if result.returncode:
        raise Failure(result.stdout + result.stderr)
