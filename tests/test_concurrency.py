"""Several people at one customer: nobody waits, fails or is repeated, and nothing is lost.

Each side is a process of its own with an open transaction. A transaction that stays open
holds its locks, so whoever had to wait for it would run into the timeout: no clock decides.
"""

import pytest

from .concurrency import BUYERS, CITIES, FIGURES, places, queued
from .sessions import SessionError


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
    assert places(office, partner, division) == ["Never"]
    return partner, division


def test_two_post_for_one_customer(office, buyer):
    """Neither waits, fails or is repeated; the queue places the customer by both invoices."""
    partner, division = buyer
    moves = [
        office.a.do("invoice", partner=partner, amount=amount, journal=journal)
        for amount, journal in zip((100, 50), office.journals, strict=True)
    ]
    _both_at_once(office, "post", *({"move": move} for move in moves))
    assert queued(office, partner) >= 2
    assert places(office, partner, division) == ["Never"]
    office.a.do("process_cron")
    assert queued(office, partner) == 0
    assert office.eye.rows(FIGURES, partner) == [(2, 150, 0, 150)]
    assert places(office, partner, division) == ["Twice"]


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
    assert queued(office, partner) >= 2
    office.a.do("process_cron")
    assert office.eye.rows(FIGURES, partner) == [(2, 200, 15, 0)]


def test_two_confirm_orders_of_one_customer(office, buyer):
    """The same for orders, where the company counts these."""
    partner, division = buyer
    orders = [office.a.do("quotation", partner=partner, amount=amount) for amount in (30, 40)]
    office.a.do("count_orders", basis="order")
    try:
        _both_at_once(office, "confirm", *({"order": order} for order in orders))
        # the first is placed at once; the other, who would have to wait, by the queue
        assert queued(office, partner) == 1
        office.a.do("process_cron")
        assert office.eye.rows(FIGURES, partner) == [(2, 70, 0, 0)]
        assert places(office, partner, division) == ["Twice"]
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
    assert places(office, partner, division) == ["Twice"]


def test_saving_while_the_customer_is_being_placed(office):
    """The save succeeds in its first try; the work that would wait lands in the queue."""
    division, _segments = office.a.do("rules", segments=CITIES)
    partner = office.a.do("customer", name="Moving", city="Warsaw", place=False)
    office.a.call("place", ids=[partner])
    office.b.call("impatient")
    office.b.call("save", partner=partner, city="Paris")
    office.b.commit()
    assert queued(office, partner) == 1
    office.a.commit()
    office.a.do("process_cron")
    assert places(office, partner, division) == ["Paris"]


def test_saving_after_the_customer_was_placed_meanwhile(office):
    """A snapshot from before somebody else placed the customer: saved in the first try too."""
    division, _segments = office.a.do("rules", segments=CITIES)
    partner = office.a.do("customer", name="Late", city="Warsaw", place=False)
    office.b.call("waiting_figures")
    office.a.do("place", ids=[partner])
    office.b.call("save", partner=partner, city="Paris", retry=True)
    assert office.b.tries == 1
    assert queued(office, partner) == 1
    office.a.do("process_cron")
    assert places(office, partner, division) == ["Paris"]


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
    assert queued(office, partner) == 1
    office.a.do("process_cron")
    assert places(office, partner, division) == ["Talks"]
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
    assert places(office, partner, division) == ["Paris"]
    assert queued(office, partner) == 0


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
    assert places(office, partner, division) == ["Warsaw"]
