"""Stop the servers and delete everything that ./dev made (.host/ of this checkout)."""

import shutil

from .. import paths
from ..console import step
from .stop import stop_servers


def add_arguments(parser):
    """The command has no arguments of its own."""


def run(options):
    """Stop what runs, then delete the directory of the host."""
    cluster = stop_servers()
    with step(f"Deleting {paths.HOST}"):
        if cluster:
            cluster.remove()
        shutil.rmtree(paths.HOST, ignore_errors=True)
