"""With a replica of PostgreSQL: what only reads is read there, and sees what was written.

In the end it takes the first one's place, and crashes under the server at work.
"""

import threading
import time
from contextlib import suppress

import psycopg2
import pytest
import requests

from .second_cluster import second_cluster
from .served import served
from .web_client import Client, Refused

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
CITIES = ("Warsaw", "Paris")
WAITING = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
PLACES = """
    SELECT s.name->>'en_US', COUNT(*) FROM crm_segment_membership m
    JOIN crm_segment s ON s.id = m.segment_id
    WHERE m.segmentation_id = %s AND m.date_to IS NULL GROUP BY 1 ORDER BY 1
"""


@pytest.fixture(scope="module")
def replicated(make_shared_database):
    """A database with all add-ons, and a replica of its cluster."""
    from tools import modules

    database = make_shared_database(modules.everything("test"))
    with second_cluster(database.host.server) as replica:
        yield database, replica


@pytest.fixture(scope="module")
def place(replicated, tmp_path_factory):
    """A client of a server with a replica, the logs of both, and ids to ask for."""
    database, replica = replicated
    [[rfm]] = database.query("SELECT MIN(id) FROM crm_segmentation WHERE method = 'rfm'")
    log = tmp_path_factory.mktemp("replica") / "odoo.log"
    options = [f"--db_replica_host={replica.directory}", "--max-cron-threads=0"]
    with served(database.host, database.name, log, options=options) as home:
        client = Client(home, database.name, "admin")
        yield client, replica.directory / "server.log", log, {"rfm": [int(rfm)]}


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


def _rows(connection, sql, *values):
    with connection.cursor() as cr:
        cr.execute(sql, values)
        return cr.fetchall() if cr.description else []


def _division(client):
    """Ten customers of Warsaw, in a segmentation by city that is up to date."""
    shipped = client.call("crm.segmentation", "search", [])
    client.call("crm.segmentation", "write", shipped, {"enabled": False})
    # all of them move: a run is not to ask first
    companies = client.call("res.company", "search", [])
    client.call("res.company", "write", companies, {"crm_segments_guard": 0})
    segments = [[0, 0, {"name": city, "domain": f"[('city', '=', '{city}')]"}] for city in CITIES]
    [number] = client.call("crm.segmentation", "create", [
        {"name": "Cities", "method": "rule", "segment_ids": segments}])  # fmt: skip
    people = [{"name": f"Customer {n}", "is_company": True, "city": "Warsaw"} for n in range(10)]
    partners = client.call("res.partner", "create", people)
    client.call("crm.segmentation", "run", [number])
    return number, partners


def _night(client):
    [cron] = client.call("ir.model.data", "search_read", [
        ["module", "=", "crm_segments"], ["name", "=", "ir_cron_rebuild"]], ["res_id"])  # fmt: skip
    client.call("ir.cron", "method_direct_trigger", [cron["res_id"]])


def _until_waiting(eye, thread):
    """Until somebody waits for a lock."""
    while not _rows(eye, WAITING)[0][0]:
        assert thread.is_alive(), "the night ended without waiting"
        thread.join(0.1)


@pytest.fixture
def alone(replicated, tmp_path):
    """The replica as a cluster of its own, what connects to it, and a client of a server on it."""
    database, second = replicated
    second.promote()
    options = [f"--db_host={second.directory}", "--max-cron-threads=0"]

    def connect():
        found = psycopg2.connect(
            dbname=database.name, host=str(second.directory), user=database.host.server.user
        )
        found.autocommit = True
        return found

    with served(database.host, database.name, tmp_path / "odoo.log", options=options) as home:
        yield second, connect, Client(home, database.name, "admin")


def test_the_cluster_crashes_in_the_night(alone):
    """Half a night is undone; the server that was at work goes on by itself, and is right."""
    second, connect, client = alone
    number, partners = _division(client)
    eye, holder = connect(), connect()
    _rows(eye, "UPDATE crm_segment_membership SET date_from = date_from - 10")
    _rows(eye, "UPDATE res_partner SET city = 'Paris' WHERE id = ANY(%s)", partners)
    holder.autocommit = False
    _rows(holder, "SELECT id FROM crm_segment_membership WHERE segmentation_id = %s FOR UPDATE",
          number)  # fmt: skip
    refused = []

    def night():
        try:
            _night(client)
        except (Refused, requests.RequestException) as error:
            refused.append(error)

    thread = threading.Thread(target=night)
    thread.start()
    _until_waiting(eye, thread)
    second.crash()
    thread.join()
    assert refused
    second.start()
    eye = connect()
    assert _rows(eye, PLACES, number) == [("Warsaw", 10)]
    # the pool still holds connections that are gone; whoever is given one fails and it is dropped
    for _connection in range(5):
        with suppress(Refused, requests.RequestException):
            _night(client)
        if _rows(eye, PLACES, number) == [("Paris", 10)]:
            break
    assert _rows(eye, PLACES, number) == [("Paris", 10)]
    client.call("res.partner", "search_count", [])
    found = client.call("crm.consistency", "check")
    assert not [one for one in found if one["wrong"] or one["error"]]
    assert any(one["checked"] for one in found if one["code"] == "memberships")
