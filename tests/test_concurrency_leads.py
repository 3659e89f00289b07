"""Several people at one lead, or at a lead and its customer: nothing is lost or undone.

Each side is a process of its own with an open transaction, see ``sessions.py``.
"""

import pytest

from .concurrency import CITIES, places, queued

PROVISIONAL = """
    SELECT s.name->>'en_US' FROM crm_lead_provisional_segment_rel r
    JOIN crm_segment s ON s.id = r.segment_id WHERE r.lead_id = %s ORDER BY 1
"""


def _provisional(office, lead):
    return [name for (name,) in office.eye.rows(PROVISIONAL, lead)]


@pytest.fixture
def cities(office):
    """A segmentation by city that judges leads too."""
    division, segments = office.a.do("rules", segments=CITIES)
    office.a.do("judge_leads", segments=segments)
    return division


@pytest.fixture
def lead(office, cities):
    """A lead of nobody, of Warsaw."""
    lead = office.a.do("lead", city="Warsaw")
    assert _provisional(office, lead) == ["Warsaw"]
    return lead


def test_two_save_one_lead(office, lead):
    """The host lets the second wait and repeats it: its segment is the one that counts."""
    office.a.call("save_lead", lead=lead, city="Paris")
    office.b.start("save_lead", lead=lead, city="Warsaw", retry=True)
    office.eye.until_waiting(office.b.backend)
    office.a.commit()
    office.b.answer()
    assert office.b.tries == 2
    assert _provisional(office, lead) == ["Warsaw"]


def test_two_save_two_leads(office, lead):
    """Neither waits for the other."""
    second = office.a.do("lead", city="Warsaw")
    for session, one in ((office.a, lead), (office.b, second)):
        session.call("impatient")
        session.call("save_lead", lead=one, city="Paris")
    office.b.commit()
    office.a.commit()
    assert _provisional(office, lead) == _provisional(office, second) == ["Paris"]


def test_all_leads_are_placed_while_one_is_saved(office, lead):
    """The background sees the lead as it was, and undoes nothing."""
    office.a.call("save_lead", lead=lead, city="Paris")
    office.b.call("impatient")
    office.b.do("place_all_leads")
    office.a.commit()
    assert _provisional(office, lead) == ["Paris"]
    office.b.do("place_all_leads")
    assert _provisional(office, lead) == ["Paris"]


def test_a_lead_is_saved_while_all_are_placed(office, lead):
    """Both write the lead's segments: the save never fails, and the last word is the rules'."""
    office.eye.rows("UPDATE crm_lead SET city = 'Paris' WHERE id = %s", lead)
    office.a.call("place_every_lead")
    office.b.call("impatient")
    office.b.call("save_lead", lead=lead, city="Paris", retry=True)
    assert office.b.tries == 1
    office.a.commit()
    office.b.do("place_all_leads")
    assert _provisional(office, lead) == ["Paris"]


def test_a_lead_and_its_customer(office, cities):
    """An opportunity is lost, its customer moves meanwhile: the queue brings both together."""
    partner = office.a.do("customer", name="Asked", city="Warsaw")
    lead = office.a.do("lead", partner_id=partner)
    office.a.call("save_lead", lead=lead, active=False)
    office.b.call("impatient")
    office.b.call("save", partner=partner, city="Paris")
    office.b.commit()
    office.a.commit()
    office.a.do("process_cron")
    assert queued(office, partner) == 0
    assert places(office, partner, cities) == ["Paris"]
    assert partner not in office.a.call("changed_figures")  # others are left of other tests
    office.a.rollback()


def test_a_lead_becomes_a_customer_while_another_saves_the_customer(office, lead, cities):
    """From then on it shows the customer's segments, wherever the customer has gone."""
    partner = office.a.do("customer", name="Known", city="Warsaw")
    office.a.call("save_lead", lead=lead, partner_id=partner)
    office.b.call("impatient")
    office.b.call("save", partner=partner, city="Paris")
    office.b.commit()
    office.a.commit()
    office.a.do("process_cron")
    assert places(office, partner, cities) == ["Paris"]
    assert office.a.call("lead_segments", lead=lead) == ["Paris"]
    office.a.rollback()
