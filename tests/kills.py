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
