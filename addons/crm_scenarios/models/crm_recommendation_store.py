"""Stores what was learnt: only rows that differ are written."""

import io

from odoo import api, models
from odoo.tools import SQL

USAGE = {
    "product_id": "int4", "customers": "int4", "repeaters": "int4", "baskets": "int4",
    "recent": "int4", "repeat": "float8", "interval": "float8", "soonest": "float8",
    "intervals": "int4", "popularity": "float8", "quantity": "float8",
}  # fmt: skip
AFFINITY = {
    "product_id": "int4", "neighbour_id": "int4", "weight": "float8", "n_both": "int4",
    "n_product": "int4", "n_neighbour": "int4", "n_customers": "int4", "lift": "float8",
    "rank": "int4",
}  # fmt: skip


class CrmRecommendationModel(models.Model):
    _inherit = "crm.recommendation.model"  # pylint: disable=consider-merging-classes-inherited

    def _store_usage(self, rows):
        """:param rows: iterable of ItemRow; :return: number of rows written"""
        return self._store("crm.product.usage", USAGE, ["product_id"], rows)

    def _store_affinity(self, rows):
        """:param rows: iterable of NeighbourRow, by item, strongest first; :return: as above"""
        return self._store(
            "crm.product.affinity", AFFINITY, ["product_id", "neighbour_id"], _ranked(rows)
        )

    def _store(self, model_name, columns, keys, rows):
        """Make the rows of this place (company, segment) those given; write the differences.

        :param dict columns: name → type in the database, in the order of the values of a row
        :param list keys: names of the columns that tell rows apart
        """
        self.ensure_one()
        self.env[model_name].flush_model()
        self.env.cr.execute(
            SQL(
                "DROP TABLE IF EXISTS crm_learnt; CREATE TEMPORARY TABLE crm_learnt (%s) "
                "ON COMMIT DROP",
                SQL(", ").join(
                    SQL("%s %s", SQL.identifier(name), SQL(type_))  # pylint: disable=sql-injection
                    for name, type_ in columns.items()
                ),
            )
        )
        text = _as_text(columns.values(), rows)
        self.env.cr._obj.copy_expert("COPY crm_learnt FROM STDIN", text, 1 << 17)
        self.env.cr.execute(SQL("ANALYZE crm_learnt"))
        [(written,)] = self.env.execute_query(
            self._differences_sql(self.env[model_name]._table, list(columns), keys)
        )
        self.env[model_name].invalidate_model()
        return written

    def _differences_sql(self, table, columns, keys):
        names = SQL(", ").join(SQL.identifier(name) for name in columns)
        matched = SQL(" AND ").join(
            SQL("n.%s = o.%s", SQL.identifier(name), SQL.identifier(name)) for name in keys
        )
        values = [SQL.identifier(name) for name in columns if name not in keys]
        return SQL(
            """
            WITH old AS (
                SELECT * FROM %(table)s
                WHERE company_id = %(company)s AND COALESCE(segment_id, 0) = %(segment)s
            ),
            gone AS (
                DELETE FROM %(table)s WHERE id IN (
                    SELECT o.id FROM old o WHERE NOT EXISTS (
                        SELECT FROM crm_learnt n WHERE %(matched)s))
                RETURNING id
            ),
            changed AS (
                UPDATE %(table)s t SET %(assign)s
                FROM old o JOIN crm_learnt n ON %(matched)s
                WHERE t.id = o.id AND (%(new)s) IS DISTINCT FROM (%(old)s)
                RETURNING t.id
            ),
            added AS (
                INSERT INTO %(table)s (company_id, segment_id, %(names)s)
                SELECT %(company)s, NULLIF(%(segment)s, 0), %(names)s FROM crm_learnt n
                WHERE NOT EXISTS (SELECT FROM old o WHERE %(matched)s)
                RETURNING id
            )
            SELECT (SELECT COUNT(*) FROM gone) + (SELECT COUNT(*) FROM changed)
                 + (SELECT COUNT(*) FROM added)
            """,
            table=SQL.identifier(table),
            company=self.company_id.id,
            segment=self.segment_id.id or 0,
            names=names,
            matched=matched,
            assign=SQL(", ").join(SQL("%s = n.%s", name, name) for name in values),
            new=SQL(", ").join(SQL("n.%s", name) for name in values),
            old=SQL(", ").join(SQL("o.%s", name) for name in values),
        )

    @api.model
    def _drop_scope(self, company, keep):
        """Remove what was learnt in segments that are no longer looked at."""
        for table in ("crm_product_affinity", "crm_product_usage"):
            self.env.execute_query(
                SQL(
                    "DELETE FROM %s WHERE company_id = %s AND segment_id IS NOT NULL "
                    "AND segment_id <> ALL(%s) RETURNING id",
                    SQL.identifier(table),
                    company.id,
                    list(keep),
                )
            )
        domain = [("company_id", "=", company.id), ("segment_id", "!=", False)]
        self.search([*domain, ("segment_id", "not in", list(keep))]).unlink()


def _ranked(rows):
    """NeighbourRow as the columns of the table, with the place among those of its item."""
    item, rank = None, 0
    for row in rows:
        rank = rank + 1 if row.item == item else 1
        item = row.item
        yield (
            row.item, row.neighbour, row.weight, row.both, row.item_customers,
            row.neighbour_customers, row.customers, row.lift, rank,
        )  # fmt: skip


def _as_text(types, rows):
    """Rows in PostgreSQL's text format; unknown numbers are 0 in our tables.

    Six digits tell apart what matters; more would rewrite rows for rounding errors.

    :param types: ``int4`` or ``float8`` of each column
    """
    line = "\t".join("%.6g" if one == "float8" else "%d" for one in types) + "\n"
    stream = io.StringIO()
    for row in rows:
        if None in row:
            row = [0 if value is None else value for value in row]
        stream.write(line % tuple(row))
    stream.seek(0)
    return stream
