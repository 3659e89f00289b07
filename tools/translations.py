"""Export the terms of the add-ons through Odoo's own exporter."""

import subprocess
import tempfile
from pathlib import Path

from . import database, modules, odoo, paths

EXPORT = """
from pathlib import Path
from odoo.tools.translate import trans_export

for addon in args["addons"]:
    with open(Path(args["directory"]) / f"{addon}.pot", "wb") as output:
        exported = trans_export(None, [addon], output, "po", env)
    if not exported:
        (Path(args["directory"]) / f"{addon}.pot").unlink()
"""


def run(host, action):
    """Export all add-ons and check or write their catalogues; return the process."""
    # A copy, because a template that somebody is connected to cannot be copied meanwhile.
    with (
        database.temporary(host, modules.everything("test"), "terms") as name,
        tempfile.TemporaryDirectory() as directory,
    ):
        job = {"addons": modules.addons(), "directory": str(Path(directory))}
        odoo.check_script(host, name, EXPORT, job, message="The export of terms failed")
        return subprocess.run(
            [host.python, "-P", "-m", "tools.checks.po", action, directory],
            capture_output=True,
            text=True,
            env=odoo.environment(host),
            cwd=paths.ROOT,
        )
