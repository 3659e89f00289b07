"""The statement that packs the documents of a company: a row per customer, and foreign currency."""

from odoo import models
from odoo.tools import SQL

#: number of purchases on a day, by what the company counts as one
_COUNTED = {"documents": SQL("purchases"), "days": SQL("LEAST(purchases, 1)"), "orders": SQL("0")}
#: a number for what a source of the history sold that is not in the catalogue
_OWN_CODE = SQL("-1 - (hashtextextended(source_id || ':' || product_ref, 0) & %s)", (1 << 62) - 1)


class CrmCustomerPurchases(models.Model):
    _inherit = "crm.customer.purchases"  # pylint: disable=consider-merging-classes-inherited

    def _found_sql(self, company, until):
        """SELECT of ``customer_id``, ``currency_id`` and the arrays of ``ARRAYS``."""
        # sudo: all documents of the company, for a table that nobody reads
        Metrics = self.env["crm.customer.metrics"].sudo()
        unit = company.sudo().crm_purchase_unit  # sudo: a setting that decides how is counted
        return SQL(
            """
            WITH documents AS MATERIALIZED (
                    SELECT source, document_id, company_id, partner_id, day, amount,
                           is_purchase, order_keys, amount_currency,
                           COALESCE(currency_id, %(own)s) AS currency_id
                    FROM (%(documents)s) d),
                 days AS (%(days)s),
                 orders AS (%(orders)s),
                 wanted AS (SELECT source, document_id, company_id, partner_id, day AS period,
                                   currency_id FROM documents WHERE is_purchase),
                 lines AS (%(lines)s)
            SELECT partner_id AS customer_id, currency_id, days, revenue, bought, purchases,
                   foreign_revenue, foreign_bought, order_days, orders_before,
                   line_days, items, quantities, amounts
            FROM days LEFT JOIN orders USING (partner_id, currency_id)
                 LEFT JOIN lines USING (partner_id, currency_id)
            """,
            documents=Metrics._documents_sql(company, until),
            own=company.currency_id.id,
            days=self._days_sql(company, _COUNTED[unit]),
            orders=self._order_days_sql(company, counted=unit == "orders"),
            lines=self._lines_sql(Metrics._line_sources().values()),
        )

    def _days_sql(self, company, counted):
        """Days with documents, and what each measure came to with them."""
        return SQL(
            """
            SELECT partner_id, currency_id, array_agg(day ORDER BY day) AS days,
                   0::numeric || array_agg(revenue ORDER BY day) AS revenue,
                   0::numeric || array_agg(bought ORDER BY day) AS bought,
                   0 || array_agg(purchases::int ORDER BY day) AS purchases,
                   CASE WHEN currency_id <> %(own)s THEN
                       0::numeric || array_agg(foreign_revenue ORDER BY day) END AS foreign_revenue,
                   CASE WHEN currency_id <> %(own)s THEN
                       0::numeric || array_agg(foreign_bought ORDER BY day) END AS foreign_bought
            FROM (
                SELECT partner_id, currency_id, day,
                       SUM(revenue) OVER so_far AS revenue, SUM(bought) OVER so_far AS bought,
                       SUM(%(counted)s) OVER so_far AS purchases,
                       SUM(foreign_revenue) OVER so_far AS foreign_revenue,
                       SUM(foreign_bought) OVER so_far AS foreign_bought
                FROM (%(all)s UNION ALL %(foreign)s) by_day
                WINDOW so_far AS (PARTITION BY partner_id, currency_id ORDER BY day)
            ) added_up GROUP BY partner_id, currency_id
            """,
            own=company.currency_id.id,
            counted=counted,
            all=self._by_day_sql(company, foreign=False),
            foreign=self._by_day_sql(company, foreign=True),
        )

    def _by_day_sql(self, company, *, foreign):
        """Documents of a day added up: all of them, or those in each foreign currency."""
        own = SQL("%s", company.currency_id.id)
        money = SQL("amount_currency") if foreign else SQL("NULL")
        return SQL(
            """
            SELECT partner_id, %(currency)s AS currency_id, day,
                   COALESCE(SUM(amount), 0)::numeric AS revenue,
                   COALESCE(SUM(amount) FILTER (WHERE is_purchase), 0)::numeric AS bought,
                   COUNT(*) FILTER (WHERE is_purchase) AS purchases,
                   COALESCE(SUM(%(money)s::numeric), 0) AS foreign_revenue,
                   COALESCE(SUM(%(money)s::numeric) FILTER (WHERE is_purchase), 0)
                       AS foreign_bought
            FROM documents WHERE %(which)s GROUP BY partner_id, 2, day
            """,
            currency=SQL("currency_id") if foreign else own,
            money=money,
            which=SQL("currency_id <> %s", own) if foreign else SQL("TRUE"),
        )

    def _order_days_sql(self, company, *, counted):
        """The days on which each order was bought from, and the one before of the same order."""
        return SQL(
            """
            SELECT partner_id, %(own)s AS currency_id,
                   array_agg(day ORDER BY day, before) AS order_days,
                   array_agg(before ORDER BY day, before) AS orders_before
            FROM (
                SELECT partner_id, day,
                       LAG(day) OVER (PARTITION BY partner_id, one ORDER BY day) AS before
                FROM documents CROSS JOIN LATERAL unnest(order_keys) one
                WHERE is_purchase AND %(counted)s GROUP BY partner_id, one, day
            ) bought GROUP BY partner_id
            """,
            own=company.currency_id.id,
            counted=counted,
        )

    def _lines_sql(self, sources):
        """Products on purchases, by day."""
        return SQL(
            """
            SELECT partner_id, currency_id, array_agg(day ORDER BY day, item) AS line_days,
                   array_agg(item ORDER BY day, item) AS items,
                   array_agg(quantity ORDER BY day, item) AS quantities,
                   array_agg(amount ORDER BY day, item) AS amounts
            FROM (
                SELECT partner_id, currency_id, day, COALESCE(product_id, %(own_code)s) AS item,
                       SUM(quantity)::float8 AS quantity, SUM(amount)::float8 AS amount
                FROM (%(lines)s) l (company_id, partner_id, day, currency_id, product_id,
                                    source_id, product_ref, quantity, amount)
                GROUP BY partner_id, currency_id, day, item
            ) by_day GROUP BY partner_id, currency_id
            """,
            own_code=_OWN_CODE,
            lines=SQL(" UNION ALL ").join(sources),
        )
