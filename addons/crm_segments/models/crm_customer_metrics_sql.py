"""The statement that derives a company's figures from its documents."""

import math

from odoo import fields, models
from odoo.tools import SQL

from .crm_customer_metrics_sources import DOCUMENT_COLUMNS
from .metric_fields import sql_any

#: days until the next purchase where nobody in the company has bought twice
DEFAULT_INTERVAL = 90

COLUMNS = (
    "currency_id", "first_purchase_date", "last_purchase_date", "purchase_count",
    "purchase_count_12m", "purchase_total", "revenue_total", "revenue_12m",
    "average_purchase", "refund_total", "refund_rate", "interval_count",
    "interval_median", "interval_p75", "interval_expected", "interval_basis",
    "risk_date", "lost_date", "days_to_pay", "amount_overdue",
    "opportunity_open_count", "won_count", "lost_count", "win_rate",
    "last_contact_date", "contacts_30d",
)  # fmt: skip

#: parts that several others read
_MATERIALIZED = dict.fromkeys(("invoices", "documents", "gaps", "dues"), SQL("MATERIALIZED"))

#: parts that are joined to the sales: a customer may have no sales, but no intervals alone
_JOINS = {
    "payments": "FULL", "overdue": "FULL", "opportunities": "FULL", "contacts": "FULL",
    "intervals": "LEFT",
}  # fmt: skip


