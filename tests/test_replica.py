"""With a replica of PostgreSQL: what only reads is read there, and sees what was written."""

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from .served import served
from .web_client import Client

#: calls of the screens that only read: model, method, arguments
READS = {
    "customers by segment": ("crm.segment.membership", "web_search_read", [[], {"code": {}}]),
    "customer figures": ("crm.customer.metrics", "web_search_read", [[], {"purchase_count": {}}]),
    "segments by month": (
        "crm.segment.report", "formatted_read_group", [[], ["segment_id"], ["members:sum"]]),
    "return of campaigns": (
        "crm.campaign.roi.report", "formatted_read_group", [[], ["campaign_id"], ["cost:sum"]]),
    "deal control": ("crm.deal.control", "web_search_read", [[], {"name": {}}]),
    "grid": ("crm.segmentation", "rfm_grid", ["rfm"]),
    "migration": ("crm.segmentation", "migration", ["rfm", "2025-12-31", "2026-06-30"]),
    "worth": ("crm.segmentation", "worth", ["rfm"]),
    "next action": ("crm.today", "next_for", ["partner"]),
    "bridge": ("crm.revenue.bridge", "bridge", [
        [["2024-01-01", "2024-12-31"], ["2025-01-01", "2025-12-31"]]]),
    "marketing return": ("crm.marketing.return", "overview", []),
    "recommendations": ("crm.recommendation", "recommend", ["partner"]),
}  # fmt: skip


@contextmanager
def _replica(cluster):
    """Directory of the socket of a streaming replica of a cluster."""
    place = Path(tempfile.mkdtemp(prefix="dev-replica-", dir="/var/tmp"))
    owner = cluster._as_user()
    try:
        if owner:
            shutil.chown(place, owner["user"], owner["group"])
        data = place / "data"
        cluster._run(
            "pg_basebackup", "-D", data, "-h", cluster.host, "-U", "postgres", "-R", "-X",
            "stream", "-c", "fast", "--no-sync",
        )  # fmt: skip
        with open(data / "postgresql.auto.conf", "a") as conf:
            conf.write("log_statement = 'all'\nlog_min_messages = log\nshared_buffers = 32MB\n")
        cluster._run(
            "pg_ctl", "-D", data, "-l", place / "server.log", "-w", "-t", "60",
            "-o", f"-k '{place}'", "start",
        )  # fmt: skip
        yield place
    finally:
        cluster._run("pg_ctl", "-D", place / "data", "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="module")
def place(make_shared_database, tmp_path_factory):
    """A client of a server with a replica, the logs of both, and ids to ask for."""
    from tools import modules
    from tools.postgres import Cluster

    database = make_shared_database(modules.everything("test"))
    cluster = database.host.server
    if not isinstance(cluster, Cluster):
        pytest.skip("the cluster of another is not ours to copy")
    [[rfm]] = database.query("SELECT MIN(id) FROM crm_segmentation WHERE method = 'rfm'")
    log = tmp_path_factory.mktemp("replica") / "odoo.log"
    with _replica(cluster) as directory:
        options = [f"--db_replica_host={directory}", "--max-cron-threads=0"]
        with served(database.host, database.name, log, options=options) as home:
            client = Client(home, database.name, "admin")
            yield client, directory / "server.log", log, {"rfm": [int(rfm)]}


def _wait_for(told):
    """Replication takes its time, a moment at most."""
    deadline = time.monotonic() + 20
    while not told() and time.monotonic() < deadline:
        time.sleep(0.1)
    return told()


@pytest.mark.parametrize("screen", READS)
def test_read_on_the_replica(place, screen):
    """The replica is asked for rows of ours, and nothing had to go back to the primary."""
    client, statements, log, ids = place
    model, method, arguments = READS[screen]
    known = {**ids, "partner": client.call("res.partner", "search", [["is_company", "=", True]])[0]}
    before = len(statements.read_text())
    client.call(model, method, *[
        known.get(one, one) if isinstance(one, str) else one for one in arguments
    ])  # fmt: skip
    read = statements.read_text()[before:]
    assert "crm_" in read
    assert "read/write cursor" not in log.read_text()


def test_a_write_arrives(place):
    """What is written on the primary is read on the replica a moment later."""
    client = place[0]
    [one] = client.call("crm.segmentation", "create", [{"name": "Written", "method": "rule"}])

    def told():
        return client.call("crm.segmentation", "web_read", [one], {"name": {}})

    assert _wait_for(told) == [{"id": one, "name": "Written"}]
