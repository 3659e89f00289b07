"""The statement behind deal control: three kinds of documents, their norms, a verdict."""

from odoo import models
from odoo.tools import SQL

from ..models.crm_deal_norm import LEAST_COMPLETED


class CrmDealControl(models.Model):
    _inherit = "crm.deal.control"  # pylint: disable=consider-merging-classes-inherited

    @property
    def _table_query(self):
        """Rows of all companies; the rules leave those that the user may see."""
        rows = SQL(" UNION ALL ").join(self._rows().values())
        return SQL(
            """
            WITH next AS MATERIALIZED (
                SELECT res_model, res_id, MIN(date_deadline) AS next_date FROM mail_activity
                WHERE active AND res_model IN ('crm.lead', 'sale.order') GROUP BY 1, 2
            ), contact AS MATERIALIZED (%(contacts)s), doc AS (%(rows)s), deal AS (
                SELECT d.*, s.segment_id, LEAST(n.next_date, planned.next_date) AS next_date,
                       %(today)s - d.date_start AS days,
                       COALESCE(own.days, common.days) AS norm,
                       COALESCE(own.completed, common.completed) AS norm_count,
                       own.days IS NOT NULL AS norm_own,
                       d.amount * COALESCE(account_currency_table.rate, 1) AS money
                FROM doc d
                LEFT JOIN res_partner p ON p.id = d.partner_id
                LEFT JOIN (%(leading)s) division (company_id, segmentation_id)
                    ON division.company_id = COALESCE(d.company_id, %(company)s)
                LEFT JOIN crm_segment_membership s ON s.partner_id = p.commercial_partner_id
                    AND s.company_id = COALESCE(d.company_id, %(company)s)
                    AND s.segmentation_id = division.segmentation_id
                    AND s.date_to IS NULL AND s.pinned IS DISTINCT FROM 'out'
                %(norms)s
                LEFT JOIN next n ON n.res_id = d.res_id AND n.res_model = d.res_model
                -- of a quotation or order: what is planned on its opportunity counts, too
                LEFT JOIN next planned ON d.order_id IS NOT NULL AND planned.res_id = d.lead_id
                    AND planned.res_model = 'crm.lead'
                LEFT JOIN %(currencies)s
                    ON account_currency_table.company_id = COALESCE(d.company_id, %(company)s)
            )
            SELECT id, name, lead_id, order_id, partner_id, segment_id, user_id, team_id,
                   company_id, %(currency)s AS currency_id, step, date_start, days, norm,
                   norm_count, norm_own, promised, next_date, money, verdict,
                   verdict IN ('stalled', 'late') AS late,
                   CASE WHEN verdict IN ('stalled', 'late') THEN money ELSE 0 END AS money_held
            FROM (SELECT deal.*, %(verdict)s AS verdict FROM deal) judged
            """,
            contacts=self._contacts_sql(),
            rows=rows,
            today=self.env["crm.segmentation"]._today(),
            leading=self._leading_sql(),
            company=self.env.company.id,
            norms=self._norms_sql(
                SQL("d.step"),
                SQL("COALESCE(d.company_id, %s)", self.env.company.id),
                SQL("s.segment_id"),
            ),
            currencies=self.env["res.currency"]._get_simple_currency_table(self.env.companies),
            currency=self.env.company.currency_id.id,
            verdict=self._verdict_sql(),
        )

    def _norms_sql(self, step, company, segment):
        """Joins of a step's norms: ``own`` of the segment and ``common`` of all customers."""
        return SQL(
            """
            LEFT JOIN crm_deal_norm own ON own.step = %(step)s AND own.completed >= %(least)s
                AND own.company_id = %(company)s AND own.segment_id = %(segment)s
            LEFT JOIN crm_deal_norm common ON common.step = %(step)s
                AND common.company_id = %(company)s
                AND common.segment_id IS NULL AND common.completed >= %(least)s
            """,
            step=step,
            company=company,
            segment=segment,
            least=LEAST_COMPLETED,
        )

    def _verdict_sql(self):
        return SQL(
            """CASE WHEN days > 2 * norm AND next_date IS NULL THEN 'stalled'
                    WHEN days > norm OR promised < %s THEN 'late'
                    WHEN next_date IS NULL AND step IN ('contact', 'quotation', 'order')
                        THEN 'no_step'
                    WHEN norm IS NULL AND promised IS NULL THEN 'unknown'
                    ELSE 'on_time' END""",
            self.env["crm.segmentation"]._today(),
        )

    def _leading_sql(self):
        """The leading segmentation of each company that is switched on."""
        return SQL(
            "VALUES %s",
            SQL(", ").join(
                SQL("(%s, %s)", company.id, company._leading_segmentation().id or 0)
                for company in self.env.companies
            ),
        )

    def _contacts_sql(self):
        """First contact of open opportunities, of the same kinds as in patterns of deals."""
        return SQL(
            """
            WITH deal AS (
                SELECT id, create_date AS start, 'infinity'::timestamp AS until FROM crm_lead
                WHERE type = 'opportunity' AND active AND won_status = 'pending')
            SELECT id, MIN(moment) AS moment FROM (%s) m GROUP BY id
            """,
            SQL(" UNION ALL ").join(self.env["crm.deal.pattern"]._facts_moments().values()),
        )

    def _rows(self):
        """Name → SELECT of (id, res_model, res_id, name, lead_id, order_id, partner_id, user_id,
        team_id, company_id, step, date_start, promised, amount), amounts in the currency of the
        row's company. Add-ons may add kinds of documents, with ids of their own.
        """
        return {
            "opportunities": self._rows_opportunities_sql(),
            "quotations": self._rows_quotations_sql(),
            "orders": self._rows_orders_sql(),
        }

    def _rows_opportunities_sql(self):
        return SQL(
            """
            SELECT 2 * l.id AS id, 'crm.lead' AS res_model, l.id AS res_id, l.name,
                   l.id AS lead_id, NULL::int AS order_id, l.partner_id, l.user_id, l.team_id,
                   l.company_id,
                   CASE WHEN c.moment IS NULL THEN 'contact' ELSE 'quotation' END AS step,
                   LEAST(COALESCE(c.moment, l.create_date), now() AT TIME ZONE 'UTC')::date
                       AS date_start,
                   l.date_deadline AS promised, l.expected_revenue::numeric AS amount
            FROM crm_lead l LEFT JOIN contact c ON c.id = l.id
            WHERE l.type = 'opportunity' AND l.active AND l.won_status = 'pending'
              AND NOT EXISTS (SELECT FROM sale_order o
                              WHERE o.opportunity_id = l.id AND o.state <> 'cancel')
            """
        )

    def _rows_quotations_sql(self):
        return SQL(
            """
            SELECT 2 * o.id + 1, 'sale.order', o.id, o.name, o.opportunity_id, o.id, o.partner_id,
                   o.user_id, o.team_id, o.company_id, 'order', o.create_date::date,
                   o.validity_date, o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1)
            FROM sale_order o WHERE o.state IN ('draft', 'sent')
            """
        )

    def _rows_orders_sql(self):
        """The first of delivery, invoice and payment that is not done."""
        delivers = "delivery_status" in self.env["sale.order"]._fields
        waits = SQL("o.delivery_status IN ('pending', 'started', 'partial')") if delivers else None
        return SQL(
            """
            SELECT 2 * o.id + 1, 'sale.order', o.id, o.name, o.opportunity_id, o.id, o.partner_id,
                   o.user_id, o.team_id, o.company_id,
                   CASE WHEN %(waits)s THEN 'delivery' WHEN u.order_id IS NULL THEN 'invoice'
                        ELSE 'payment' END,
                   CASE WHEN %(waits)s OR u.order_id IS NULL THEN %(ready)s::date
                        ELSE u.invoiced END,
                   CASE WHEN %(waits)s THEN o.commitment_date::date ELSE u.due END,
                   CASE WHEN %(waits)s OR u.order_id IS NULL
                        THEN o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1)
                        ELSE u.unpaid END
            FROM sale_order o LEFT JOIN (%(unpaid)s) u ON u.order_id = o.id
            WHERE o.state = 'sale' AND o.amount_untaxed > 0
              AND (%(waits)s OR o.invoice_status IN ('to invoice', 'no') OR u.order_id IS NOT NULL)
            """,
            waits=waits or SQL("FALSE"),
            ready=SQL(
                "COALESCE(CASE WHEN %s THEN NULL ELSE o.effective_date END, o.date_order)", waits
            )
            if delivers
            else SQL("o.date_order"),
            unpaid=self._unpaid_sql(),
        )

    def _unpaid_sql(self):
        """What of an order is invoiced and not paid, untaxed, in the company's currency.

        A grouped invoice counts with the share of the order's lines. Orders that still have
        something to invoice wait for that.
        """
        return SQL(
            """
            SELECT s.order_id, MIN(m.invoice_date) AS invoiced, MIN(m.invoice_date_due) AS due,
                   SUM(l.price_subtotal * m.amount_residual / NULLIF(m.amount_total, 0)
                       * m.amount_untaxed_signed / NULLIF(m.amount_untaxed, 0)) AS unpaid
            FROM account_move m
            JOIN account_move_line l ON l.move_id = m.id
            JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
            JOIN sale_order_line s ON s.id = r.order_line_id
            JOIN sale_order so ON so.id = s.order_id
                AND so.invoice_status NOT IN ('to invoice', 'no')
            WHERE m.state = 'posted' AND m.move_type = 'out_invoice'
              AND m.payment_state IN ('not_paid', 'partial')
            GROUP BY s.order_id
            """
        )
