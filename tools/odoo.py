"""Run Odoo: its configuration file, its commands, and scripts in its environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

from . import paths
from .console import Failure, tail

RUNNER = Path(__file__).parent / "script_runner.py"
PROGRAM = Path(__file__).parent / "bin" / "odoo-bin"


def addons_path(host):
    """Return the add-ons directories; a packaged Odoo carries its own inside."""
    ours = [host.addons]
    if not (host.tree / "odoo" / "addons" / "web").exists():
        ours.append(host.tree / "addons")
    return ",".join(map(str, ours))


def write_configuration(host):
    """Write the configuration file that every command of this checkout uses.

    A password stays out of it: the environment carries it.
    """
    server = host.server
    lines = {
        "addons_path": addons_path(host),
        "data_dir": paths.DATA,
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "db_template": "template0",
        "list_db": "False",
        "http_interface": "127.0.0.1",
        "workers": "0",
        "limit_time_real": "3600",
        "limit_time_cpu": "3600",
    }
    paths.DATA.mkdir(parents=True, exist_ok=True)
    new = paths.CONF.with_suffix(f".{os.getpid()}")
    settings = "".join(f"{key} = {value}\n" for key, value in lines.items())
    new.write_text(f"[options]\n{settings}")
    new.replace(paths.CONF)


def environment(host):
    """Return the environment of a process that imports Odoo."""
    variables = {**os.environ, **host.server.environment()}
    # Odoo takes seconds longer to start without compiled modules; they stay out of the tree.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    variables["PYTHONPYCACHEPREFIX"] = str(paths.HOST / "pycache")
    places = [host.tree, paths.ROOT, *filter(None, [host.packages])]
    variables["PYTHONPATH"] = os.pathsep.join(map(str, places))
    variables["ODOO_RC"] = str(paths.CONF)
    return variables


def command(host, *arguments):
    """Return the command line of Odoo's own program."""
    return [str(host.python), str(PROGRAM), *map(str, arguments)]


def run(host, *arguments, log, message):
    """Run Odoo to its end; on failure tell the end of its log."""
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    path = paths.LOGS / f"{log}.log"
    with open(path, "w") as output:
        result = subprocess.run(
            command(
                host, *arguments, "-c", paths.CONF, f"--addons-path={addons_path(host)}",
                "--no-http", "--max-cron-threads=0",
            ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(host),
            cwd=paths.ROOT,
        )
    if result.returncode:
        raise Failure(f"{message} (whole log: {path}):\n{tail(path.read_text(), 40)}")


def run_script(host, database, script, args=None, *, capture=True, log_level="warn"):
    """Run Python code in the environment of a database, as ``./dev shell`` does.

    :param script: path of a file, or the source itself
    :param args: anything JSON can carry; the script sees it as ``args`` beside ``env``
    :param capture: whether the output is returned as text, or shown as it comes
    :return: ``CompletedProcess``; its return code is 1 when the script has raised

    The script commits what it wants to keep: ``env.cr.commit()``.
    """
    path = script if isinstance(script, Path) else None
    job = {
        "conf": str(paths.CONF),
        "addons_path": addons_path(host),
        "database": database,
        "log_level": log_level,
        "name": str(path or "<script>"),
        "source": path.read_text() if path else script,
        "args": args or {},
    }
    return subprocess.run(
        # Safe path: beside the runner lies this module, which bears the name of Odoo's package.
        [str(host.python), "-P", str(RUNNER)],
        input=json.dumps(job),
        capture_output=capture,
        text=True,
        env=environment(host),
        cwd=paths.ROOT,
    )


def check_script(host, database, script, args=None, *, message):
    """Run a script that has to succeed and return what it printed."""
    result = run_script(host, database, script, args)
    if result.returncode:
        raise Failure(f"{message}:\n{tail(result.stderr, 40)}")
    return result.stdout


def shell(host, database):
    """Replace this process by Odoo's interactive shell."""
    sys.stderr.flush()
    arguments = command(host, "shell", "-c", paths.CONF, "-d", database, "--no-http")
    os.execve(arguments[0], arguments, environment(host))
