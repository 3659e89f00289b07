"""Servers killed, or two at once, while customers enter a scenario: nobody enters twice."""

import pytest

from .kills import ENDS, assert_consistent, break_off

pytestmark = pytest.mark.usefixtures("followed")

ENTERED = """
    SELECT COUNT(*), COUNT(DISTINCT partner_id), COUNT(*) FILTER (WHERE state = 'entering')
    FROM crm_scenario_run WHERE scenario_id = %s
"""
CALLS = "SELECT COUNT(*), COUNT(DISTINCT res_id) FROM mail_activity WHERE summary = 'Killed call'"
ARMS = "SELECT arm, COUNT(*) FROM crm_scenario_run WHERE scenario_id = %s GROUP BY 1 ORDER BY 1"
#: a new activity refers to its type: it waits for this lock
TYPE = "SELECT id FROM mail_activity_type WHERE id = %s FOR UPDATE"
#: a new run refers to its customer
CUSTOMER = "SELECT id FROM res_partner WHERE id = %s FOR UPDATE"


@pytest.fixture
def wave(office):
    """A running scenario and ten customers who don't take part yet."""
    office.eye.rows("DELETE FROM crm_scenario_run RETURNING id")
    office.eye.rows("DELETE FROM mail_activity WHERE summary = 'Killed call' RETURNING id")
    scenario, kind = office.a.do("start_scenario")
    return scenario, kind, office.a.do("customers", number=10, city="Warsaw")


@ENDS
def test_killed_while_customers_enter(office, victim, wave, end):
    """Nobody is in; the next pass lets all of them in, once."""
    scenario, _kind, partners = wave
    entering = {"scenario": scenario, "partners": partners}
    break_off(office, victim, end, CUSTOMER, partners[4], "enter_scenario", **entering)
    assert office.eye.rows(ENTERED, scenario) == [(0, 0, 0)]
    assert office.a.do("enter_scenario", **entering) == 10
    assert office.a.do("enter_scenario", **entering) == 0
    assert office.eye.rows(ENTERED, scenario) == [(10, 10, 10)]
    assert_consistent(office, "runs")


@ENDS
def test_killed_while_steps_are_taken(office, victim, wave, end):
    """The batch is undone as a whole and done again: one run, one arm, one call per customer."""
    scenario, kind, partners = wave
    office.a.do("enter_scenario", scenario=scenario, partners=partners)
    break_off(office, victim, end, TYPE, kind, "scenario_batch")
    assert office.eye.rows(ENTERED, scenario) == [(10, 10, 10)]
    assert office.eye.rows(CALLS) == [(0, 0)]
    assert office.a.do("scenario_batch") == 10
    assert office.a.do("scenario_batch") == 0
    assert office.eye.rows(ENTERED, scenario) == [(10, 10, 0)]
    assert office.eye.rows(ARMS, scenario) == [("control", 2), ("treated", 8)]
    assert office.eye.rows(CALLS) == [(8, 8)]
    assert_consistent(office, "runs", "steps")


def test_two_servers_let_the_same_customers_in(office, wave):
    """The second waits for the first and finds them in."""
    scenario, _kind, partners = wave
    entering = {"scenario": scenario, "partners": partners}
    assert office.a.call("enter_scenario", **entering) == 10
    office.b.start("enter_scenario", retry=True, **entering)
    office.eye.until_waiting(office.b.backend)
    office.a.commit()
    assert office.b.answer() == 0
    office.b.commit()
    assert office.eye.rows(ENTERED, scenario) == [(10, 10, 10)]
    # both take batches at once: the second leaves to the first what it works on
    assert office.a.call("scenario_batch") == 10
    assert office.b.call("scenario_batch") == 0
    office.a.commit()
    office.b.commit()
    assert office.eye.rows(CALLS) == [(8, 8)]
    assert_consistent(office, "runs", "steps")
