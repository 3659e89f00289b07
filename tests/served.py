"""A database served by the real server, in a process of its own, on loopback."""

import subprocess
import time
import urllib.request
from contextlib import contextmanager

START, END = 120, 30


@contextmanager
def served(host, name, log, *, workers=0, options=()):
    """Address of a server of a database, as long as the block lasts.

    :param log: path of the server's log, warnings and worse
    :param options: more options of Odoo's own command line
    """
    from tools import odoo, paths, processes
    from tools.commands.demo import choose_port

    port = choose_port(None)
    arguments = odoo.command(
        host, "-c", paths.CONF, "-d", name, f"--db-filter=^{name}$", f"--http-port={port}",
        f"--gevent-port={port + 1000}", f"--workers={workers}", "--log-level=warn", *options,
    )  # fmt: skip
    with open(log, "w") as output:
        server = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, env=odoo.environment(host), cwd=paths.ROOT,
        )  # fmt: skip
    try:
        home = f"http://127.0.0.1:{port}"
        _wait(home, server, log)
        yield home
    finally:
        processes.end(processes.identity(server.pid), END)
        server.wait()


def _wait(home, server, log):
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        try:
            return urllib.request.urlopen(f"{home}/web/login", timeout=START).close()
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.2)
    raise AssertionError(f"The server doesn't answer: {log.read_text()[-4000:]}")
