"""Serve a database with all add-ons and demonstration data.

The first start builds the database `demo`; later ones only serve it.
"""

import signal
import sys

from .. import database, host, locks, modules, odoo, paths, ports, processes, serving
from ..console import Failure, say, step

NAME = "demo"
OPTIONS = ("--max-cron-threads=1",)
GENERATOR = paths.ROOT / "tools" / "demo" / "run.py"
RUN_CRONS = """
domain = [("model", "=", "ir.cron"), ("module", "in", args["addons"])]
ids = env["ir.model.data"].search(domain).mapped("res_id")
# in the order of the night: what reads the figures comes after them
for cron in env["ir.cron"].browse(ids).exists().filtered("active").sorted("nextcall"):
    cron.method_direct_trigger()
env.cr.commit()
"""
# What the login page and the web client ask for first; made at the first visit otherwise.
PREPARE_ASSETS = """
for name in ("web.assets_web", "web.assets_frontend"):
    bundle = env["ir.qweb"]._get_asset_bundle(name, css=True, js=True)
    bundle.css()
    bundle.js()
env.cr.commit()
"""
LOGINS = (
    ("administrator", "admin", "admin"),
    ("salesperson", "sales", "sales"),
    ("marketing", "marketing", "marketing"),
)


def add_arguments(parser):
    """Declare the arguments of the command."""
    parser.add_argument("--port", type=int, help="default: 8069, or the next free one")
    parser.add_argument("--fresh", action="store_true", help="rebuild the database first")


def _content():
    """Return what the demonstration database depends on besides Odoo itself."""
    return modules.digest(modules.addons())


def _build(place):
    """Build the database under another name and rename it when it is complete."""
    wanted = modules.everything("demo")
    building = database.create(place, database.building_name(NAME), wanted, "building")
    if GENERATOR.exists():
        say("Making customers, orders, invoices and opportunities")
        # as it comes: minutes without a word look as if it hung
        if odoo.run_script(place, building, GENERATOR, capture=False).returncode:
            raise Failure("The demonstration data failed (see above)")
    with step("Running the scheduled actions of the add-ons"):
        crons = {"addons": modules.addons()}
        odoo.check_script(place, building, RUN_CRONS, crons, message="A scheduled action failed")
    with step("Preparing the web client, so that the first page comes quickly"):
        odoo.check_script(place, building, PREPARE_ASSETS, message="The web client failed")
    database.mark(place, building, "demo", content=_content())
    database.rename(place, building, NAME)


def prepare_database(place, fresh):
    """Make sure of a complete database whose add-ons are those of the checkout."""
    with locks.exclusive("demo"):
        if fresh:
            database.drop(place, NAME)
        if not database.exists(place, NAME):
            _build(place)
        comment = database.ours(place).get(NAME, {})
        if comment.get("content") != _content():
            with step("Updating the add-ons, which have changed (--fresh rebuilds the data too)"):
                database.install(place, NAME, modules.addons(), update=True)
                database.mark(place, NAME, "demo", content=_content())


def serve(place, port):
    """Serve until interrupted or stopped."""
    address = f"http://localhost:{port}"
    log = paths.LOGS / "demo.log"
    server = serving.start(place, NAME, port, log, *OPTIONS)
    try:
        processes.record("demo", server.pid, address=address)
        with step("Starting Odoo"):
            serving.wait(server, address, log)
        _print_logins(address)
        say("Ctrl-C stops Odoo; ./dev stop also stops PostgreSQL")
        server.wait()
    finally:
        # Reaped here, or it would stay a zombie that looks like ended but isn't.
        server.terminate()
        server.wait()
        processes.forget("demo")


def _print_logins(address):
    lines = [f"\n  {address}/odoo\n"]
    lines += [f"  {role:<15}{login} / {password}" for role, login, password in LOGINS]
    sys.stdout.write("\n".join(lines) + "\n\n")
    sys.stdout.flush()


def run(options):
    """Build what is missing and serve until interrupted."""
    running = processes.recorded("demo")
    if running and options.fresh:
        with step("Stopping the server of the former data"):
            processes.end(running)
    elif _is_served():
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    place = host.prepare(options)
    database.drop_leftovers(place)
    prepare_database(place, options.fresh)
    # another one may have been quicker, while this one waited for it
    if not _is_served():
        serve(place, ports.choose(options.port))


def _is_served():
    """Tell whether a server of this checkout is at work, and where."""
    running = processes.recorded("demo")
    if running:
        say("Already served (./dev stop ends it)")
        _print_logins(running["address"])
    return bool(running)
