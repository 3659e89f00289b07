"""Several people at one customer: nobody waits, fails or is repeated, and nothing is lost.

Each side is a process of its own with an open transaction. A transaction that stays open
holds its locks, so whoever had to wait for it would run into the timeout: no clock decides.
"""

import pytest

from .sessions import SessionError

FIGURES = """
    SELECT purchase_count, revenue_total::int, ROUND(days_to_pay)::int, amount_overdue::int
    FROM crm_customer_metrics WHERE partner_id = %s
"""
PLACES = """
    SELECT s.name->>'en_US' FROM crm_segment_membership m JOIN crm_segment s ON s.id = m.segment_id
    WHERE m.partner_id = %s AND m.segmentation_id = %s AND m.date_to IS NULL ORDER BY 1
"""
CITIES = {"Warsaw": "[('city', '=', 'Warsaw')]", "Paris": "[('city', '=', 'Paris')]"}
BUYERS = {
    "Twice": "[('purchase_count', '>=', 2)]",
    "Once": "[('purchase_count', '=', 1)]",
    "Never": "[('purchase_count', '=', 0)]",
}


def _places(office, partner, segmentation):
    return [name for (name,) in office.eye.rows(PLACES, partner, segmentation)]


def _queued(office, partner):
    return office.eye.value(
        "SELECT COUNT(*) FROM crm_segment_queue WHERE partner_id = %s", partner
    )


def _both_at_once(office, name, first, second):
    """A acts and stays open, B acts and commits without waiting, A commits; each at once."""
    office.a.call("impatient")
    office.a.call(name, **first)
    office.b.call("impatient")
    office.b.call(name, **second)
    office.b.commit()
    office.a.commit()


@pytest.fixture
def buyer(office):
    """A customer of the segment 'Never', and the id of the segmentation."""
    division, _segments = office.a.do("rules", segments=BUYERS)
    partner = office.a.do("customer", name="Buyer")
    assert _places(office, partner, division) == ["Never"]
    return partner, division


def test_two_post_for_one_customer(office, buyer):
    """Neither waits, fails or is repeated; the queue places the customer by both invoices."""
    partner, division = buyer
    moves = [
        office.a.do("invoice", partner=partner, amount=amount, journal=journal)
        for amount, journal in zip((100, 50), office.journals, strict=True)
    ]
    _both_at_once(office, "post", *({"move": move} for move in moves))
    assert _queued(office, partner) >= 2
    assert _places(office, partner, division) == ["Never"]
    office.a.do("process_cron")
    assert _queued(office, partner) == 0
    assert office.eye.rows(FIGURES, partner) == [(2, 150, 0, 150)]
    assert _places(office, partner, division) == ["Twice"]


def test_two_payments_of_one_customer(office, buyer):
    """The same for payments: ten and twenty days, equal money."""
    partner, _division = buyer
    pairs = []
    for day, journal in zip(("2026-01-25", "2026-02-04"), office.journals, strict=True):
        move = office.a.do("invoice", partner=partner, amount=100, journal=journal)
        office.a.do("post", move=move)
        entry = office.a.do("payment", partner=partner, amount=100, day=day)
        pairs.append({"move": move, "entry": entry})
    office.a.do("process_cron")
    assert office.eye.rows(FIGURES, partner) == [(2, 200, 0, 200)]
    _both_at_once(office, "reconcile", *pairs)
    assert _queued(office, partner) >= 2
    office.a.do("process_cron")
    assert office.eye.rows(FIGURES, partner) == [(2, 200, 15, 0)]


def test_two_confirm_orders_of_one_customer(office, buyer):
    """The same for orders, where the company counts these."""
    partner, division = buyer
    orders = [office.a.do("quotation", partner=partner, amount=amount) for amount in (30, 40)]
    office.a.do("count_orders", basis="order")
    try:
        _both_at_once(office, "confirm", *({"order": order} for order in orders))
        assert _queued(office, partner) >= 2
        office.a.do("process_cron")
        assert office.eye.rows(FIGURES, partner) == [(2, 70, 0, 0)]
        assert _places(office, partner, division) == ["Twice"]
    finally:
        office.a.do("count_orders", basis="invoice")


def test_posting_while_the_customer_is_being_placed(office, buyer):
    """The queue works on the customer and is not done: posting goes on."""
    partner, division = buyer
    first, second = (
        office.a.do("invoice", partner=partner, amount=10, journal=journal)
        for journal in office.journals
    )
    office.a.do("post", move=first)
    office.a.call("process_here", batch=500)
    office.b.call("impatient")
    office.b.call("post", move=second)
    office.b.commit()
    office.a.commit()
    office.a.do("process_cron")
    assert office.eye.rows(FIGURES, partner) == [(2, 20, 0, 20)]
    assert _places(office, partner, division) == ["Twice"]


