"""Import of sales history: missing customers and products, then the lines."""

from odoo import api, models
from odoo.tools import SQL, split_every

from ..lib.country_names import ALIASES
from ..lib.history_charges import is_charge
from .crm_sales_history_import_match import CUSTOMER_VALUES, PRODUCT_KEY

_BATCH = 1000  # records per create()
#: The host's own work that makes no sense for customers of years ago, by the thousand.
_QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_vat_validation": True,
    "segments_defer": True,
}
#: What a line of the file says of the line in the database, and may correct there.
_VALUES = (
    "partner_id",
    "customer_ref",
    "email",
    "date",
    "is_refund",
    "product_id",
    "product_ref",
    "product_name",
    "quantity",
    "currency_id",
    "amount_untaxed",
    "amount_company",
    "list_price",
    "cost",
)


class CrmSalesHistoryImportEngine(models.AbstractModel):
    _inherit = "crm.sales.history.import.engine"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _write_all(self, source, result):
        """Create what is missing, then insert and correct the lines."""
        result["partners_before"] = self._partners_of_documents(source)
        result["customers_created"] = self._create_customers(source)
        self._create_identities(source)
        if source.create_products:
            result["products_created"] = self._create_products(result["shift"])
        result["lines_new"], result["lines_changed"] = self._upsert(source, result["shift"])
        self.env["crm.sales.history"].invalidate_model()
        self.env["crm.sales.identity"].invalidate_model()

    @api.model
    def _partners_of_documents(self, source):
        """:return: partners that had lines of these documents: a correction may take them away"""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT h.partner_id FROM crm_sales_history h
                JOIN (SELECT DISTINCT document FROM crm_history_stage) d USING (document)
                WHERE h.source_id = %s""",
                source.id,
            )
        )
        return self.env["res.partner"].browse(id_ for (id_,) in rows)

    @api.model
    def _create_customers(self, source):
        """:return: how many were created"""
        rows = self.env.execute_query_dict(
            SQL("SELECT * FROM crm_history_customer WHERE partner_id IS NULL ORDER BY customer")
        )
        countries = self._countries() if rows else {}
        vals_list = [self._prepare_customer_vals(source, row, countries) for row in rows]
        # sudo: the import makes the customers of its file, for Segments / Manager without the
        # right to make contacts by hand too.
        Partner = self.env["res.partner"].sudo().with_context(**_QUIET)
        ids = self._create_in_batches(Partner, vals_list)
        self._set_ids("crm_history_customer", "customer", "partner_id", rows, ids)
        return len(ids)

    @api.model
    def _prepare_customer_vals(self, source, row, countries):
        """Values of a customer that the import creates.

        :param dict row: of crm_history_customer (customer, customer_name, vat, reference, …)
        :param dict countries: name or code in lower case -> id
        """
        code = row["customer"]
        name = row["customer_name"] or self.env._("Customer %(code)s", code=code)
        return {
            "name": name,
            "ref": row["reference"] or (code if ":" not in code else False),
            "vat": row["vat"],
            "email": row["email"],
            "phone": row["phone"],
            "street": row["street"],
            "city": row["city"],
            "zip": row["zip"],
            "is_company": bool(row["vat"]),
            "country_id": countries.get((row["country"] or "").lower(), False),
            "customer_rank": 1,
        }

    @api.model
    def _countries(self):
        """:return: dict of names (English and the user's language), codes, aliases -> id"""
        found = {}
        for lang in {"en_US", self.env.lang or "en_US"}:
            for country in self.env["res.country"].with_context(lang=lang).search([]):
                found[country.name.lower()] = found[country.code.lower()] = country.id
        found.update((alias, found[code]) for alias, code in ALIASES.items() if code in found)
        return found

    @api.model
    def _create_identities(self, source):
        """Keep under which code the source knows each customer, and what it says of it.

        A value that the file has not is kept as an earlier one had it.
        """
        values = [SQL.identifier(name) for name in CUSTOMER_VALUES]
        newer = [SQL("COALESCE(EXCLUDED.%s, i.%s)", one, one) for one in values]
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_sales_identity AS i (source_id, external_id, partner_id,
                    company_id, %(values)s, create_uid, create_date, write_uid, write_date)
                SELECT %(source)s, customer, partner_id, %(company)s, %(values)s, %(uid)s,
                    now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                FROM crm_history_customer
                ON CONFLICT (source_id, external_id) DO UPDATE SET %(changes)s
                WHERE (%(old)s) IS DISTINCT FROM (%(new)s)""",
                values=SQL(", ").join(values),
                changes=SQL(", ").join(
                    SQL("%s = %s", one, new) for one, new in zip(values, newer, strict=True)
                ),
                old=SQL(", ").join(SQL("i.%s", one) for one in values),
                new=SQL(", ").join(newer),
                source=source.id,
                company=source.company_id.id,
                uid=self.env.uid,
            )
        )

    @api.model
    def _create_products(self, shift):
        """:return: how many were created"""
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT p.*, r.factor FROM crm_history_product p
                LEFT JOIN crm_history_rate r ON r.currency = COALESCE(p.currency, '')
                    AND r.date = p.date + %s
                WHERE product_id IS NULL ORDER BY key""",
                shift,
            )
        )
        # sudo: as for customers; the option on the source is the manager's decision.
        Product = self.env["product.product"].sudo().with_context(**_QUIET)
        ids = self._create_in_batches(Product, [self._prepare_product_vals(row) for row in rows])
        self._set_ids("crm_history_product", "key", "product_id", rows, ids)
        return len(ids)

    @api.model
    def _prepare_product_vals(self, row):
        """Values of a product that the import creates, with its last price.

        Postage, discounts and fees become services that are not for sale: they are
        counted, and never recommended.
        """
        charge = is_charge(row["product_ref"], row["product_name"])
        return {
            "name": row["product_name"] or row["product_ref"],
            "default_code": row["product_ref"],
            "type": "service" if charge else "consu",
            "list_price": max(float(row["price"] or 0), 0) * float(row["factor"] or 1),
            "sale_ok": not charge,
            "purchase_ok": False,
        }

    @api.model
    def _create_in_batches(self, Model, vals_list):
        ids = []
        for batch in split_every(_BATCH, vals_list):
            ids += Model.create(list(batch)).ids
            # Neither the cache nor the memory grows with the file.
            self.env.flush_all()
            self.env.invalidate_all(flush=False)
        return ids

    @api.model
    def _set_ids(self, table, key, column, rows, ids):
        """Put the ids of created records into a temporary table."""
        if not ids:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s t SET %(column)s = n.id
                FROM unnest(%(keys)s, %(ids)s) n(key, id) WHERE t.%(key)s = n.key""",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                key=SQL.identifier(key),
                keys=[row[key] for row in rows],
                ids=ids,
            )
        )

    @api.model
    def _lines_query(self, source, shift):
        """:return: SQL of the staged lines as rows of crm_sales_history"""
        return SQL(
            """SELECT %(source)s AS source_id, %(company)s AS company_id, s.document, s.position,
                c.partner_id, s.customer AS customer_ref, s.email, r.date, s.is_refund,
                p.product_id, s.product_ref, s.product_name, s.quantity, r.currency_id,
                s.amount AS amount_untaxed,
                CASE WHEN r.factor = 1 THEN s.amount ELSE round(s.amount * r.factor, 6) END
                    AS amount_company,
                round(s.list_price * r.factor, 6) AS list_price,
                round(s.cost * r.factor, 6) AS cost
            FROM crm_history_stage s
            JOIN crm_history_customer c USING (customer)
            JOIN crm_history_rate r ON r.currency = COALESCE(s.currency, '')
                AND r.date = s.date + %(shift)s
            LEFT JOIN crm_history_product p ON p.key = %(key)s""",
            source=source.id,
            company=source.company_id.id,
            shift=shift,
            key=PRODUCT_KEY,
        )

    @api.model
    def _upsert(self, source, shift):
        """Insert the lines; those already there are corrected where they differ.

        :return: (number of new lines, number of corrected lines)
        """
        columns = ("source_id", "company_id", "document", "position", *_VALUES)
        names = SQL(", ").join(map(SQL.identifier, columns))
        [counts] = self.env.execute_query(
            SQL(
                """WITH written AS (
                    INSERT INTO crm_sales_history AS h (%(names)s)
                    SELECT %(names)s FROM (%(lines)s) l
                    %(conflict)s RETURNING (xmax = 0) AS is_new
                )
                SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new)
                FROM written""",
                names=names,
                lines=self._lines_query(source, shift),
                conflict=self._correction() if source.line_count else SQL(""),
            )
        )
        return counts

    @api.model
    def _correction(self):
        """:return: SQL, what becomes of a line that is already there"""
        values = [SQL.identifier(name) for name in _VALUES]
        return SQL(
            """ON CONFLICT (source_id, document, position) DO UPDATE SET %s
            WHERE (%s) IS DISTINCT FROM (%s)""",
            SQL(", ").join(SQL("%s = EXCLUDED.%s", one, one) for one in values),
            SQL(", ").join(SQL("h.%s", one) for one in values),
            SQL(", ").join(SQL("EXCLUDED.%s", one) for one in values),
        )
