"""The statement behind the revenue bridge: from documents to what each customer changes.

It runs in one piece, without temporary tables, so that a replica can answer it. The formulas are
those of ``lib/bridge.py``, where they are explained (``crm_revenue_bridge_parts.py``).
"""

from odoo import models
from odoo.tools import SQL

from ..lib.bridge import PARTS
from .rates import rate_sql

#: more than half a cent
_SOMETHING = 0.005
#: who a customer is, by the purchases in both periods and before
KIND = SQL(
    """
    CASE WHEN n_a > 0 AND n_b > 0 THEN 'both' WHEN n_a > 0 THEN 'lost'
         WHEN n_b = 0 THEN 'refunds' WHEN n_0 > 0 THEN 'reactivated' ELSE 'new' END
    """
)


class CrmRevenueBridge(models.AbstractModel):
    _inherit = "crm.revenue.bridge"  # pylint: disable=consider-merging-classes-inherited

    def _cells_sql(self, asked):
        """SELECT of a row per segment (0 for none): revenue of both periods, sums and counts.

        :param asked: :class:`.crm_revenue_bridge.Asked`
        """
        sums = [SQL("SUM(%s)", SQL.identifier(part)) for part in PARTS]
        counts = [
            SQL("COUNT(*) FILTER (WHERE ABS(%s) > %s)", SQL.identifier(name), _SOMETHING)
            for name in ("revenue_a", "revenue_b", *PARTS)
        ]
        return SQL(
            "WITH %s SELECT segment_id, SUM(revenue_a), SUM(revenue_b), %s"
            " FROM placed GROUP BY segment_id",
            self._steps_sql(asked),
            SQL(", ").join(sums + counts),
        )

    def _customers_sql(self, asked, part, segment_id, limit):
        """SELECT of the customers of a cell, who changes most first.

        :param str part: one of ``PARTS``, 'revenue_a' or 'revenue_b'
        :param int segment_id: 0 for no segment, None for all
        """
        return SQL(
            """
            WITH %(steps)s
            SELECT partner_id FROM placed WHERE %(segment)s
            GROUP BY partner_id HAVING SUM(ABS(%(part)s)) > %(something)s
            ORDER BY SUM(ABS(%(part)s)) DESC, partner_id LIMIT %(limit)s
            """,
            steps=self._steps_sql(asked),
            segment=SQL("TRUE") if segment_id is None else SQL("segment_id = %s", segment_id),
            part=SQL.identifier(part),
            something=_SOMETHING,
            limit=limit,
        )

    def _steps_sql(self, asked):
        """Common table expressions that end with ``placed``: a row per company and customer."""
        steps = {
            **(self._packed_steps(asked) if asked.packed_at else self._document_steps(asked)),
            "baskets": self._baskets_sql(),
            "parts": self._parts_sql(),
            "placed": self._placed_sql(asked),
        }
        return SQL(", ").join(
            SQL("%s AS %s (%s)", SQL.identifier(name), _KEPT.get(name, SQL()), sql)
            for name, sql in steps.items()
        )

    def _document_steps(self, asked):
        """From documents to customers, and the products of those who bought in both periods."""
        return {
            "documents": self._periods_sql(asked),
            "totals": self._totals_sql(),
            "rates": self._rates_sql(asked),
            "counts": self._counts_sql(),
            "customers": self._kinds_sql(),
            "wanted": self._wanted_sql(),
            "products": self._products_sql(self._line_sums_sql()),
        }

    def _periods_sql(self, asked):
        """Documents with their period: 1 and 2, 0 before the first; without those in between."""
        # sudo: only for those who see the figures of all customers
        Metrics = self.env["crm.customer.metrics"].sudo()
        return SQL(
            """
            SELECT company_id, source, document_id, partner_id, day, is_purchase, order_keys,
                   amount, amount_currency, currency_id,
                   CASE WHEN day >= %(b_from)s THEN 2 WHEN day >= %(a_from)s THEN 1 ELSE 0 END
                       AS period
            FROM (%(documents)s) d
            WHERE day NOT BETWEEN %(a_to)s::date + 1 AND %(b_from)s::date - 1
            """,
            documents=Metrics._documents_sql(self.env.companies, asked.b_to),
            a_from=asked.a_from,
            a_to=asked.a_to,
            b_from=asked.b_from,
        )

    def _rates_sql(self, asked):
        """What one unit of foreign money was worth on average in period 1.

        Where nobody bought in that currency then, its rate on the last day.
        """
        return SQL(
            """
            SELECT d.company_id, d.currency_id, COALESCE(
                SUM(d.bought) FILTER (WHERE d.period = 1)
                / NULLIF(SUM(d.foreign_bought) FILTER (WHERE d.period = 1), 0),
                %(rate)s)::float AS rate
            FROM totals d WHERE d.currency_id <> %(main)s AND d.period > 0
            GROUP BY d.company_id, d.currency_id
            """,
            main=self.env.company.currency_id.id,
            rate=self._rate_on_sql(asked.a_to),
        )

    def _rate_on_sql(self, day):
        """Through the company's own currency, as documents are converted."""
        rates = [SQL("WHEN d.company_id = %s THEN %s", company.id, self._own_rate_sql(company, day))
                 for company in self.env.companies]  # fmt: skip
        return SQL("CASE %s END", SQL(" ").join(rates))

    def _own_rate_sql(self, company, day):
        main = self.env.company
        day = SQL("%s::date", day)

        def worth(currency, other, root):
            return SQL("%s / %s", rate_sql(other, root, day), rate_sql(currency, root, day))

        own, foreign = SQL("%s", company.currency_id.id), SQL("d.currency_id")
        to_main = worth(own, SQL("%s", main.currency_id.id), main.root_id)
        if company.currency_id == main.currency_id:
            to_main = SQL("1")
        return SQL(
            "(CASE WHEN d.currency_id = %s THEN 1 ELSE %s END) * %s",
            company.currency_id.id,
            worth(foreign, own, company.root_id),
            to_main,
        )

    def _totals_sql(self):
        """Revenue and purchases by customer, period and currency: one pass over the documents."""
        return SQL(
            """
            SELECT company_id, partner_id, period, source, currency_id, SUM(amount) AS revenue,
                   SUM(amount) FILTER (WHERE is_purchase) AS bought,
                   COUNT(*) FILTER (WHERE is_purchase) AS purchases,
                   SUM(amount_currency) FILTER (WHERE currency_id <> %(main)s) AS foreign_revenue,
                   SUM(amount_currency) FILTER (WHERE currency_id <> %(main)s AND is_purchase)
                       AS foreign_bought,
                   array_agg(document_id) FILTER (WHERE is_purchase AND period > 0) AS document_ids
            FROM documents GROUP BY company_id, partner_id, period, source, currency_id
            """,
            main=self.env.company.currency_id.id,
        )

    def _by_document(self):
        """Whether each document with a positive total is a purchase of its own."""
        companies = self.env.companies.sudo()  # sudo: settings that decide how is counted
        return set(companies.mapped("crm_purchase_unit")) == {"documents"}

    def _counts_sql(self):
        """Number of purchases by customer and period, as the customer's company counts them."""
        return SQL(
            """
            SELECT company_id, partner_id, period, %s AS purchases
            FROM documents GROUP BY company_id, partner_id, period
            """,
            self.env["crm.segment.report"]._orders(),
        )

    def _kinds_sql(self):
        """A row per customer with the periods side by side, and who it is.

        Money of foreign documents at the base rate of their currency.
        """
        return SQL(
            """
            SELECT *, partner_id AS customer_id, %s AS kind
            FROM (
                SELECT company_id, partner_id, %s
                FROM (
                    SELECT t.company_id, t.partner_id, t.period, t.revenue,
                           COALESCE(t.foreign_revenue * r.rate, t.revenue) AS base,
                           COALESCE(t.foreign_bought * r.rate, t.bought) AS bought, %s
                ) valued
                GROUP BY company_id, partner_id HAVING MAX(period) > 0
            ) sides
            """,
            KIND,
            SQL(", ").join(
                SQL("COALESCE(SUM(%s) FILTER (WHERE period = %s), 0) AS %s", *column)
                for column in _SIDES
            ),
            self._counted_sql(),
        )

    def _counted_sql(self):
        """The end of the SELECT of totals: with the number of purchases, whatever one is."""
        valued = SQL("FROM totals t LEFT JOIN rates r USING (company_id, currency_id)")
        if self._by_document():
            return SQL("t.purchases AS n %s", valued)
        return SQL(
            "0 AS n %s UNION ALL"
            " SELECT company_id, partner_id, period, 0, 0, 0, purchases FROM counts",
            valued,
        )

    def _placed_sql(self, asked):
        """With the segment at the end of period 2, of a lost customer at that of period 1."""
        Membership = self.env["crm.segment.membership"].sudo()  # sudo: as for the documents
        days = {"lost": asked.a_to, "kept": asked.b_to}
        members = [
            SQL(
                "SELECT %s AS lost, m.company_id, m.partner_id, m.segment_id FROM (%s) m",
                name == "lost",
                Membership._members_on_sql(asked.segmentation, self.env.companies, day),
            )
            for name, day in days.items()
        ]
        return SQL(
            """
            SELECT p.*, COALESCE(m.segment_id, 0) AS segment_id FROM parts p
            LEFT JOIN (%s) m ON m.company_id = p.company_id AND m.partner_id = p.partner_id
                AND m.lost = (p.kind = 'lost')
            """,
            SQL(" UNION ALL ").join(members),
        )


#: where the planner would choose otherwise
_KEPT = {
    "documents": SQL("NOT MATERIALIZED"),
    "totals": SQL("MATERIALIZED"),
    "foreign_sides": SQL("MATERIALIZED"),
    "customers": SQL("MATERIALIZED"),
}
#: column of the totals, period, name
_SIDES = [
    (SQL.identifier(name), period, SQL.identifier(f"{name}_{side}"))
    for period, side in ((1, "a"), (2, "b"))
    for name in ("revenue", "base", "bought", "n")
] + [(SQL.identifier("n"), 0, SQL.identifier("n_0"))]