def test_saving_while_the_customer_is_being_placed(office):
    """The save succeeds in its first try; the work that would wait lands in the queue."""
    division, _segments = office.a.do("rules", segments=CITIES)
    partner = office.a.do("customer", name="Moving", city="Warsaw", place=False)
    office.a.call("place", ids=[partner])
    office.b.call("impatient")
    office.b.call("save", partner=partner, city="Paris")
    office.b.commit()
    assert _queued(office, partner) == 1
    office.a.commit()
    office.a.do("process_cron")
    assert _places(office, partner, division) == ["Paris"]


def test_saving_after_the_customer_was_placed_meanwhile(office):
    """A snapshot from before somebody else placed the customer: saved in the first try too."""
    division, _segments = office.a.do("rules", segments=CITIES)
    partner = office.a.do("customer", name="Late", city="Warsaw", place=False)
    office.b.call("waiting_figures")
    office.a.do("place", ids=[partner])
    office.b.call("save", partner=partner, city="Paris", retry=True)
    assert office.b.tries == 1
    assert _queued(office, partner) == 1
    office.a.do("process_cron")
    assert _places(office, partner, division) == ["Paris"]


def test_an_opportunity_while_the_customer_is_being_placed(office):
    """The same for the figures: a row of figures that another writes is no reason to wait."""
    rules = {"Talks": "[('opportunity_open_count', '>', 0)]", "Silent": "[]"}
    division, _segments = office.a.do("rules", segments=rules)
    partner = office.a.do("customer", name="Talker")
    office.a.call("opportunity", partner=partner)
    office.b.call("impatient")
    office.b.call("opportunity", partner=partner)
    office.b.commit()
    office.a.commit()
    assert _queued(office, partner) == 1
    office.a.do("process_cron")
    assert _places(office, partner, division) == ["Talks"]
    count = "SELECT opportunity_open_count FROM crm_customer_metrics WHERE partner_id = %s"
    assert office.eye.value(count, partner) == 2


def test_two_place_one_new_customer(office):
    """Into different segments of an exclusive division: one passes, the other is repeated."""
    division, _segments = office.a.do("rules", segments=CITIES)
    partner = office.a.do("customer", name="Doubled", city="Warsaw", place=False)
    office.a.do("push", ids=[partner])
    office.a.call("place", ids=[partner])
    # not placed at once: for B it is Paris, and A doesn't know of it
    office.b.do("customer_moves", partner=partner, city="Paris")
    office.b.start("process")
    office.eye.until_waiting(office.b.backend)
    office.a.commit()
    office.b.answer()
    assert _places(office, partner, division) == ["Paris"]
    assert _queued(office, partner) == 0


def test_the_database_refuses_two_exclusive_stays(office):
    """Without anybody's retry: the second transaction can't commit what it has decided."""
    division, _segments = office.a.do("rules", segments=CITIES)
    partner = office.a.do("customer", name="Guarded", city="Warsaw", place=False)
    office.a.call("place", ids=[partner])
    office.b.do("customer_moves", partner=partner, city="Paris")
    office.b.start("place", ids=[partner])
    office.eye.until_waiting(office.b.backend)
    office.a.commit()
    with pytest.raises(SessionError) as refusal:
        office.b.answer()
    assert refusal.value.kind == "UniqueViolation"
    assert _places(office, partner, division) == ["Warsaw"]


# -- runs ---------------------------------------------------------------------


def _age(office, division, days=10):
    """Let the current stays have begun earlier, so that an end is history."""
    office.eye.rows(
        "UPDATE crm_segment_membership SET date_from = date_from - %s WHERE segmentation_id = %s",
        days, division,
    )  # fmt: skip


def _assert_as_rebuilt(office, division):
    """One stay per customer, where the customer's city says, and nothing for a run to do."""
    wrong = office.eye.rows(
        """
        SELECT p.id, p.city, array_agg(s.name->>'en_US')
        FROM res_partner p
        LEFT JOIN crm_segment_membership m
          ON m.partner_id = p.id AND m.segmentation_id = %s AND m.date_to IS NULL
        LEFT JOIN crm_segment s ON s.id = m.segment_id
        WHERE p.city IN ('Warsaw', 'Paris') AND p.id = p.commercial_partner_id AND p.active
        GROUP BY p.id, p.city
        HAVING COUNT(m.id) <> 1 OR MIN(s.name->>'en_US') <> p.city
        """,
        division,
    )
    assert wrong == []
    assert office.a.call("differences", ids=[division]) == [[0, 0]]
    office.a.rollback()


