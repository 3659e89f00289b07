"""Only what was started here is ever ended."""

import os
import subprocess
import sys

import pytest

from tools import paths, processes


@pytest.fixture
def sleeper(tmp_path, monkeypatch):
    """Return a process that sleeps, recorded as a server."""
    monkeypatch.setattr(paths, "RUN", tmp_path)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        yield process
        process.kill()


def test_a_recorded_process_is_found_and_ended(sleeper):
    processes.record("demo", sleeper.pid, address="here")
    found = processes.recorded("demo")
    assert (found["pid"], found["address"]) == (sleeper.pid, "here")
    processes.end(found)
    sleeper.wait()
    assert processes.recorded("demo") is None


def test_another_process_with_the_same_number_is_not_ours(sleeper):
    impostor = {**processes.identity(sleeper.pid), "start": 1}
    assert not processes.alive(impostor)
    processes.end(impostor)
    assert sleeper.poll() is None


def test_no_process():
    assert not processes.alive({"pid": 2**22 + 1, "start": 1})
    assert processes.alive(processes.identity(os.getpid()))
