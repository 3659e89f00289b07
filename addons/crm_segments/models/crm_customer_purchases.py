"""What each customer bought, added up day by day, so that the sums of any period are at hand."""

import json
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from .settings import settings

#: documents of all companies from which on their purchases are kept; fewer are read at once
KEEP_FROM = 200_000
#: settings of PostgreSQL for packing the documents of a company
_MEMORY = {"work_mem": "128MB", "jit": "off"}
#: where they are most of all: whole tables are read, and sorted, which takes less memory than a
#: hash with several sums per customer and day
_PLAN = {
    **_MEMORY, "enable_nestloop": "off", "enable_indexscan": "off", "enable_hashagg": "off"
}  # fmt: skip
#: a company is small that has less than one of so many documents
SMALL = 20
#: column → its type; what a customer has many of
ARRAYS = {
    "days": "date[]",
    "revenue": "numeric[]",
    "bought": "numeric[]",
    "purchases": "int[]",
    "foreign_revenue": "numeric[]",
    "foreign_bought": "numeric[]",
    "order_days": "date[]",
    "orders_before": "date[]",
    "line_days": "date[]",
    "items": "bigint[]",
    "quantities": "float8[]",
    "amounts": "float8[]",
}


class CrmCustomerPurchases(models.Model):
    """The documents of a customer in one company, packed into one row.

    ``days`` are the days with documents, in order. Of each measure the arrays have one element
    more: 0, and then what it came to with each day. So the sum of a period is the difference of
    two elements, whose places PostgreSQL's ``width_bucket`` finds. Measures: ``revenue`` and
    ``bought`` (purchases alone) in the company's currency, and the number of ``purchases`` where
    each document or day is one. Where orders are counted, ``order_days`` and ``orders_before``
    are the days on which an order was bought from and the day before on which the same one was:
    it counts once in a period.

    ``line_days``, ``items``, ``quantities`` and ``amounts`` are the products on purchases: an id,
    or a negative number for what only a source of the history knows.

    Documents in foreign money are in that row like all others, without their products, and once
    more in a row of each currency, with ``foreign_revenue`` and ``foreign_bought`` in it.

    ``customer_id`` is who the customer was when it was read. Two that are merged by day stay two
    until the night: to the rows of each, ``partner_id`` tells whose they are now.

    Nobody reads the table. It is written at night (:meth:`_keep`), only where something changed,
    and what reads it tells when that was.
    """

    _name = "crm.customer.purchases"
    _description = "Purchases Read at Night"
    _rec_name = "partner_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")
    # no relations: of the night, and a check per row takes long
    customer_id = fields.Integer("Customer ID", required=True, export_string_translation=False)
    currency_id = fields.Integer("Currency ID", required=True, export_string_translation=False)

    def init(self):
        """Columns of kinds that no field has; without values they take no room."""
        columns = [
            SQL("ADD COLUMN IF NOT EXISTS %s %s", SQL.identifier(name), SQL(kind))
            for name, kind in ARRAYS.items()
        ]
        table = SQL.identifier(self._table)
        self.env.cr.execute(SQL("ALTER TABLE %s %s", table, SQL(", ").join(columns)))

    @api.model
    def _read_at(self):
        """When the purchases of all companies that are switched on were read.

        :return: datetime in UTC; None where they are read from the documents: there are few, or
            a company counts otherwise since the night, or their currencies differ
        """
        companies = self.env.companies
        if companies.currency_id != self.env.company.currency_id:
            return None
        # sudo: when was read, and of how many days, is no figure of a customer
        kept = self.env["crm.segment.kept"].sudo()
        kept = kept._find(self._name, *map(self._question, companies))
        if len(kept) < len(companies) or sum(one.rows or 0 for one in kept) < KEEP_FROM:
            return None
        return min(kept.mapped("read_at"))

    def _question(self, company):
        """What the rows of a company depend on besides documents, as text."""
        return json.dumps(self.env["crm.segment.kept"]._settings(company))

    @api.model
    def _count_documents(self):
        """Number of documents of each company, by id."""
        self.env["crm.customer.metrics"]._flush_sources()
        counts = map(self._count_sql, self.env["res.company"].search([]))
        return dict(self.env.execute_query(SQL(" UNION ALL ").join(counts)))

    def _count_sql(self, company):
        """SELECT of a company's id and number of documents, which reads no more than that."""
        Metrics = self.env["crm.customer.metrics"]
        sources = Metrics._document_sources(company, None, date.max).values()
        return SQL(
            "SELECT %s::int, (WITH invoices AS (%s) SELECT %s)",
            company.id,
            Metrics._invoices_sql(company, None),
            SQL(" + ").join(SQL("(SELECT COUNT(*) FROM (%s) x)", source) for source in sources),
        )

    @api.model
    def _keep(self, documents):
        """Pack the purchases of the current company anew, or forget them where there are few.

        :param dict documents: company id → number of documents, see :meth:`_count_documents`
        """
        company, Kept = self.env.company, self.env["crm.segment.kept"]
        # to other questions as well: there is one row of a customer, counted one way
        Kept.search([("model_name", "=", self._name), ("company_id", "=", company.id)]).unlink()
        total, own = sum(documents.values()), documents.get(company.id, 0)
        if total < KEEP_FROM:
            self.env.cr.execute(
                SQL("DELETE FROM crm_customer_purchases WHERE company_id = %s", company.id)
            )
            return
        # for a small company among others the planner's own ways are better than whole tables
        with settings(self.env, **(_PLAN if own * SMALL >= total else _MEMORY)):
            self._rebuild(company)
        Kept._put(self._name, self._question(company), own, self.env.cr.now())

    def _rebuild(self, company):
        """Read all documents, also those of days to come, and write what differs."""
        self.env.flush_all()
        found = self._found_sql(company, date.max)
        for statement in (
            SQL("CREATE TEMP TABLE crm_purchases_found ON COMMIT DROP AS %s", found),
            self._delete_sql(company),
            self._insert_sql(company),
            SQL("DROP TABLE crm_purchases_found"),
            SQL("ANALYZE crm_customer_purchases (company_id, customer_id, currency_id)"),
        ):
            self.env.cr.execute(statement)
        self.env.invalidate_all()

    def _delete_sql(self, company):
        """Rows that are otherwise now, or no more: also of customers that were merged."""
        old, new = (
            SQL("ROW(%s)", SQL(", ").join(SQL.identifier(alias, name) for name in ARRAYS))
            for alias in ("k", "f")
        )
        return SQL(
            """
            DELETE FROM crm_customer_purchases k
            WHERE k.company_id = %(company)s AND NOT EXISTS (
                SELECT FROM crm_purchases_found f
                WHERE f.customer_id = k.customer_id AND f.customer_id = k.partner_id
                  AND f.currency_id = k.currency_id AND %(old)s IS NOT DISTINCT FROM %(new)s)
            """,
            company=company.id,
            old=old,
            new=new,
        )

    def _insert_sql(self, company):
        columns = SQL(", ").join(map(SQL.identifier, ("customer_id", "currency_id", *ARRAYS)))
        return SQL(
            """
            INSERT INTO crm_customer_purchases (company_id, partner_id, %(columns)s)
            SELECT %(company)s, customer_id, %(columns)s FROM crm_purchases_found f
            WHERE NOT EXISTS (
                SELECT FROM crm_customer_purchases k WHERE k.company_id = %(company)s
                  AND k.customer_id = f.customer_id AND k.currency_id = f.currency_id)
            """,
            company=company.id,
            columns=columns,
        )
