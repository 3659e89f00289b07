"""Run by the host's interpreter: execute a script, read from standard input, with ``env``."""

import json
import sys
import threading

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def main():
    """Execute the job in one transaction; what the script doesn't commit is rolled back."""
    job = json.load(sys.stdin)
    config.parse_config(
        [
            "--config", job["conf"], "--database", job["database"],
            "--addons-path", job["addons_path"], "--log-level", job["log_level"], "--no-http",
        ],
        setup_logging=True,
    )  # fmt: skip
    threading.current_thread().dbname = job["database"]
    code = compile(job["source"], job["name"], "exec")
    with Registry(job["database"]).cursor() as cr:
        context = api.Environment(cr, SUPERUSER_ID, {})["res.users"].context_get()
        env = api.Environment(cr, SUPERUSER_ID, context)
        names = {"__name__": "__main__", "__file__": job["name"], "odoo": odoo}
        try:
            exec(code, {**names, "env": env, "self": env.user, "args": job["args"]})
        finally:
            cr.rollback()


main()
