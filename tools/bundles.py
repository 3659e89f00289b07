"""The web client's bundles, made once in a template so that no browser test makes its own.

A test rolls back what its request has made, so without this every tour would compile the style
sheets and minify the scripts of the whole client again.
"""

import hashlib

from . import database, locks, odoo, paths
from .console import step

#: what a tour and the JavaScript unit tests ask for
NAMES = (
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_backend_lazy",
    "web.assets_tests",
    "web.assets_unit_tests_setup",
    "web.assets_unit_tests",
)

SCRIPT = """
for name in args["names"]:
    bundle = env["ir.qweb"]._get_asset_bundle(name, css=True, js=True)
    bundle.js(), bundle.css()
env.cr.commit()
"""


def _digest():
    """Return a digest of the project's static files as a bundle knows them: name and age."""
    content = hashlib.sha256()
    for path in sorted(paths.ADDONS.glob("*/static/**/*.*")):
        content.update(f"{path.relative_to(paths.ADDONS)} {path.stat().st_mtime_ns}\0".encode())
    return content.hexdigest()


def ensure(host, wanted):
    """Make the bundles in the template with these modules unless they are there and current."""
    name = database.template(host, wanted)
    current = _digest()
    with locks.exclusive("templates"):
        details = database.ours(host)[name]
        if details.get("bundles") == current:
            return
        with step("Building the web client's bundles"):
            odoo.check_script(host, name, SCRIPT, {"names": NAMES}, message="No bundles")
        kept = {key: details[key] for key in ("own", "content", "odoo")}
        database.mark(host, name, "template", **kept, bundles=current)
