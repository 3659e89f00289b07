"""A busy day: 200,000 customers, 1,000,000 invoices, 3 companies, 20 users for five minutes.

A real server with two workers answers on loopback. The 95th percentile of each screen of ours
is compared with the host's list of contacts in the same run. Then the host's own screens are
opened one by one, in turn with a copy of the database from which the add-ons are uninstalled.

``BUSY_CUSTOMERS``, ``BUSY_INVOICES`` and ``BUSY_SECONDS`` make the day smaller.
"""

import json
import os
import random
import statistics
import sys
from functools import partial

from tools import database, modules, paths
from tools.console import step

from ..served import served
from .frame import generated, measured, prepared, row

NAME = "busy"
CUSTOMERS = int(os.environ.get("BUSY_CUSTOMERS") or 200_000)
INVOICES = int(os.environ.get("BUSY_INVOICES") or 1_000_000)
SECONDS = int(os.environ.get("BUSY_SECONDS") or 300)
CALL = "import json\nfrom tests.benchmarks import busy_data\n"
SIZES = """
    SELECT relname, n_live_tup, pg_total_relation_size(relid) / 1024 / 1024
    FROM pg_stat_user_tables WHERE pg_total_relation_size(relid) > 1e6
    ORDER BY 3 DESC LIMIT 30
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "in", args["addons"])]).button_immediate_uninstall()
"""
TURNS = 40
CRON, QUIET = ["--max-cron-threads=1"], ["--max-cron-threads=0"]


def run(context):
    """Yield the rows."""
    from . import busy_day

    host = context.host
    with prepared(context) as name:
        generated(
            context, name, f"{CUSTOMERS:,} customers, {INVOICES:,} invoices",
            CALL + "busy_data.generate(env, **args)", customers=CUSTOMERS, invoices=INVOICES,
        )  # fmt: skip
        night = measured(context, name, "The first night", CALL + "print(json.dumps(busy_data.prepare(env)))")  # noqa: E501
        host.server.query("VACUUM ANALYZE", name)
        sizes = host.server.query(SIZES, name)
        sys.stderr.write(f"\n{json.dumps(night)}\n{json.dumps(sizes)}\n")
        log = paths.LOGS / "busy.log"
        with step(f"Twenty users for {SECONDS} seconds"), served(
            host, name, log, workers=2, options=CRON
        ) as home:
            day = busy_day.play(home, name, SECONDS)
        yield from _told(day, busy_day.bad_lines(log))
        yield from _beside(context, name)


def _told(day, bad):
    """Rows of the day; what must be nothing is compared with one."""
    sys.stderr.write("\n".join(["", json.dumps(day["work"]), *day["errors"][:20], *bad[:20], ""]))
    times = {name: _p95(some) for name, some in day["times"].items() if some}
    floor = times["host: contacts"]
    for name, found in times.items():
        goal = None if name.startswith("host") else 2
        shown = f"p95 of {name} ({len(day['times'][name])} times) : the host's contacts"
        yield row(shown, found, floor, goal)
    work = day["work"]
    yield row("errors of users and in the server's log", len(day["errors"]) + len(bad), 1, 0)
    lost = abs(work["invoices"] - work["posted"]) or not work["posted"]
    yield row(f"of {work['posted']} invoices told as posted, others found", int(lost), 1, 0)
    uncounted = abs(work["counted"] - work["invoices"])
    yield row(f"of {work['invoices']} invoices posted, not counted", uncounted, 1, 0)
    yield row("scheduled actions unfinished", work["night unfinished"], 1, 0)


def _p95(some):
    return sorted(some)[int(len(some) * 0.95)] if some else 0.0


def _beside(context, name):
    """The host's screens with the add-ons and without, one request at a time, in turn."""
    host = context.host
    with database.copied(host, name, "bench") as plain:
        with step("Uninstalling the add-ons from a copy"):
            context.script(plain, UNINSTALL, {"addons": modules.addons()})
            host.server.query("VACUUM ANALYZE", plain)
        with step("The host's screens with and without"), served(
            host, name, paths.LOGS / "busy-with.log", options=QUIET
        ) as one, served(
            host, plain, paths.LOGS / "busy-without.log", options=QUIET
        ) as other:
            yield from _compared({"with": (one, name), "without": (other, plain)})


def _compared(places):
    from ..web_client import Client, timed
    from .busy_screens import HOST

    clients = {key: Client(*place, "lead0") for key, place in places.items()}
    luck = random.Random(1)
    times = {(screen, key): [] for screen in HOST for key in clients}
    for turn in range(TURNS):
        for screen, opened in HOST.items():
            for key, client in clients.items():
                seconds, _result = timed(partial(opened, client, luck))
                if turn:
                    times[screen, key].append(seconds)
    for screen in HOST:
        ours, bare = (statistics.median(times[screen, key]) for key in ("with", "without"))
        yield row(f"{screen}, with the add-ons : without", ours, bare, 1.1)
