"""Virtual environments below ``.host/``, rebuilt when their requirements change."""

import hashlib
import importlib.util
import shutil
import subprocess
import sys

from .console import Failure, step, tail


def digest(requirements):
    """Return what an environment depends on: its requirements and the interpreter."""
    content = hashlib.sha256(requirements.read_bytes())
    content.update(sys.version.encode())
    return content.hexdigest()


def _run(command, message):
    result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if result.returncode:
        raise Failure(f"{message}:\n{tail(result.stdout + result.stderr)}")


def _create(directory, pip_wheels):
    """Make an empty environment that has pip.

    Debian ships ``ensurepip`` in a package of its own; where it is missing, ``pip_wheels``
    fetches the wheel that this package would have used.
    """
    if importlib.util.find_spec("ensurepip"):
        _run([sys.executable, "-m", "venv", directory], "The virtual environment failed")
        return
    _run([sys.executable, "-m", "venv", "--without-pip", directory], "venv failed")
    wheel = next(pip_wheels().glob("pip-*.whl"))
    _run([directory / "bin/python", wheel / "pip", "install", "-q", wheel], "pip failed")


def ensure(directory, requirements, pip_wheels):
    """Return the interpreter of an environment that has exactly these requirements."""
    python = directory / "bin" / "python"
    stamp = directory / ".complete"
    wanted = digest(requirements)
    if stamp.exists() and stamp.read_text() == wanted and python.exists():
        return python
    with step(f"Installing Python packages ({requirements.name})"):
        shutil.rmtree(directory, ignore_errors=True)
        _create(directory, pip_wheels)
        pip = [python, "-m", "pip", "install", "-q", "--no-input", "--no-compile"]
        _run([*pip, "-r", requirements], "pip could not install the Python packages")
        # Written last: an environment without it was interrupted and is made anew.
        stamp.write_text(wanted)
    return python
