"""Filling a host's table by SQL: rows copied from one that the host made itself."""

import time
from contextlib import contextmanager

_INDEXES = """
    SELECT format('DROP INDEX %%I', i.relname), pg_get_indexdef(i.oid)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    WHERE t.relname = ANY(%s) AND NOT x.indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid)
"""
# The rows refer to what exists: no need to look at each again when the key comes back.
_KEYS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s NOT VALID',
                  c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.contype = 'f' AND t.relname = ANY(%s)
"""


@contextmanager
def without_indexes(cr, *tables):
    """Take indexes and foreign keys off while many rows come in; put the same back."""
    back = []
    for statement in (_KEYS, _INDEXES):
        cr.execute(statement, [list(tables)])
        for take_off, put_back in cr.fetchall():
            cr.execute(take_off)
            back.append(put_back)
    yield
    for put_back in reversed(back):
        cr.execute(put_back)


def clone(cr, table, template, source, **values):
    """Copy the row ``template`` once per row of ``source`` (alias ``g``), except for ``values``.

    What isn't named is as the host wrote it: required columns, defaults, stored computes.

    :param values: column → SQL over ``g`` and the template ``t``
    """
    cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
    )
    columns = [name for (name,) in cr.fetchall()]
    if unknown := values.keys() - set(columns):
        raise ValueError(f"{table} has no columns {unknown}")
    names = ", ".join(f'"{name}"' for name in columns)
    parts = ", ".join(f"({values.get(name, f't.{name}')})" for name in columns)
    cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {parts} FROM {source} g, {table} t"
        f" WHERE t.id = {template.id}"
    )
    cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")


def last_id(cr, table):
    """The greatest id in use."""
    cr.execute(f"SELECT COALESCE(max(id), 0) FROM {table}")
    return cr.fetchone()[0]


def seconds(work):
    """How long ``work()`` takes."""
    start = time.monotonic()
    work()
    return time.monotonic() - start
