"""With OCA's queue_job two servers share the long work; the result is that of one alone."""

import json
import shutil
import subprocess
import time
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from .balancer import balanced
from .served import served

PACKAGES = ("odoo-addon-queue-job==19.0.2.4.0.1", "openupgradelib==3.13.7")
#: seconds that the jobs of a work may take
PATIENCE = 180
PREPARE = """
from tests.messy import generate

env, companies = generate(env, 7)
env["crm.segmentation"].search([]).enabled = False
shipped = ("rfm", "volume", "abc")
divisions = env["crm.segmentation"]
for name in shipped:
    divisions |= env.ref(f"crm_segments.segmentation_{name}")
divisions.enabled = True
companies.crm_segments_guard = 0
companies.crm_segments_history = 4
companies.crm_reporting_segmentation_id = divisions[0]
fair = env.ref("crm_campaign_roi.touchpoint_kind_fair")
campaigns = env["utm.campaign"].create([{"title": "Fair"}, {"title": "Autumn"}])
env.cr.execute("SELECT DISTINCT partner_id, invoice_date FROM account_move"
               " WHERE state = 'posted' AND move_type = 'out_invoice' ORDER BY 1, 2")
env["crm.touchpoint"].create([
    {"partner_id": partner, "date": day, "kind_id": fair.id,
     "campaign_id": campaigns[number % 2].id}
    for number, (partner, day) in enumerate(env.cr.fetchall())
])
products = env["product.product"].create([{"name": f"Product {n}"} for n in range(5)])
env.cr.execute("UPDATE account_move_line SET product_id = (%s::int[])[1 + id %% 5]"
               " WHERE display_type = 'product'", [products.ids])
env["ir.config_parameter"].set_param("crm_segments.job_customers", "15")
env.cr.commit()
"""
#: the scheduled actions that are cut into pieces, in the order of a night
WORK = (
    "crm_segments.ir_cron_rebuild",
    "crm_segments.ir_cron_backfill",
    "crm_scenarios.ir_cron_recommendations",
    "crm_campaign_roi.ir_cron_touchpoints",
)
TRIGGER = """
env.ref(args["cron"]).method_direct_trigger()
env.cr.commit()
"""
#: table → what may differ: numbers of rows, and what tells when it was written
DERIVED = {
    "crm_customer_metrics": ["id"],
    "crm_segment_membership": ["id", "run_id", "create_date", "write_date"],
    "crm_product_usage": ["id"],
    "crm_product_affinity": ["id"],
    "crm_touchpoint": ["id", "create_date", "write_date"],
    "crm_campaign_credit": ["id", "touchpoint_id"],
    "crm_campaign_markov": ["id"],
}
LEFT = """
    SELECT COUNT(*) FILTER (WHERE state NOT IN ('done', 'failed', 'cancelled')),
           STRING_AGG(REPLACE(exc_info, E'\n', ' | '), ' ') FILTER (WHERE state = 'failed')
    FROM queue_job
"""


WAITING = """
    SELECT c.cron_name FROM ir_cron c
    JOIN ir_model_data d ON d.model = 'ir.cron' AND d.res_id = c.id
    WHERE d.module IN ('crm_segments', 'crm_scenarios', 'crm_campaign_roi') AND c.active
"""
DUE = """
import datetime

data = env["ir.model.data"].search([("model", "=", "ir.cron"), ("module", "in", args["addons"])])
env["ir.cron"].search([]).active = False
crons = env["ir.cron"].browse(data.mapped("res_id")).exists()
crons.write({"active": True, "nextcall": datetime.datetime.now() - datetime.timedelta(hours=1)})
env.cr.execute("INSERT INTO crm_segment_queue (partner_id) SELECT id FROM res_partner")
env.cr.commit()
"""
CHECK = """
import json

companies = env["res.company"].search([])
found = env["crm.consistency"].with_context(allowed_company_ids=companies.ids).check()
assert all(one["checked"] for one in found if one["code"] in ("figures", "memberships", "credit"))
print(json.dumps([[one["code"], one["wrong"], one["error"]] for one in found
                  if one["wrong"] or one["error"]]))
"""


@pytest.fixture(scope="module")
def packages():
    """Directory with queue_job, as pip installs it; what it needs besides is the host's."""
    from tools import host, paths

    place, wanted = paths.HOST / "queue_job", "\n".join(PACKAGES)
    stamp = place / ".complete"
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(place, ignore_errors=True)
        pip = [host.attach().python, "-m", "pip", "install", "-q", "--no-input", "--no-deps"]
        subprocess.run([*pip, "--target", place, *PACKAGES], check=True)
        stamp.write_text(wanted)
    return place


@pytest.fixture(scope="module")
def databases(make_shared_database, packages):
    """The same database twice: as it is, and with queue_job."""
    from tools import database, modules

    from .conftest import Database

    alone = make_shared_database(modules.everything("test"))
    alone.script(PREPARE)
    with database.copied(alone.host, alone.name, "case") as name:
        shared = Database(replace(alone.host, packages=packages), name)
        database.install(shared.host, name, ["queue_job"])
        yield alone, shared


