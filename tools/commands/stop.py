"""Stop the servers that ./dev started in this checkout."""

from .. import host, paths, processes
from ..console import step


def add_arguments(parser):
    """The command has no arguments of its own."""


def stop_servers():
    """Stop recorded servers, then the cluster."""
    for name in processes.names():
        process = processes.recorded(name)
        if process:
            with step(f"Stopping {name}"):
                processes.end(process)
        processes.forget(name)
    cluster = _own_cluster()
    if cluster:
        cluster.stop()
    return cluster


def _own_cluster():
    """Return this checkout's cluster if there is one."""
    if not (paths.HOST / "venv").exists():
        return None
    return host.database_server()


def run(options):
    """Stop everything that runs."""
    stop_servers()
