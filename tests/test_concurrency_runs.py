"""Runs beside people at work and beside each other: the same as a rebuild afterwards.

Each side is a process of its own with an open transaction, see ``sessions.py``.
"""

from .concurrency import BUYERS, CITIES, FIGURES, places


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
    assert places(office, partner, division) == ["Once"]


def test_a_run_that_others_are_always_in_the_way_of(office):
    """Five attempts, then it says so; the other segmentations and the next night do their work."""
    division, _segments = office.a.do("rules", segments=CITIES)
    other, _segments = office.a.do("rules", segments=CITIES, name="Other")
    partner = office.a.do("customer", name="Busy", city="Warsaw")
    office.a.do("customer_moves", partner=partner, city="Paris")
    assert office.b.call("rebuild_refused", division=division) == 5
    card = office.b.call("card", segmentation=division)
    assert (card["state"], card["failed"]) == ("failed", 1)
    assert "all the time" in card["message"]
    office.b.rollback()
    assert places(office, partner, division) == ["Warsaw"]
    assert places(office, partner, other) == ["Paris"]
    office.a.do("rebuild")
    assert office.a.call("card", segmentation=division)["state"] == "done"
    assert places(office, partner, division) == ["Paris"]


def test_a_rule_is_saved_while_somebody_looks_back(office):
    """Looking back holds nobody up, sees its own rule only, and leaves what was saved alone."""
    division, [warsaw, paris] = office.a.do("rules", segments=CITIES)
    partner = office.a.do("customer", name="Old", city="Gdansk")
    office.eye.rows("UPDATE res_partner SET create_date = '2001-01-01' WHERE id = %s", partner)
    office.eye.hold("SELECT pg_advisory_xact_lock(737)::text")
    office.a.start("backtest_waiting", segment=warsaw, domain="[('city', '=', 'Gdansk')]")
    office.eye.until_waiting(office.a.backend)
    for segment in (warsaw, paris):
        office.b.call("impatient")
        office.b.call("save_rule", segment=segment, domain="[('city', '=', 'Lodz')]")
        office.b.commit()
    office.b.call("impatient")
    office.b.call("save", partner=partner, city="Lodz")
    office.b.commit()
    office.eye.release()
    assert office.a.answer() == {"Warsaw": [1, 1, 1], "Paris": [0, 0, 0]}
    office.a.rollback()
    assert places(office, partner, division) == ["Warsaw"]
    saved = "SELECT DISTINCT domain FROM crm_segment WHERE segmentation_id = %s"
    assert office.eye.value(saved, division) == "[('city', '=', 'Lodz')]"
