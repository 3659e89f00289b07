"""PostgreSQL: a cluster of this checkout below ``.host/``, or an existing one by its URI."""

import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from . import paths
from .console import Failure, say, step, tail

OS_USER = "dev_postgres"
SOCKET = ".s.PGSQL.5432"
# The kernel's limit for the path of a Unix socket, without the closing zero byte.
SOCKET_LIMIT = 107
# Made for development: a crash of the machine may cost the databases, which can be rebuilt.
SETTINGS = """
listen_addresses = ''
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 512MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 2GB
jit = off
log_min_messages = fatal
"""


class Server:
    """Where the databases are, and SQL on them through the bundled ``psql``."""

    def __init__(self, binaries, host="", port="5432", user="odoo", password=""):
        self.binaries = binaries
        self.host = host
        self.port = port
        self.user = user
        self.password = password

    @classmethod
    def from_uri(cls, uri, binaries):
        """Return the server of ``postgresql://user:password@host:port`` (or ``?host=/socket``)."""
        parts = urlsplit(uri)
        if parts.scheme not in ("postgresql", "postgres"):
            raise Failure("--pg takes a URI such as postgresql://odoo@localhost:5432")
        host = parts.hostname or parse_qs(parts.query).get("host", ["/var/run/postgresql"])[0]
        user = unquote(parts.username or pwd.getpwuid(os.getuid()).pw_name)
        if user == "postgres":
            raise Failure(
                "Odoo refuses the role 'postgres': name another that may create databases"
            )
        return cls(binaries, host, str(parts.port or 5432), user, unquote(parts.password or ""))

    def environment(self):
        """Return the variables that let PostgreSQL's own programs connect."""
        return {
            "PGHOST": str(self.host),
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGCONNECT_TIMEOUT": "10",
        }

    def query(self, sql, database="postgres", user=None):
        """Run SQL and return its rows as lists of texts."""
        command = [self.binaries / "psql", "-X", "-q", "-A", "-t", "-F", "\t"]
        command += ["-v", "ON_ERROR_STOP=1", "-d", database]
        environment = {**os.environ, **self.environment()}
        if user:
            environment["PGUSER"] = user
        result = subprocess.run(command, input=sql, capture_output=True, text=True, env=environment)
        if result.returncode:
            raise Failure(f"PostgreSQL: {result.stderr.strip()}")
        return [line.split("\t") for line in result.stdout.splitlines()]

    def start(self):
        """Check that an existing server answers."""
        self.query("SELECT 1")

    def stop(self):
        """Leave an existing server alone."""


def reachable_by_others(path):
    """Tell whether another system user may enter the directories above ``path``."""
    return all(parent.stat().st_mode & 0o001 for parent in path.parents)


def cluster_directory():
    """Return the directory of this checkout's cluster.

    PostgreSQL doesn't run as root. Below a directory that only root may enter, the user that
    runs it for root could not reach its files: then they lie in a public temporary directory.
    """
    if os.geteuid() == 0 and not reachable_by_others(paths.HOST / "postgres"):
        return _outside("data")
    return paths.HOST / "postgres"


def _outside(purpose):
    """Return a directory for this checkout outside of it."""
    digest = hashlib.sha256(str(paths.HOST).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"odoo-host-{digest}-{purpose}"


def socket_directory(base):
    """Return where the socket lies: beside the data, unless that path is too long."""
    if len(str(base / SOCKET).encode()) <= SOCKET_LIMIT:
        return base
    return _outside("socket")


class Cluster(Server):
    """The cluster that belongs to this checkout."""

    def __init__(self, installation):
        self.base = cluster_directory()
        self.data = self.base / "data"
        if self.base != paths.HOST / "postgres":
            installation = self._copied(installation)
        super().__init__(installation / "bin", socket_directory(self.base))

    def _copied(self, installation):
        """Return a copy of the programs that the other user can reach."""
        copy = self.base / "programs"
        if not copy.exists():
            say(f"PostgreSQL lies in {self.base}: its user cannot enter this checkout")
            shutil.rmtree(self.base / "programs.new", ignore_errors=True)
            shutil.copytree(installation, self.base / "programs.new", symlinks=True)
            (self.base / "programs.new").rename(copy)
        return copy

    def _as_user(self):
        """Return the arguments that run a program as PostgreSQL's user, for root."""
        if os.geteuid() != 0:
            return {}
        try:
            entry = pwd.getpwnam(OS_USER)
        except KeyError:
            subprocess.run(["useradd", "--system", "--no-create-home", OS_USER], check=True)
            entry = pwd.getpwnam(OS_USER)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def _run(self, program, *arguments, check=True):
        # The log of pg_ctl is inherited by the server: a pipe would never close.
        with open(self.base / "commands.log", "w+") as log:
            result = subprocess.run(
                [self.binaries / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.base,
                **self._as_user(),
            )
            log.seek(0)
            if check and result.returncode:
                raise Failure(f"{program} failed:\n{tail(log.read())}")
        return result.returncode

    def _create(self):
        """Make the cluster beside its place, so that an interrupted one is never used."""
        new = self.base / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        with step("Creating a PostgreSQL cluster"):
            self._run(
                "initdb", "-D", new, "-U", "postgres", "--auth=trust", "--no-sync",
                "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8",
            )  # fmt: skip
            with open(new / "postgresql.conf", "a") as conf:
                conf.write(SETTINGS)
            new.rename(self.data)

    def running(self):
        """Tell whether the cluster answers on its socket."""
        if not self.data.exists():
            return False
        return not self._run("pg_isready", "-h", self.host, "-p", self.port, check=False)

    def start(self):
        """Create what is missing, start the server and make sure of the role."""
        self.base.mkdir(parents=True, exist_ok=True)
        self.host.mkdir(parents=True, exist_ok=True)
        user = self._as_user()
        if user:
            os.chown(self.base, user["user"], user["group"])
            os.chown(self.host, user["user"], user["group"])
        if not self.data.exists():
            self._create()
        if not self.running():
            with step("Starting PostgreSQL"):
                self._run(
                    "pg_ctl", "-D", self.data, "-l", self.base / "server.log", "-w", "-t", "60",
                    "-o", f"-k '{self.host}'", "start",
                )  # fmt: skip
        self.query(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'odoo') THEN"
            " CREATE ROLE odoo LOGIN CREATEDB; END IF; END $$",
            user="postgres",
        )

    def stop(self):
        """Stop the server if it runs."""
        if self.running():
            with step("Stopping PostgreSQL"):
                self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def remove(self):
        """Delete the files of the cluster that lie outside of ``.host/``."""
        for directory in {self.base, Path(self.host)}:
            if not directory.is_relative_to(paths.HOST):
                shutil.rmtree(directory, ignore_errors=True)