def test_two_runs_of_one_segmentation(office):
    """The second gives way: no customer is divided twice, and what the first did is shown."""
    division, segments = office.a.do("rules", segments=CITIES)
    partners = office.a.do("customers", number=20, city="Warsaw")
    assert office.a.do("run", ids=[division]) == ["done"]
    _age(office, division)
    office.eye.rows("UPDATE res_partner SET city = 'Paris' WHERE id = ANY(%s)", partners[:8])
    assert office.a.call("run", ids=[division]) == ["done"]
    office.b.call("impatient")
    office.b.call("run", ids=[division])
    office.b.commit()
    office.a.commit()
    _assert_as_rebuilt(office, division)
    ended = office.eye.value(
        "SELECT COUNT(*) FROM crm_segment_membership WHERE segment_id = %s AND date_to IS NOT NULL",
        segments[0],
    )
    assert ended == 8


def test_giving_way_to_another_run_is_no_failure(office):
    """What the other run did is current: the card shows it as such."""
    division, _segments = office.a.do("rules", segments=CITIES)
    office.a.call("run", ids=[division])
    office.b.call("run", ids=[division])
    office.b.commit()
    office.a.commit()
    assert office.a.call("card", segmentation=division)["state"] == "done"


def test_a_run_meets_a_customer_deleted_meanwhile(office):
    """The run begins again without the customer; no rule is to blame."""
    division, _segments = office.a.do("rules", segments=CITIES)
    moving = office.a.do("customer", name="Moving", city="Warsaw")
    office.a.do("customer_moves", partner=moving, city="Paris")
    gone = office.a.do("customer", name="Gone", city="Paris", place=False)
    # the run has its snapshot and waits before it writes the new stays
    office.eye.hold(
        "SELECT id FROM crm_segment_membership WHERE partner_id = %s AND segmentation_id = %s"
        " FOR UPDATE",
        moving, division,
    )  # fmt: skip
    office.b.start("rebuild")
    office.eye.until_waiting(office.b.backend)
    office.a.do("delete", partner=gone)
    office.eye.release()
    office.b.answer()
    assert office.b.call("card", segmentation=division)["state"] == "done"
    _assert_as_rebuilt(office, division)


def test_runs_while_people_work(office):
    """Nightly runs beside saves, new customers and invoices: the same as a rebuild."""
    division, _segments = office.a.do("rules", segments=CITIES)
    buyers, _segments = office.a.do("rules", segments=BUYERS)
    partners = office.a.do("customers", number=40, city="Warsaw")
    office.a.do("run", ids=[division, buyers])
    _age(office, division)
    known = office.eye.value(
        "SELECT COUNT(*) FROM crm_segment_membership WHERE segmentation_id = %s", division
    )
    office.b.start(
        "save_much", partners=partners, cities=list(CITIES), rounds=25, journal=office.journals[0]
    )
    office.a.do("rebuild_often", times=10)
    assert len(office.b.answer()) == 25
    office.a.do("process")
    assert office.a.call("changed_figures") == []
    office.a.rollback()
    _assert_as_rebuilt(office, division)
    assert office.a.call("differences", ids=[buyers]) == [[0, 0]]
    kept = """
        SELECT COUNT(*) FROM crm_segment_membership
        WHERE segmentation_id = %s AND date_from < CURRENT_DATE - 5
    """
    assert office.eye.value(kept, division) == known


def test_a_run_meets_a_customer_placed_meanwhile(office):
    """The nightly run starts again from what is true now, and does not fail for it."""
    division, _segments = office.a.do("rules", segments=CITIES)
    partner = office.a.do("customer", name="Met", city="Warsaw", place=False)
    office.a.call("place", ids=[partner])
    office.b.start("rebuild")
    office.eye.until_waiting(office.b.backend)
    office.a.commit()
    office.b.answer()
    _assert_as_rebuilt(office, division)
    assert office.b.call("card", segmentation=division)["state"] == "done"


def test_a_run_by_hand_meets_a_customer_placed_meanwhile(office):
    """The same for a run that a person starts: repeated by the server, no error for the person."""
    division, _segments = office.a.do("rules", segments=CITIES)
    partner = office.a.do("customer", name="Met too", city="Warsaw", place=False)
    office.a.call("place", ids=[partner])
    office.b.start("run", ids=[division], retry=True)
    office.eye.until_waiting(office.b.backend)
    office.a.commit()
    assert office.b.answer() == ["done"]
    _assert_as_rebuilt(office, division)


def test_the_nightly_run_meets_figures_written_meanwhile(office):
    """A row of figures that changed since the run began: the run starts again."""
    division, _segments = office.a.do("rules", segments=BUYERS)
    partner = office.a.do("customer", name="Counted")
    move = office.a.do("invoice", partner=partner, amount=10, journal=office.journals[0])
    office.a.do("post", move=move)
    office.a.call("process_figures", ids=[partner])
    office.b.start("rebuild")
    office.eye.until_waiting(office.b.backend)
    office.a.commit()
    office.b.answer()
    assert office.eye.rows(FIGURES, partner) == [(1, 10, 0, 10)]
    assert _places(office, partner, division) == ["Once"]
