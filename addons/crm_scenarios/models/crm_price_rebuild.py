"""Learns what is paid, by the nightly cron: one statement, then the small cells are shrunk."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lib.price_guidance import BANDS, LEVELS, Guide, quantile_ranks, shrink
from .nightly import rebuild_companies

#: fewer lines than this are an anecdote
LEAST_LINES = 5
#: months of lines that are looked at, and of those that a reference is estimated from
MONTHS, REFERENCE_MONTHS = 24, 12
#: quantile of the unit price in the lowest band that stands for a list price nobody kept
REFERENCE = 0.9
#: below so many lines the places of the interval are exact, above by the normal distribution
EXACT = 60
_COLUMNS = (
    "segment_id", "categ_id", "product_id", "quantity_min", "quantity_max", "discount_stretch",
    "discount_target", "discount_floor", "target_low", "target_high", "has_interval",
    "sample_count", "shrunk_to", "reference", "reference_kind", "date_from", "date_to",
)  # fmt: skip


class CrmPriceGuidance(models.Model):
    _inherit = "crm.price.guidance"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def action_rebuild(self):
        """Learn again in the current company, now.

        :raises AccessError: for users who lead neither sales nor segments
        """
        groups = ("crm_segments.group_segments_manager", "sales_team.group_sale_manager")
        if not (self.env.su or any(self.env.user.has_group(group) for group in groups)):
            raise AccessError(self.env._("Only sales managers may learn the prices anew."))
        # sudo: learnt from all lines, whoever starts it
        self.sudo()._rebuild(self.env.company)

    @api.model
    def _rebuild_all(self):
        """Cron, nightly: a company after the other."""
        rebuild_companies(self)

    @api.model
    def _rebuild(self, company):
        """Learn the cells of a company, write what differs."""
        self.env.flush_all()
        today = self.env["crm.segmentation"]._today()
        # a table of its own, because the planner knows how many lines a table has
        self.env.cr.execute("DROP TABLE IF EXISTS crm_price_line")
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE crm_price_line ON COMMIT DROP AS %s",
                self._lines_sql(company, today),
            )
        )
        self.env.cr.execute("ANALYZE crm_price_line")
        cells = self.env.execute_query_dict(self._cells_sql(today))
        by_key = {self._key(cell): cell for cell in cells}
        rows = [self._row(cell, by_key) for cell in cells]
        self._store(company, rows)
        self.invalidate_model()

    @staticmethod
    def _key(cell, **other):
        cell = {**cell, **other}
        return cell["segment_id"], cell["categ_id"], cell["product_id"], cell["quantity_min"]

    @api.model
    def _row(self, cell, by_key):
        """A cell as it is stored: pulled to the category, then to all customers."""
        guide, name = self._shrunk(cell, by_key)
        known = cell["low"] is not None
        return {
            **cell, "discount_stretch": guide.stretch, "discount_target": guide.target,
            "discount_floor": guide.floor, "target_low": cell["low"] or 0,
            "target_high": cell["high"] or 0, "has_interval": known, "shrunk_to": name,
            "sample_count": cell["n"], "quantity_max": cell["quantity_max"] or 0,
        }  # fmt: skip

    @api.model
    def _shrunk(self, cell, by_key):
        """(Guide, what it rests on) after shrinking to the wider cell that there is."""
        guide = self._guide(cell)
        if cell["product_id"]:
            wider, name = by_key.get(self._key(cell, product_id=None)), "category"
        elif cell["segment_id"]:
            wider, name = by_key.get(self._key(cell, segment_id=None)), "all"
        else:
            return guide, "none"
        if not wider:
            return guide, "none"
        if wider["n"] == cell["n"]:
            return self._shrunk(wider, by_key)
        return shrink(guide, self._shrunk(wider, by_key)[0]), name

    @staticmethod
    def _guide(cell):
        return Guide(
            cell["stretch"], cell["target"], cell["floor"], cell["low"], cell["high"], cell["n"]
        )

    def _cells_sql(self, today):
        """SELECT of the cells with five lines or more."""
        ranks = [(n, *(quantile_ranks(n, LEVELS[1]) or (None, None))) for n in range(1, EXACT)]
        return SQL(
            """
            WITH reference AS MATERIALIZED (%(references)s), priced AS (
                SELECT l.*, (COALESCE(l.list_price, r.price) - l.price)
                         / COALESCE(l.list_price, r.price) AS discount, r.price AS reference
                FROM crm_price_line l LEFT JOIN reference r ON r.product_id = l.product_id
                WHERE COALESCE(l.list_price, r.price) > 0
            ), cell AS (
                SELECT segment_id, categ_id, product_id, quantity_min, quantity_max,
                       GROUPING(segment_id) AS everybody,
                       ARRAY_AGG(discount ORDER BY discount) AS d, COUNT(*)::int AS n,
                       percentile_cont(%(levels)s::float8[])
                           WITHIN GROUP (ORDER BY discount) AS q,
                       COALESCE(MAX(list_price), MAX(reference)) AS reference,
                       BOOL_AND(list_price IS NOT NULL) AS kept,
                       MIN(day) AS date_from, MAX(day) AS date_to
                FROM priced
                GROUP BY GROUPING SETS (
                    (categ_id, quantity_min, quantity_max),
                    (segment_id, categ_id, quantity_min, quantity_max),
                    (product_id, categ_id, quantity_min, quantity_max),
                    (segment_id, product_id, categ_id, quantity_min, quantity_max))
                HAVING COUNT(*) >= %(least)s
            )
            SELECT c.segment_id, c.categ_id, c.product_id, c.quantity_min, c.quantity_max, c.n,
                   c.q[1] AS stretch, c.q[2] AS target, c.q[3] AS floor,
                   c.d[1 + %(low)s] AS low, c.d[1 + %(high)s] AS high,
                   CASE WHEN c.product_id IS NULL THEN 0 ELSE c.reference END AS reference,
                   CASE WHEN c.kept THEN 'kept' ELSE 'estimated' END AS reference_kind,
                   c.date_from, c.date_to
            FROM cell c
            LEFT JOIN (VALUES %(ranks)s) exact (n, low, high) ON exact.n = c.n
            WHERE c.everybody = 1 OR c.segment_id IS NOT NULL
            """,
            references=self._references_sql(today),
            levels=list(LEVELS),
            least=LEAST_LINES,
            ranks=SQL(", ").join(SQL("(%s, %s::int, %s::int)", *row) for row in ranks),
            low=self._rank_sql(-1),
            high=self._rank_sql(1),
        )

    @staticmethod
    def _rank_sql(sign):
        """Place (from 0) of an end of the interval of the middle; NULL with too few lines."""
        name = SQL("exact.low" if sign < 0 else "exact.high")
        # conservative by one place, as the normal distribution is a little too narrow
        far = SQL("floor(c.n / 2.0 - 0.98 * sqrt(c.n)) - 1" if sign < 0
                  else "ceil(c.n / 2.0 + 0.98 * sqrt(c.n))")  # fmt: skip
        return SQL("(CASE WHEN c.n < %s THEN %s ELSE %s::int END)", EXACT, name, far)

    def _references_sql(self, today):
        """(product_id, price): of lines in the lowest band, of the last twelve months."""
        return SQL(
            """
            SELECT l.product_id, percentile_cont(%s) WITHIN GROUP (ORDER BY l.price) AS price
            FROM crm_price_line l JOIN (
                SELECT product_id, MIN(quantity_min) AS quantity_min FROM crm_price_line
                WHERE day > %s::date - %s * INTERVAL '1 month' GROUP BY product_id
            ) lowest USING (product_id, quantity_min)
            WHERE l.day > %s::date - %s * INTERVAL '1 month'
            GROUP BY l.product_id
            """,
            REFERENCE,
            *(today, REFERENCE_MONTHS) * 2,
        )

    def _lines_sql(self, company, today):
        """SELECT of (segment_id, categ_id, product_id, quantity_min, quantity_max, price,
        list_price, day): untaxed, per unit of the product, in the company's currency.
        """
        edges = zip(BANDS, (*BANDS[1:], None), strict=True)
        return SQL(
            """
            SELECT s.segment_id, t.categ_id, x.product_id, b.quantity_min, b.quantity_max,
                   x.amount / x.quantity AS price, x.list_price, x.day
            FROM (%(sources)s) x (partner_id, product_id, quantity, amount, list_price, day)
            JOIN product_product pp ON pp.id = x.product_id
            JOIN product_template t ON t.id = pp.product_tmpl_id
            JOIN (VALUES %(bands)s) b (quantity_min, quantity_max)
                ON x.quantity >= b.quantity_min
                AND (b.quantity_max IS NULL OR x.quantity < b.quantity_max)
            LEFT JOIN crm_segment_membership s ON s.partner_id = x.partner_id
                AND s.company_id = %(company)s AND s.segmentation_id = %(segmentation)s
                AND s.date_to IS NULL AND s.pinned IS DISTINCT FROM 'out'
            WHERE t.categ_id IS NOT NULL  -- prices are compared within a category
              AND x.quantity > 0 AND x.amount > 0 AND x.product_id <> ALL(%(charges)s)
              AND x.day <= %(today)s AND x.day > %(today)s::date - %(months)s * INTERVAL '1 month'
            """,
            sources=SQL(" UNION ALL ").join(self._line_sources(company).values()),
            bands=SQL(", ").join(SQL("(%s::float8, %s::float8)", *pair) for pair in edges),
            company=company.id,
            segmentation=company._leading_segmentation().id or 0,
            charges=self.env["crm.product.affinity"]._charge_products(company),
            today=today,
            months=MONTHS,
        )

    def _line_sources(self, company):
        """Name → SELECT of (partner_id, product_id, quantity, amount, list_price, day)."""
        joins, factor = self.env["crm.product.affinity"]._units(
            SQL.identifier("l", "product_uom_id")
        )
        orders = SQL(
            """
            SELECT p.commercial_partner_id, l.product_id,
                   (l.product_uom_qty * %(factor)s)::float8,
                   (l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1))::float8,
                   NULLIF(l.crm_list_price, 0)::float8, o.date_order::date
            FROM sale_order o
            JOIN res_partner p ON p.id = o.partner_id
            JOIN sale_order_line l ON l.order_id = o.id
            %(joins)s
            WHERE o.company_id = %(company)s AND o.state = 'sale' AND l.display_type IS NULL
              AND NOT COALESCE(l.is_downpayment, FALSE)
            """,
            factor=factor,
            joins=joins,
            company=company.id,
        )
        history = SQL(
            """
            SELECT p.commercial_partner_id, h.product_id, h.quantity::float8,
                   h.amount_company::float8, NULL::float8, h.date
            FROM crm_sales_history h
            JOIN crm_sales_source s ON s.id = h.source_id
            JOIN res_partner p ON p.id = h.partner_id
            WHERE h.company_id = %s AND h.product_id IS NOT NULL AND h.not_counted IS NOT TRUE
              AND NOT COALESCE(h.is_refund, FALSE)
              AND (s.cutover_date IS NULL OR h.date < s.cutover_date)
            """,
            company.id,
        )
        return {"orders": orders, "history": history}

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
            "g.company_id = %s AND f.segment_id IS NOT DISTINCT FROM g.segment_id"
            " AND f.categ_id = g.categ_id AND f.product_id IS NOT DISTINCT FROM g.product_id"
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
                ON CONFLICT (company_id, COALESCE(segment_id, 0), categ_id,
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
