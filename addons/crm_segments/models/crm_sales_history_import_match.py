"""Import of sales history: what the staged lines mean in this database.

Temporary tables made here, one row each per …:

- ``crm_history_rate``: currency and day: currency_id, factor to the company's currency
- ``crm_history_customer``: customer of the file: partner_id, matched (by which key)
- ``crm_history_product``: product of the file: product_id
"""

from odoo import api, models
from odoo.tools import SQL

from ..lib.history_rows import CUSTOMER_VALUES, Rejected

#: Key of the file -> (column of res_partner, both sides made comparable by).
_PARTNER_KEYS = {
    "vat": (SQL("p.vat"), "upper(regexp_replace(%s, '[^[:alnum:]]', '', 'g'))"),
    "reference": (SQL("p.ref"), "lower(trim(%s))"),
    "email": (SQL("COALESCE(p.email_normalized, p.email)"), "lower(trim(%s))"),
}
#: How the lines of a product without code are joined: by its name.
PRODUCT_KEY = SQL("COALESCE(s.product_ref, 'name:' || s.product_name)")


class CrmSalesHistoryImportEngine(models.AbstractModel):
    _inherit = "crm.sales.history.import.engine"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _match(self, source, result, shift_to):
        """Match currencies, customers and products; put what was found into result."""
        self._flush_matched()
        result["shift"] = self._shift(shift_to)
        self._match_currencies(source, result["shift"])
        self._match_customers(source)
        result["rejected"] += self._reject_foreign(source)
        self._match_products(source)

    @api.model
    def _flush_matched(self):
        """Write what is pending: the statements below read the tables."""
        for name in (
            "res.partner",
            "res.currency",
            "res.currency.rate",
            "res.company",
            "product.product",
            "product.template",
            "crm.sales.source",
            "crm.sales.identity",
        ):
            self.env[name].flush_model()

    @api.model
    def _make_table(self, name, query):
        """Make a temporary table from a query, in place of an earlier one."""
        table = SQL.identifier(name)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        self.env.cr.execute(SQL("CREATE TEMP TABLE %s ON COMMIT DROP AS %s", table, query))
        self.env.cr.execute(SQL("ANALYZE %s", table))

    @api.model
    def _shift(self, shift_to):
        """:return: days to add to every date so that the last one falls on ``shift_to``"""
        if not shift_to:
            return 0
        [(last,)] = self.env.execute_query(SQL("SELECT max(date) FROM crm_history_stage"))
        return (shift_to - last).days if last else 0

    # ----------------------------------------------------------------- customers

    @api.model
    def _match_customers(self, source):
        """Find each customer of the file: by its code, VAT, reference, then e-mail."""
        self._make_table("crm_history_customer", self._customers_query())
        self._match_identities(source)
        for key, (column, comparable) in self._get_partner_keys().items():
            self._match_partners(source, key, column, comparable)

    @api.model
    def _get_partner_keys(self):
        """Hook: other keys by which a customer is found, in this order."""
        return _PARTNER_KEYS

    @api.model
    def _customers_query(self):
        """:return: SQL, one row per customer of the file, with the last value of each column"""
        names = CUSTOMER_VALUES
        used = [name for name in names if self._has_values(name)]
        last = [
            SQL("max(row) FILTER (WHERE %s IS NOT NULL)", SQL.identifier(name)) for name in used
        ]
        return SQL(
            """SELECT l.customer, NULL::integer AS partner_id, NULL::text AS matched,
                FALSE AS ambiguous, FALSE AS is_foreign %(values)s
            FROM (
                SELECT customer %(last)s FROM crm_history_stage GROUP BY customer
            ) l %(joins)s""",
            last=_listed(
                SQL("%s AS %s", one, SQL.identifier(n)) for n, one in zip(used, last, strict=True)
            ),
            values=_listed(
                SQL(
                    "%s AS %s",
                    SQL.identifier(n, n) if n in used else SQL("NULL::text"),
                    SQL.identifier(n),
                )
                for n in names
            ),
            joins=SQL(" ").join(
                SQL("LEFT JOIN crm_history_stage %(n)s ON %(n)s.row = l.%(n)s", n=SQL.identifier(n))
                for n in used
            ),
        )

    @api.model
    def _has_values(self, name):
        column = SQL.identifier(name)
        return bool(
            self.env.execute_query(
                SQL("SELECT 1 FROM crm_history_stage WHERE %s IS NOT NULL LIMIT 1", column)
            )
        )

    @api.model
    def _match_identities(self, source):
        self.env.cr.execute(
            SQL(
                """UPDATE crm_history_customer c
                SET partner_id = p.commercial_partner_id, matched = 'external',
                    is_foreign = NOT %s
                FROM crm_sales_identity i
                JOIN res_partner m ON m.id = i.partner_id
                JOIN res_partner p ON p.id = m.commercial_partner_id
                WHERE i.source_id = %s AND i.external_id = c.customer""",
                _in_company(source.company_id, SQL("p.company_id")),
                source.id,
            )
        )

    @api.model
    def _match_partners(self, source, key, column, comparable):
        """One key: matched where it leads to a single customer, of those not archived if any."""
        if not self._has_values(key):
            return
        theirs, ours = SQL(comparable, SQL.identifier("c", key)), SQL(comparable, column)
        self.env.cr.execute(
            SQL(
                """UPDATE crm_history_customer c
                SET partner_id = m.found, ambiguous = m.found IS NULL,
                    matched = CASE WHEN m.found IS NOT NULL THEN %(key)s END
                FROM (
                    SELECT %(ours)s AS key, CASE
                        WHEN count(DISTINCT e.id) FILTER (WHERE e.active) = 1
                        THEN min(e.id) FILTER (WHERE e.active)
                        WHEN count(DISTINCT e.id) = 1 THEN min(e.id) END AS found
                    FROM res_partner p JOIN res_partner e ON e.id = p.commercial_partner_id
                    WHERE %(column)s IS NOT NULL AND %(allowed)s
                    GROUP BY 1
                ) m
                WHERE c.partner_id IS NULL AND m.key <> '' AND m.key = %(theirs)s""",
                key=key,
                ours=ours,
                column=column,
                theirs=theirs,
                allowed=_in_company(source.company_id, SQL("e.company_id")),
            )
        )

    @api.model
    def _reject_foreign(self, source):
        """Take out the lines of customers that now belong to another company.

        :return: list of Rejected
        """
        rows = self.env.execute_query(
            SQL(
                """DELETE FROM crm_history_stage s USING crm_history_customer c
                WHERE c.customer = s.customer AND c.is_foreign RETURNING s.row, s.customer"""
            )
        )
        self.env.cr.execute(SQL("DELETE FROM crm_history_customer WHERE is_foreign"))
        return [Rejected(row, "other_company", customer) for row, customer in rows]

    # ------------------------------------------------------------------ products

    @api.model
    def _match_products(self, source):
        """Find each product of the file: by internal reference, then barcode, else name."""
        query = SQL(
            """SELECT l.key, product_ref, product_name, price, currency, date,
                NULL::integer AS product_id
            FROM (
                SELECT %(key)s AS key, COALESCE(
                    max(row) FILTER (WHERE product_name IS NOT NULL), max(row)) AS row
                FROM crm_history_stage s WHERE %(key)s IS NOT NULL GROUP BY 1
            ) l JOIN crm_history_stage s USING (row)""",
            key=PRODUCT_KEY,
        )
        self._make_table("crm_history_product", query)
        for ours, theirs in (
            (SQL("pp.default_code"), SQL("c.product_ref")),
            (SQL("pp.barcode"), SQL("c.product_ref")),
            (
                SQL("t.name->>'en_US'"),
                SQL("(CASE WHEN c.product_ref IS NULL THEN c.product_name END)"),
            ),
        ):
            self._match_product_key(source, ours, theirs)

    @api.model
    def _match_product_key(self, source, ours, theirs):
        self.env.cr.execute(
            SQL(
                """UPDATE crm_history_product c SET product_id = m.id
                FROM (
                    SELECT DISTINCT ON (%(ours)s) %(ours)s AS key, pp.id
                    FROM product_product pp JOIN product_template t ON t.id = pp.product_tmpl_id
                    WHERE %(ours)s IS NOT NULL AND %(allowed)s
                    ORDER BY %(ours)s, pp.active DESC, pp.id
                ) m
                WHERE c.product_id IS NULL AND m.key = %(theirs)s""",
                ours=ours,
                theirs=theirs,
                allowed=_in_company(source.company_id, SQL("t.company_id")),
            )
        )


def _listed(parts):
    """:return: SQL of the parts, each with a comma before it"""
    return SQL("").join(SQL(", %s", part) for part in parts)


def _in_company(company, column):
    """:return: SQL condition: of this company, of one above it, or of none"""
    return SQL("(%s IS NULL OR %s = ANY(%s))", column, column, company.parent_ids.ids)
