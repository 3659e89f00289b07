"""Where things are: everything that the tooling makes goes below ``.host/``."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
TESTS = ROOT / "tests"
HOST = ROOT / ".host"
LOGS = HOST / "logs"
RUN = HOST / "run"
DATA = HOST / "data"
FILESTORE = DATA / "filestore"
CONF = HOST / "odoo.conf"
REQUIREMENTS = ROOT / "tools" / "requirements"
