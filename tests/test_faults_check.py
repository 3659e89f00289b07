"""Faults that leave nothing behind: after each, the consistency check finds nothing."""

import os
import pwd
import subprocess

import pytest

from .kills import ENDS, assert_consistent, break_off
from .sessions import SessionError

CITIES = {"Warsaw": "[('city', '=', 'Warsaw')]", "Paris": "[('city', '=', 'Paris')]"}
HISTORY = "SELECT COUNT(*) FROM crm_sales_history WHERE source_id = %s"
CREDIT = "SELECT COUNT(*), SUM(weight_linear) FROM crm_campaign_credit WHERE order_id = ANY(%s)"
SOURCE = "SELECT id FROM crm_sales_source WHERE id = %s FOR UPDATE"
ORDER = "SELECT id FROM sale_order WHERE id = %s FOR UPDATE"
STAYS = """
    SELECT s.name->>'en_US', COUNT(*) FROM crm_segment_membership m
    JOIN crm_segment s ON s.id = m.segment_id
    WHERE m.segmentation_id = %s AND m.date_to IS NULL GROUP BY 1 ORDER BY 1
"""


@pytest.fixture
def division(office):
    """Ten customers of Warsaw in a segmentation by city, everything up to date."""
    division, _segments = office.a.do("rules", segments=CITIES)
    partners = office.a.do("customers", number=10, city="Warsaw")
    office.a.do("nightly")
    return division, partners


@pytest.fixture
def source(office):
    """A source of sales history without lines."""
    return office.a.do("history_source")


def _file(path, lines):
    rows = [f"Client {n % 50},2026-0{n % 9 + 1}-11,{n % 90 + 10},D{n}" for n in range(lines)]
    path.write_text("\n".join(["customer,date,amount,document", *rows, ""]))
    return str(path)


# -- killed -------------------------------------------------------------------


@ENDS
def test_killed_in_an_import(office, victim, division, source, tmp_path, end):
    """No line, no customer and no product of it is left; the same file is imported afterwards."""
    people = "SELECT COUNT(*) FROM res_partner WHERE name LIKE 'Client %%'"
    before = office.eye.value(people)
    path = _file(tmp_path / "sales.csv", 200)
    break_off(office, victim, end, SOURCE, source, "import_history", source=source, path=path)
    assert office.eye.value(HISTORY, source) == 0
    assert office.eye.value(people) == before
    assert_consistent(office, "memberships")
    assert office.a.do("import_history", source=source, path=path) == 200
    assert office.a.do("import_history", source=source, path=path) == 200
    assert office.eye.value(HISTORY, source) == 200
    office.a.do("nightly")
    assert_consistent(office, "figures", "memberships", "credit")


@ENDS
def test_killed_while_credit_is_rebuilt(office, victim, division, end):
    """What was stored is stored, and the next night does all of it."""
    orders = office.a.do("sold", partners=division[1])
    office.eye.rows("DELETE FROM crm_campaign_credit WHERE order_id = ANY(%s)", orders)
    break_off(office, victim, end, ORDER, orders[4], "rebuild_credit")
    assert office.eye.rows(CREDIT, orders) == [(0, None)]
    office.a.do("nightly")
    assert office.eye.rows(CREDIT, orders) == [(10, 10.0)]
    assert_consistent(office, "credit", "shares", "touches")


def test_two_workers_rebuild_credit(office, division):
    """The second waits for the first or begins again: nothing is credited twice."""
    orders = office.a.do("sold", partners=division[1])
    office.eye.rows("DELETE FROM crm_campaign_credit WHERE order_id = ANY(%s)", orders)
    office.a.call("rebuild_credit")
    office.b.start("rebuild_credit", retry=True)
    office.eye.until_waiting(office.b.backend)
    office.a.commit()
    office.b.answer()
    assert office.eye.rows(CREDIT, orders) == [(10, 10.0)]
    office.a.do("nightly")
    assert_consistent(office, "credit", "shares", "touches")


# -- the database -------------------------------------------------------------


