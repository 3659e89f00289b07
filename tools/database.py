"""Databases: templates with modules installed, and cheap copies of them.

Every database made here carries a comment that says so or a name that begins with ``dev_``, and
only such databases are ever dropped. A database is built under such a name and renamed when it is
complete, so that an interrupted one is never taken for a good one.
"""

import json
import os
import re
import shutil
import time
from contextlib import contextmanager

from . import locks, modules, odoo, paths, processes
from .console import Failure, step

NAME = re.compile(r"^[a-z_][a-z0-9_.-]{0,45}$", re.IGNORECASE)


def check_name(name):
    """Refuse names that would need quoting elsewhere."""
    if not NAME.match(name):
        raise Failure(f"'{name}' is no name for a database: letters, digits, '_', '-' and '.'")
    return name


def ours(host):
    """Return the databases made here: what their comment says, by name.

    An interrupted process may have left one without a comment; its name then tells.
    """
    rows = host.server.query(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE shobj_description(oid, 'pg_database') LIKE '{\"made_by\": \"./dev\"%'"
        " OR datname LIKE 'dev\\_%'"
    )
    return {name: json.loads(comment) if comment else {} for name, comment in rows}


def building_name(name):
    """Return the name under which a database is built."""
    return f"dev_build_{name}"


def exists(host, name):
    """Tell whether a database of this name exists, whoever made it."""
    rows = host.server.query(f"SELECT 1 FROM pg_database WHERE datname = '{check_name(name)}'")
    return bool(rows)


def mark(host, name, kind, **details):
    """Write on a database that it was made here, and what for."""
    content = {"made_by": "./dev", "kind": kind, **details}
    if kind in ("building", "temporary"):
        content["process"] = processes.identity(os.getpid())
    comment = json.dumps(content).replace("'", "''")
    host.server.query(f"COMMENT ON DATABASE \"{name}\" IS '{comment}'")


def drop(host, name):
    """Drop a database made here, with its files; do nothing if there is none."""
    if not exists(host, name):
        return
    if name not in ours(host):
        raise Failure(f"The database '{name}' was not made by ./dev: it is left alone")
    _drop_now(host, name)
    shutil.rmtree(paths.FILESTORE / name, ignore_errors=True)


def _drop_now(host, name, attempts=10):
    """Whoever is connected is cut off.

    Autovacuum isn't ours to stop, and ``WITH (FORCE)`` fails because of it; a plain ``DROP``
    makes it end by itself.
    """
    for attempt in range(1, attempts + 1):
        host.server.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{name}' AND usename = current_user"
        )
        try:
            return host.server.query(f'DROP DATABASE IF EXISTS "{name}"')
        except Failure as failure:
            if "being accessed" not in str(failure) or attempt == attempts:
                raise
            time.sleep(1)


