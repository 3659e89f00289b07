"""How the demonstration database is written: without mail, without history, in phases."""

import gc
import random
import time
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

# No log notes, followers, mails or notifications for thousands of records; and the customers'
# segments are computed once at the end instead of at each save.
CONTEXT = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
    "segments_defer": True,
}


def generator(phase):
    """A generator of its own for each phase: a change in one leaves the others as they were."""
    return random.Random(f"online-retail-{phase}")


def settle(env):
    """Commit, and forget what was read.

    The host looks for an environment among all that are alive, one by one: the wizards leave
    hundreds behind, in reference cycles, and each makes everything slower until it is collected.
    """
    env.cr.commit()
    env.invalidate_all()
    gc.collect()


@contextmanager
def no_notes(env):
    """Keep the host from noting on each document where it came from and that it was paid.

    The context above silences changes of fields only; each such note costs 5 ms.
    """
    with ExitStack() as stack:
        for model in ("account.move", "account.payment", "sale.order"):
            stack.enter_context(patch.object(env.registry[model], "message_post", _no_note))
        yield


def _no_note(record, **_values):
    return record.env["mail.message"]


@contextmanager
def phase(env, name):
    """Print what is being made and how long it took; commit it."""
    start = time.monotonic()
    print(f"  {name} …", end=" ", flush=True)
    yield
    settle(env)
    env.cr.execute("ANALYZE")  # the tables were empty: plans made for that are slow ones
    env.cr.commit()
    print(f"{time.monotonic() - start:.1f} s", flush=True)


def backdate(records, dates):
    """Set when the records were created, as if they had been entered at the time.

    The host lets nobody write `create_date`, and takes the time from the transaction: hence SQL,
    with recomputation of what depends on it.
    """
    env = records.env
    records.flush_recordset()
    env.cr.execute_values(
        f'UPDATE "{records._table}" AS t SET create_date = v.moment::timestamp '
        "FROM (VALUES %s) AS v(id, moment) WHERE t.id = v.id",
        [(record.id, moment) for record, moment in zip(records, dates, strict=True)],
    )
    records.invalidate_recordset(["create_date"])
    records.modified(["create_date"])
