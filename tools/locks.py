"""Locks between several ``./dev`` in one checkout; the kernel frees them when a process dies."""

import fcntl
from contextlib import contextmanager

from . import paths
from .console import say


@contextmanager
def exclusive(name):
    """Hold the lock ``name`` of this checkout, waiting for another process if need be."""
    paths.RUN.mkdir(parents=True, exist_ok=True)
    with open(paths.RUN / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Waiting for another ./dev in this checkout ({name})")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
