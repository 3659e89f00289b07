"""Writes the rows of what was learnt that differ from those that are there."""

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
        if rows:
            self.env.cr.execute_values(
                "INSERT INTO crm_price_found VALUES %s",
                [tuple(row[name] for name in _COLUMNS) for row in rows],
            )
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
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_price_guidance (company_id, %(names)s)
                SELECT %(company)s, %(names)s FROM crm_price_found
                ON CONFLICT (company_id, COALESCE(segment_id, 0), COALESCE(categ_id, 0),
                             COALESCE(product_id, 0), quantity_min)
                DO UPDATE SET (%(kept)s) = (%(new)s)
                WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                names=names,
                company=company.id,
                kept=SQL(", ").join(map(SQL.identifier, kept)),
                new=SQL(", ").join(SQL.identifier("excluded", name) for name in kept),
                old=SQL(", ").join(SQL.identifier("crm_price_guidance", name) for name in kept),
            )
        )
