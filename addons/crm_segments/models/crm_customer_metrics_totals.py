"""What each customer bought, straight from the documents: before figures are computed."""

from odoo import models
from odoo.tools import SQL

from .crm_customer_metrics_sources import DOCUMENT_COLUMNS


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    def _customer_totals_sql(self, company, until, basis):
        """SELECT of one row per customer with documents, as they would count under a basis.

        Columns: ``partner_id``, ``documents`` (with a positive total), ``days`` (distinct ones
        with such a document), ``revenue`` (untaxed, net of credit notes, company currency).
        Flush the tables first (:meth:`_flush_sources`).

        :param company: res.company record
        :param date until: the last day
        :param str basis: 'invoice' or 'order'
        :return: SQL
        """
        own = "orders" if basis == "order" else "invoices"
        sources = (
            getattr(self, f"_documents_{own}_sql")(company, None, until),
            self._documents_history_sql(company, None, until),
        )
        return SQL(
            """
            SELECT partner_id, COUNT(*) FILTER (WHERE is_purchase) AS documents,
                   COUNT(DISTINCT day) FILTER (WHERE is_purchase) AS days, SUM(amount) AS revenue
            FROM (
                WITH invoices AS (%(invoices)s)
                %(sources)s
            ) d %(columns)s GROUP BY partner_id
            """,
            columns=DOCUMENT_COLUMNS,
            invoices=self._invoices_sql(company, None),
            sources=SQL(" UNION ALL ").join(SQL("(%s)", one) for one in sources),
        )

    def _anything_sold_sql(self, company):
        """SELECT of the ids of customers with an invoice, an order or a line of history."""
        return SQL(
            """
            SELECT p.commercial_partner_id FROM account_move m
            JOIN res_partner p ON p.id = m.partner_id
            WHERE m.company_id = %(company)s AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            UNION SELECT p.commercial_partner_id FROM sale_order o
            JOIN res_partner p ON p.id = o.partner_id
            WHERE o.company_id = %(company)s AND o.state = 'sale'
            UNION SELECT p.commercial_partner_id FROM crm_sales_history h
            JOIN res_partner p ON p.id = h.partner_id WHERE h.company_id = %(company)s
            """,
            company=company.id,
        )
