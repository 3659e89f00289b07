"""What was bought on the documents: products, quantities and money, for those who ask for it."""

from odoo import models
from odoo.tools import SQL

#: pieces of a line in the unit of its product; aliases ``l`` (line), ``t`` (product template)
_IN_UNIT_OF_PRODUCT = SQL(
    """
    CASE WHEN l.product_uom_id IS NULL OR l.product_uom_id = t.uom_id THEN 1 ELSE (
        SELECT own.factor / usual.factor FROM uom_uom own, uom_uom usual
        WHERE own.id = l.product_uom_id AND usual.id = t.uom_id) END
    """
)
#: what tells products apart that are not in the catalogue, as the import does
_KEY_IN_SOURCE = SQL("COALESCE(h.product_ref, 'name:' || h.product_name)")


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    def _line_sources(self):
        """SELECTs of the lines with a product of documents, by the name of their source.

        They read a common table expression ``wanted`` of documents: ``source``,
        ``document_id``, ``company_id``, ``partner_id``, ``period``, ``currency_id``. Columns:
        the last four of these, and ``product_id``, ``source_id`` with ``product_ref`` (where a
        sale of the history is of no product in the catalogue: its code in its source),
        ``quantity`` in the product's unit, ``amount_currency``, untaxed, in the currency of
        the document. Down payments are no purchase of a product.

        :return: dict of SQL, a part of what :meth:`_document_sources` has
        """
        return {
            "invoices": self._lines_invoices_sql(),
            "orders": self._lines_orders_sql(),
            "history": self._lines_history_sql(),
        }

    def _lines_invoices_sql(self):
        return SQL(
            """
            SELECT d.company_id, d.partner_id, d.period, d.currency_id, l.product_id,
                   NULL::int, NULL::text, l.quantity * %s, l.price_subtotal
            FROM wanted d JOIN account_move_line l ON l.move_id = d.document_id
            JOIN product_product p ON p.id = l.product_id
            JOIN product_template t ON t.id = p.product_tmpl_id
            WHERE d.source = 'invoices' AND l.product_id IS NOT NULL
              AND l.display_type = 'product' AND l.is_downpayment IS NOT TRUE
            """,
            _IN_UNIT_OF_PRODUCT,
        )

    def _lines_orders_sql(self):
        return SQL(
            """
            SELECT d.company_id, d.partner_id, d.period, d.currency_id, l.product_id,
                   NULL, NULL, l.product_uom_qty * %s, l.price_subtotal
            FROM wanted d JOIN sale_order_line l ON l.order_id = d.document_id
            JOIN product_product p ON p.id = l.product_id
            JOIN product_template t ON t.id = p.product_tmpl_id
            WHERE d.source = 'orders' AND l.display_type IS NULL
              AND l.is_downpayment IS NOT TRUE
            """,
            _IN_UNIT_OF_PRODUCT,
        )

    def _lines_history_sql(self):
        """A document is named by its first line; what was sold in several currencies is summed
        in that of the company."""
        return SQL(
            """
            SELECT d.company_id, d.partner_id, d.period, d.currency_id, h.product_id,
                   CASE WHEN h.product_id IS NULL THEN h.source_id END,
                   CASE WHEN h.product_id IS NULL THEN %(key)s END, h.quantity,
                   CASE WHEN h.currency_id = d.currency_id THEN h.amount_untaxed
                        ELSE h.amount_company END
            FROM wanted d
            JOIN crm_sales_history f ON f.id = d.document_id
            JOIN crm_sales_history h ON h.source_id = f.source_id AND h.document = f.document
            JOIN crm_sales_source s ON s.id = h.source_id
            JOIN res_partner p ON p.id = h.partner_id AND p.commercial_partner_id = d.partner_id
            WHERE d.source = 'history' AND (h.product_id IS NOT NULL OR %(key)s > '')
              AND h.not_counted IS NOT TRUE
              AND (s.cutover_date IS NULL OR h.date < s.cutover_date)
            """,
            key=_KEY_IN_SOURCE,
        )
