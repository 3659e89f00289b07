"""Rules that are only looked at, kept apart from those that are stored.

What is remembered of the rules between calls is shared by everybody whom the process serves,
so a draft remembers its own. And while a draft is played for long, the tables of the rules
have a shadow with it: nobody who saves rules meanwhile has to wait.
"""

from contextlib import contextmanager

from odoo.tools import SQL

#: tables that hold what rules are made of
_TABLES = (
    "crm_segmentation", "crm_segment", "crm_segment_include_rel", "crm_segment_exclude_rel",
)  # fmt: skip


class Draft:
    """Marks the context of rules that are not saved, each call its own.

    An object on purpose: no protocol carries one, so nobody puts it into a context from
    outside.
    """


def draft_of(env):
    """The :class:`Draft` that is looked at, None where the stored rules are meant."""
    draft = env.context.get("segments_preview")
    return draft if isinstance(draft, Draft) else None


def read_rules(env):
    """All rules as they are in this transaction: table → its rows as JSON."""
    env.flush_all()
    return {
        table: env.execute_query(
            SQL("SELECT COALESCE(jsonb_agg(to_jsonb(t)), '[]')::text FROM %s t",
                SQL.identifier(table))
        )[0][0]
        for table in _TABLES
    }  # fmt: skip


@contextmanager
def shadow_rules(env, rules):
    """Until the end of the block this transaction sees other rules; locks nobody's.

    :param dict rules: as of :func:`read_rules`
    """
    with env.cr.savepoint():
        for table, rows in rules.items():
            name = SQL.identifier(table)
            env.cr.execute(SQL("CREATE TEMP TABLE %s (LIKE %s INCLUDING DEFAULTS)", name, name))
            env.cr.execute(
                SQL("INSERT INTO %s SELECT * FROM jsonb_populate_recordset(NULL::%s, %s::jsonb)",
                    name, name, rows)
            )  # fmt: skip
            env.cr.execute(SQL("ANALYZE %s", name))
        env.invalidate_all()
        yield
        env.flush_all()
        for table in rules:
            env.cr.execute(SQL("DROP TABLE %s", SQL.identifier("pg_temp", table)))
    env.invalidate_all()
