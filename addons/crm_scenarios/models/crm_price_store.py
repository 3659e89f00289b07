"""Writes the rows of what was learnt that differ from those that are there."""

import io

import numpy as np
from odoo import models
from odoo.tools import SQL

from ..lib.copy_rows import copy_rows
from ..lib.price_guidance import BANDS
from ..lib.price_table import FLOORS, RESTS


def _one_of(names, place):
    """SQL of the name at a place, from 0."""
    return f"(ARRAY{list(names)})[{place} + 1]"


#: column → its value, of what was learnt
_MADE = {
    "segment_id": "NULLIF(segment, 0)",
    "categ_id": "NULLIF(categ, 0)",
    "product_id": "NULLIF(product, 0)",
    "quantity_min": f"({_one_of(BANDS, 'band')})",
    "quantity_max": f"({_one_of((*BANDS[1:], 0), 'band')})",
    "discount_stretch": "stretch",
    "discount_target": "target",
    "discount_floor": "floor",
    "target_low": "COALESCE(NULLIF(low, 'NaN'), 0)",
    "target_high": "COALESCE(NULLIF(high, 'NaN'), 0)",
    "has_interval": "low <> 'NaN'",
    "sample_count": "n",
    "shrunk_to": _one_of(RESTS, "rests"),
    "reference": "reference",
    "reference_kind": "CASE WHEN kept THEN 'kept' ELSE 'estimated' END",
    "pocket_target": "pocket",
    "margin_target": "margin",
    "margin_count": "margin_n",
    "cost": "cost",
    "floor_kind": _one_of(FLOORS, "floors"),
    "histogram": "to_jsonb(histogram)",
    "date_from": """DATE '0001-01-01' + "from" - 1""",
    "date_to": """DATE '0001-01-01' + "to" - 1""",
}
_COLUMNS = tuple(_MADE)
#: what was learnt, as it is sent
_WHOLE = ("segment", "categ", "product", "band", "n", "rests", "floors", "margin_n", "from", "to")
_FLOATS = (
    "stretch", "target", "floor", "low", "high", "reference", "pocket", "margin", "cost",
)  # fmt: skip
_SENT = {
    **dict.fromkeys(_WHOLE, ("int4", np.int32)), **dict.fromkeys(_FLOATS, ("float8", float)),
    "kept": ("bool", bool), "histogram": ("int4[]", np.int32),
}  # fmt: skip


class CrmPriceGuidance(models.Model):
    _inherit = "crm.price.guidance"  # pylint: disable=consider-merging-classes-inherited

    def _store(self, company, cells):
        """Write the rows that differ, delete those that are gone; one statement each.

        :param dict cells: columns, as the rebuild's ``_advised`` gives them
        """
        names = SQL(", ").join(map(SQL.identifier, _COLUMNS))
        self._send(cells)
        self.env.cr.execute("DROP TABLE IF EXISTS crm_price_found")
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE crm_price_found ON COMMIT DROP AS"
                " SELECT %s FROM crm_price_guidance LIMIT 0",
                names,
            )
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_price_found (%s) SELECT %s FROM crm_price_sent",
                names,
                SQL(", ").join(map(SQL, _MADE.values())),
            )
        )
        # the planner joins a table that it knows nothing of row by row; only by these
        self.env.cr.execute(
            "ANALYZE crm_price_found (segment_id, categ_id, product_id, quantity_min)"
        )
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

    def _send(self, cells):
        """Fill a temporary table: a hundred thousand rows by COPY take no second."""
        self.env.cr.execute("DROP TABLE IF EXISTS crm_price_sent")
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE crm_price_sent (%s) ON COMMIT DROP",
                SQL(", ").join(
                    SQL("%s %s", SQL.identifier(name), SQL(kind))
                    for name, (kind, _type) in _SENT.items()
                ),
            )
        )
        data = copy_rows([cells[name].astype(kind) for name, (_kind, kind) in _SENT.items()])
        self.env.cr.copy_expert("COPY crm_price_sent FROM STDIN (FORMAT binary)", io.BytesIO(data))
