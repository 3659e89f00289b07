"""What a segmentation is judged by: sums per segment and group of customers, made in SQL."""

from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

from ..lib.worth import Count
from ..lib.worth_split import BUCKETS, HORIZON

#: product categories told apart; the others count as one
MOST_CATEGORIES = 30
_TABLES = ("crm_worth_customer", "crm_worth_line")


class CrmSegmentationWorth(models.Model):
    _inherit = "crm.segmentation.worth"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @contextmanager
    def _facts(self, segmentations, company, ends):
        """Two temporary tables: what each customer spent and bought after each month-end.

        The customers of a day are those between their first and their last day in a segment of
        any of the segmentations, so all of them are judged on the same ones.
        """
        self.env["crm.segment.membership"].flush_model()
        self.env["crm.customer.metrics"]._flush_sources()
        self.env["product.template"].flush_model(["categ_id"])
        for table, select in zip(
            _TABLES,
            (self._customers_sql(segmentations, company, ends), self._lines_sql(company, ends)),
            strict=True,
        ):
            name = SQL.identifier(table)
            self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier("pg_temp", table)))
            self.env.cr.execute(SQL("CREATE TEMP TABLE %s ON COMMIT DROP AS %s", name, select))
            self.env.cr.execute(SQL("ANALYZE %s", name))
        yield
        for table in _TABLES:
            self.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier("pg_temp", table)))

    def _customers_sql(self, segmentations, company, ends):
        """SELECT of (day, partner_id, bucket, y, rank); revenue strictly after the day.

        More returned than bought counts as nothing. ``rank`` is the share of the customers of
        that day who spent less, those who spent the same counted half.
        """
        return SQL(
            """
            WITH ends AS (SELECT unnest(%(ends)s::date[]) AS day),
            divided AS MATERIALIZED (
                SELECT partner_id, %(bucket)s AS bucket, MIN(date_from) AS since,
                       MAX(COALESCE(date_to, 'infinity')) AS until
                FROM crm_segment_membership
                WHERE segmentation_id = ANY(%(segmentations)s) AND company_id = %(company)s
                  AND pinned IS DISTINCT FROM 'out'
                GROUP BY partner_id
            ),
            known AS (
                SELECT e.day, d.partner_id, d.bucket
                FROM divided d JOIN ends e ON d.since <= e.day AND d.until > e.day
            ),
            revenue AS (
                SELECT e.day, d.partner_id, SUM(d.amount)::float8 AS y
                FROM (%(documents)s) d
                JOIN ends e ON d.day > e.day AND d.day <= e.day + %(horizon)s
                WHERE d.day > %(first)s GROUP BY e.day, d.partner_id
            ),
            faced AS MATERIALIZED (
                SELECT day, partner_id, bucket, GREATEST(COALESCE(y, 0), 0) AS y
                FROM known LEFT JOIN revenue USING (day, partner_id)
            ),
            ranked AS (
                SELECT day, y, (SUM(COUNT(*)) OVER (PARTITION BY day ORDER BY y) - COUNT(*) / 2.0)
                             / SUM(COUNT(*)) OVER (PARTITION BY day) AS rank
                FROM faced GROUP BY day, y
            )
            SELECT day, partner_id, bucket, y, rank::float8 AS rank
            FROM faced JOIN ranked USING (day, y)
            """,
            ends=ends,
            segmentations=segmentations.ids,
            company=company.id,
            documents=self.env["crm.customer.metrics"]._documents_sql(
                company, self._last_day(ends)
            ),
            horizon=HORIZON,
            first=ends[0],
            bucket=self._bucket_sql(SQL("partner_id")),
        )

    def _bucket_sql(self, partner):
        """The twin of ``lib.worth_split.bucket``."""
        digest = SQL("('x' || substr(md5('worth:' || %s), 1, 8))::bit(32)::bigint", partner)
        return SQL("(%s %% %s)::int", digest, BUCKETS)

    def _lines_sql(self, company, ends):
        """SELECT of (day, partner_id, category, lines): how many lines by product category."""
        return SQL(
            """
            WITH ends AS (SELECT unnest(%(ends)s::date[]) AS day),
            sold AS MATERIALIZED (
                SELECT s.partner_id, s.day, t.categ_id
                FROM (%(lines)s) s JOIN product_product p ON p.id = s.product_id
                JOIN product_template t ON t.id = p.product_tmpl_id
                WHERE s.day > %(first)s AND s.day <= %(last)s
            ),
            common AS (
                SELECT categ_id FROM sold GROUP BY categ_id
                ORDER BY COUNT(*) DESC, categ_id LIMIT %(most)s
            )
            SELECT e.day, s.partner_id, COALESCE(c.categ_id, 0) AS category, COUNT(*)::int AS lines
            FROM sold s LEFT JOIN common c USING (categ_id)
            JOIN ends e ON s.day > e.day AND s.day <= e.day + %(horizon)s
            GROUP BY 1, 2, 3
            """,
            ends=ends,
            lines=self.env["crm.customer.metrics"]._bought_lines_sql(company),
            first=ends[0],
            last=self._last_day(ends),
            most=MOST_CATEGORIES,
            horizon=HORIZON,
        )

    @api.model
    def _last_day(self, ends):
        return SQL("(%s::date + %s)", ends[-1], HORIZON)

    def _cells_sql(self, segmentation, company, ends):
        """SELECT of (day, partner_id, cell): the segments of a customer, as text."""
        members = self.env["crm.segment.membership"]._members_on_sql(
            segmentation, company, SQL("e.day")
        )
        cell = SQL("m.segment_id::text")
        group = SQL()
        if not segmentation.exclusive:
            cell = SQL("string_agg(m.segment_id::text, ',' ORDER BY m.segment_id)")
            group = SQL("GROUP BY e.day, m.partner_id")
        return SQL(
            """
            SELECT e.day, m.partner_id, %s AS cell
            FROM unnest(%s::date[]) e(day) CROSS JOIN LATERAL (%s) m %s
            """,
            cell, ends, members, group,
        )  # fmt: skip

    def _counts(self, segmentation, company, learnt, judged):
        """What each segment and group of customers had: list of Count."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.day = ANY(%(judged)s), c.cell, f.bucket, COUNT(*), SUM(f.y),
                       SUM(CASE WHEN f.y > 0 THEN f.y * ln(f.y) ELSE 0 END), SUM(f.y * f.y),
                       SUM(f.rank), COUNT(*) FILTER (WHERE f.day = %(last)s),
                       COUNT(*) FILTER (WHERE f.day = %(last)s AND f.y > 0)
                FROM crm_worth_customer f
                LEFT JOIN (%(cells)s) c ON c.day = f.day AND c.partner_id = f.partner_id
                WHERE f.day = ANY(%(ends)s) GROUP BY 1, 2, 3
                """,
                judged=judged,
                last=judged[-1],
                cells=self._cells_sql(segmentation, company, learnt + judged),
                ends=learnt + judged,
            )
        )
        return [Count(of_judged, _cell(text), *numbers) for of_judged, text, *numbers in rows]

    def _lines(self, segmentation, company, learnt, judged):
        """Rows (judged, cell, group, category, lines)."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.day = ANY(%(judged)s), c.cell, f.bucket, l.category, SUM(l.lines)
                FROM crm_worth_line l
                JOIN crm_worth_customer f ON f.day = l.day AND f.partner_id = l.partner_id
                LEFT JOIN (%(cells)s) c ON c.day = f.day AND c.partner_id = f.partner_id
                WHERE f.day = ANY(%(ends)s) GROUP BY 1, 2, 3, 4
                """,
                judged=judged,
                cells=self._cells_sql(segmentation, company, learnt + judged),
                ends=learnt + judged,
            )
        )
        return [(of_judged, _cell(text), *rest) for of_judged, text, *rest in rows]


def _cell(text):
    """Ids of the segments of a customer; none outside of all segments."""
    return tuple(int(one) for one in text.split(",")) if text else ()