@pytest.fixture
def nodes(databases, monkeypatch):
    """Two servers behind a proxy, to which the job runner sends what is to be done."""
    shared = databases[1]
    backends = []
    with balanced(backends) as port, ExitStack() as stack:
        monkeypatch.setenv("ODOO_QUEUE_JOB_HOST", "127.0.0.1")
        monkeypatch.setenv("ODOO_QUEUE_JOB_PORT", str(port))
        monkeypatch.setenv("ODOO_QUEUE_JOB_CHANNELS", "root:4")
        from tools import paths

        options = ["--load=base,web,queue_job", "--max-cron-threads=0"]
        for number in (1, 2):
            log = paths.LOGS / f"node{number}.log"
            home = stack.enter_context(served(shared.host, shared.name, log, options=options))
            address = urlsplit(home)
            backends.append((address.hostname, address.port))
        yield shared


def _finished(database):
    """Wait until no job is left; fail with what a failed one has told."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        [[left, failed]] = database.query(LEFT)
        assert not failed, failed
        if left == "0":
            return
        time.sleep(0.5)
    pytest.fail(f"{left} jobs were not done: {database.query('SELECT name, state FROM queue_job')}")


def _derived(database, table):
    """All rows of a table without what may differ, sorted."""
    gone = "{" + ",".join(DERIVED[table]) + "}"
    rows = database.query(f"SELECT to_jsonb(t) - '{gone}'::text[] FROM {table} t")
    return sorted(json.dumps(json.loads(row), sort_keys=True) for (row,) in rows)


def test_two_servers_do_what_one_does(databases, nodes):
    """Each scheduled action, then every row that is derived."""
    alone, shared = databases
    for cron in WORK:
        alone.script(TRIGGER, cron=cron)
        shared.script(TRIGGER, cron=cron)
        _finished(shared)
    for table in DERIVED:
        ours, theirs = _derived(shared, table), _derived(alone, table)
        assert theirs, table
        different = sorted({*ours} ^ {*theirs})
        assert not different, f"{table}: {len(different)} rows, {different[:4]}"
    done = "SELECT worker_pid, COUNT(*) FROM queue_job WHERE state = 'done' GROUP BY 1"
    workers = shared.query(done)
    assert len(workers) == 2, workers
    ranges = "SELECT COUNT(*) FROM queue_job WHERE name LIKE '%refresh_range%'"
    [[pieces]] = shared.query(ranges)
    assert int(pieces) > 20


def test_nothing_to_do(databases):
    """A night on which no past is due makes no job, and doesn't fail."""
    shared = databases[1]
    jobs = shared.query("SELECT COUNT(*) FROM queue_job")
    shared.script("assert env['crm.job']._spread('Nothing', lambda: [[], []]); env.cr.commit()")
    assert shared.query("SELECT COUNT(*) FROM queue_job") == jobs


def test_two_cron_workers_of_the_host(databases):
    """All scheduled actions due at once, every customer queued, two workers: nothing is amiss."""
    from tools import paths

    alone = databases[0]
    [[started]] = alone.query("SELECT NOW() AT TIME ZONE 'UTC'")
    alone.script(DUE, addons=["crm_segments", "crm_scenarios", "crm_campaign_roi"])
    log = paths.LOGS / "crons.log"
    with served(alone.host, alone.name, log, options=["--max-cron-threads=2"]):
        deadline = time.monotonic() + PATIENCE
        unrun = f"{WAITING} AND (c.lastcall IS NULL OR c.lastcall < '{started}')"
        while left := alone.query(unrun):
            assert time.monotonic() < deadline, left
            time.sleep(1)
    assert not [line for line in log.read_text().splitlines() if " ERROR " in line]
    assert alone.query("SELECT COUNT(*) FROM crm_segment_queue") == [["0"]]
    wrong = json.loads(alone.script(CHECK).strip().splitlines()[-1])
    assert wrong == []


def test_without_a_runner_the_cron_does_it(databases):
    """Jobs that nobody took up are taken back; the work is done without them."""
    _alone, shared = databases
    shared.script(TRIGGER, cron=WORK[0])
    waiting = "SELECT COUNT(*) FROM queue_job WHERE state IN ('pending', 'wait_dependencies')"
    [[made]] = shared.query(waiting)
    assert int(made) > 5
    shared.script(TRIGGER, cron=WORK[0])
    assert shared.query(waiting) == [[made]], "nothing is added while jobs are under way"
    shared.query("UPDATE queue_job SET date_created = date_created - INTERVAL '7 hours'")
    shared.query("DELETE FROM crm_customer_metrics")
    shared.script(TRIGGER, cron=WORK[0])
    assert shared.query(waiting) == [["0"]]
    [[count]] = shared.query("SELECT COUNT(*) FROM crm_customer_metrics")
    assert int(count) > 10
