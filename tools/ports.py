"""Ports that servers of this machine listen on, whichever checkout they belong to."""

import socket

from .console import Failure

#: Odoo's usual port, and those after it
FIRST, LAST = 8069, 8168
#: port → socket that keeps others from choosing it, as long as this process lives
_kept = {}


def is_free(port):
    """Tell whether nobody listens on a port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _keep(port):
    """Tell whether the port is to be had; it is kept then, until :func:`release`.

    A server takes seconds until it listens. Two checkouts that look for a port meanwhile would
    choose the same one; an abstract socket, gone with its process, tells the second.
    """
    if port in _kept:
        return False
    mark = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        mark.bind(f"\0odoo-dev-port-{port}")
    except OSError:
        mark.close()
        return False
    _kept[port] = mark
    return True


def release(port):
    """Let others choose the port again."""
    _kept.pop(port).close()


def choose(wanted=None):
    """Return the wanted port, or the first free one from Odoo's usual on."""
    if wanted:
        if not is_free(wanted) or not _keep(wanted):
            raise Failure(f"Port {wanted} is taken")
        return wanted
    for port in range(FIRST, LAST + 1):
        if is_free(port) and _keep(port):
            return port
    raise Failure(f"No free port from {FIRST} to {LAST}: name one with --port")
