"""Writes the rows of what was learnt that differ from those that are there."""

import csv
import io

from odoo import models
from odoo.tools import SQL

_COLUMNS = (
    "segment_id", "categ_id", "product_id", "quantity_min", "quantity_max", "discount_stretch",
    "discount_target", "discount_floor", "target_low", "target_high", "has_interval",
    "sample_count", "shrunk_to", "reference", "reference_kind", "pocket_target",
    "margin_target", "margin_count", "cost", "floor_kind", "histogram", "date_from", "date_to",
)  # fmt: skip


class CrmPriceGuidance(models.Model):
    _inherit = "crm.price.guidance"  # pylint: disable=consider-merging-classes-inherited

    def _store(self, company, rows):
        """Write the rows that differ, delete those that are gone; one statement each."""
        names = SQL(", ").join(map(SQL.identifier, _COLUMNS))
        self.env.cr.execute("DROP TABLE IF EXISTS crm_price_found")
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE crm_price_found ON COMMIT DROP AS"
                " SELECT %s FROM crm_price_guidance LIMIT 0",
                names,
            )
        )
        self._copy("crm_price_found", rows)
        # nobody has counted how many rows are there: each statement joins all with all by hash
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        same = SQL(
            # 0 for none, so that the two are joined by hash
            "g.company_id = %s AND COALESCE(f.segment_id, 0) = COALESCE(g.segment_id, 0)"
            " AND COALESCE(f.categ_id, 0) = COALESCE(g.categ_id, 0)"
            " AND COALESCE(f.product_id, 0) = COALESCE(g.product_id, 0)"
            " AND f.quantity_min = g.quantity_min",
            company.id,
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_price_guidance g WHERE g.company_id = %s"
                " AND NOT EXISTS (SELECT FROM crm_price_found f WHERE %s)",
                company.id,
                same,
            )
        )
        kept = _COLUMNS[4:]
        old = SQL(", ").join(SQL.identifier("g", name) for name in kept)
        new = SQL(", ").join(SQL.identifier("f", name) for name in kept)
        self.env.cr.execute(
            SQL(
                "UPDATE crm_price_guidance g SET (%s) = ROW(%s) FROM crm_price_found f"
                " WHERE %s AND (%s) IS DISTINCT FROM (%s)",
                SQL(", ").join(map(SQL.identifier, kept)),
                new,
                same,
                old,
                new,
            )
        )
        # those that are there are left alone: looking for them in a growing table takes long
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_price_guidance (company_id, %s) SELECT %s, %s"
                " FROM crm_price_found ON CONFLICT DO NOTHING",
                names,
                company.id,
                names,
            )
        )
        self.env.cr.execute("SET LOCAL enable_nestloop = on")

    def _copy(self, table, rows):
        """Fill a temporary table: a hundred thousand rows by COPY take a second."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([row[name] for name in _COLUMNS] for row in rows)
        text.seek(0)
        self.env.cr.copy_expert(f"COPY {table} FROM STDIN (FORMAT csv)", text)
        # the planner joins a table that it knows nothing of row by row
        self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
