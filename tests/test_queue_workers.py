"""The queue's cron: several workers, deleted customers, batches that fail, progress."""

import pytest

from .sessions import SessionError

CITIES = {"Warsaw": "[('city', '=', 'Warsaw')]", "Paris": "[('city', '=', 'Paris')]"}
PLACED = """
    SELECT partner_id FROM crm_segment_membership
    WHERE segmentation_id = %s AND date_to IS NULL ORDER BY 1
"""


def _queued(office):
    return [id for (id,) in office.eye.rows("SELECT partner_id FROM crm_segment_queue ORDER BY id")]


def _placed(office, division):
    return [partner for (partner,) in office.eye.rows(PLACED, division)]


@pytest.fixture
def crowd(office):
    """A segmentation and ten queued customers."""
    division, _segments = office.a.do("rules", segments=CITIES)
    partners = office.a.do("customers", number=10, city="Warsaw")
    office.a.do("push", ids=partners)
    return division, partners


def test_two_workers_share_the_queue(office, crowd):
    """Each takes what the other doesn't work on; nobody waits, everybody is placed."""
    division, partners = crowd
    first = office.a.call("process_here", batch=4)
    office.b.call("impatient")
    second = office.b.call("process_here", batch=500)
    assert (len(first), sorted(first + second)) == (4, partners)
    office.b.commit()
    office.a.commit()
    assert _placed(office, division) == partners
    assert _queued(office) == []


def test_a_worker_that_gives_up_leaves_its_rows(office, crowd):
    """Another finishes the rest; what the first had taken is back and done later."""
    division, partners = crowd
    first = office.a.call("process_here", batch=4)
    office.b.call("process")
    office.a.rollback()
    assert _queued(office) == first
    office.b.do("process")
    assert _placed(office, division) == partners


def test_a_worker_with_an_old_snapshot(office, crowd):
    """Rows that another has worked on since are no error: it looks again."""
    division, partners = crowd
    office.a.call("waiting_figures")
    office.b.do("process", batch=4)
    office.a.call("process_batch", batch=500)
    office.a.commit()
    assert _placed(office, division) == partners
    assert _queued(office) == []


def test_customers_deleted_meanwhile(office, crowd):
    """Before, and after the worker has looked at the queue."""
    division, partners = crowd
    office.a.do("delete", partner=partners[0])
    assert _queued(office) == partners[1:]
    office.a.call("waiting_figures")
    office.b.do("delete", partner=partners[1])
    office.a.call("process_batch", batch=500)
    office.a.commit()
    assert _placed(office, division) == partners[2:]
    assert _queued(office) == []


def test_a_batch_that_fails_half_way(office, crowd):
    """What was done before is kept, the batch is still queued."""
    division, partners = crowd
    with pytest.raises(SessionError, match="half way"):
        office.a.call("process_failing", batch=4, good=1)
    assert _placed(office, division) == partners[:4]
    assert _queued(office) == partners[4:]
    office.a.do("process")
    assert _placed(office, division) == partners


def test_progress_is_told(office, crowd):
    """The host knows how many were placed and how many wait."""
    division, partners = crowd
    latest = "SELECT COALESCE(MAX(id), 0) FROM ir_cron_progress"
    known = office.eye.value(latest)
    office.a.do("process_cron")
    progress = """
        SELECT SUM(p.done)::int, SUM(p.remaining)::int FROM ir_cron_progress p
        JOIN ir_model_data d ON d.res_id = p.cron_id AND d.model = 'ir.cron'
        WHERE d.module = 'crm_segments' AND d.name = 'ir_cron_queue' AND p.id > %s
    """
    assert office.eye.rows(progress, known) == [(10, 0)]
    assert _placed(office, division) == partners


def test_posted_while_everybody_is_rebuilt(office, crowd):
    """So many wait that everybody is run; who is queued meanwhile with a lower id stays queued."""
    division, partners = crowd
    office.a.do("process")
    moving, late = partners[:2]
    office.a.do("customer_moves", partner=moving, city="Paris")
    office.a.do("ask_first", share=30, at_once=2)
    try:
        office.a.call("push", ids=[late])
        office.b.do("push", ids=partners[2:])
        office.eye.hold(
            "SELECT id FROM crm_segment_membership WHERE partner_id = %s AND segmentation_id = %s"
            " FOR UPDATE",
            moving, division,
        )  # fmt: skip
        office.b.start("process", batch=1)
        office.eye.until_waiting(office.b.backend)
        office.a.commit()
        office.eye.release()
        office.b.answer()
        office.b.commit()
        assert _queued(office) == [late]
    finally:
        office.a.do("ask_first", share=0)
