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
    as of today. When a step is completed: ``crm_deal_steps.py``.
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
        since = SQL("%s::timestamp - %s * INTERVAL '1 day'", now, LOOK_BACK)
        return SQL(
            """
            WITH %(done)s
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
            done=self._done_sql(
                self._norm_deals_sql(company, now),
                orders=SQL("o.company_id = %s AND o.date_order > %s", company.id, since),
                invoices=SQL("m.company_id = %s AND m.invoice_date > %s", company.id, since),
            ),
            quantile=QUANTILE,
            company=company.id,
            segmentation=company._leading_segmentation().id or 0,
        )

    def _norm_deals_sql(self, company, now):
        """Opportunities of the present practice; one without a company counts in each."""
        return SQL(
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
        )
