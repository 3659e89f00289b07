"""How many days each step of a deal takes where it was completed: the norm of its segment."""

from odoo import api, fields, models
from odoo.tools import SQL

from .nightly import rebuild_companies

#: fewer completed deals than this are no norm: that of all customers counts, or none
LEAST_COMPLETED = 20
#: of completed steps four in five took no longer
QUANTILE = 0.8
#: days that count as the present practice
LOOK_BACK = 730

STEPS = [
    ("contact", "First contact"),
    ("quotation", "Quotation"),
    ("order", "Order"),
    ("delivery", "Delivery"),
    ("invoice", "Invoice"),
    ("payment", "Payment"),
]


class CrmDealNorm(models.Model):
    """The 80th percentile of the days of a step, of all customers and by segment.

    Written by the nightly cron only. The segment is that of the company's leading segmentation,
    as of today.
    """

    _name = "crm.deal.norm"
    _description = "Norm of a Step"
    _order = "company_id, step, segment_id"
    _rec_name = "step"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    segment_id = fields.Many2one("crm.segment", readonly=True, ondelete="cascade", index=True)
    step = fields.Selection(STEPS, required=True, readonly=True)
    days = fields.Float(readonly=True, aggregator=None, digits=(16, 1))
    completed = fields.Integer(readonly=True, aggregator=None)

    _place_unique = models.UniqueIndex("(company_id, step, COALESCE(segment_id, 0))")

    @api.model
    def _rebuild_all(self):
        """Cron, nightly: a company after the other."""
        rebuild_companies(self)

    @api.model
    def _rebuild(self, company):
        """Measure the steps of a company's completed deals; write the norms that differ."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH found AS (%(norms)s), gone AS (
                    DELETE FROM crm_deal_norm n
                    WHERE n.company_id = %(company)s AND NOT EXISTS (
                        SELECT FROM found f WHERE f.step = n.step
                            AND f.segment_id IS NOT DISTINCT FROM n.segment_id))
                INSERT INTO crm_deal_norm (company_id, segment_id, step, days, completed)
                SELECT %(company)s, segment_id, step, days, completed FROM found
                ON CONFLICT (company_id, step, COALESCE(segment_id, 0))
                DO UPDATE SET days = EXCLUDED.days, completed = EXCLUDED.completed
                WHERE (crm_deal_norm.days, crm_deal_norm.completed)
                    IS DISTINCT FROM (EXCLUDED.days, EXCLUDED.completed)
                """,
                norms=self._norms_sql(company),
                company=company.id,
            )
        )
        self.invalidate_model()

    def _norms_sql(self, company):
        """SELECT of (segment_id, step, days, completed), segment_id NULL for all customers."""
        now = fields.Datetime.now()
        return SQL(
            """
            WITH deal AS MATERIALIZED (%(deals)s), moment AS (%(moments)s),
                 first AS MATERIALIZED (
                     SELECT d.id, d.start, d.partner_id, MIN(m.moment) AS contact
                     FROM deal d LEFT JOIN moment m ON m.id = d.id GROUP BY 1, 2, 3),
                 done (step, partner_id, days) AS (%(steps)s)
            SELECT s.segment_id, d.step,
                   -- less than a day is no norm for days that are counted whole
                   GREATEST(percentile_cont(%(quantile)s) WITHIN GROUP (ORDER BY d.days), 1)
                       AS days,
                   COUNT(*)::int AS completed
            FROM done d
            LEFT JOIN crm_segment_membership s ON s.partner_id = d.partner_id
                AND s.company_id = %(company)s AND s.segmentation_id = %(segmentation)s
                AND s.date_to IS NULL AND s.pinned IS DISTINCT FROM 'out'
            WHERE d.days >= 0
            GROUP BY GROUPING SETS ((d.step), (d.step, s.segment_id))
            HAVING GROUPING(s.segment_id) = 1 OR s.segment_id IS NOT NULL
            """,
            deals=SQL(
                """
                SELECT l.id, l.create_date AS start, %(now)s::timestamp AS until,
                       p.commercial_partner_id AS partner_id
                FROM crm_lead l LEFT JOIN res_partner p ON p.id = l.partner_id
                WHERE l.type = 'opportunity' AND COALESCE(l.company_id, %(company)s) = %(company)s
                  AND l.create_date > %(now)s::timestamp - %(back)s * INTERVAL '1 day'
                """,
                now=now,
                company=company.id,
                back=LOOK_BACK,
            ),
            moments=SQL(" UNION ALL ").join(self.env["crm.deal.pattern"]._facts_moments().values()),
            steps=SQL(" UNION ALL ").join(self._steps_sql(company, now).values()),
            quantile=QUANTILE,
            company=company.id,
            segmentation=company._leading_segmentation().id or 0,
        )

    def _steps_sql(self, company, now):
        """Step → SELECT of (step, partner_id, days) of those that were completed."""
        since = SQL("%s::timestamp - %s * INTERVAL '1 day'", now, LOOK_BACK)
        found = {
            "contact": SQL(
                "SELECT 'contact', partner_id, EXTRACT(EPOCH FROM contact - start) / 86400"
                " FROM first WHERE contact IS NOT NULL"
            ),
            "quotation": SQL(
                """
                SELECT 'quotation', f.partner_id, EXTRACT(EPOCH FROM o.made
                       - LEAST(COALESCE(f.contact, f.start), o.made)) / 86400
                FROM first f JOIN (
                    SELECT opportunity_id, MIN(create_date) AS made FROM sale_order
                    WHERE opportunity_id IS NOT NULL GROUP BY 1) o ON o.opportunity_id = f.id
                """
            ),
        }
        delivered = "delivery_status" in self.env["sale.order"]._fields
        orders = SQL(
            """
            FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
            WHERE o.state = 'sale' AND o.company_id = %s AND o.date_order > %s
            """,
            company.id,
            since,
        )
        found["order"] = SQL(
            "SELECT 'order', p.commercial_partner_id,"
            " EXTRACT(EPOCH FROM o.date_order - o.create_date) / 86400 %s",
            orders,
        )
        if delivered:
            found["delivery"] = SQL(
                "SELECT 'delivery', p.commercial_partner_id,"
                " EXTRACT(EPOCH FROM o.effective_date - o.date_order) / 86400"
                " %s AND o.delivery_status = 'full' AND o.effective_date IS NOT NULL",
                orders,
            )
        found["invoice"] = self._step_invoice_sql(company, since, delivered)
        found["payment"] = self._step_payment_sql(company, since)
        return found

    def _step_invoice_sql(self, company, since, delivered):
        ready = "COALESCE(o.effective_date, o.date_order)" if delivered else "o.date_order"
        return SQL(
            """
            SELECT 'invoice', p.commercial_partner_id,
                   GREATEST(MIN(m.invoice_date) - %(ready)s::date, 0)
            FROM account_move m
            JOIN account_move_line l ON l.move_id = m.id
            JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
            JOIN sale_order_line s ON s.id = r.order_line_id
            JOIN sale_order o ON o.id = s.order_id
            JOIN res_partner p ON p.id = o.partner_id
            WHERE m.state = 'posted' AND m.move_type = 'out_invoice'
              AND o.company_id = %(company)s AND o.date_order > %(since)s
            GROUP BY o.id, p.commercial_partner_id
            """,
            ready=SQL(ready),  # pylint: disable=sql-injection
            company=company.id,
            since=since,
        )

    def _step_payment_sql(self, company, since):
        """From the date of the invoice to the last payment, of those that are paid."""
        return SQL(
            """
            SELECT 'payment', p.commercial_partner_id, MAX(c.max_date) - m.invoice_date
            FROM account_move m
            JOIN res_partner p ON p.id = m.partner_id
            JOIN account_move_line l ON l.move_id = m.id AND l.balance > 0
            JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
            JOIN account_partial_reconcile c ON c.debit_move_id = l.id
            WHERE m.state = 'posted' AND m.move_type = 'out_invoice' AND m.company_id = %s
              AND m.payment_state IN ('paid', 'in_payment') AND m.invoice_date > %s
            GROUP BY m.id, p.commercial_partner_id
            """,
            company.id,
            since,
        )
