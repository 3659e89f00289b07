"""The steps from the revenue of segments to the host's Invoice Analysis, each by itself."""

from odoo import models
from odoo.tools import SQL

from ..models.own_call import READ_NOW
from ..models.rates import rate_sql

#: why an invoice stands on one side only → the side
_BY_REASON = {
    "receipts": "ours", "basis": "host", "intercompany": "host", "no_customer": "host",
}  # fmt: skip
#: documents that a step opens at most
MAX_OPENED = 5_000


class CrmSegmentReconciliation(models.TransientModel):
    _inherit = "crm.segment.reconciliation"  # pylint: disable=consider-merging-classes-inherited

    def _steps(self):
        """List of dicts of the lines, in order; their amounts add up to the host's total."""
        self.env["crm.customer.metrics"]._flush_sources()
        self.env["crm.segment.exclusion"].flush_model()
        ours, before = self._our_steps()
        return [*ours, *before, *self._source_steps(), *self._invoice_steps()]

    def _step(self, reason, amount, count=0, model=None, ids=()):
        name, explanation = self._step_texts()[reason]
        return {
            "reason": reason,
            "name": name,
            "explanation": explanation,
            "amount": self.currency_id.round(amount or 0),
            "count": count or 0,
            "res_model": model,
            "res_ids": sorted(ids or ())[:MAX_OPENED],
        }

    # What the report of segments shows, and what it can't show.

    def _our_steps(self):
        report = self.env["crm.segment.report"].with_context(**READ_NOW)
        domain = [
            ("segmentation_id", "=", self.segmentation_id.id),
            ("month", ">=", self.date_from),
            ("month", "<=", self.date_to),
        ]
        inside = outside = 0
        for segment, revenue in report._read_group(domain, ["segment_id"], ["revenue:sum"]):
            if segment:
                inside += revenue
            else:
                outside += revenue
        # documents of these months in all, whether or not a segment is known for them
        [(everything,)] = self.env.execute_query(
            SQL("SELECT COALESCE(SUM(amount), 0) FROM (%s) d", self._our_documents())
        )
        strangers, excluded, amount = self._outside_customers()
        ours = [
            self._step("segments", inside),
            self._step("excluded", amount, len(excluded), "res.partner", excluded),
            self._step("outside", outside - amount, len(strangers), "res.partner", strangers),
        ]
        return ours, [self._step("before", float(everything) - inside - outside)]

    def _outside_customers(self):
        """Who bought in a month at whose end they were in no segment.

        :return: ids of them, ids of those whom the company leaves out of segments by decision,
            and the revenue of the latter
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.partner_id, x.partner_id IS NOT NULL AS excluded, SUM(d.amount)
                FROM (%(documents)s) d
                LEFT JOIN crm_segment_exclusion x
                  ON x.partner_id = d.partner_id AND x.company_id = d.company_id
                JOIN (
                    SELECT company_id, MIN(date_from) AS since FROM crm_segment_membership
                    WHERE segmentation_id = %(segmentation)s GROUP BY company_id
                ) k ON k.company_id = d.company_id
                CROSS JOIN LATERAL (
                    SELECT LEAST(date_trunc('month', d.day) + '1 month - 1 day'::interval,
                                 %(today)s::timestamp)::date AS month_end
                ) e
                WHERE e.month_end >= k.since AND NOT EXISTS (
                    SELECT FROM crm_segment_membership m
                    WHERE m.partner_id = d.partner_id AND m.company_id = d.company_id
                      AND m.segmentation_id = %(segmentation)s AND m.date_from <= e.month_end
                      AND (m.date_to IS NULL OR m.date_to > e.month_end)
                      AND m.pinned IS DISTINCT FROM 'out')
                GROUP BY d.partner_id, excluded
                """,
                documents=self._our_documents(),
                segmentation=self.segmentation_id.id,
                today=self.env["crm.segmentation"]._today(),
            )
        )
        return (
            [partner_id for partner_id, excluded, _amount in rows if not excluded],
            [partner_id for partner_id, excluded, _amount in rows if excluded],
            float(sum(amount for _partner_id, excluded, amount in rows if excluded)),
        )

    def _our_documents(self):
        """The documents of the period that the figures count."""
        Metrics = self.env["crm.customer.metrics"].sudo()  # sudo: as the report reads them
        return SQL(
            "SELECT * FROM (%s) d WHERE day BETWEEN %s AND %s",
            Metrics._documents_sql(self.env.companies, self.date_to),
            self.date_from,
            self.date_to,
        )

    def _source_steps(self):
        """What is counted here and is no invoice of the host."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT source, SUM(amount)::float FROM (%s) d GROUP BY source
                """,
                self._our_documents(),
            )
        )
        found = dict(rows)
        return [
            self._opened_step(found, "history", "crm.sales.history", self._history_lines_sql()),
            self._opened_step(found, "orders", "sale.order", self._orders_sql()),
        ]

    def _opened_step(self, found, source, model, records):
        """What is counted of a source, and the records behind it; most are not asked for."""
        if source not in found:
            return self._step(source, 0)
        rows = self.env.execute_query(
            SQL(
                "SELECT id, COUNT(*) OVER () FROM (%s) r ORDER BY id LIMIT %s", records, MAX_OPENED
            )
        )
        count = rows[0][1] if rows else 0
        return self._step(source, -found[source], count, model, [row[0] for row in rows])

    def _orders_sql(self):
        return SQL(
            "SELECT document_id AS id FROM (%s) d WHERE source = 'orders'", self._our_documents()
        )

    def _history_lines_sql(self):
        """Lines of the documents that are counted."""
        return SQL(
            """
            SELECT h.id FROM (%s) d
            JOIN crm_sales_history f ON f.id = d.document_id
            JOIN crm_sales_history h
              ON h.source_id = f.source_id AND h.document = f.document
             AND h.company_id = f.company_id AND h.not_counted IS NOT TRUE
            JOIN crm_sales_source s ON s.id = h.source_id
            JOIN res_partner p ON p.id = h.partner_id
            WHERE d.source = 'history' AND p.commercial_partner_id = d.partner_id
              AND (s.cutover_date IS NULL OR h.date < s.cutover_date)
            """,
            self._our_documents(),
        )

    # Invoices, which both have, but not all of them and not at the same rate.

    def _invoice_steps(self):
        rows = self.env.execute_query_dict(self._invoices_by_reason())
        found = {row["reason"]: row for row in rows}
        steps = []
        for reason, side in _BY_REASON.items():
            row = found.get(reason)
            if row:
                amount = row["host"] if side == "host" else -row["ours"]
                steps.append(
                    self._step(reason, amount, row["count"], "account.move", row["ids"])
                )
        if both := found.get("both"):
            lines, rate = both["host"] - both["header"], both["header"] - both["ours"]
            steps.append(
                self._step("rate", rate, both["rated"], "account.move", both["rated_ids"])
            )
            steps.append(
                self._step("lines", lines, both["odd"], "account.move", both["odd_ids"])
            )
        return steps

    def _invoices_by_reason(self):
        """Per reason: ours (at the day's rate), the host's (lines, today's rate), the header."""
        return SQL(
            """
            SELECT reason, SUM(ours)::float AS ours, SUM(host)::float AS host,
                   SUM(header)::float AS header, COUNT(*) AS count,
                   (array_agg(id))[1:%(limit)s] AS ids,
                   COUNT(*) FILTER (WHERE ours <> header) AS rated,
                   (array_agg(id) FILTER (WHERE ours <> header))[1:%(limit)s] AS rated_ids,
                   COUNT(*) FILTER (WHERE host <> header) AS odd,
                   (array_agg(id) FILTER (WHERE host <> header))[1:%(limit)s] AS odd_ids
            FROM (%(moves)s) m GROUP BY reason
            """,
            limit=MAX_OPENED,
            moves=self._compared_moves(),
        )

    def _compared_moves(self):
        """Posted customer documents of the period, with the reason why they differ, if any."""
        companies = self.env.companies
        own = companies.partner_id.ids if len(companies) > 1 else []
        counting_orders = companies.filtered(lambda one: one.crm_sales_basis == "order")
        digits = self.env.company.currency_id.decimal_places
        return SQL(
            """
            SELECT m.id, m.amount_untaxed_signed * t.rate AS header,
                   ROUND((m.amount_untaxed_signed * %(day_rate)s)::numeric, %(digits)s) AS ours,
                   l.amount * t.rate AS host,
                   CASE WHEN p.id IS NULL THEN 'no_customer'
                        WHEN p.commercial_partner_id = ANY(%(own)s) THEN 'intercompany'
                        WHEN m.company_id = ANY(%(counting_orders)s) THEN 'basis'
                        WHEN m.move_type = 'out_receipt' THEN 'receipts'
                        ELSE 'both' END AS reason
            FROM account_move m
            LEFT JOIN res_partner p ON p.id = m.partner_id
            JOIN res_company o ON o.id = m.company_id
            JOIN %(today)s t ON t.company_id = m.company_id
            LEFT JOIN LATERAL (
                SELECT COALESCE(SUM(-x.balance), 0) AS amount FROM account_move_line x
                WHERE x.move_id = m.id AND x.account_id IS NOT NULL AND x.display_type = 'product'
            ) l ON TRUE
            WHERE m.state = 'posted' AND m.company_id = ANY(%(companies)s)
              AND m.invoice_date BETWEEN %(first)s AND %(last)s
              AND (m.move_type IN ('out_invoice', 'out_refund')
                   OR m.move_type = 'out_receipt' AND p.id IS NOT NULL
                      AND NOT p.commercial_partner_id = ANY(%(own)s)
                      AND NOT m.company_id = ANY(%(counting_orders)s))
            """,
            day_rate=self._day_rate(),
            digits=digits,
            own=own,
            counting_orders=counting_orders.ids,
            today=SQL("(SELECT company_id, rate FROM %s)", self._today_rates()),
            companies=companies.ids,
            first=self.date_from,
            last=self.date_to,
        )

    def _day_rate(self):
        """Factor from the company's currency to that of the current one, on the invoice's day."""
        main = self.env.company
        return SQL(
            "CASE WHEN o.currency_id = %s THEN 1 ELSE %s / %s END",
            main.currency_id.id,
            rate_sql(SQL("%s", main.currency_id.id), main.root_id, SQL("m.invoice_date")),
            rate_sql(SQL("o.currency_id"), main.root_id, SQL("m.invoice_date")),
        )

    def _today_rates(self):
        """The host's own table of today's rates, as its report uses it."""
        return self.env["res.currency"]._get_simple_currency_table(self.env.companies)
