"""Ways to end a server in the middle of its work."""

import pytest

from .sessions import SessionError


def _by_process(_office, session):
    session.kill()


def _by_connection(office, session):
    office.eye.rows("SELECT pg_terminate_backend(%s)", session.backend)
    with pytest.raises(SessionError):
        session.answer()


ENDS = pytest.mark.parametrize("end", [_by_process, _by_connection])


def break_off(office, victim, end, lock, row, action, **args):
    """Let a server begin, end it while it waits for a row, let go of that."""
    office.eye.hold(lock, row)
    victim.start(action, **args)
    backend = victim.backend
    office.eye.until_waiting(backend)
    end(office, victim)
    office.eye.release()
    office.eye.until_gone(backend)


def assert_consistent(office, *codes, days=0):
    """The consistency check finds nothing, and has looked at something.

    :param codes: checks that have to have compared rows
    :param days: by a clock that is so many days ahead
    """
    # what the check takes for followed already: the crons of this database never run by themselves
    office.eye.rows("UPDATE ir_cron SET lastcall = NOW() AT TIME ZONE 'UTC' + INTERVAL '3 days'"
                    " WHERE cron_name LIKE 'Campaign Return%%'")  # fmt: skip
    checked, found = office.a.call("consistency", days=days)
    office.a.rollback()
    assert found == {}, found
    assert all(checked[code] for code in codes), checked
