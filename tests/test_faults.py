"""Servers killed in the middle of a run, connections lost, rules that break: nothing is lost."""

import pytest

from .kills import ENDS, assert_consistent, break_off

pytestmark = pytest.mark.usefixtures("followed")

CITIES = {"Warsaw": "[('city', '=', 'Warsaw')]", "Paris": "[('city', '=', 'Paris')]"}
STORED = """
    SELECT partner_id, segment_id, date_from, date_to, run_id FROM crm_segment_membership
    WHERE segmentation_id = ANY(%s) ORDER BY id
"""
PLACES = """
    SELECT s.name->>'en_US', COUNT(*) FROM crm_segment_membership m
    JOIN crm_segment s ON s.id = m.segment_id
    WHERE m.segmentation_id = %s AND m.date_to IS NULL GROUP BY 1 ORDER BY 1
"""
RUNS = "SELECT state, COUNT(*) FROM crm_segmentation_run WHERE segmentation_id = %s GROUP BY 1"
#: keeps a run from ending the stays of a segmentation
STAYS = "SELECT id FROM crm_segment_membership WHERE segmentation_id = %s FOR UPDATE"


@pytest.fixture
def moved(office):
    """Two segmentations of ten customers, all of whom have moved since the last run."""
    divisions = [office.a.do("rules", segments=CITIES)[0] for _number in range(2)]
    partners = office.a.do("customers", number=10, city="Warsaw")
    assert office.a.do("run", ids=divisions) == ["done", "done"]
    office.eye.rows(
        "UPDATE crm_segment_membership SET date_from = date_from - 10"
        " WHERE segmentation_id = ANY(%s)",
        divisions,
    )
    office.eye.rows("UPDATE res_partner SET city = 'Paris' WHERE id = ANY(%s)", partners)
    return divisions, partners


@ENDS
def test_killed_in_a_run(office, victim, moved, end):
    """Nothing of it is left, nothing blocks the next run, which completes with the history."""
    divisions, _partners = moved
    before = office.eye.rows(STORED, divisions)
    break_off(office, victim, end, STAYS, divisions[1], "run", ids=divisions)
    assert office.eye.rows(STORED, divisions) == before
    assert [office.eye.rows(RUNS, one) for one in divisions] == [[("done", 1)]] * 2
    office.a.call("impatient")
    assert office.a.call("run", ids=divisions) == ["done", "done"]
    office.a.commit()
    for division in divisions:
        assert office.eye.rows(PLACES, division) == [("Paris", 10)]
    ended = [row for row in office.eye.rows(STORED, divisions) if row[3]]
    assert len(ended) == 20
    assert_consistent(office, "memberships")


@ENDS
def test_killed_in_the_nightly_run(office, victim, moved, end):
    """What was done before stays done, the rest is done by the next run."""
    divisions, _partners = moved
    break_off(office, victim, end, STAYS, divisions[1], "rebuild")
    assert office.eye.rows(PLACES, divisions[0]) == [("Paris", 10)]
    assert office.eye.rows(PLACES, divisions[1]) == [("Warsaw", 10)]
    assert office.eye.rows(RUNS, divisions[1]) == [("done", 1)]
    office.a.do("rebuild")
    assert office.eye.rows(PLACES, divisions[1]) == [("Paris", 10)]
    assert office.a.call("card", segmentation=divisions[1])["state"] == "done"
    assert_consistent(office, "memberships")


@ENDS
def test_killed_in_the_queue(office, victim, moved, end):
    """The customers are still queued, and the next worker places them."""
    divisions, partners = moved
    office.a.do("push", ids=partners)
    break_off(office, victim, end, STAYS, divisions[1], "process")
    assert office.eye.value("SELECT COUNT(*) FROM crm_segment_queue") == 10
    assert office.eye.rows(PLACES, divisions[0]) == [("Warsaw", 10)]
    office.a.do("process")
    assert office.eye.value("SELECT COUNT(*) FROM crm_segment_queue") == 0
    assert [office.eye.rows(PLACES, one) for one in divisions] == [[("Paris", 10)]] * 2
    assert_consistent(office, "memberships")


# -- rules that break ---------------------------------------------------------

#: a field that was renamed, a value that its column can't hold
BREAKS = pytest.mark.parametrize(
    "rule", ["[('renamed_since', '=', 1)]", "[('color', '=', 'blue')]"]
)


def _break_rule(office, segment, rule):
    office.eye.rows("UPDATE crm_segment SET domain = %s WHERE id = %s", rule, segment)
    office.a.do("forget_caches")


@BREAKS
def test_a_broken_rule_in_a_run(office, moved, rule):
    """The others run, it changes nothing, its card says why and how old its figures are."""
    divisions, _partners = moved
    broken, [segment, _other] = office.a.do("rules", segments=CITIES, name="Broken")
    assert office.a.do("run", ids=[broken]) == ["done"]
    before = office.eye.rows(STORED, [broken])
    success = office.eye.value(
        "SELECT date_start::text FROM crm_segmentation_run WHERE segmentation_id = %s", broken
    )
    _break_rule(office, segment, rule)
    states = office.a.do("run", ids=[divisions[0], broken, divisions[1]])
    assert sorted(states) == ["done", "done", "failed"]
    for division in divisions:
        assert office.eye.rows(PLACES, division) == [("Paris", 10)]
    assert office.eye.rows(STORED, [broken]) == before
    card = office.a.call("card", segmentation=broken)
    assert card["state"] == "failed"
    assert card["from"] == success
    assert card["message"]
    for technical in ("psycopg2", "SELECT", "Traceback", "ValueError", "LINE 1", "Invalid field"):
        assert technical not in card["message"]


@BREAKS
def test_a_broken_rule_when_customers_are_saved(office, moved, rule):
    """They are saved and placed by the other rules; it is recorded once, not at each save."""
    divisions, partners = moved
    broken, [segment, _other] = office.a.do("rules", segments=CITIES, name="Broken")
    office.a.do("run", ids=[broken])
    before = office.eye.rows(STORED, [broken])
    _break_rule(office, segment, rule)
    for partner in partners[:3]:
        office.b.call("save", partner=partner, city="Warsaw", retry=True)
        names = office.a.call("save", partner=partner, city="Paris", retry=True)
        assert names.count("Paris") >= 2
    for division in divisions:
        assert ("Paris", 3) in office.eye.rows(PLACES, division)
    assert office.eye.rows(STORED, [broken]) == before
    card = office.a.call("card", segmentation=broken)
    assert (card["state"], card["origin"], card["failed"]) == ("failed", "event", 1)
    assert office.eye.value("SELECT COUNT(*) FROM crm_segment_queue") == 0


def test_a_broken_rule_in_the_queue(office, moved):
    """The queue goes on without it, and does not keep its customers for ever."""
    divisions, partners = moved
    broken, [segment, _other] = office.a.do("rules", segments=CITIES, name="Broken")
    _break_rule(office, segment, "[('renamed_since', '=', 1)]")
    office.a.do("push", ids=partners)
    office.a.do("process_cron")
    assert office.eye.value("SELECT COUNT(*) FROM crm_segment_queue") == 0
    assert [office.eye.rows(PLACES, one) for one in divisions] == [[("Paris", 10)]] * 2
    assert office.a.call("card", segmentation=broken)["state"] == "failed"
