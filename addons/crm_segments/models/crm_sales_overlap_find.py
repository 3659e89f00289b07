"""Finding documents that two sources have both."""

from odoo import models
from odoo.tools import SQL

#: days that the dates of one document may lie apart: order, delivery, invoice
DAYS_APART = 3


class CrmSalesOverlap(models.Model):
    _inherit = "crm.sales.overlap"  # pylint: disable=consider-merging-classes-inherited

    def _find(self, company):
        """Look for documents of one customer that two sources of a company have both.

        Alike are documents with the same number, or with the same amount at most
        ``DAYS_APART`` days apart; each document has at most one twin in another source, the
        nearest. What was decided is kept; what is open and no longer found goes.

        :param company: res.company record
        """
        self.env["crm.customer.metrics"]._flush_sources()
        self.flush_model()
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS crm_overlap_document"))
        self.env.cr.execute(
            SQL(
                "CREATE TEMP TABLE crm_overlap_document ON COMMIT DROP AS %s UNION ALL %s",
                self._own_documents_sql(company),
                self._history_documents_sql(company),
            )
        )
        self.env.cr.execute(SQL("ANALYZE crm_overlap_document"))
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_overlap_found ON COMMIT DROP AS %s
                """,
                self._twins_sql(),
            )
        )
        self.env.cr.execute(SQL("ANALYZE crm_overlap_found"))
        self._write_found(company)
        self.env.cr.execute(SQL("DROP TABLE crm_overlap_found, crm_overlap_document"))
        self.invalidate_model()

    def _own_documents_sql(self, company):
        """(source 0, customer, document, number, day, amount) of this database's documents."""
        Metrics = self.env["crm.customer.metrics"]
        if company.crm_sales_basis == "order":
            today = self.env["crm.segmentation"]._today()
            return SQL(
                """
                SELECT 0 AS source, d.partner_id, s.name AS document,
                       upper(regexp_replace(s.name, '[^[:alnum:]]', '', 'g')) AS number,
                       d.day, round(d.amount::numeric, 2) AS amount
                FROM (%s) d (partner_id, day, amount, positive, keys)
                JOIN sale_order s ON s.id = substr(d.keys[1], 2)::int
                """,
                Metrics._documents_orders_sql(company, None, today),
            )
        return SQL(
            """
            SELECT 0 AS source, i.partner_id, m.name AS document,
                   upper(regexp_replace(m.name, '[^[:alnum:]]', '', 'g')) AS number,
                   i.day, round(i.amount::numeric, 2) AS amount
            FROM (%s) i JOIN account_move m ON m.id = i.id
            """,
            Metrics._invoices_sql(company, None),
        )

    def _history_documents_sql(self, company):
        """The same of the sales history, up to the cut-over of each source."""
        return SQL(
            """
            SELECT h.source_id, p.commercial_partner_id, h.document,
                   upper(regexp_replace(h.document, '[^[:alnum:]]', '', 'g')),
                   MIN(h.date), round(SUM(h.amount_company), 2)
            FROM crm_sales_history h JOIN crm_sales_source s ON s.id = h.source_id
            JOIN res_partner p ON p.id = h.partner_id
            WHERE h.company_id = %s AND (s.cutover_date IS NULL OR h.date < s.cutover_date)
            GROUP BY h.source_id, p.commercial_partner_id, h.document
            """,
            company.id,
        )

    def _twins_sql(self):
        """Pairs of documents, each with its nearest twin in the other source.

        On the left stands the history; on the right this database, or the later source.
        """
        columns = SQL(
            """a.partner_id, a.source, a.document, a.day, a.amount, b.source AS other_source,
            b.document AS other_document, b.day AS other_day, b.amount AS other_amount"""
        )
        sides = SQL("a.partner_id = b.partner_id AND a.source > 0 AND b.source <> a.source "
                    "AND (b.source = 0 OR b.source > a.source)")  # fmt: skip
        return SQL(
            """
            WITH candidates AS (
                SELECT %(columns)s, 0 AS rank FROM crm_overlap_document a
                JOIN crm_overlap_document b ON %(sides)s AND a.number = b.number
                    AND a.number <> ''
                UNION ALL
                SELECT %(columns)s, 1 + abs(a.day - b.day) FROM crm_overlap_document a
                JOIN crm_overlap_document b ON %(sides)s AND a.amount = b.amount
                    AND a.amount <> 0 AND abs(a.day - b.day) <= %(days)s
            ),
            nearest AS (
                SELECT DISTINCT ON (source, document, partner_id, other_source) *
                FROM candidates
                ORDER BY source, document, partner_id, other_source, rank, other_document
            )
            SELECT DISTINCT ON (other_source, other_document, partner_id, source) *,
                   CASE rank WHEN 0 THEN 'number' WHEN 1 THEN 'day' ELSE 'near' END AS kind
            FROM nearest
            ORDER BY other_source, other_document, partner_id, source, rank, document
            """,
            columns=columns,
            sides=sides,
            days=DAYS_APART,
        )

    def _drop_orphans(self, company):
        """Forget decisions about documents of which one is no more, such as a cancelled invoice.

        The other one then counts again.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT o.id FROM crm_sales_overlap o
                WHERE o.company_id = %s AND o.decision <> 'open' AND NOT (
                    EXISTS (SELECT FROM crm_overlap_document d
                            WHERE d.source = o.source_id AND d.document = o.document)
                    AND EXISTS (SELECT FROM crm_overlap_document d
                                WHERE d.source = COALESCE(o.other_source_id, 0)
                                  AND d.document = o.other_document))
                """,
                company.id,
            )
        )
        self.browse([one for (one,) in rows]).unlink()

    def _write_found(self, company):
        """Add what is new, take away what is open and gone, or lost one of its documents."""
        self._drop_orphans(company)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_sales_overlap o
                WHERE o.company_id = %s AND o.decision = 'open' AND NOT EXISTS (
                    SELECT FROM crm_overlap_found f
                    WHERE f.source = o.source_id AND f.document = o.document
                      AND f.other_source = COALESCE(o.other_source_id, 0)
                      AND f.other_document = o.other_document)
                """,
                company.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                -- read once: the table grows while it is written
                WITH settled AS MATERIALIZED (
                    SELECT source_id, document, COALESCE(other_source_id, 0) AS other_source
                    FROM crm_sales_overlap WHERE company_id = %(company)s AND decision <> 'open'
                )
                INSERT INTO crm_sales_overlap (company_id, partner_id, source_id, document, date,
                    amount, other_source_id, other_document, other_date, other_amount, kind,
                    decision, create_uid, create_date, write_uid, write_date)
                SELECT %(company)s, f.partner_id, f.source, f.document, f.day, f.amount,
                       NULLIF(f.other_source, 0), f.other_document, f.other_day, f.other_amount,
                       f.kind, 'open', %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                FROM crm_overlap_found f
                -- a document settled with another twin of that source needs no second decision
                WHERE NOT EXISTS (
                    SELECT FROM settled o WHERE o.source_id = f.source
                      AND o.document = f.document AND o.other_source = f.other_source)
                ON CONFLICT DO NOTHING
                """,
                company=company.id,
                uid=self.env.uid,
            )
        )
