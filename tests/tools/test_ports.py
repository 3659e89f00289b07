"""Ports: two checkouts on one machine never choose the same one."""

import socket
import subprocess
import sys

import pytest

from tools import paths, ports
from tools.console import Failure

CHOOSE = """
import sys
from tools import ports
print(ports.choose(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other():
    """A process of another checkout that has chosen a port, and that port."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHOOSE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=paths.ROOT,
    )  # fmt: skip
    yield process, int(process.stdout.readline())
    process.communicate()


def test_another_has_chosen(other):
    """Though nobody listens there yet."""
    _process, taken = other
    assert ports.is_free(taken)
    with pytest.raises(Failure, match=f"Port {taken} is taken"):
        ports.choose(taken)
    port = ports.choose()
    assert port != taken
    ports.release(port)


def test_the_other_has_ended(other):
    """However it ended, its port is to be had again."""
    process, port = other
    process.kill()
    process.wait()
    assert ports.choose(port) == port
    ports.release(port)


def test_somebody_listens():
    """A server of anybody."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert not ports.is_free(port)
        with pytest.raises(Failure):
            ports.choose(port)


def test_two_of_one_process():
    """The second gets another one, though the first server does not listen yet."""
    one, two = ports.choose(), ports.choose()
    assert one != two
    ports.release(one)
    assert ports.choose(one) == one
    for port in (one, two):
        ports.release(port)
