"""The statements behind a service policy: figures by segment, and of all customers."""

from collections import defaultdict

from odoo import api, models
from odoo.fields import Date
from odoo.tools import SQL

#: first days of a deal in which it may be answered; decided earlier, it isn't compared
LANDMARK = 14


class CrmServicePolicy(models.Model):
    _inherit = "crm.service.policy"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _service_facts(self, company):
        """Figures of a company's customers, by segment of its leading segmentation.

        :return: segment id (None: all customers) → dict of what is known
        """
        metrics = self.env["crm.customer.metrics"].with_company(company)
        metrics._flush_sources()
        metrics.flush_model()
        self.env["account.analytic.line"].flush_model()
        self.env["crm.segment.membership"].flush_model()
        today = self.env["crm.segmentation"]._today()
        known = defaultdict(dict)
        for part in self._service_parts(metrics, company, today):
            for row in self.env.execute_query_dict(part):
                key = row.pop("segment_id")
                known[key] |= {
                    name: value if value is None or isinstance(value, int) else float(value)
                    for name, value in row.items()
                }
        return dict(known)

    def _service_parts(self, metrics, company, today):
        """SELECTs with ``segment_id`` (NULL: all customers) and figures."""
        year_ago = Date.subtract(today, years=1)
        documents = SQL(
            "SELECT * FROM (%s) x WHERE x.day > %s",
            metrics._documents_sql(company, today), Date.subtract(today, years=3),
        )  # fmt: skip
        return [
            self._by_segment_sql(company, source, figures)
            for source, figures in (
                (self._customers_source(company, today), _CUSTOMERS),
                (_gaps_sql(documents), _GAPS),
                (self._payments_source(company, year_ago), _PAYMENTS),
                (self._cost_source(company, year_ago), _COST),
            )
        ]

    def _by_segment_sql(self, company, source, figures):
        return SQL(
            """
            SELECT s.segment_id, %(figures)s
            FROM (%(source)s) x
            LEFT JOIN crm_segment_membership s ON s.partner_id = x.partner_id
                AND s.company_id = %(company)s AND s.segmentation_id = %(segmentation)s
                AND s.date_to IS NULL AND s.pinned IS DISTINCT FROM 'out'
            GROUP BY GROUPING SETS ((), (s.segment_id))
            HAVING GROUPING(s.segment_id) = 1 OR s.segment_id IS NOT NULL
            """,
            figures=figures,
            source=source,
            company=company.id,
            segmentation=company._leading_segmentation().id or 0,
        )

    def _customers_source(self, company, today):
        return SQL(
            """
            SELECT m.partner_id, m.purchase_count, m.purchase_count_12m, m.purchase_total,
                   m.refund_total, m.interval_expected,
                   CASE WHEN m.purchase_count > 0 THEN %(today)s - m.last_contact_date END AS age
            FROM crm_customer_metrics m WHERE m.company_id = %(company)s
            """,
            today=today,
            company=company.id,
        )

    def _payments_source(self, company, since):
        """Payments of invoices: days from the invoice, days that were granted."""
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id, r.amount,
                   paid.date - i.invoice_date AS days,
                   i.invoice_date_due - i.invoice_date AS granted
            FROM account_move i
            JOIN res_partner p ON p.id = i.partner_id
            JOIN account_move_line d ON d.move_id = i.id AND d.display_type = 'payment_term'
            JOIN account_partial_reconcile r ON r.debit_move_id = d.id AND r.amount > 0
            JOIN account_move_line paid
              ON paid.id = r.credit_move_id AND paid.display_type <> 'payment_term'
            WHERE i.move_type = 'out_invoice' AND i.state = 'posted'
              AND i.company_id = %(company)s AND i.invoice_date > %(since)s
              AND NOT EXISTS (SELECT FROM account_partial_reconcile x
                              WHERE x.exchange_move_id = paid.move_id)
            """,
            company=company.id,
            since=since,
        )

    def _cost_source(self, company, since):
        """Cost of a year from analytic lines that name a customer, timesheets among them.

        Lines of income accounts are no cost.
        """
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id, -SUM(a.amount) AS cost
            FROM account_analytic_line a JOIN res_partner p ON p.id = a.partner_id
            LEFT JOIN account_account g ON g.id = a.general_account_id
            WHERE a.company_id = %(company)s AND a.date > %(since)s
              AND COALESCE(g.account_type, 'expense') LIKE 'expense%%'
            GROUP BY 1
            """,
            company=company.id,
            since=since,
        )

    @api.model
    def _response_facts(self, company):
        """Decided deals that lived past the landmark, by segment at their beginning.

        :return: segment id (None: all) → list of (hours until the first contact, won)
        """
        found = defaultdict(list)
        for fact in self.env["crm.deal.pattern"]._facts(company, LANDMARK):
            hours = None if fact["wait"] is None else float(fact["wait"]) * 24
            for key in (None, *(fact["segments"] or ())):
                found[key].append((hours, bool(fact["won"])))
        return found


def _gaps_sql(documents):
    """Gaps in days between distinct days with a purchase."""
    return SQL(
        """
        SELECT partner_id, gap FROM (
            SELECT partner_id, day - lag(day) OVER (PARTITION BY partner_id ORDER BY day) AS gap
            FROM (SELECT DISTINCT partner_id, day FROM (%s) d WHERE is_purchase) days
        ) lagged WHERE gap IS NOT NULL
        """,
        documents,
    )


_CUSTOMERS = SQL(
    """
    COUNT(*)::int AS customers, SUM(x.purchase_count)::int AS purchases,
    (COUNT(*) FILTER (WHERE x.purchase_count > 0))::int AS buyers,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY x.purchase_total / NULLIF(x.purchase_count, 0))
        AS size_p75,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY x.purchase_count_12m)
        FILTER (WHERE x.purchase_count > 0) AS frequency_p75,
    100 * SUM(x.refund_total) / NULLIF(SUM(x.purchase_total), 0) AS refund,
    SUM(x.purchase_total) / NULLIF(SUM(x.purchase_count), 0) AS size,
    AVG(x.purchase_count_12m) AS frequency,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY x.age) AS contact_age,
    AVG(x.interval_expected) FILTER (WHERE x.purchase_count > 0) AS interval_now
    """
)
_GAPS = SQL(
    """
    COUNT(*)::int AS gaps, percentile_cont(0.5) WITHIN GROUP (ORDER BY x.gap) AS gap_median,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY x.gap) AS gap_p75
    """
)
_PAYMENTS = SQL(
    """
    COUNT(*)::int AS payments, SUM(x.days * x.amount) / NULLIF(SUM(x.amount), 0) AS pay_mean,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY x.days) AS pay_p75,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY x.granted) AS granted
    """
)
_COST = SQL("COUNT(*)::int AS named, AVG(x.cost) AS cost")
