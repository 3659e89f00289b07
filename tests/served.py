"""A database served by the real server, in a process of its own, on loopback."""

from contextlib import contextmanager

#: seconds that a server has to answer, and to end by itself
START, END = 120, 30


@contextmanager
def served(host, name, log, *, workers=0, options=()):
    """Address of a server of a database, as long as the block lasts.

    :param log: path of the server's log, warnings and worse
    :param options: more options of Odoo's own command line
    """
    from tools import ports, processes, serving

    port = ports.choose()
    server = serving.start(
        host, name, port, log, f"--gevent-port={port + 1000}", f"--workers={workers}",
        "--log-level=warn", *options,
    )  # fmt: skip
    try:
        home = f"http://127.0.0.1:{port}"
        serving.wait(server, home, log, START)
        yield home
    finally:
        processes.end(processes.identity(server.pid), END)
        server.wait()
        ports.release(port)