# The model is split by topic, a file each.
class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    def _refresh_company(self, company, partner_ids=None, today=None):
        """Write the rows of ``company`` that differ from its documents.

        :param list partner_ids: ids of commercial entities, None for everybody
        :param date today: the day the figures are for, by default that of the rules
        :return: set of ids of the partners whose row changed
        """
        if partner_ids is not None and not partner_ids:
            return set()
        # the day of the rules: the same for everybody, whatever their time zone
        today = today or self.env["crm.segmentation"]._today()
        self._flush_sources()
        rows = self.env.execute_query(self._refresh_sql(company, partner_ids, today))
        changed = {partner for partner, *_rest in rows if partner}
        if partner_ids is None:
            interval = next((value for partner, value in rows if not partner), None)
            self._store_population_interval(company, interval)
        if changed:
            Partner = self.env["res.partner"]
            Partner.invalidate_model(list(Partner._customer_metrics()))
            self.invalidate_model()
        return changed

    def _refresh_population(self, company):
        """Store the long interval of all customers, which the rows of a range refer to."""
        self._flush_sources()
        today = self.env["crm.segmentation"]._today()
        parts = self._fresh_parts(company, None, today)
        wanted = {name: parts[name] for name in ("invoices", "documents", "gaps", "population")}
        [[interval]] = self.env.execute_query(
            SQL("WITH %s SELECT p75 FROM population", self._joined_parts(wanted))
        )
        self._store_population_interval(company, interval)

    def _refresh_range(self, company, low, high):
        """Write the rows that differ, of the customers with ids from ``low`` to ``high``."""
        self._refresh_company(company, self.env["crm.job"]._within(low, high))

    def _store_population_interval(self, company, interval):
        # rounded up as in the figures: who is placed later has the same as everybody at night
        interval = math.ceil(interval) if interval else 0
        if company.crm_population_interval != interval:
            company.crm_population_interval = interval

    def _flush_sources(self):
        """Send to the database what the statement reads."""
        for model in (
            "res.partner", "account.move", "account.move.line", "account.partial.reconcile",
            "sale.order", "crm.lead", "crm.sales.history", "crm.sales.source",
            "mail.message", "mail.notification", "mail.activity", "calendar.event",
            "calendar.attendee",
        ):  # fmt: skip
            self.env[model].flush_model()

    def _refresh_sql(self, company, partner_ids, today):
        """Difference between fresh and stored rows, written in one statement.

        Returns a row ``(partner_id, NULL)`` per changed partner and, without a
        restriction to partners, one row ``(NULL, population interval)``.
        """
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        return SQL(
            """
            WITH %(fresh)s,
            stored AS (
                SELECT * FROM crm_customer_metrics
                WHERE company_id = %(company)s AND %(scope)s
            ),
            gone AS (
                DELETE FROM crm_customer_metrics m USING stored s
                WHERE m.id = s.id
                  AND NOT EXISTS (SELECT FROM fresh f WHERE f.partner_id = s.partner_id)
                RETURNING m.partner_id
            ),
            written AS (
                INSERT INTO crm_customer_metrics (partner_id, company_id, %(columns)s)
                SELECT f.partner_id, %(company)s, %(fresh_columns)s
                FROM fresh f LEFT JOIN stored s ON s.partner_id = f.partner_id
                WHERE s.id IS NULL OR (%(fresh_columns)s) IS DISTINCT FROM (%(stored_columns)s)
                ON CONFLICT (partner_id, company_id)
                DO UPDATE SET (%(columns)s) = ROW(%(excluded)s)
                RETURNING partner_id
            )
            SELECT partner_id, NULL::float FROM gone
            UNION ALL SELECT partner_id, NULL FROM written
            UNION ALL SELECT NULL, p75 FROM population
            """,
            fresh=self._fresh_sql(company, partner_ids, today),
            company=company.id,
            scope=sql_any(SQL.identifier("partner_id"), partner_ids),
            columns=columns,
            fresh_columns=SQL(", ").join(SQL.identifier("f", name) for name in COLUMNS),
            stored_columns=SQL(", ").join(SQL.identifier("s", name) for name in COLUMNS),
            excluded=SQL(", ").join(SQL.identifier("excluded", name) for name in COLUMNS),
        )

    def _fresh_sql(self, company, partner_ids, today):
        """Common table expressions that end with ``fresh``: one row per customer."""
        return self._joined_parts(self._fresh_parts(company, partner_ids, today))

    def _joined_parts(self, parts, once=()):
        """The parts as common table expressions, in the order that they need each other.

        :param once: names of parts that only one other reads, so they needn't be kept
        """
        kept = {name: how for name, how in _MATERIALIZED.items() if name not in once}
        ctes = [
            SQL("%s AS %s (%s)", SQL.identifier(name), kept.get(name, SQL()), sql)
            for name, sql in parts.items()
        ]
        return SQL(", ").join(ctes)

    def _fresh_parts(self, company, partner_ids, today):
        """Name → SELECT of each step from the documents to the figures."""
        documents = SQL(
            "SELECT partner_id, day, amount, is_purchase, order_keys FROM (%s) d %s",
            SQL(" UNION ALL ").join(self._document_sources(company, partner_ids, today).values()),
            DOCUMENT_COLUMNS,
        )
        return {
            "invoices": self._invoices_sql(company, partner_ids),
            "documents": documents,
            "sales": self._sales_sql(company, today),
            "gaps": self._gaps_sql(),
            "intervals": self._intervals_sql(),
            "population": self._population_sql(company, partner_ids),
            "dues": self._dues_sql(today),
            "payments": self._payments_sql(),
            "overdue": self._overdue_sql(),
            "opportunities": self._opportunities_sql(company, partner_ids),
            "contacts": self._contacts_sql(company, partner_ids, today),
            "fresh": self._rows_sql(company),
        }

    def _intervals_sql(self):
        """Number, median and upper quartile of each customer's gaps."""
        return SQL(
            """
            SELECT partner_id, COUNT(*) AS interval_count, MAX(gap) AS longest,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS interval_median,
                   percentile_cont(0.75) WITHIN GROUP (ORDER BY gap) AS interval_p75
            FROM gaps GROUP BY partner_id
            """
        )

    def _sales_sql(self, company, today):
        """Counts and money per customer, one GROUP BY over document headers."""
        by_order = company.crm_purchase_unit == "orders"
        count = SQL("COUNT(DISTINCT day)" if company.crm_purchase_unit == "days" else "COUNT(*)")
        return SQL(
            """
            SELECT partner_id,
                   MIN(day) FILTER (WHERE is_purchase) AS first_purchase_date,
                   MAX(day) FILTER (WHERE is_purchase) AS last_purchase_date,
                   %(count)s AS purchase_count, %(count_12m)s AS purchase_count_12m,
                   COALESCE(SUM(amount) FILTER (WHERE is_purchase), 0) AS purchase_total,
                   COALESCE(SUM(amount), 0) AS revenue_total,
                   COALESCE(SUM(amount) FILTER (WHERE day > %(year_ago)s), 0) AS revenue_12m,
                   COALESCE(-SUM(amount) FILTER (WHERE NOT is_purchase), 0) AS refund_total
            FROM documents %(orders)s GROUP BY partner_id
            """,
            count=SQL("MAX(orders)") if by_order else SQL("%s FILTER (WHERE is_purchase)", count),
            count_12m=SQL("MAX(orders_12m)")
            if by_order
            else SQL("%s FILTER (WHERE is_purchase AND day > %s)", count, self._year_ago(today)),
            orders=self._orders_join(today) if by_order else SQL(),
            year_ago=self._year_ago(today),
        )

    def _year_ago(self, today):
        return fields.Date.subtract(today, years=1)

    def _orders_join(self, today):
        """Orders behind the purchases: one invoiced in parts counts once, three on one thrice."""
        return SQL(
            """
            LEFT JOIN (
                SELECT partner_id, COUNT(DISTINCT one) AS orders,
                       COUNT(DISTINCT one) FILTER (WHERE day > %s) AS orders_12m
                FROM documents CROSS JOIN LATERAL unnest(order_keys) one
                WHERE is_purchase GROUP BY partner_id
            ) ordered USING (partner_id)
            """,
            self._year_ago(today),
        )

    def _gaps_sql(self):
        """Gaps in days between distinct days with a purchase."""
        return SQL(
            """
            SELECT partner_id, gap FROM (
                SELECT partner_id,
                       day - lag(day) OVER (PARTITION BY partner_id ORDER BY day) AS gap
                FROM (SELECT DISTINCT partner_id, day FROM documents WHERE is_purchase) days
            ) lagged WHERE gap IS NOT NULL
            """
        )

    def _population_sql(self, company, partner_ids):
        """The long interval of all customers: fresh in a full run, else as stored."""
        if partner_ids is None:
            return SQL("SELECT percentile_cont(0.75) WITHIN GROUP (ORDER BY gap) AS p75 FROM gaps")
        return SQL("SELECT NULLIF(%s, 0)::float AS p75", company.crm_population_interval)

    def _rows_sql(self, company, constant=()):
        """Join the parts; derive ratios, the expected interval and its dates.

        :param constant: names of parts that hold one row for all customers
        """
        return SQL(
            """
            SELECT *, last_purchase_date + ROUND(1.5 * interval_expected)::int AS risk_date,
                   last_purchase_date + 3 * interval_expected AS lost_date
            FROM (
                SELECT partner_id, %(currency)s::int AS currency_id,
                    first_purchase_date, last_purchase_date,
                    COALESCE(purchase_count, 0)::int AS purchase_count,
                    COALESCE(purchase_count_12m, 0)::int AS purchase_count_12m,
                    COALESCE(purchase_total, 0) AS purchase_total,
                    COALESCE(revenue_total, 0) AS revenue_total,
                    COALESCE(revenue_12m, 0) AS revenue_12m,
                    COALESCE(purchase_total / NULLIF(purchase_count, 0), 0) AS average_purchase,
                    COALESCE(refund_total, 0) AS refund_total,
                    COALESCE(refund_total / NULLIF(purchase_total, 0), 0)::float AS refund_rate,
                    COALESCE(interval_count, 0)::int AS interval_count,
                    COALESCE(interval_median, 0)::float AS interval_median,
                    COALESCE(interval_p75, 0)::float AS interval_p75,
                    CASE WHEN last_purchase_date IS NULL THEN 0
                         WHEN interval_count >= 3 THEN GREATEST(CEIL(interval_p75), 1)
                         ELSE GREATEST(CEIL(COALESCE(population.p75, %(default)s)), longest, 1)
                    END::int AS interval_expected,
                    CASE WHEN last_purchase_date IS NULL THEN NULL
                         WHEN interval_count >= 3 THEN 'own'
                         WHEN population.p75 IS NULL THEN 'default'
                         ELSE 'population' END AS interval_basis,
                    COALESCE(days_to_pay, 0)::float AS days_to_pay,
                    COALESCE(amount_overdue, 0) AS amount_overdue,
                    COALESCE(opportunity_open_count, 0)::int AS opportunity_open_count,
                    COALESCE(won_count, 0)::int AS won_count,
                    COALESCE(lost_count, 0)::int AS lost_count,
                    COALESCE(won_count::float / NULLIF(won_count + lost_count, 0), 0) AS win_rate,
                    last_contact_date, COALESCE(contacts_30d, 0)::int AS contacts_30d
                FROM sales %(joins)s CROSS JOIN population
            ) joined
            """,
            joins=SQL(" ").join(
                SQL("CROSS JOIN %s", SQL.identifier(name))
                if name in constant
                else SQL("%s JOIN %s USING (partner_id)", SQL(how), SQL.identifier(name))
                for name, how in _JOINS.items()
            ),
            currency=company.currency_id.id,
            default=DEFAULT_INTERVAL,
        )
