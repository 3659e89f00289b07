"""When the steps of deals were completed: one definition for norms and for deal control."""

from odoo import api, fields, models
from odoo.tools import SQL


class CrmDealNorm(models.Model):
    _inherit = "crm.deal.norm"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _delivers(self):
        """Whether orders have a delivery that is watched (``sale_stock``)."""
        return "delivery_status" in self.env["sale.order"]._fields

    def _done_sql(self, deals, orders, invoices):
        """CTEs up to ``done``: completed steps (step, document_id, partner_id, days, finished).

        The document is the opportunity, from the quotation on the order, and of a payment the
        invoice. Days below 0 are no figure.

        :param SQL deals: SELECT of opportunities (id, start, until, partner_id)
        :param SQL orders: condition on orders ``o``
        :param SQL invoices: condition on invoices ``m``
        """
        return SQL(
            """
            deal AS MATERIALIZED (%(deals)s), moment AS (%(moments)s),
            first AS MATERIALIZED (
                SELECT d.id, d.start, d.partner_id,
                       -- a meeting that is planned is a contact today
                       CASE WHEN MIN(m.moment) IS NOT NULL
                            THEN LEAST(MIN(m.moment), %(now)s::timestamp) END AS contact
                FROM deal d LEFT JOIN moment m ON m.id = d.id GROUP BY 1, 2, 3),
            done (step, document_id, partner_id, days, finished) AS (%(steps)s)
            """,
            deals=deals,
            moments=SQL(" UNION ALL ").join(self.env["crm.deal.pattern"]._facts_moments().values()),
            now=fields.Datetime.now(),
            steps=SQL(" UNION ALL ").join(self._steps_sql(orders, invoices).values()),
        )

    def _steps_sql(self, orders, invoices):
        """Step → SELECT of its rows of ``done``; opportunities are those of ``first``."""
        found = self._steps_lead_sql() | {
            "order": SQL(
                """
                SELECT 'order', o.id, p.commercial_partner_id,
                       EXTRACT(EPOCH FROM o.date_order - o.create_date) / 86400, o.date_order
                FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
                WHERE o.state = 'sale' AND %s
                """,
                orders,
            )
        }
        if self._delivers():
            found["delivery"] = SQL(
                """
                SELECT 'delivery', o.id, p.commercial_partner_id,
                       EXTRACT(EPOCH FROM o.effective_date - o.date_order) / 86400,
                       o.effective_date
                FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
                WHERE o.state = 'sale' AND o.delivery_status = 'full'
                  AND o.effective_date IS NOT NULL AND %s
                """,
                orders,
            )
        found["invoice"] = self._step_invoice_sql(orders)
        found["payment"] = self._step_payment_sql(invoices)
        return found

    def _steps_lead_sql(self):
        return {
            "contact": SQL(
                """
                SELECT 'contact', id, partner_id, EXTRACT(EPOCH FROM contact - start) / 86400,
                       contact
                FROM first WHERE contact IS NOT NULL
                """
            ),
            "quotation": SQL(
                """
                SELECT 'quotation', f.id, f.partner_id, EXTRACT(EPOCH FROM o.made
                       - LEAST(COALESCE(f.contact, f.start), o.made)) / 86400, o.made
                FROM first f JOIN (
                    SELECT opportunity_id, MIN(create_date) AS made FROM sale_order
                    WHERE opportunity_id IN (SELECT id FROM first)
                    GROUP BY 1) o ON o.opportunity_id = f.id
                """
            ),
        }

    def _step_invoice_sql(self, orders):
        """From the delivery, or the order where there is none, to the first invoice."""
        delivered = SQL("COALESCE(o.effective_date, o.date_order)")
        return SQL(
            """
            SELECT 'invoice', o.id, p.commercial_partner_id,
                   GREATEST(MIN(m.invoice_date) - %(ready)s::date, 0), MIN(m.invoice_date)
            FROM account_move m
            JOIN account_move_line l ON l.move_id = m.id
            JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
            JOIN sale_order_line s ON s.id = r.order_line_id
            JOIN sale_order o ON o.id = s.order_id
            JOIN res_partner p ON p.id = o.partner_id
            WHERE m.state = 'posted' AND m.move_type = 'out_invoice' AND %(orders)s
            GROUP BY o.id, p.commercial_partner_id
            """,
            ready=delivered if self._delivers() else SQL("o.date_order"),
            orders=orders,
        )

    def _step_payment_sql(self, invoices):
        """From the date of the invoice to the last payment, of those that are paid."""
        return SQL(
            """
            SELECT 'payment', m.id, p.commercial_partner_id, MAX(c.max_date) - m.invoice_date,
                   MAX(c.max_date)
            FROM account_move m
            JOIN res_partner p ON p.id = m.partner_id
            JOIN account_move_line l ON l.move_id = m.id AND l.balance > 0
            JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
            JOIN account_partial_reconcile c ON c.debit_move_id = l.id
            WHERE m.state = 'posted' AND m.move_type = 'out_invoice'
              AND m.payment_state IN ('paid', 'in_payment') AND %s
            GROUP BY m.id, p.commercial_partner_id
            """,
            invoices,
        )
