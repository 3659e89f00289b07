"""A second PostgreSQL on this machine: a replica of the checkout's own."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

#: what was committed survives a crash here, as it does where people work
SETTINGS = """
log_statement = 'all'
log_min_messages = log
shared_buffers = 32MB
synchronous_commit = on
"""


class Second:
    """A running replica of a cluster.

    :ivar directory: path of its socket; its log is ``server.log`` there
    """

    def __init__(self, cluster, directory):
        self.cluster, self.directory = cluster, directory

    def start(self):
        """Start it and wait until it answers."""
        self.cluster._run(
            "pg_ctl", "-D", self.directory / "data", "-l", self.directory / "server.log", "-w",
            "-t", "60", "-o", f"-k '{self.directory}'", "start",
        )  # fmt: skip

    def promote(self):
        """Follow the first one no longer: from now on it is written here."""
        self.cluster._run("pg_ctl", "-D", self.directory / "data", "-w", "promote")

    def crash(self, check=True):
        """End it at once, as a loss of power does: no connection is warned, nothing is saved."""
        self.cluster._run(
            "pg_ctl", "-D", self.directory / "data", "-m", "immediate", "-w", "stop", check=check
        )


@contextmanager
def second_cluster(cluster):
    """A streaming replica of a cluster, as long as the block lasts."""
    if not hasattr(cluster, "_as_user"):
        pytest.skip("the cluster of another is not ours to copy")
    place = Path(tempfile.mkdtemp(prefix="dev-second-", dir="/var/tmp"))
    second = Second(cluster, place)
    try:
        if owner := cluster._as_user():
            shutil.chown(place, owner["user"], owner["group"])
        cluster._run(
            "pg_basebackup", "-D", place / "data", "-h", cluster.host, "-U", "postgres", "-R", "-X",
            "stream", "-c", "fast", "--no-sync",
        )  # fmt: skip
        with open(place / "data" / "postgresql.auto.conf", "a") as conf:
            conf.write(SETTINGS)
        second.start()
        yield second
    finally:
        second.crash(check=False)
        shutil.rmtree(place, ignore_errors=True)
