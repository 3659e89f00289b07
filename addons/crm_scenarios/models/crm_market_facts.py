"""Own figures for the same slices and years, in few statements."""

from odoo import models
from odoo.addons.crm_segments.models.rates import rate_sql
from odoo.fields import Date
from odoo.tools import SQL

from .crm_market import SLICES


class CrmMarket(models.Model):
    _inherit = "crm.market"  # pylint: disable=consider-merging-classes-inherited

    def _spans(self, today):
        """SELECT of (id, first, until, before_first, before_until), a row per market.

        A year that isn't over is compared with the same days of the year before.
        """
        rows = []
        for market in self:
            first, last = Date.to_date(f"{market.year}-01-01"), Date.to_date(f"{market.year}-12-31")
            until = min(last, today)
            rows.append(
                SQL(
                    "(%s, %s::date, %s::date, %s::date, %s::date, %s, %s::int, %s::int, %s::int)",
                    market.id, first, until, Date.subtract(first, years=1),
                    Date.subtract(until, years=1), market.company_id.id,
                    *(market[name].id or None for name in SLICES),
                )
            )  # fmt: skip
        return SQL(
            "(VALUES %s) k (id, first, until, before_first, before_until, company_id, segment_id,"
            " industry_id, country_id)", SQL(", ").join(rows),
        )  # fmt: skip

    def _own_figures(self, company, today):
        """Market id → (revenue of the year, of the year before, customers, whole); of one company.

        The year before is unknown where the company's documents begin more than a month after
        it: growth from a part of a year would be none of the market. ``whole`` tells whether they
        begin before the year itself, so that its share compares with those of other years.
        """
        metrics = self.env["crm.customer.metrics"].with_company(company)
        metrics._flush_sources()
        self.env["crm.segment.membership"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                WITH documents AS MATERIALIZED (%(documents)s),
                    books AS (SELECT MIN(day) AS start FROM documents)
                SELECT k.id, SUM(d.amount) FILTER (WHERE d.day >= k.first)::float,
                       CASE WHEN b.start < k.before_first + 31
                            THEN SUM(d.amount) FILTER (WHERE d.day <= k.before_until)::float END,
                       COUNT(DISTINCT d.partner_id)
                           FILTER (WHERE d.day >= k.first AND d.is_purchase)::int,
                       COALESCE(b.start < k.first + 31, FALSE)
                FROM books b CROSS JOIN %(spans)s
                LEFT JOIN (documents d JOIN res_partner p ON p.id = d.partner_id)
                    ON d.day BETWEEN k.before_first AND k.until AND %(inside)s
                GROUP BY k.id, k.first, k.before_first, b.start
                """,
                documents=metrics.with_context(allowed_company_ids=company.ids)._documents_sql(
                    company, today
                ),
                spans=self._spans(today),
                inside=_INSIDE,
            )
        )
        return {market_id: figures for market_id, *figures in rows}

    def _deal_counts(self, today):
        """Market id → (deals won, {lost reason id: deals lost}), closed in the year."""
        self.env["crm.lead"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT k.id, l.won_status,
                       CASE WHEN l.won_status = 'lost' THEN l.lost_reason_id END, COUNT(*)::int
                FROM %(spans)s
                JOIN crm_lead l ON l.type = 'opportunity' AND l.won_status IN ('won', 'lost')
                    AND l.date_closed::date BETWEEN k.first AND k.until
                    AND COALESCE(l.company_id, k.company_id) = k.company_id
                JOIN res_partner c ON c.id = l.partner_id
                JOIN res_partner p ON p.id = c.commercial_partner_id
                WHERE %(inside)s
                GROUP BY 1, 2, 3
                """,
                spans=self._spans(today),
                inside=_INSIDE,
            )
        )
        found = {market.id: [0, {}] for market in self}
        for market_id, status, reason_id, count in rows:
            if status == "won":
                found[market_id][0] += count
            else:
                found[market_id][1][reason_id] = count
        return found

    def _average_rate(self, currency, company, year, today):
        """Units of the company's currency for one of ``currency``, averaged over the days."""
        if currency == company.currency_id:
            return 1.0
        self.env["res.currency.rate"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT AVG(%(to)s / %(own)s)::float
                FROM generate_series(%(first)s::date, %(last)s::date, '1 day') g
                CROSS JOIN LATERAL (SELECT g::date AS day) k
                """,
                to=rate_sql(SQL("%s", company.currency_id.id), company.root_id, SQL("k.day")),
                own=rate_sql(SQL("%s", currency.id), company.root_id, SQL("k.day")),
                first=f"{year}-01-01",
                last=min(Date.to_date(f"{year}-12-31"), max(today, Date.to_date(f"{year}-01-01"))),
            )
        )[0][0]


#: the customer ``p`` belongs to the slice ``k``: in the segment at the end of its days
_INSIDE = SQL(
    """
    (k.industry_id IS NULL OR p.industry_id = k.industry_id)
    AND (k.country_id IS NULL OR p.country_id = k.country_id)
    AND (k.segment_id IS NULL OR EXISTS (
        SELECT FROM crm_segment_membership s
        WHERE s.partner_id = p.id AND s.segment_id = k.segment_id AND s.company_id = k.company_id
          AND s.pinned IS DISTINCT FROM 'out' AND s.date_from <= k.until
          AND (s.date_to IS NULL OR s.date_to > k.until)))
    """
)
