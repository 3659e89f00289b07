"""Import of sales history: what happened, or would, in numbers."""

from odoo import api, models
from odoo.tools import SQL

#: What makes a line in the database differ from the file, before customers are created.
_COMPARED = (
    "customer_ref",
    "date",
    "is_refund",
    "product_ref",
    "product_name",
    "quantity",
    "currency_id",
    "amount_untaxed",
)


class CrmSalesHistoryImportEngine(models.AbstractModel):
    _inherit = "crm.sales.history.import.engine"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _summary(self, source, result):
        """Add to result what the staged lines amount to:

        - lines_read, lines_accepted, lines_new, lines_changed, lines_not_counted (from the
          cut-over on), rejected (list of Rejected), reasons (Counter)
        - customers, documents, purchases (documents with positive total), date_from, date_to
        - matched: dict how -> customers of the file (external, vat, reference, email,
          new, ambiguous); products_missing
        - totals: list of (currency id, documents, amount); revenue (company currency)
        - partners: whose figures change
        """
        result["reasons"] = self._reasons(result)
        result.setdefault("customers_created", 0)
        result.setdefault("products_created", 0)
        if "lines_new" not in result:
            result["lines_new"], result["lines_changed"] = self._forecast(source, result["shift"])
        result.update(self._line_figures(source, result["shift"]))
        result.update(self._document_figures(source, result["shift"]))
        result.update(self._customer_figures())
        result["partners"] = self._touched() | result.pop("partners_before", self._no_partner())

    @api.model
    def _no_partner(self):
        return self.env["res.partner"]

    @api.model
    def _forecast(self, source, shift):
        """:return: (lines that would be new, lines that would be corrected)"""
        old = SQL(", ").join(SQL("h.%s", SQL.identifier(name)) for name in _COMPARED)
        new = SQL(", ").join(SQL("l.%s", SQL.identifier(name)) for name in _COMPARED)
        [counts] = self.env.execute_query(
            SQL(
                """SELECT count(*) FILTER (WHERE h.id IS NULL),
                    count(*) FILTER (WHERE h.id IS NOT NULL AND (
                        (%s) IS DISTINCT FROM (%s)
                        OR h.partner_id IS DISTINCT FROM l.partner_id
                        OR (l.product_id IS NOT NULL
                            AND h.product_id IS DISTINCT FROM l.product_id)))
                FROM (%s) l LEFT JOIN crm_sales_history h ON h.source_id = %s
                    AND h.document = l.document AND h.position = l.position""",
                old,
                new,
                self._lines_query(source, shift),
                source.id,
            )
        )
        return counts

    @api.model
    def _line_figures(self, source, shift):
        [row] = self.env.execute_query_dict(
            SQL(
                """SELECT count(*) AS lines_accepted,
                    min(date) + %(shift)s AS date_from, max(date) + %(shift)s AS date_to,
                    count(*) FILTER (WHERE date + %(shift)s >= %(cutover)s) AS lines_not_counted
                FROM crm_history_stage""",
                shift=shift,
                cutover=source.cutover_date or None,
            )
        )
        return row

    @api.model
    def _document_figures(self, source, shift):
        """Figures of documents, and the totals of each currency, in one pass."""
        rows = self.env.execute_query(
            SQL(
                """SELECT currency_id, count(*), sum(untaxed), sum(amount),
                    count(*) FILTER (WHERE amount > 0 AND NOT is_refund)
                FROM (
                    SELECT document, currency_id, sum(amount_untaxed) AS untaxed,
                        sum(amount_company) AS amount, bool_and(is_refund) AS is_refund
                    FROM (%s) l GROUP BY document, currency_id
                ) d GROUP BY currency_id ORDER BY 2 DESC""",
                self._lines_query(source, shift),
            )
        )
        return {
            "totals": [row[:3] for row in rows],
            "documents": sum(row[1] for row in rows),
            "revenue": sum(row[3] for row in rows),
            "purchases": sum(row[4] for row in rows),
        }

    @api.model
    def _customer_figures(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT COALESCE(matched, 'new'), count(*) FROM crm_history_customer
                GROUP BY 1 UNION ALL
                SELECT 'ambiguous', count(*) FROM crm_history_customer
                WHERE ambiguous AND matched IS NULL"""
            )
        )
        matched = dict(rows)
        customers = sum(count for how, count in rows if how != "ambiguous")
        [(missing,)] = self.env.execute_query(
            SQL("SELECT count(*) FROM crm_history_product WHERE product_id IS NULL")
        )
        return {"matched": matched, "customers": customers, "products_missing": missing}

    @api.model
    def _touched(self):
        """:return: partners of the lines, as far as they exist"""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT partner_id FROM crm_history_customer
                WHERE partner_id IS NOT NULL"""
            )
        )
        return self._no_partner().browse(id_ for (id_,) in rows)
