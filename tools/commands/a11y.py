"""Check every screen of ours with axe-core, at both widths, beside the host's own screens.

Lists the serious findings that the host's screens don't have. Needs npm once, for axe-core.
"""

import shutil
import subprocess
import tarfile

from .. import browser, host, modules, paths
from ..console import Failure, step
from ..screens import served

AXE = "axe-core@4.10.3"
FOLDER = paths.HOST / "axe"


def add_arguments(parser):
    """Declare the arguments of the command."""
    parser.add_argument("only", nargs="*", help="parts of addresses; default: all screens of ours")


def fetch():
    """Return axe-core's single file, packed by npm into ``.host/`` the first time."""
    script = FOLDER / "package" / "axe.min.js"
    if script.exists():
        return script
    if not shutil.which("npm"):
        raise Failure("axe-core comes by npm: install npm, or put axe.min.js at " + str(script))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with step(f"Fetching {AXE}"):
        result = subprocess.run(
            ["npm", "pack", AXE, "--silent"], cwd=FOLDER, capture_output=True, text=True
        )
        if result.returncode:
            raise Failure(f"npm could not fetch {AXE}:\n{result.stderr}")
        with tarfile.open(FOLDER / result.stdout.split()[-1]) as archive:
            archive.extractall(FOLDER, filter="data")
    return script


def run(options):
    """Look at all screens; return 1 if there is a finding that is ours alone."""
    if "chromium" in browser.missing() and browser.ensure():
        raise Failure("The check needs Chromium")
    place = host.prepare(options)
    script = fetch()
    with served.demo_address(place) as address:
        return served.work(
            place, "axe", address=address, only=options.only, axe=str(script),
            addons=modules.addons(),
        )  # fmt: skip