def test_the_database_is_restarted(office, victim, division):
    """All connections end, those of servers at work and of idle ones; they connect anew."""
    number, partners = division
    office.eye.rows("UPDATE res_partner SET city = 'Paris' WHERE id = ANY(%s)", partners)
    office.eye.hold("SELECT id FROM res_partner WHERE id = %s FOR UPDATE", partners[4])
    victim.start("save", partner=partners[4], city="Paris")
    office.eye.until_waiting(victim.backend)
    office.b.call("customer", name="Lost", city="Paris")  # is being saved
    office.eye.release()
    backends = [victim.backend, office.a.backend, office.b.backend]
    for backend in backends:
        office.eye.rows("SELECT pg_terminate_backend(%s)", backend)
        office.eye.until_gone(backend)
    with pytest.raises(SessionError):
        victim.answer()
    for session in (office.a, office.b):
        # the first thing that each asks is lost with its connection, the next one isn't
        with pytest.raises(SessionError):
            session.call("waiting_figures")
        session.settle()
    assert not office.eye.value("SELECT COUNT(*) FROM res_partner WHERE name = 'Lost'")
    office.a.do("nightly")
    office.b.call("impatient")
    assert office.b.do("run", ids=[number]) == ["done"]
    assert office.eye.rows(STAYS, number) == [("Paris", 10)]
    assert_consistent(office, "memberships")


@pytest.fixture
def small_disk(office):
    """Function: a table moves to a disk of a few megabytes, as a full one."""
    from tools import postgres

    server = office.database.host.server
    if os.geteuid() or not isinstance(server, postgres.Cluster):
        pytest.skip("a small disk is mounted by root, for PostgreSQL of this checkout")
    place = server.base / "small-disk"
    place.mkdir(exist_ok=True)
    owner = pwd.getpwnam(postgres.OS_USER)
    options = f"size=3m,mode=0700,uid={owner.pw_uid},gid={owner.pw_gid}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place])
    if mounted.returncode:
        pytest.skip("mounting is not permitted here")
    name, tables = office.database.name, []

    def move(table):
        tables.append(table)
        server.query(f"ALTER TABLE {table} SET TABLESPACE small_disk", name, user="postgres")

    try:
        server.query(f"CREATE TABLESPACE small_disk LOCATION '{place}'", user="postgres")
        yield move
        for table in tables:
            server.query(f"ALTER TABLE {table} SET TABLESPACE pg_default", name, user="postgres")
    finally:
        server.query("DROP TABLESPACE IF EXISTS small_disk", user="postgres")
        subprocess.run(["umount", place], check=True)


def test_the_disk_is_full_during_an_import(office, division, source, small_disk, tmp_path):
    """The import is undone as a whole, and others go on."""
    path = _file(tmp_path / "sales.csv", 40_000)
    before = office.eye.value("SELECT COUNT(*) FROM res_partner")
    small_disk("crm_sales_history")
    with pytest.raises(SessionError) as refused:
        office.a.call("import_history", source=source, path=path)
    assert refused.value.kind == "DiskFull"
    assert office.eye.value(HISTORY, source) == 0
    assert office.eye.value("SELECT COUNT(*) FROM res_partner") == before
    office.b.do("save", partner=division[1][0], city="Paris")
    assert_consistent(office, "memberships")


# -- the clock ----------------------------------------------------------------


def test_the_clock_goes_ahead_and_back(office, division):
    """A night by a clock a day ahead, then by the right one: as if it had always been right."""
    number, partners = division
    office.a.do("sold", partners=partners)
    scenario, _kind = office.a.do("start_scenario")
    office.a.do("enter_scenario", scenario=scenario, partners=partners)
    office.eye.rows("UPDATE crm_segment_membership SET date_from = date_from - 10"
                    " WHERE segmentation_id = %s", number)  # fmt: skip
    move = "UPDATE res_partner SET city = %s WHERE id = ANY(%s)"
    office.eye.rows(move, "Paris", partners[:5])
    office.a.do("nightly", days=1)
    assert office.eye.rows(STAYS, number) == [("Paris", 5), ("Warsaw", 5)]
    assert_consistent(office, "memberships", "runs", days=1)
    office.eye.rows(move, "Warsaw", partners[:3])
    office.a.do("nightly")
    assert office.eye.rows(STAYS, number) == [("Paris", 2), ("Warsaw", 8)]
    assert_consistent(office, "memberships", "overlaps", "runs")
    # and a day that is slept through: the next night makes up for it
    office.a.do("nightly", days=2)
    assert_consistent(office, "memberships", days=2)
    office.a.do("nightly")
    assert_consistent(office, "memberships", "overlaps", "future")
