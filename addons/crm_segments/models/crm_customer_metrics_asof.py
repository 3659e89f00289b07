"""Figures as of a day of the past, from the documents dated until then."""

from odoo import models
from odoo.tools import SQL

from .crm_customer_metrics_sources import DOCUMENT_COLUMNS
from .crm_customer_metrics_sql import COLUMNS

#: part of the statement → figures that come from it
_PARTS = {
    "intervals": {"interval_median", "interval_p75", "risk_date", "lost_date"},
    "payments": {"days_to_pay"},
    "overdue": {"amount_overdue"},
    "opportunities": {"opportunity_open_count", "won_count", "lost_count", "win_rate"},
    "contacts": {"last_contact_date", "contacts_30d"},
}
#: figures that tell who is a customer at all, and in what money
_ALWAYS = {"currency_id", "purchase_total", "refund_total"}
#: a part that nobody reads: one row for all, with the columns that the rows are made of
_EMPTY = {
    "intervals": SQL(
        "SELECT 0 AS interval_count, NULL::int AS longest, 0 AS interval_median, 0 AS interval_p75"
    ),
    "payments": SQL("SELECT 0 AS days_to_pay"),
    "overdue": SQL("SELECT 0 AS amount_overdue"),
    "opportunities": SQL("SELECT 0 AS opportunity_open_count, 0 AS won_count, 0 AS lost_count"),
    "contacts": SQL("SELECT NULL::date AS last_contact_date, 0 AS contacts_30d"),
}


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    def _read_documents_once(self, company, until):
        """Keep the documents of the company at hand for the month-ends that follow."""
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.crm_documents_asof"))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_documents_asof ON COMMIT DROP AS
                WITH invoices AS (%s)
                SELECT partner_id, day, amount, is_purchase, order_keys FROM (%s) d %s
                """,
                self._invoices_sql(company, None),
                SQL(" UNION ALL ").join(self._document_sources(company, None, until).values()),
                DOCUMENT_COLUMNS,
            )
        )
        self.env.cr.execute(SQL("ANALYZE crm_documents_asof"))

    def _play_figures(self, company, day, figures):
        """Fill the shadow of the figures with what they were at the end of ``day``.

        :param figures: names of the figures that will be read; others stay empty
        """
        # of the others there is nothing to know: nobody reads them
        read = sorted(_ALWAYS | set(COLUMNS).intersection(figures))
        columns = SQL(", ").join(map(SQL.identifier, read))
        self.env.cr.execute(SQL("DROP INDEX IF EXISTS pg_temp.crm_customer_metrics_asof"))
        self.env.cr.execute(SQL("TRUNCATE crm_customer_metrics"))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_customer_metrics (id, partner_id, company_id, %(columns)s)
                WITH %(fresh)s
                SELECT 0, partner_id, %(company)s, %(columns)s FROM fresh
                """,
                columns=columns,
                fresh=self._as_of_sql(company, day, figures),
                company=company.id,
            )
        )
        # a figure of a customer is looked up as in the real table
        self.env.cr.execute(
            SQL(
                "CREATE UNIQUE INDEX crm_customer_metrics_asof"
                " ON crm_customer_metrics (partner_id, company_id)"
            )
        )
        self.env.cr.execute(
            SQL("ANALYZE crm_customer_metrics (partner_id, company_id, %s)", columns)
        )
        self.invalidate_model(flush=False)
        Partner = self.env["res.partner"]
        Partner.invalidate_model(list(Partner._customer_metrics()), flush=False)

    def _as_of_sql(self, company, day, figures):
        """Common table expressions that end with ``fresh``, as :meth:`_fresh_sql` has them."""
        parts = self._fresh_parts(company, None, day)
        parts["documents"] = SQL("SELECT * FROM crm_documents_asof WHERE day <= %s", day)
        parts["dues"] = self._dues_as_of_sql(day)
        parts["payments"] = self._payments_sql(until=day)
        parts["opportunities"] = self._opportunities_as_of_sql(company, day)
        unread = {name for name, served in _PARTS.items() if served.isdisjoint(figures)}
        parts |= {name: _EMPTY[name] for name in unread}
        parts["fresh"] = self._rows_sql(company, unread)
        if "intervals" not in unread:
            return self._joined_parts(parts)
        parts["population"] = SQL("SELECT NULL::float AS p75")
        # the sales alone read the documents, as they stand in the temporary table
        del parts["gaps"]
        return self._joined_parts(parts, once=["documents"])

    def _dues_as_of_sql(self, day):
        """Receivable lines with what was open of them at the end of ``day``, past the due date."""
        return SQL(
            """
            SELECT l.id, i.partner_id, i.day,
                   CASE WHEN l.date_maturity < %(day)s AND l.balance > COALESCE(paid.amount, 0)
                        THEN l.balance - COALESCE(paid.amount, 0) END AS overdue
            FROM invoices i JOIN account_move_line l ON l.move_id = i.id
            LEFT JOIN LATERAL (
                SELECT SUM(r.amount) AS amount FROM account_partial_reconcile r
                WHERE r.debit_move_id = l.id AND r.max_date <= %(day)s
            ) paid ON TRUE
            WHERE i.is_invoice AND i.day <= %(day)s AND l.display_type = 'payment_term'
            """,
            day=day,
        )

    def _opportunities_as_of_sql(self, company, day):
        """Won and lost until ``day``; the open ones are those of today."""
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id,
                   COUNT(*) FILTER (WHERE l.won_status = 'pending' AND l.active)
                       AS opportunity_open_count,
                   COUNT(*) FILTER (WHERE l.won_status = 'won' AND l.date_closed::date <= %(day)s)
                       AS won_count,
                   COUNT(*) FILTER (WHERE l.won_status = 'lost' AND l.date_closed::date <= %(day)s)
                       AS lost_count
            FROM crm_lead l JOIN res_partner p ON p.id = l.partner_id
            WHERE l.type = 'opportunity' AND COALESCE(l.company_id, %(company)s) = %(company)s
            GROUP BY p.commercial_partner_id
            """,
            company=company.id,
            day=day,
        )
