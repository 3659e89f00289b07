"""The past, played in shadow tables.

What a segmentation would have said at a month-end is what it says of figures and stays as
they were then. So the engine itself is asked, unchanged: for the time being two temporary
tables take the place of ``crm_customer_metrics`` and ``crm_segment_membership``. PostgreSQL
looks for a name among the temporary tables first, so every statement of this transaction,
and of no other, reads and writes the shadows.
"""

from contextlib import contextmanager

from odoo.tools import SQL

from .settings import settings

#: memory for the groups of all customers: in less they go to disk and back, once a month
_MEMORY = {"work_mem": "128MB", "hash_mem_multiplier": "4"}
#: tables that have a shadow
_SHADOWED = ("crm_customer_metrics", "crm_segment_membership")
#: figures that nobody knows as of a day: what was open then
_NOT_AS_OF = {"opportunity_open_count"}


class Past:
    """A month-end for which rules are evaluated, in their context.

    An object on purpose: no protocol carries one, so nobody puts it into a context from
    outside.

    :ivar day: date
    :ivar explained: whether stays get their evidence
    """

    def __init__(self, day, explained=True):
        self.day = day
        self.explained = explained

    def taken_as_today(self, paths, model):
        """Those of the field paths of which there is no history.

        :param paths: field paths on ``model``
        :return: list of names
        """
        figures = model.env["res.partner"]._customer_metrics().keys() - _NOT_AS_OF
        known = {"id", "segment_ids", "leading_segment_id", "create_date", *figures}
        names = dict.fromkeys(path.split(".")[0] for path in paths)
        return [name for name in names if name in model._fields and name not in known]


def past_of(env):
    """The :class:`Past` that rules are evaluated for, None for the present."""
    past = env.context.get("segments_past")
    return past if isinstance(past, Past) else None


@contextmanager
def shadow_tables(env):
    """Play the past: until the end of the block both tables are empty.

    Gives the name of the schema of the real ones. An error takes the shadows back with the
    savepoint.
    """
    with env.cr.savepoint(), settings(env, **_MEMORY):
        [[schema]] = env.execute_query(SQL("SELECT current_schema()"))
        for table in _SHADOWED:
            name = SQL.identifier(table)
            env.cr.execute(SQL("CREATE TEMP TABLE %s (LIKE %s INCLUDING DEFAULTS)", name, name))
        env.invalidate_all()
        yield schema
        env.flush_all()
        for table in _SHADOWED:
            env.cr.execute(SQL("DROP TABLE %s", SQL.identifier("pg_temp", table)))
    env.invalidate_all()
