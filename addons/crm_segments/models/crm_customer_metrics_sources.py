"""Where the figures come from: one overridable SELECT per source."""

from odoo import models
from odoo.tools import SQL

from .metric_fields import sql_any

#: what each source of documents has
DOCUMENT_COLUMNS = SQL(
    "(partner_id, day, amount, is_purchase, order_keys, amount_currency, currency_id, document_id)"
)


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    def _document_sources(self, company, partner_ids, today):
        """SELECTs of the columns of ``DOCUMENT_COLUMNS``, by name.

        Add-ons add their own source of documents here. What a source may read besides
        tables: ``invoices``, see :meth:`_invoices_sql`.

        :param list partner_ids: ids of commercial entities, None for everybody
        :return: dict of SQL; order_keys is an array of texts that name the orders
            behind a document, read where purchases are counted by order; amount_currency is
            in the document's own currency, document_id leads to its lines
            (:meth:`_line_sources`) and may be empty
        """
        own = "orders" if company.crm_sales_basis == "order" else "invoices"
        return {
            own: getattr(self, f"_documents_{own}_sql")(company, partner_ids, today),
            "history": self._documents_history_sql(company, partner_ids, today),
        }

    def _invoices_sql(self, company, partner_ids):
        """Posted customer invoices, receipts and credit notes, read once for all that follows.

        The customer is today's commercial entity of the invoiced contact: the
        one stored on the invoice stays behind when a contact changes company.
        """
        return SQL(
            """
            SELECT m.id, p.commercial_partner_id AS partner_id, m.invoice_date AS day,
                   m.amount_untaxed_signed AS amount, m.move_type <> 'out_refund' AS is_invoice,
                   m.amount_untaxed_in_currency_signed AS amount_currency, m.currency_id
            FROM account_move m JOIN res_partner p ON p.id = m.partner_id
            WHERE m.company_id = %(company)s AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt') AND %(scope)s
            """,
            company=company.id,
            scope=sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids),
        )

    def _documents_invoices_sql(self, company, _partner_ids, today):
        """One row per invoice, receipt and credit note."""
        by_order = company.crm_purchase_unit == "orders"
        return SQL(
            """
            SELECT i.partner_id, i.day, i.amount, i.is_invoice AND i.amount > 0, %(order_keys)s,
                   i.amount_currency, i.currency_id, i.id
            FROM invoices i WHERE i.day <= %(today)s
            """,
            order_keys=self._invoiced_orders() if by_order else SQL("NULL::text[]"),
            today=today,
        )

    def _invoiced_orders(self):
        """Keys of the orders behind an invoice; an invoice without any stands for itself.

        Look-ups in each other instead of a join: statements over everybody forbid the planner
        nested loops, and any other join would read whole tables for each invoice.
        """
        return SQL(
            """
            COALESCE((
                SELECT array_agg(DISTINCT 's' || sol.order_id)
                FROM sale_order_line sol WHERE sol.id = ANY(ARRAY(
                    SELECT rel.order_line_id
                    FROM sale_order_line_invoice_rel rel WHERE rel.invoice_line_id = ANY(ARRAY(
                        SELECT l.id FROM account_move_line l WHERE l.move_id = i.id))))
            ), ARRAY['m' || i.id])
            """
        )

    def _documents_orders_sql(self, company, partner_ids, today):
        """Confirmed sales orders, for companies that don't invoice here."""
        return SQL(
            """
            SELECT p.commercial_partner_id,
                   (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date,
                   o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1),
                   o.amount_untaxed > 0, ARRAY['s' || o.id], o.amount_untaxed, o.currency_id, o.id
            FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
            WHERE o.company_id = %(company)s AND o.state = 'sale' AND %(scope)s
              AND (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date <= %(today)s
            """,
            tz=company.partner_id.tz or "UTC",
            company=company.id,
            today=today,
            scope=sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids),
        )

    def _documents_history_sql(self, company, partner_ids, today):
        """Documents of the sales history before the cut-over date of their source.

        The day of a document is that of its first line, and the whole of it is of that day.
        """
        return SQL(
            """
            SELECT p.commercial_partner_id, MIN(h.date), SUM(h.amount_company),
                   NOT bool_and(COALESCE(h.is_refund, FALSE)) AND SUM(h.amount_company) > 0,
                   ARRAY['h' || h.source_id || ':' || h.document],
                   CASE WHEN MIN(h.currency_id) = MAX(h.currency_id) THEN SUM(h.amount_untaxed)
                        ELSE SUM(h.amount_company) END,
                   CASE WHEN MIN(h.currency_id) = MAX(h.currency_id) THEN MIN(h.currency_id)
                        ELSE %(currency)s END,
                   MIN(h.id)
            FROM crm_sales_history h
            JOIN crm_sales_source s ON s.id = h.source_id
            JOIN res_partner p ON p.id = h.partner_id
            WHERE h.company_id = %(company)s AND %(scope)s
              AND h.not_counted IS NOT TRUE
              AND (s.cutover_date IS NULL OR h.date < s.cutover_date)
            GROUP BY p.commercial_partner_id, h.source_id, h.document
            HAVING MIN(h.date) <= %(today)s
            """,
            company=company.id,
            currency=company.currency_id.id,
            today=today,
            scope=sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids),
        )

    def _dues_sql(self, today):
        """Receivable lines of the invoices, with what of them is open past the due date.

        The host sees to it that of the lines of invoices and credit notes just the
        receivable ones are of type 'payment_term', and that no line of another entry is.
        """
        return SQL(
            """
            SELECT l.id, i.partner_id, i.day,
                   CASE WHEN NOT l.reconciled AND l.amount_residual > 0 AND l.date_maturity < %s
                        THEN l.amount_residual END AS overdue
            FROM invoices i JOIN account_move_line l ON l.move_id = i.id
            WHERE i.is_invoice AND l.display_type = 'payment_term'
            """,
            today,
        )

    def _payments_sql(self, until=None):
        """Days from invoice to payment, weighted by the money reconciled.

        Credit notes settle but don't pay; exchange entries are neither.

        :param date until: the last day of payments that count, None for all
        """
        return SQL(
            """
            SELECT d.partner_id, SUM(r.amount * (paid.date - d.day)) / SUM(r.amount) AS days_to_pay
            FROM dues d
            JOIN account_partial_reconcile r ON r.debit_move_id = d.id AND r.amount > 0
            JOIN account_move_line paid
              ON paid.id = r.credit_move_id AND paid.display_type <> 'payment_term'
            WHERE NOT EXISTS (
                SELECT FROM account_partial_reconcile x WHERE x.exchange_move_id = paid.move_id)
              AND %s
            GROUP BY d.partner_id
            """,
            SQL("paid.date <= %s", until) if until else SQL("TRUE"),
        )

    def _overdue_sql(self):
        """Open amounts of invoices whose due date has passed."""
        return SQL(
            """
            SELECT partner_id, SUM(overdue) AS amount_overdue
            FROM dues WHERE overdue IS NOT NULL GROUP BY partner_id
            """
        )

    def _opportunities_sql(self, company, partner_ids):
        """Opportunities by outcome; one without a company counts in each, as it shows in each."""
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id,
                   COUNT(*) FILTER (WHERE l.won_status = 'pending' AND l.active)
                       AS opportunity_open_count,
                   COUNT(*) FILTER (WHERE l.won_status = 'won') AS won_count,
                   COUNT(*) FILTER (WHERE l.won_status = 'lost') AS lost_count
            FROM crm_lead l JOIN res_partner p ON p.id = l.partner_id
            WHERE l.type = 'opportunity' AND COALESCE(l.company_id, %(company)s) = %(company)s
              AND %(scope)s
            GROUP BY p.commercial_partner_id
            """,
            company=company.id,
            scope=sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids),
        )

    def _bought_sql(self, company):
        """DISTINCT (partner_id, product_id) of everything sold by ``company``."""
        return SQL(
            "SELECT DISTINCT partner_id, product_id FROM (%s) lines",
            self._bought_lines_sql(company),
        )

    def _bought_lines_sql(self, company):
        """SELECT of (partner_id, product_id, day), a row per line sold by ``company``.

        Lines of the company's own documents and of the sales history; sections,
        down payments and credit notes are no purchase of a product.
        """
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id, l.product_id, m.invoice_date AS day
            FROM account_move_line l JOIN account_move m ON m.id = l.move_id
            JOIN res_partner p ON p.id = m.partner_id
            WHERE m.company_id = %(company)s AND m.state = 'posted' AND l.product_id IS NOT NULL
              AND m.move_type IN ('out_invoice', 'out_receipt')
              AND l.display_type = 'product' AND l.price_subtotal > 0
              AND NOT COALESCE(l.is_downpayment, FALSE) AND %(invoices)s
            UNION ALL
            SELECT p.commercial_partner_id, l.product_id,
                   (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date
            FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id
            JOIN res_partner p ON p.id = o.partner_id
            WHERE o.company_id = %(company)s AND o.state = 'sale' AND l.product_id IS NOT NULL
              AND l.display_type IS NULL AND l.price_subtotal > 0
              AND NOT COALESCE(l.is_downpayment, FALSE) AND NOT %(invoices)s
            UNION ALL
            SELECT p.commercial_partner_id, h.product_id, h.date
            FROM crm_sales_history h JOIN crm_sales_source s ON s.id = h.source_id
            JOIN res_partner p ON p.id = h.partner_id
            WHERE h.company_id = %(company)s AND h.product_id IS NOT NULL
              AND h.amount_company > 0 AND NOT COALESCE(h.is_refund, FALSE)
              AND h.not_counted IS NOT TRUE
              AND (s.cutover_date IS NULL OR h.date < s.cutover_date)
            """,
            company=company.id,
            tz=company.partner_id.tz or "UTC",
            invoices=company.crm_sales_basis == "invoice",
        )
