"""The bridge from the purchases that were packed at night: sums of a period are differences."""

from odoo import models
from odoo.tools import SQL

from .crm_revenue_bridge_sql import KIND


class CrmRevenueBridge(models.AbstractModel):
    _inherit = "crm.revenue.bridge"  # pylint: disable=consider-merging-classes-inherited

    def _packed_steps(self, asked):
        """As :meth:`_document_steps`, from ``crm.customer.purchases``."""
        return {
            "foreign_sides": self._foreign_sides_sql(asked),
            "rates": self._packed_rates_sql(asked),
            "corrections": self._corrections_sql(),
            "customers": self._packed_kinds_sql(asked),
            "products": self._products_sql(self._packed_line_sums_sql(asked)),
        }

    def _packed_sql(self, asked, columns, *, foreign):
        """SELECT of columns of the packed rows with documents in one of the periods."""
        companies = self.env.companies
        return SQL(
            """
            SELECT k.company_id, k.customer_id, k.partner_id, k.currency_id, %(columns)s
            FROM crm_customer_purchases k
            WHERE k.company_id = ANY(%(companies)s) AND %(own_money)s
              AND NOT k.customer_id = ANY(%(own)s) AND (%(sold)s)
            """,
            columns=SQL(", ").join(SQL("%s AS %s", *column) for column in columns),
            companies=companies.ids,
            own_money=SQL(
                "k.currency_id <> %s" if foreign else "k.currency_id = %s",
                self.env.company.currency_id.id,
            ),
            # what companies sell to each other is left out
            own=companies.partner_id.ids if len(companies) > 1 else [],
            sold=SQL(" OR ").join(
                SQL("%s > %s", _place(last), _place(first, before=True))
                for first, last in _sides(asked).values()
            ),
        )

    def _sums(self, asked, names):
        """(what came to a measure in a period, name of the column) of measures and periods."""
        return [
            (_between(name, *days), SQL.identifier(f"{name}_{side}"))
            for side, days in _sides(asked).items()
            for name in names
        ]

    def _foreign_sides_sql(self, asked):
        """A row per customer and foreign currency with the periods side by side."""
        names = ("revenue", "bought", "foreign_revenue", "foreign_bought")
        return self._packed_sql(asked, self._sums(asked, names), foreign=True)

    def _packed_rates_sql(self, asked):
        """As :meth:`_rates_sql`."""
        return SQL(
            """
            SELECT d.company_id, d.currency_id, COALESCE(
                SUM(d.bought_a) / NULLIF(SUM(d.foreign_bought_a), 0), %(rate)s)::float AS rate
            FROM foreign_sides d GROUP BY d.company_id, d.currency_id
            """,
            rate=self._rate_on_sql(asked.a_to),
        )

    def _corrections_sql(self):
        """What the base rates make of the foreign money of a customer, beyond what it came to."""
        sums = [
            SQL(
                "SUM(%(foreign)s * rate - %(own)s) AS %(own)s",
                foreign=SQL.identifier(f"foreign_{name}_{side}"),
                own=SQL.identifier(f"{name}_{side}"),
            )
            for name in ("revenue", "bought")
            for side in "ab"
        ]
        return SQL(
            """
            SELECT company_id, customer_id, %s
            FROM foreign_sides JOIN rates USING (company_id, currency_id)
            GROUP BY company_id, customer_id
            """,
            SQL(", ").join(sums),
        )

    def _packed_kinds_sql(self, asked):
        """As :meth:`_kinds_sql`."""
        columns = self._sums(asked, ("revenue", "bought")) + [
            (self._purchases_sql(*days), SQL.identifier(f"n_{side}"))
            for side, days in _sides(asked).items()
        ]
        columns.append((self._purchases_before_sql(asked.a_from), SQL.identifier("n_0")))
        return SQL(
            """
            SELECT s.company_id, s.customer_id, s.partner_id, s.revenue_a, s.revenue_b,
                   s.revenue_a + COALESCE(x.revenue_a, 0) AS base_a,
                   s.revenue_b + COALESCE(x.revenue_b, 0) AS base_b,
                   s.bought_a + COALESCE(x.bought_a, 0) AS bought_a,
                   s.bought_b + COALESCE(x.bought_b, 0) AS bought_b, n_a, n_b, n_0, %s AS kind
            FROM (%s OFFSET 0) s LEFT JOIN corrections x USING (company_id, customer_id)
            """,
            KIND,
            self._packed_sql(asked, columns, foreign=False),
        )

    def _purchases_sql(self, first, last):
        """Number of purchases; orders that were not bought from earlier in the same period."""
        counted = _between("purchases", first, last)
        if not self._by_order():
            return counted
        return SQL(
            """
            %(counted)s + (
                SELECT COUNT(*) FROM unnest(k.order_days, k.orders_before) o (day, before)
                WHERE day BETWEEN %(first)s AND %(last)s
                  AND (before IS NULL OR before < %(first)s))
            """,
            counted=counted,
            first=first,
            last=last,
        )

    def _purchases_before_sql(self, day):
        """Whether there was a purchase before a day: more than 0."""
        counted = SQL("k.purchases[%s]", _place(day, before=True))
        if not self._by_order():
            return counted
        return SQL("%s + COALESCE((k.order_days[1] < %s)::int, 0)", counted, day)

    def _by_order(self):
        companies = self.env.companies.sudo()  # sudo: settings that decide how is counted
        return "orders" in companies.mapped("crm_purchase_unit")

    def _packed_line_sums_sql(self, asked):
        """As :meth:`_line_sums_sql`."""
        sums = [
            SQL(
                "SUM(%s) FILTER (WHERE u.day BETWEEN %s AND %s) AS %s",
                value,
                *days,
                SQL.identifier(f"{name}_{side}"),
            )
            for name, value in _LINES.items()
            for side, days in _sides(asked).items()
        ]
        # "IS TRUE" keeps it a look-up while the rows are read, instead of a join that copies them
        return SQL(
            """
            SELECT k.company_id, k.customer_id, %(sums)s
            FROM crm_customer_purchases k
            CROSS JOIN LATERAL unnest(k.line_days, k.items, k.quantities, k.amounts)
                u (day, item, quantity, amount)
            LEFT JOIN rates r ON r.company_id = k.company_id AND r.currency_id = k.currency_id
            WHERE ((k.company_id, k.customer_id) IN (
                    SELECT company_id, customer_id FROM customers WHERE kind = 'both')) IS TRUE
              AND u.day BETWEEN %(first)s AND %(last)s
            GROUP BY k.company_id, k.customer_id, u.item
            """,
            sums=SQL(", ").join(sums),
            first=asked.a_from,
            last=asked.b_to,
        )


#: quantity and money of a line
_LINES = {"q": SQL("u.quantity"), "v": SQL("u.amount * COALESCE(r.rate, 1)")}


def _sides(asked):
    """Side → first and last day."""
    return {"a": (asked.a_from, asked.a_to), "b": (asked.b_from, asked.b_to)}


def _place(day, *, before=False):
    """SQL of which element of a measure holds its sum with ``day``, or before it."""
    return SQL("width_bucket(%s::date - %s, k.days) + 1", day, int(before))


def _between(measure, first, last):
    """SQL of what came to a measure from a day to another one, both included."""
    return SQL(
        "%(measure)s[%(last)s] - %(measure)s[%(before)s]",
        measure=SQL.identifier("k", measure),
        last=_place(last),
        before=_place(first, before=True),
    )
