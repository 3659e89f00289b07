"""What the set-up page asks the database, each a statement over everybody."""

from dateutil.relativedelta import relativedelta
from odoo import models
from odoo.tools import SQL

from ..lib.setup_choice import (
    Attribute,
    Buyers,
    Documents,
    choose_attribute,
    choose_basis,
    choose_behaviour,
    choose_unit,
)

#: fields of the customer that may divide it, most telling first
ATTRIBUTES = ("industry_id", "country_id", "user_id")


class CrmSegmentSetup(models.TransientModel):
    _inherit = "crm.segment.setup"  # pylint: disable=consider-merging-classes-inherited

    def _facts(self, company):
        """Everything that the page is made of, as a dict.

        :param company: res.company record
        """
        self.env["crm.customer.metrics"]._flush_sources()
        today = self.env["crm.segmentation"]._today()
        facts = {"company": company, "today": today, "since": today - relativedelta(years=1)}
        facts["invoices"] = self._invoices_fact(facts)
        facts["orders"], facts["open_orders"] = self._orders_fact(facts)
        facts["basis"] = choose_basis(facts["invoices"], facts["orders"], facts["open_orders"])
        facts["unit_counts"] = self._unit_fact(facts)
        facts["unit"] = choose_unit(facts["basis"][0], *facts["unit_counts"])
        self._make_customers(facts)
        facts["buyers"], facts["revenue"] = self._buyers_fact()
        facts["attributes"] = [self._attribute_fact(name) for name in ATTRIBUTES]
        facts["behaviour"] = choose_behaviour(facts["buyers"])
        facts["attribute"] = choose_attribute(facts["attributes"])
        facts["catch_alls"] = self._catch_all_fact(facts)
        facts["gaps"] = self._gap_facts(facts)
        facts["duplicates"] = self.env["crm.partner.duplicate"]._rebuild(
            company, SQL("SELECT partner_id, documents, revenue FROM crm_setup_customer")
        )
        return facts

    def _invoices_fact(self, facts):
        Metrics = self.env["crm.customer.metrics"]
        [[count, amount]] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE is_invoice), COALESCE(SUM(amount), 0)
                FROM (%s) i WHERE day > %s AND day <= %s
                """,
                Metrics._invoices_sql(facts["company"], None),
                facts["since"],
                facts["today"],
            )
        )
        return Documents(count, float(amount))

    def _orders_fact(self, facts):
        """Confirmed orders, and those without any invoice: the gap counts the same records."""
        everything = self._order_domain(facts)
        return tuple(
            Documents(*self._measured("sale.order", domain))
            for domain in (everything, everything + self._open_order_domain())
        )

    def _order_domain(self, facts):
        return [
            ("company_id", "=", facts["company"].id),
            ("state", "=", "sale"),
            ("date_order", ">", str(facts["since"])),
        ]

    def _open_order_domain(self):
        return [("order_line", "not any", [("invoice_lines", "!=", False)])]

    def _unit_fact(self, facts):
        """Arguments of ``choose_unit``: documents, collective, partial, days."""
        Metrics = self.env["crm.customer.metrics"]
        company = facts["company"]
        if facts["basis"][0] == "order":
            documents = Metrics._documents_orders_sql(company, None, facts["today"])
            links = SQL("SELECT 0 AS id, 0 AS order_id WHERE FALSE")
            numbered = SQL(
                """SELECT row_number() OVER () AS id, d.partner_id, d.day, d.positive
                FROM (%s) d (partner_id, day, amount, positive, keys)""",
                documents,
            )
        else:
            numbered = SQL(
                "SELECT id, partner_id, day, is_invoice AND amount > 0 AS positive FROM (%s) i",
                Metrics._invoices_sql(company, None),
            )
            links = SQL(
                """
                SELECT DISTINCT d.id, sol.order_id
                FROM documents d JOIN account_move_line l ON l.move_id = d.id
                JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = l.id
                JOIN sale_order_line sol ON sol.id = rel.order_line_id
                """
            )
        [row] = self.env.execute_query(
            SQL(
                """
                WITH documents AS MATERIALIZED (
                    SELECT * FROM (%(numbered)s) n
                    WHERE positive AND day > %(since)s AND day <= %(today)s
                ),
                links AS MATERIALIZED (%(links)s)
                SELECT (SELECT COUNT(*) FROM documents),
                       (SELECT COUNT(*) FROM (
                           SELECT FROM links GROUP BY id HAVING COUNT(*) > 1) x),
                       (SELECT COUNT(*) FROM (
                           SELECT FROM links GROUP BY order_id HAVING COUNT(*) > 1) x),
                       (SELECT COUNT(*) FROM (
                           SELECT DISTINCT partner_id, day FROM documents) x)
                """,
                numbered=numbered,
                links=links,
                since=facts["since"],
                today=facts["today"],
            )
        )
        return row

    def _make_customers(self, facts):
        """Temporary table of all customers with what they bought under the proposed basis.

        Who is archived, or left out, and bought is in it too, with ``divided`` false.
        """
        company = facts["company"]
        totals = self.env["crm.customer.metrics"]._customer_totals_sql(
            company, facts["today"], facts["basis"][0]
        )
        divided = self.env["res.partner"]._search(self._customer_domain(company))
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS crm_setup_customer"))
        cr.execute(
            SQL(
                """
                CREATE TEMP TABLE crm_setup_customer ON COMMIT DROP AS
                SELECT COALESCE(c.id, t.partner_id) AS partner_id, c.id IS NOT NULL AS divided,
                       COALESCE(t.documents, 0) AS documents, COALESCE(t.days, 0) AS days,
                       COALESCE(t.revenue, 0) AS revenue
                FROM (%s) c FULL JOIN (%s) t ON t.partner_id = c.id
                """,
                divided.select(),
                totals,
            )
        )
        cr.execute(SQL("ANALYZE crm_setup_customer"))

    def _customer_domain(self, company):
        """Customers whom a company may deal with, as a domain that a list can open with."""
        return [
            ("is_crm_customer", "=", True),
            ("company_id", "in", [False, *company.parent_ids.ids]),
            ("active", "=", True),
        ]

    def _buyers_fact(self):
        [[customers, buyers, repeat, flat, revenue]] = self.env.execute_query(
            SQL(
                """
                WITH days AS (
                    SELECT days, COUNT(*) AS n FROM crm_setup_customer
                    WHERE divided AND documents > 0 GROUP BY days
                )
                SELECT (SELECT COUNT(*) FROM crm_setup_customer WHERE divided),
                       COALESCE(SUM(n), 0), COALESCE(SUM(n) FILTER (WHERE days > 1), 0),
                       COALESCE(MAX(n) / NULLIF(SUM(n), 0), 0),
                       (SELECT COALESCE(SUM(revenue), 0) FROM crm_setup_customer WHERE divided)
                FROM days
                """
            )
        )
        return Buyers(customers, int(buyers), int(repeat), float(flat)), float(revenue)

    def _attribute_fact(self, name):
        """How far a field divides the revenue; where nobody bought, the customers."""
        column = SQL.identifier("p", name)
        [[known, customers, values, largest]] = self.env.execute_query(
            SQL(
                """
                WITH weights AS (
                    SELECT %(column)s AS value, SUM(GREATEST(c.revenue, 0)) AS revenue,
                           COUNT(*)::numeric AS n
                    FROM crm_setup_customer c JOIN res_partner p ON p.id = c.partner_id
                    WHERE c.divided GROUP BY 1
                ),
                chosen AS (
                    SELECT value, n,
                           CASE WHEN SUM(revenue) OVER () > 0 THEN revenue ELSE n END AS weight
                    FROM weights
                )
                SELECT SUM(weight) FILTER (WHERE value IS NOT NULL) / NULLIF(SUM(weight), 0),
                       SUM(n) FILTER (WHERE value IS NOT NULL),
                       COUNT(value),
                       MAX(weight) FILTER (WHERE value IS NOT NULL)
                           / NULLIF(SUM(weight) FILTER (WHERE value IS NOT NULL), 0)
                FROM chosen
                """,
                column=column,
            )
        )
        return Attribute(
            name, float(known or 0), int(customers or 0), values, float(largest or 0)
        )

    def _measured(self, model, domain):
        """Records that a domain finds, and their money in company currency.

        :return: (count, amount)
        """
        Model = self.env[model]
        query = Model._search(domain)
        [[count, amount]] = self.env.execute_query(
            query.select(
                SQL("COUNT(*)"), SQL("COALESCE(SUM(%s), 0)", self._money_sql(model, query))
            )
        )
        return count, float(amount or 0)

    def _money_sql(self, model, query):
        """SQL of the untaxed money of a row, in the currency of the company."""
        table = self.env[model]._table
        if model == "sale.order":
            return SQL(
                "%s / COALESCE(NULLIF(%s, 0), 1)",
                SQL.identifier(table, "amount_untaxed"),
                SQL.identifier(table, "currency_rate"),
            )
        if model == "sale.order.line":
            rate = SQL(
                """(SELECT COALESCE(NULLIF(o.currency_rate, 0), 1)
                    FROM sale_order o WHERE o.id = %s)""",
                SQL.identifier(table, "order_id"),
            )
            return SQL("%s / %s", SQL.identifier(table, "price_subtotal"), rate)
        if model == "account.move.line":
            return SQL("-%s", SQL.identifier(table, "balance"))
        if model == "crm.lead":
            return SQL.identifier(table, "expected_revenue")
        if model == "res.partner":
            query.add_join(
                "LEFT JOIN", "setup_customer", "crm_setup_customer",
                SQL(
                    "%s = %s",
                    SQL.identifier("setup_customer", "partner_id"), SQL.identifier(table, "id"),
                ),
            )  # fmt: skip
            return SQL.identifier("setup_customer", "revenue")
        return SQL("NULL::numeric")
