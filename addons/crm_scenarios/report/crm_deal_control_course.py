"""The whole course of each deal on a page: every step with its days beside the norm."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.deal_course import course


class CrmDealControl(models.Model):
    _inherit = "crm.deal.control"  # pylint: disable=consider-merging-classes-inherited

    course = fields.Json(
        "Steps",
        compute="_compute_course",
        exportable=False,
        help="Days that each step took, beside the norm of completed deals.",
    )

    @api.depends("step", "days", "lead_id", "order_id", "company_id", "segment_id")
    @api.depends_context("company", "lang")
    def _compute_course(self):
        """Lists of the steps as :func:`lib.deal_course.course` has them, each with its ``name``.

        Of documents of the deal itself only dates are read; the rules of the rows decide who
        sees them.
        """
        names = dict(self._fields["step"]._description_selection(self.env))
        delivers = self.env["crm.deal.norm"]._delivers()
        steps = [name for name in names if delivers or name != "delivery"]
        found = self._course_facts(steps)
        for deal in self:
            lines = []
            if deal.step:
                lines = course(steps, deal.step, deal.days, *found.get(deal._origin.id, ({}, {})))
            deal.course = [{**line, "name": names[line["step"]]} for line in lines]

    def _course_facts(self, steps):
        """Id → (done, norms) as :func:`lib.deal_course.course` takes them."""
        deals = self._origin
        if not deals:
            return {}
        self.env.flush_all()
        found = {}
        for row in self.env.execute_query(deals._course_sql(steps)):
            number, step, days, finished, norm, count, own = row
            done, norms = found.setdefault(number, ({}, {}))
            if finished:
                done[step] = (days, finished.date())
            if norm is not None:
                norms[step] = (norm, count, own)
        return found

    def _course_sql(self, steps):
        """SELECT of (id, step, days, finished, norm, completed, own) of the rows in ``self``.

        An order counts as invoiced and paid when all of it is invoiced, and every invoice paid.
        """
        return SQL(
            """
            WITH page AS MATERIALIZED (%(page)s), bill AS MATERIALIZED (%(bills)s), %(done)s,
            passed AS (
                SELECT p.id, d.step, d.days, d.finished FROM page p JOIN done d
                    ON d.document_id = CASE WHEN d.step IN ('contact', 'quotation') THEN p.lead_id
                                            WHEN d.step <> 'payment' THEN p.order_id END
                UNION ALL
                SELECT p.id, 'payment', MAX(d.days), MAX(d.finished)
                FROM page p JOIN bill b ON b.order_id = p.order_id
                LEFT JOIN done d ON d.step = 'payment' AND d.document_id = b.move_id
                GROUP BY p.id HAVING COUNT(*) = COUNT(d.document_id)
            )
            SELECT p.id, s.step, d.days, d.finished, COALESCE(own.days, common.days),
                   COALESCE(own.completed, common.completed), own.days IS NOT NULL
            FROM page p CROSS JOIN unnest(%(steps)s) s (step)
            LEFT JOIN passed d ON d.id = p.id AND d.step = s.step
                AND (p.invoiced OR s.step NOT IN ('invoice', 'payment'))
            %(norms)s
            """,
            page=self._course_page_sql(),
            bills=self._course_bills_sql(),
            done=self.env["crm.deal.norm"]._done_sql(
                SQL(
                    """
                    SELECT id, create_date AS start, 'infinity'::timestamp AS until,
                           NULL::int AS partner_id
                    FROM crm_lead WHERE id = ANY(%s)
                    """,
                    self.lead_id.ids,
                ),
                orders=SQL("o.id = ANY(%s)", self.order_id.ids),
                invoices=SQL("m.id IN (SELECT move_id FROM bill)"),
            ),
            steps=steps,
            norms=self._norms_sql(SQL("s.step"), SQL("p.company_id"), SQL("p.segment_id")),
        )

    def _course_page_sql(self):
        """The rows in ``self``: (id, lead_id, order_id, company_id, segment_id, invoiced)."""
        company = self.env.company.id
        return SQL(
            """
            SELECT r.*, o.invoice_status NOT IN ('to invoice', 'no') AS invoiced
            FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[], %s::int[])
                r (id, lead_id, order_id, company_id, segment_id)
            LEFT JOIN sale_order o ON o.id = r.order_id
            """,
            self.ids,
            [deal.lead_id.id or None for deal in self],
            [deal.order_id.id or None for deal in self],
            [deal.company_id.id or company for deal in self],
            [deal.segment_id.id or None for deal in self],
        )

    def _course_bills_sql(self):
        """Posted invoices of the rows' orders: (order_id, move_id)."""
        return SQL(
            """
            SELECT DISTINCT s.order_id, l.move_id
            FROM sale_order_line s
            JOIN sale_order_line_invoice_rel r ON r.order_line_id = s.id
            JOIN account_move_line l ON l.id = r.invoice_line_id
            JOIN account_move m ON m.id = l.move_id
            WHERE s.order_id = ANY(%s) AND m.state = 'posted' AND m.move_type = 'out_invoice'
            """,
            self.order_id.ids,
        )
