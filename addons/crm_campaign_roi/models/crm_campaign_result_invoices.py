"""Invoices reach their orders line by line: a grouped one keeps the first order's campaign."""

from odoo import models
from odoo.tools import SQL

from .roi_sql import local_day


class CrmCampaignResult(models.AbstractModel):
    _inherit = "crm.campaign.result"  # pylint: disable=consider-merging-classes-inherited

    def _invoiced_sql(self, company):
        """Posted customer invoices and credit notes, a row per order that they are of."""
        return SQL(
            """
            WITH lines AS (%(lines)s), parts AS (%(parts)s), shares AS (%(shares)s),
            credited AS (%(credited)s)
            SELECT m.company_id, c.order_id, CASE WHEN c.order_id IS NULL THEN m.id END AS move_id,
                   NULL::text AS history_key, m.id AS invoice_id,
                   p.commercial_partner_id AS partner_id,
                   COALESCE(%(order_day)s, m.invoice_date) AS doc_day, m.invoice_date AS day,
                   CASE WHEN c.order_id IS NULL AND c.amount > 0 THEN 1 ELSE 0 END AS orders,
                   CASE WHEN c.order_id IS NULL THEN c.amount END AS ordered,
                   c.amount AS invoiced, c.amount * %(paid)s AS paid, %(margins)s
            FROM credited c
            JOIN account_move m ON m.id = c.move_id
            LEFT JOIN sale_order o ON o.id = c.order_id
            JOIN res_partner p ON p.id = COALESCE(o.partner_id, m.partner_id)
            """,
            lines=self._invoice_lines(company),
            parts=self._invoice_parts(),
            shares=self._invoice_shares(),
            credited=self._credit_notes(),
            order_day=local_day(SQL("o.date_order"), company),
            margins=self._invoiced_margins(company),
            paid=SQL(
                "CASE WHEN m.amount_total = 0 THEN 1"
                " ELSE 1 - m.amount_residual / m.amount_total END"
            ),
        )

    def _invoiced_margins(self, company):
        """Margin of what is invoiced; where orders count, the order has it already."""
        if company.crm_sales_basis != "order":
            return SQL("c.margin, c.margin_base")
        return SQL(
            "CASE WHEN c.order_id IS NULL THEN c.margin ELSE 0 END AS margin,"
            " CASE WHEN c.order_id IS NULL THEN c.margin_base END AS margin_base"
        )

    def _invoice_lines(self, company):
        """Lines that make the untaxed amount, with their cost in the company's currency."""
        order_cost, order_join = SQL("NULL::numeric"), SQL()
        if self._keeps_cost():
            order_cost, order_join = SQL("b.unit_cost"), SQL(
                "LEFT JOIN (%s) b ON b.line_id = l.id", self._cost_of_order(company)
            )
        return SQL(
            """
            SELECT x.id, x.move_id, x.amount,
                   CASE WHEN x.is_goods THEN x.amount - COALESCE(x.cost, 0) ELSE 0 END AS margin,
                   CASE WHEN x.is_goods AND x.cost IS NOT NULL THEN x.amount END AS margin_base
            FROM (
                SELECT l.id, l.move_id, -l.balance AS amount,
                       NOT COALESCE(l.is_downpayment, FALSE) AS is_goods,
                       l.quantity * COALESCE(%(order_cost)s, %(product_cost)s)
                           * CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END AS cost
                FROM account_move m
                JOIN account_move_line l ON l.move_id = m.id
                %(product)s
                %(order_join)s
                WHERE m.company_id = %(company)s AND m.state = 'posted'
                  AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                  AND l.display_type IN ('product', 'rounding')
                  AND (l.display_type = 'product' OR l.tax_repartition_line_id IS NULL)
            ) x
            """,
            order_cost=order_cost,
            product_cost=self._product_cost(company, SQL("l")),
            product=self._product_join(SQL("l.product_uom_id")),
            order_join=order_join,
            company=company.id,
        )

    def _cost_of_order(self, company):
        """The cost that the order line kept, of a unit of the invoice line."""
        return SQL(
            """
            SELECT r.invoice_line_id AS line_id,
                   AVG(s.purchase_price / COALESCE(NULLIF(o.currency_rate, 0), 1)) AS unit_cost
            FROM sale_order_line_invoice_rel r
            JOIN sale_order_line s ON s.id = r.order_line_id AND s.purchase_price <> 0
            JOIN sale_order o ON o.id = s.order_id
            JOIN account_move_line i ON i.id = r.invoice_line_id AND i.company_id = %s
            GROUP BY r.invoice_line_id
            """,
            company.id,
        )

    def _invoice_parts(self):
        """Money of each invoice by order; none for lines that no order is behind.

        A line of several order lines is shared among them equally.
        """
        return SQL(
            """
            SELECT l.move_id, s.order_id, SUM(l.amount / COALESCE(n.links, 1)) AS amount,
                   SUM(l.margin / COALESCE(n.links, 1)) AS margin,
                   SUM(l.margin_base / COALESCE(n.links, 1)) AS margin_base
            FROM lines l
            LEFT JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
            LEFT JOIN sale_order_line s ON s.id = r.order_line_id
            LEFT JOIN (
                SELECT invoice_line_id, COUNT(*) AS links FROM sale_order_line_invoice_rel
                GROUP BY 1 HAVING COUNT(*) > 1
            ) n ON n.invoice_line_id = l.id
            GROUP BY l.move_id, s.order_id
            """
        )

    def _invoice_shares(self):
        """Lines without an order, on an invoice that has some, go to these in proportion."""
        share = SQL("CASE WHEN w.whole > 0 THEN ABS(w.amount) / w.whole ELSE 1.0 / w.orders END")
        return SQL(
            """
            SELECT w.move_id, w.order_id, %(values)s
            FROM (
                SELECT p.*, COUNT(p.order_id) OVER m AS orders,
                       SUM(ABS(p.amount)) FILTER (WHERE p.order_id IS NOT NULL) OVER m AS whole,
                       %(rests)s
                FROM parts p WINDOW m AS (PARTITION BY p.move_id)
            ) w
            WHERE w.order_id IS NOT NULL OR w.orders = 0
            """,
            values=SQL(", ").join(
                SQL(
                    "CASE WHEN w.orders = 0 OR %(rest)s IS NULL THEN w.%(name)s"
                    " ELSE COALESCE(w.%(name)s, 0) + %(rest)s * %(share)s END AS %(name)s",
                    name=SQL.identifier(name),
                    rest=SQL.identifier("w", f"rest_{name}"),
                    share=share,
                )
                for name in _MONEY
            ),
            rests=SQL(", ").join(
                SQL(
                    "SUM(p.%s) FILTER (WHERE p.order_id IS NULL) OVER m AS %s",
                    SQL.identifier(name),
                    SQL.identifier(f"rest_{name}"),
                )
                for name in _MONEY
            ),
        )

    def _credit_notes(self):
        """A credit note that no order is behind goes to the orders of the invoice it reverses."""
        return SQL(
            """
            SELECT s.move_id, COALESCE(s.order_id, r.order_id) AS order_id, %(values)s
            FROM shares s
            JOIN account_move m ON m.id = s.move_id
            LEFT JOIN (
                SELECT move_id, order_id,
                       CASE WHEN SUM(ABS(amount)) OVER m > 0
                            THEN ABS(amount) / SUM(ABS(amount)) OVER m
                            ELSE 1.0 / COUNT(*) OVER m END AS share
                FROM shares WHERE order_id IS NOT NULL WINDOW m AS (PARTITION BY move_id)
            ) r ON s.order_id IS NULL AND r.move_id = m.reversed_entry_id
            """,
            values=SQL(", ").join(
                SQL("s.%(name)s * COALESCE(r.share, 1) AS %(name)s", name=SQL.identifier(name))
                for name in _MONEY
            ),
        )


_MONEY = ("amount", "margin", "margin_base")
