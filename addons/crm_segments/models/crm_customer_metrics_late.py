"""Documents that were recorded after the day that they are of."""

from odoo import models
from odoo.tools import SQL


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    def _late_sources(self, company, day):
        """SELECTs of the partner_id of documents dated until ``day`` and made after it.

        One per source of ``_document_sources``, by the same names.

        :param date day: the last day of their dates
        :return: dict of SQL
        """
        own = "orders" if company.crm_sales_basis == "order" else "invoices"
        return {
            own: getattr(self, f"_late_{own}_sql")(company, day),
            "history": self._late_history_sql(company, day),
        }

    def _late_invoices_sql(self, company, day):
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id
            FROM account_move m JOIN res_partner p ON p.id = m.partner_id
            WHERE m.company_id = %(company)s AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
              AND m.invoice_date <= %(day)s AND m.create_date >= %(day)s::date + 1
            """,
            company=company.id,
            day=day,
        )

    def _late_orders_sql(self, company, day):
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id
            FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
            WHERE o.company_id = %(company)s AND o.state = 'sale'
              AND o.date_order < %(day)s::date + 1 AND o.create_date >= %(day)s::date + 1
            """,
            company=company.id,
            day=day,
        )

    def _late_history_sql(self, company, day):
        """Lines carry no day of their import: those of a source that came later are late."""
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id
            FROM crm_sales_source s JOIN crm_sales_history h ON h.source_id = s.id
            JOIN res_partner p ON p.id = h.partner_id
            WHERE s.company_id = %(company)s AND s.create_date >= %(day)s::date + 1
              AND h.date <= %(day)s AND h.not_counted IS NOT TRUE
              AND (s.cutover_date IS NULL OR h.date < s.cutover_date)
            """,
            company=company.id,
            day=day,
        )
