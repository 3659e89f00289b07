"""A database served by Odoo's own server, in a process of its own."""

import math
import subprocess
import time
import urllib.error
import urllib.request

from . import odoo, paths
from .console import Failure, tail

#: a page that takes longer has failed
PAGE_SECONDS = 120


def start(place, name, port, log, *options):
    """Start the server, in a session of its own: Ctrl-C reaches only us, and we end it."""
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as output:
        return subprocess.Popen(
            odoo.command(
                place, "-c", paths.CONF, "-d", name, f"--db-filter=^{name}$",
                f"--http-port={port}", *options,
            ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=odoo.environment(place),
            cwd=paths.ROOT,
        )  # fmt: skip


def wait(server, address, log, seconds=math.inf):
    """Wait until the server answers; fail, with its log's end, where it ended or takes longer."""
    deadline = time.monotonic() + seconds
    while not _answers(address):
        if server.poll() is not None or time.monotonic() > deadline:
            told = tail(log.read_text())
            raise Failure(f"Odoo ended or doesn't answer (whole log: {log}):\n{told}")
        time.sleep(0.3)


def _answers(address):
    try:
        with urllib.request.urlopen(f"{address}/web/login", timeout=PAGE_SECONDS) as page:
            return page.status == 200
    except (urllib.error.URLError, OSError):
        return False
