"""The demonstration, served for the time of a work in the browser."""

import json
import subprocess
from contextlib import contextmanager

from .. import odoo, paths, ports, processes, serving
from ..commands import demo
from ..console import step


@contextmanager
def demo_server(place):
    """Start a server of the demonstration, and end it."""
    port = ports.choose()
    log = paths.LOGS / "screens.log"
    server = serving.start(place, demo.NAME, port, log, *demo.OPTIONS)
    address = f"http://localhost:{port}"
    try:
        with step("Starting Odoo"):
            serving.wait(server, address, log)
        yield address
    finally:
        server.terminate()
        server.wait()
        ports.release(port)


@contextmanager
def demo_address(place):
    """Yield the address of the demonstration: of the running server, else of one started here."""
    running = processes.recorded("demo")
    if running:
        yield running["address"]
        return
    demo.prepare_database(place, fresh=False)
    with demo_server(place) as address:
        yield address


def work(place, kind, **job):
    """Do a work in the browser, by the host's interpreter; return its exit status."""
    command = [place.python, "-P", "-m", "tools.screens.run", kind, json.dumps(job)]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, env=odoo.environment(place), cwd=paths.ROOT
    ).returncode
