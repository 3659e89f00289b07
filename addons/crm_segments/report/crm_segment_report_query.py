"""The query behind the report of segments by month, in pieces that others can extend."""

from odoo import models
from odoo.tools import SQL

#: an invoice may be of several orders, and an order on several invoices
_DISTINCT_ORDERS = SQL(
    """
    (SELECT COUNT(DISTINCT one) FROM unnest(string_to_array(
        string_agg(array_to_string(order_keys, chr(31)), chr(31)) FILTER (WHERE is_purchase),
        chr(31))) one)
    """
)


class CrmSegmentReport(models.Model):
    _inherit = "crm.segment.report"  # pylint: disable=consider-merging-classes-inherited

    @property
    def _table_query(self):
        """Months × segments, with the stays that began and ended and the money of the month."""
        since = self._since()
        return SQL(
            "WITH since AS (%s), monthly AS MATERIALIZED (%s) %s %s",
            since,
            self._monthly(),
            self._select(),
            self._from(),
        )

    def _select(self):
        return SQL(
            """
            SELECT ((EXTRACT(YEAR FROM g.month) * 12 + EXTRACT(MONTH FROM g.month))::bigint
                    * 10000 + g.company_id) * 1000000
                    + COALESCE(g.segment_id, 500000 + g.segmentation_id) AS id,
                   g.segmentation_id, g.segment_id, g.company_id, g.month, g.is_leading,
                   %(currency)s::int AS currency_id,
                   CASE WHEN g.segment_id IS NOT NULL THEN COALESCE(f.members, 0) END AS members,
                   COALESCE(f.joined, 0) AS joined, COALESCE(f.gone, 0) AS "left",
                   COALESCE(b.revenue, 0) AS revenue, COALESCE(b.orders, 0) AS orders,
                   COALESCE(b.purchase_money, 0) AS purchase_money,
                   COALESCE(a.revenue, 0) AS revenue_all,
                   (b.revenue / NULLIF(a.revenue, 0))::float AS share,
                   b.purchase_money / NULLIF(b.orders, 0) AS average_purchase
            """,
            currency=self.env.company.currency_id.id,
        )

    def _from(self):
        return SQL(
            """
            FROM (%(grid)s) g
            LEFT JOIN (%(flow)s) f
              ON f.segmentation_id = g.segmentation_id AND f.company_id = g.company_id
             AND f.segment_id = g.segment_id AND f.month = g.month
            LEFT JOIN (%(bought)s) b
              ON b.segmentation_id = g.segmentation_id AND b.company_id = g.company_id
             AND b.segment_key = COALESCE(g.segment_id, 0) AND b.month = g.month
            LEFT JOIN (%(all)s) a
              ON a.company_id = g.company_id AND a.month = g.month
            """,
            grid=self._grid(),
            flow=self._flow(),
            bought=self._bought(),
            all=self._all(),
        )

    def _stays(self):
        """Stays that count: in use, of the companies switched on; a pin out is none."""
        return SQL(
            """
            SELECT m.id, m.segmentation_id, m.segment_id, m.company_id, m.partner_id,
                   m.date_from, m.date_to
            FROM crm_segment_membership m
            JOIN crm_segmentation d ON d.id = m.segmentation_id AND d.active AND d.enabled
            WHERE m.company_id = ANY(%s) AND m.pinned IS DISTINCT FROM 'out'
            """,
            self.env.companies.ids,
        )

    def _since(self):
        """The first day that is known of each segmentation in each company.

        Looked up beforehand: inside the query it would be once per use.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT segmentation_id, company_id, MIN(date_from)
                FROM (%s) s GROUP BY segmentation_id, company_id
                """,
                self._stays(),
            )
        )
        known = [SQL("(%s, %s, %s::date)", *row) for row in rows]
        return SQL(
            "SELECT * FROM (VALUES %s) k (segmentation_id, company_id, since)",
            SQL(", ").join(known or [SQL("(NULL::int, NULL::int, NULL::date)")]),
        )

    def _grid(self):
        """Every segment, and none, in every month since the first that is known."""
        return SQL(
            """
            SELECT k.segmentation_id, k.company_id, s.segment_id, month::date AS month,
                   (k.company_id, k.segmentation_id) IN (%(leading)s) AS is_leading
            FROM since k
            JOIN (
                SELECT segmentation_id, id AS segment_id FROM crm_segment
                UNION ALL SELECT id, NULL FROM crm_segmentation
            ) s USING (segmentation_id)
            CROSS JOIN LATERAL generate_series(
                date_trunc('month', k.since), %(today)s::timestamp, '1 month') month
            """,
            today=self.env["crm.segmentation"]._today(),
            leading=SQL(", ").join(
                SQL("(%s, %s)", one.id, one._leading_segmentation().id or 0)
                for one in self.env.companies
            ),
        )

    def _flow(self):
        """Stays begun and ended by month; members are their running balance.

        Where a stay ends on the day that the next one in the same segment begins, nobody has
        moved; and what is known first is no joining.
        """
        return SQL(
            """
            SELECT segmentation_id, company_id, segment_id, month,
                   SUM(joined) AS joined, SUM(gone) AS gone,
                   SUM(SUM(balance)) OVER (
                       PARTITION BY segmentation_id, company_id, segment_id ORDER BY month
                   ) AS members
            FROM (%(parts)s) e GROUP BY segmentation_id, company_id, segment_id, month
            """,
            parts=SQL(" UNION ALL ").join(
                [self._every_month(), self._begun(), self._ended(), self._unmoved()]
            ),
        )

    def _every_month(self):
        return SQL(
            """
            SELECT segmentation_id, company_id, segment_id, month,
                   0 AS balance, 0 AS joined, 0 AS gone
            FROM (%s) grid WHERE segment_id IS NOT NULL
            """,
            self._grid(),
        )

    def _begun(self):
        return SQL(
            """
            SELECT s.segmentation_id, s.company_id, s.segment_id,
                   date_trunc('month', s.date_from::timestamp)::date,
                   COUNT(*), COUNT(*) FILTER (WHERE s.date_from > k.since), 0
            FROM (%s) s JOIN since k USING (segmentation_id, company_id)
            GROUP BY 1, 2, 3, 4
            """,
            self._stays(),
        )

    def _ended(self):
        return SQL(
            """
            SELECT segmentation_id, company_id, segment_id,
                   date_trunc('month', date_to::timestamp)::date, -COUNT(*), 0, COUNT(*)
            FROM (%s) s WHERE date_to IS NOT NULL GROUP BY 1, 2, 3, 4
            """,
            self._stays(),
        )

    def _unmoved(self):
        """Stays that go on in the next row: neither left nor joined."""
        return SQL(
            """
            SELECT s.segmentation_id, s.company_id, s.segment_id,
                   date_trunc('month', s.date_to::timestamp)::date, 0, -COUNT(*), -COUNT(*)
            FROM (%(stays)s) s JOIN (%(stays)s) n
              ON n.partner_id = s.partner_id AND n.segment_id = s.segment_id
             AND n.company_id = s.company_id AND n.date_from = s.date_to
            WHERE s.date_to IS NOT NULL GROUP BY 1, 2, 3, 4
            """,
            stays=self._stays(),
        )

    def _bought(self):
        """Money of each month by where the customer was at the end of it; 0 stands for nowhere."""
        return SQL(
            """
            SELECT k.segmentation_id, b.company_id, b.month,
                   COALESCE(s.segment_id, 0) AS segment_key, SUM(b.revenue) AS revenue,
                   SUM(b.orders)::int AS orders, SUM(b.purchase_money) AS purchase_money
            FROM monthly b
            JOIN since k ON k.company_id = b.company_id AND k.since <= b.month_end
            LEFT JOIN (%(stays)s) s
              ON s.segmentation_id = k.segmentation_id AND s.company_id = b.company_id
             AND s.partner_id = b.partner_id AND s.date_from <= b.month_end
             AND (s.date_to IS NULL OR s.date_to > b.month_end)
            GROUP BY 1, 2, 3, 4
            """,
            stays=self._stays(),
        )

    def _all(self):
        """What all customers bought by month."""
        return SQL(
            "SELECT company_id, month, SUM(revenue) AS revenue FROM monthly GROUP BY 1, 2"
        )

    def _documents(self):
        Metrics = self.env["crm.customer.metrics"].sudo()  # sudo: the report has its own access
        companies = self.env.companies
        return Metrics._documents_sql(companies, self.env["crm.segmentation"]._today())

    def _monthly(self):
        """One row per customer and month with a document."""
        return SQL(
            """
            SELECT *, LEAST((month + '1 month - 1 day'::interval)::date, %(today)s) AS month_end
            FROM (
                SELECT company_id, partner_id, date_trunc('month', day::timestamp)::date AS month,
                       SUM(amount) AS revenue, %(orders)s AS orders,
                       COALESCE(SUM(amount) FILTER (WHERE is_purchase), 0) AS purchase_money
                FROM (%(documents)s) d
                WHERE day >= (SELECT date_trunc('month', MIN(since)) FROM since)
                GROUP BY 1, 2, 3
            ) months
            """,
            today=self.env["crm.segmentation"]._today(),
            orders=self._orders(),
            documents=self._documents(),
        )

    def _orders(self):
        """Purchases as the row's company counts them; only what is in use is counted."""
        counts = {
            "documents": SQL("COUNT(*) FILTER (WHERE is_purchase)"),
            "days": SQL("COUNT(DISTINCT day) FILTER (WHERE is_purchase)"),
            "orders": _DISTINCT_ORDERS,
        }
        companies = self.env.companies.sudo()  # sudo: settings that decide how is counted
        units = {unit: companies.filtered(lambda one: one.crm_purchase_unit == unit)  # noqa: B023
                 for unit in counts}  # fmt: skip
        used = {unit: found for unit, found in units.items() if found}
        if len(used) == 1:
            return counts[next(iter(used))]
        cases = [
            SQL("WHEN MIN(company_id) = ANY(%s) THEN %s", found.ids, counts[unit])
            for unit, found in used.items()
        ]
        return SQL("CASE %s END", SQL(" ").join(cases))
