"""Settings of PostgreSQL for a few statements."""

from contextlib import contextmanager

from odoo.tools import SQL


@contextmanager
def settings(env, **values):
    """Within the block PostgreSQL has other settings; they are put back after it.

    After an error there is nothing to put back: the transaction, or its savepoint, is lost.

    :param values: setting → value as text
    """
    [before] = env.execute_query(_exchange_sql(values))
    yield
    # the former ones come first in the row
    env.execute_query(_exchange_sql(dict(zip(values, before, strict=False))))


def _exchange_sql(values):
    """SELECT of the settings as they are, which then are what is given."""
    former = [SQL("current_setting(%s)", name) for name in values]
    given = [SQL("set_config(%s, %s, TRUE)", *setting) for setting in values.items()]
    return SQL("SELECT %s", SQL(", ").join(former + given))
