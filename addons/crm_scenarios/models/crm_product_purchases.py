"""Who bought which product, when and how much: one SELECT for learning and for reading.

A customer is today's commercial entity; quantities are in the product's own unit.
Counted are lines of the documents that the company's figures count (posted invoices or
confirmed orders) and of the sales history before the cut-over of its source.
No purchase is: what costs nothing, sections and notes, down payments, global discounts,
delivery charges. A credit note takes its quantity from the day of the invoice that it reverses.
"""

from odoo import api, models
from odoo.addons.crm_segments.models.metric_fields import sql_any
from odoo.tools import SQL

#: ``date.toordinal()`` of PostgreSQL's date, so that a day is a number everywhere
ORDINAL = SQL("(x.day - DATE '0001-01-01' + 1)")


class CrmProductAffinity(models.Model):
    _inherit = "crm.product.affinity"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _purchases_sql(self, company, today, partner_ids=None, visible=None):
        """SELECT of (partner_id, product_id, day, quantity, visible, amount), a row per line.

        ``day`` is an ordinal, ``amount`` untaxed in the company's currency. Quantities of one day
        have to be added up: those of credit notes are negative, and what is not above zero was
        given back. What nobody knew ``today`` is left out, such as later credit notes.

        :param company: res.company record
        :param date today: the last day
        :param list partner_ids: ids of commercial entities, None for everybody
        :param dict visible: conditions by source under which the reader may see a line, from
            :meth:`_visible_documents`; None: all are visible
        :return: SQL
        """
        own = "orders" if company.crm_sales_basis == "order" else "invoices"
        scope = sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids)
        seen = visible or {}
        parts = [
            getattr(self, f"_lines_of_{name}_sql")(
                company, scope, seen.get(name, SQL("TRUE")), partner_ids is not None
            )
            for name in (own, "history")
        ]
        return SQL(
            """
            SELECT x.partner_id, x.product_id, %(ordinal)s AS day, x.quantity::float8 AS quantity,
                   x.visible, x.amount::float8 AS amount
            FROM (%(lines)s) x
            WHERE x.day <= %(today)s AND x.known <= %(today)s AND x.product_id <> ALL(%(charges)s)
            """,
            ordinal=ORDINAL,
            lines=SQL(" UNION ALL ").join(parts),
            today=today,
            charges=self._charge_products(company),
        )

    @api.model
    def _charge_products(self, company):
        """Products that stand on documents but are nothing that a customer wants."""
        # sudo: settings of the company, only ids leave this method
        company = company.sudo()
        charges = [
            company[name].id
            for name in ("sale_discount_product_id", "sale_down_payment_product_id")
            if name in company._fields
        ]
        if "delivery.carrier" in self.env:
            carriers = self.env["delivery.carrier"].sudo().with_context(active_test=False)
            charges += carriers.search([]).product_id.ids
        return [product_id for product_id in charges if product_id]

    def _units(self, line_unit, few=False):
        """Joins to the product's own unit and the factor from the line's, of lines with a product.

        :param bool few: each line looks its units up by itself; PostgreSQL takes longer to plan
            the joins than to read the documents of one customer
        """
        if few:
            return SQL(), SQL("COALESCE((%s), 1)", self._factor_sql(line_unit))
        joins = SQL(
            """
            JOIN product_product pp ON pp.id = l.product_id
            JOIN product_template pt ON pt.id = pp.product_tmpl_id
            LEFT JOIN uom_uom pu ON pu.id = pt.uom_id
            LEFT JOIN uom_uom lu ON lu.id = %s
            """,
            line_unit,
        )
        return joins, SQL("COALESCE(lu.factor / NULLIF(pu.factor, 0), 1)")

    def _factor_sql(self, line_unit):
        """SELECT of the factor for line ``l``; no row where its unit is that of the product."""
        return SQL(
            """
            SELECT lu.factor / NULLIF(pu.factor, 0)
            FROM product_product pp
            JOIN product_template pt ON pt.id = pp.product_tmpl_id
            JOIN uom_uom pu ON pu.id = pt.uom_id
            JOIN uom_uom lu ON lu.id = %s AND lu.id <> pu.id
            WHERE pp.id = l.product_id
            """,
            line_unit,
        )

    def _lines_of_invoices_sql(self, company, scope, visible, few):
        """Lines of invoices and credit notes; these count on the day of their invoice."""
        joins, factor = self._units(SQL.identifier("l", "product_uom_id"), few)
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id, l.product_id,
                   COALESCE(o.invoice_date, m.invoice_date) AS day,
                   CASE m.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                       * l.quantity * %(factor)s AS quantity,
                   %(visible)s AS visible, -l.balance AS amount, m.invoice_date AS known
            FROM res_partner p
            JOIN account_move m ON m.partner_id = p.id
            JOIN account_move_line l ON l.move_id = m.id
            %(joins)s
            LEFT JOIN account_move o
                ON o.id = m.reversed_entry_id AND m.move_type = 'out_refund'
            WHERE m.company_id = %(company)s AND m.state = 'posted'
              AND m.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
              AND l.display_type = 'product' AND l.price_subtotal > 0
              AND l.product_id IS NOT NULL AND NOT COALESCE(l.is_downpayment, FALSE) AND %(scope)s
            """,
            factor=factor,
            visible=visible,
            joins=joins,
            company=company.id,
            scope=scope,
        )

    def _lines_of_orders_sql(self, company, scope, visible, few):
        joins, factor = self._units(SQL.identifier("l", "product_uom_id"), few)
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id, l.product_id,
                   d.day, l.product_uom_qty * %(factor)s AS quantity, %(visible)s AS visible,
                   l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1) AS amount,
                   d.day AS known
            FROM res_partner p
            JOIN sale_order o ON o.partner_id = p.id
            CROSS JOIN LATERAL (
                SELECT (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day) d
            JOIN sale_order_line l ON l.order_id = o.id
            %(joins)s
            WHERE o.company_id = %(company)s AND o.state = 'sale' AND l.display_type IS NULL
              AND l.product_id IS NOT NULL AND l.price_subtotal > 0
              AND NOT COALESCE(l.is_downpayment, FALSE) AND %(scope)s
            """,
            tz=company.partner_id.tz or "UTC",
            factor=factor,
            visible=visible,
            joins=joins,
            company=company.id,
            scope=scope,
        )

    def _lines_of_history_sql(self, company, scope, visible, _few):
        """Lines of the sales history; where a source has no quantities each counts one."""
        return SQL(
            """
            SELECT p.commercial_partner_id AS partner_id, h.product_id, h.date AS day,
                   COALESCE(NULLIF(h.quantity, 0), 1) AS quantity, %(visible)s AS visible,
                   h.amount_company AS amount, h.date AS known
            FROM res_partner p
            JOIN crm_sales_history h ON h.partner_id = p.id
            JOIN crm_sales_source s ON s.id = h.source_id
            WHERE h.company_id = %(company)s AND h.product_id IS NOT NULL
              AND h.amount_company > 0 AND NOT COALESCE(h.is_refund, FALSE)
              AND h.not_counted IS NOT TRUE
              AND (s.cutover_date IS NULL OR h.date < s.cutover_date) AND %(scope)s
            """,
            company=company.id,
            scope=scope,
            visible=visible,
        )

    @api.model
    def _visible_documents(self):
        """By source of lines: the SQL condition under which this user may see the document."""
        found = {}
        for name, model, alias in (
            ("invoices", "account.move", "m"),
            ("orders", "sale.order", "o"),
            ("history", "crm.sales.history", "h"),
        ):
            readable = self.env[model].has_access("read")
            documents = self.env[model].with_context(active_test=False)._search([])
            condition = (
                SQL("%s IN %s", SQL.identifier(alias, "id"), documents.subselect())
                if readable
                else SQL("FALSE")
            )
            found[name] = condition
        return found

    @api.model
    def _flush_purchases(self):
        """Send to the database what the SELECT reads."""
        for model in (
            "res.partner", "account.move", "account.move.line", "sale.order", "sale.order.line",
            "crm.sales.history", "crm.sales.source", "product.product", "product.template",
            "uom.uom",
        ):  # fmt: skip
            self.env[model].flush_model()