def rename(host, old, new):
    """Rename a database together with its files."""
    if (paths.FILESTORE / old).exists():
        shutil.rmtree(paths.FILESTORE / new, ignore_errors=True)
        (paths.FILESTORE / old).rename(paths.FILESTORE / new)
    host.server.query(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def copy(host, source, name, kind, **details):
    """Make a database from another that nobody is connected to."""
    drop(host, name)
    shutil.rmtree(paths.FILESTORE / name, ignore_errors=True)
    host.server.query(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')
    mark(host, name, kind, **details)
    if (paths.FILESTORE / source).exists():
        # Stored files are never changed, only removed: links are as good as copies.
        shutil.copytree(paths.FILESTORE / source, paths.FILESTORE / name, copy_function=os.link)


def _create_empty(host, name):
    drop(host, name)
    host.server.query(
        f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'"
    )
    # A trusted extension: the owner of the database may create it.
    host.server.query("CREATE EXTENSION pg_trgm", name)


def install(host, name, wanted, *, update=False):
    """Install (or update) modules in a database and check that they are installed."""
    names = ",".join(wanted)
    odoo.run(
        host, "-d", name, "-u" if update else "-i", names, "--stop-after-init",
        "--log-level=warn", log=f"install-{name}", message=f"Installing {names} failed",
    )  # fmt: skip
    rows = host.server.query("SELECT name FROM ir_module_module WHERE state = 'installed'", name)
    missing = sorted(set(wanted) - {row[0] for row in rows})
    if missing:
        raise Failure(f"Not installed: {', '.join(missing)} (see {paths.LOGS}/install-{name}.log)")


def _build(host, name, source, wanted, title):
    """Build the template ``name`` unless it is there; ``source`` is the layer below."""
    if exists(host, name):
        return
    building = building_name(name)
    with step(title):
        if source:
            copy(host, source, building, "building")
        else:
            _create_empty(host, building)
        install(host, building, wanted)
        own = wanted if source else []
        details = {"own": own, "content": modules.digest(own)}
        version = modules.short_digest(host.odoo_version())
        mark(host, building, "template", odoo=version, **details)
        rename(host, building, name)


def template(host, wanted):
    """Return a template with these modules (and what they depend on), building it if needed.

    It has two layers: the host's modules, which take most of the time and change only with
    Odoo, and the project's on top.
    """
    wanted_of_host, wanted_ours = modules.split(wanted)
    base_key = modules.short_digest(host.odoo_version(), *wanted_of_host)
    base = f"dev_template_{base_key}"
    key = modules.short_digest(base_key, modules.digest(wanted_ours), *wanted_ours)
    name = f"dev_template_{key}" if wanted_ours else base
    with locks.exclusive("templates"):
        if not exists(host, name):
            _build(host, base, None, wanted_of_host or ["base"], "Installing Odoo's modules")
            if wanted_ours:
                title = f"Installing {', '.join(wanted_ours)}"
                _build(host, name, base, wanted_ours, title)
    return name


def create(host, name, wanted, kind, **details):
    """Make a fresh database with these modules."""
    source = template(host, wanted)
    with locks.exclusive("templates"):
        copy(host, source, name, kind, **details)
    return name


def ensure(host, name, wanted, kind="load"):
    """Make a database with these modules unless it exists; tell whether it was made."""
    with locks.exclusive(f"database-{check_name(name)}"):
        if exists(host, name):
            return False
        building = create(host, building_name(name), wanted, "building")
        mark(host, building, kind)
        rename(host, building, name)
    return True


def _free_name(host, purpose):
    """Return a name for one more database of this process."""
    prefix = f"dev_{purpose}_{os.getpid()}_"
    taken = [int(name.removeprefix(prefix)) for name in ours(host) if name.startswith(prefix)]
    return f"{prefix}{max(taken, default=-1) + 1}"


@contextmanager
def temporary(host, wanted, purpose):
    """Yield the name of a database with these modules that lives as long as the block."""
    name = create(host, _free_name(host, purpose), wanted, "temporary")
    try:
        yield name
    finally:
        drop(host, name)


@contextmanager
def copied(host, source, purpose):
    """Yield the name of a copy of a database nobody is connected to, as long as the block."""
    name = _free_name(host, purpose)
    copy(host, source, name, "temporary")
    try:
        yield name
    finally:
        drop(host, name)


def _stale(host, comment):
    """Tell whether its process is dead, or the contents of a template have changed since."""
    if comment["kind"] != "template":
        process = comment.get("process")
        return bool(process) and not processes.alive(process)
    own = [name for name in comment["own"] if (paths.ADDONS / name).exists()]
    current = modules.digest(own), modules.short_digest(host.odoo_version())
    return current != (comment["content"], comment["odoo"])


def drop_leftovers(host):
    """Drop what killed processes left behind, and templates of former contents."""
    with locks.exclusive("templates"):
        for name, comment in ours(host).items():
            if not comment or _stale(host, comment):
                drop(host, name)
