"""Settings of PostgreSQL for a few statements."""

from contextlib import contextmanager

from odoo.tools import SQL


@contextmanager
def settings(env, **values):
    """Within the block PostgreSQL has other settings; they are put back after it.

    After an error there is nothing to put back: the transaction, or its savepoint, is lost.

    :param values: setting → value as text
    """
    names = SQL(", ").join(SQL("current_setting(%s)", name) for name in values)
    [before] = env.execute_query(SQL("SELECT %s", names))
    _configure(env, values)
    yield
    _configure(env, dict(zip(values, before, strict=True)))


def _configure(env, values):
    calls = [SQL("set_config(%s, %s, TRUE)", *setting) for setting in values.items()]
    env.execute_query(SQL("SELECT %s", SQL(", ").join(calls)))
