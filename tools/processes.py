"""Processes that were started here, told apart from later ones with the same number."""

import json
import os
import signal
import time
from pathlib import Path

from . import paths


def _start_time(pid):
    """Return when a process started (in ticks since boot), or None if there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name of the program stands in brackets and may itself contain anything.
    state, *fields = stat.rpartition(")")[2].split()
    return None if state == "Z" else int(fields[18])


def identity(pid):
    """Return what tells a process from any other."""
    return {"pid": pid, "start": _start_time(pid)}


def alive(process):
    """Tell whether exactly this process still runs."""
    return _start_time(process["pid"]) == process["start"]


def record(name, pid, **details):
    """Remember a server that was started here."""
    paths.RUN.mkdir(parents=True, exist_ok=True)
    (paths.RUN / f"{name}.json").write_text(json.dumps({**identity(pid), **details}))


def recorded(name):
    """Return the server of this name if it still runs."""
    try:
        process = json.loads((paths.RUN / f"{name}.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return process if alive(process) else None


def forget(name):
    """Forget a server that has ended."""
    (paths.RUN / f"{name}.json").unlink(missing_ok=True)


def names():
    """Return the names of all recorded servers."""
    return sorted(path.stem for path in paths.RUN.glob("*.json"))


def end(process, seconds=15):
    """End a process politely, then by force."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not alive(process):
            return
        os.kill(process["pid"], number)
        deadline = time.monotonic() + seconds
        while alive(process) and time.monotonic() < deadline:
            time.sleep(0.1)
