"""Messages: what is being done, how long it took, and failures in one line."""

import sys
import time
from contextlib import contextmanager


class Failure(Exception):
    """Something the person at the keyboard can act on; shown without a traceback."""


def say(message):
    """Print a progress line; standard output stays free for results."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


@contextmanager
def step(message):
    """Announce a step and print its seconds when it has ended."""
    start = time.monotonic()
    sys.stderr.write(f"{message} …")
    sys.stderr.flush()
    try:
        yield
    except BaseException:
        sys.stderr.write(f" stopped after {time.monotonic() - start:.1f} s\n")
        raise
    sys.stderr.write(f" {time.monotonic() - start:.1f} s\n")
    sys.stderr.flush()


def tail(text, lines=25):
    """Return the last lines of an output, for the message of a failure."""
    return "\n".join(text.rstrip().splitlines()[-lines:])
