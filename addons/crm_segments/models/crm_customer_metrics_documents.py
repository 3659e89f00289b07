"""The documents that the figures count, one by one: what reports add up."""

from odoo import models
from odoo.tools import SQL

from .rates import rate_sql


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    def _documents_sql(self, companies, until):
        """SELECT of the documents of several companies, each in its own and in one currency.

        Columns: ``company_id``, ``source`` (invoices, orders, history), ``partner_id`` (the
        customer), ``day``, ``amount_company``, ``amount`` (in the currency of the current
        company, at the rate of the day), ``is_purchase``, ``order_keys``, ``amount_currency``
        (in the document's own, ``currency_id``), ``document_id`` (of its source). Amounts are
        untaxed, credit notes negative. Where several companies are looked at, what they sold to
        each other is left out.

        A filter on ``day`` around it reaches the tables, but for the sales history, whose
        documents are put together first. Flush them first (:meth:`_flush_sources`).

        :param companies: res.company records
        :param date until: the last day
        :return: SQL
        """
        parts = [self._company_documents_sql(company, until) for company in companies]
        documents = SQL(" UNION ALL ").join(parts)
        if len(companies) > 1:
            documents = SQL(
                "SELECT d.* FROM (%s) d WHERE d.partner_id <> ALL(%s)",
                documents,
                companies.partner_id.ids,
            )
        if companies.currency_id == self.env.company.currency_id:
            return SQL("SELECT d.*, d.amount_company AS amount FROM (%s) d", documents)
        return self._converted_sql(documents, companies)

    def _company_documents_sql(self, company, until):
        parts = [
            SQL("SELECT %s::text AS source, x.* FROM (%s) x %s", name, sql, _COLUMNS)
            for name, sql in self._document_sources(company, None, until).items()
        ]
        return SQL(
            """
            SELECT %(company)s AS company_id, c.* FROM (
                WITH invoices AS (%(invoices)s) %(sources)s
            ) c
            """,
            company=company.id,
            invoices=self._invoices_sql(company, None),
            sources=SQL(" UNION ALL ").join(parts),
        )

    def _converted_sql(self, documents, companies):
        """The documents with ``amount``, by a table of factors per company and day."""
        main = self.env.company
        factor = SQL(
            "CASE WHEN o.currency_id = %(main)s THEN 1 ELSE %(to)s / %(own)s END",
            main=main.currency_id.id,
            to=rate_sql(SQL("%s", main.currency_id.id), main.root_id, SQL("k.day")),
            own=rate_sql(SQL("o.currency_id"), main.root_id, SQL("k.day")),
        )
        return SQL(
            """
            SELECT d.*, ROUND(d.amount_company * f.factor, %(digits)s) AS amount
            FROM (%(documents)s) d
            JOIN (
                SELECT k.company_id, k.day, (%(factor)s)::numeric AS factor
                FROM (SELECT DISTINCT company_id, day FROM (%(documents)s) k) k
                JOIN res_company o ON o.id = k.company_id
            ) f ON f.company_id = d.company_id AND f.day = d.day
            """,
            digits=main.currency_id.decimal_places,
            documents=documents,
            factor=factor,
        )


_COLUMNS = SQL(
    "(partner_id, day, amount_company, is_purchase, order_keys,"
    " amount_currency, currency_id, document_id)"
)
