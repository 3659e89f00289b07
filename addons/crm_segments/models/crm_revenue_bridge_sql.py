"""The statement behind the revenue bridge: from documents to what each customer changes.

It runs in one piece, without temporary tables, so that a replica can answer it. The formulas are
those of ``lib/bridge.py``, where they are explained; a test compares the two.
"""

from odoo import models
from odoo.tools import SQL

from ..lib.bridge import NEAR, PARTS
from .rates import rate_sql

#: more than half a cent
_SOMETHING = 0.005


def _log_mean(a, b):
    """SQL of the logarithmic mean of two positive columns."""
    return SQL(
        """
        CASE WHEN abs(ln(%(b)s / %(a)s)) < %(near)s
             THEN sqrt(%(a)s * %(b)s) * (1 + ln(%(b)s / %(a)s) ^ 2 / 24)
             ELSE (%(b)s - %(a)s) / ln(%(b)s / %(a)s) END
        """,
        a=SQL(a),  # pylint: disable=sql-injection
        b=SQL(b),  # pylint: disable=sql-injection
        near=NEAR,
    )


#: what the unit price explains of a change of money; 0 where it is known in one period only
_PRICE = SQL(
    """
    CASE WHEN v_a > 0 AND v_b > 0 THEN %s * ln(v_b / q_b / (v_a / q_a)) ELSE 0 END
    """,
    _log_mean("v_a", "v_b"),
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
            "documents": self._periods_sql(asked),
            "rates": self._rates_sql(asked),
            "totals": self._totals_sql(),
            "customers": self._kinds_sql(),
            "wanted": self._wanted_sql(),
            "products": self._products_sql(),
            "baskets": self._baskets_sql(),
            "parts": self._parts_sql(),
            "placed": self._placed_sql(asked),
        }
        return SQL(", ").join(
            SQL("%s AS %s (%s)", SQL.identifier(name), _KEPT.get(name, SQL()), sql)
            for name, sql in steps.items()
        )

    def _periods_sql(self, asked):
        """Documents with their period: 1 and 2, 0 before the first, none between the two."""
        # sudo: only for those who see the figures of all customers
        Metrics = self.env["crm.customer.metrics"].sudo()
        return SQL(
            """
            SELECT d.*, CASE WHEN day >= %(b_from)s THEN 2 WHEN day > %(a_to)s THEN NULL
                             WHEN day >= %(a_from)s THEN 1 ELSE 0 END AS period
            FROM (%(documents)s) d
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
        main = self.env.company.currency_id
        return SQL(
            """
            SELECT d.company_id, d.currency_id, COALESCE(
                SUM(d.amount) FILTER (WHERE d.period = 1 AND d.is_purchase)
                / NULLIF(SUM(d.amount_currency) FILTER (WHERE d.period = 1 AND d.is_purchase), 0),
                %(rate)s)::float AS rate
            FROM documents d WHERE d.currency_id <> %(main)s AND d.period IN (1, 2)
            GROUP BY d.company_id, d.currency_id
            """,
            main=main.id,
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
        """Revenue, money of purchases at base rates, and number of purchases by period."""
        return SQL(
            """
            SELECT company_id, partner_id, period, SUM(amount) AS revenue,
                   SUM(amount_currency * COALESCE(rate, 1)) AS at_base,
                   SUM(amount_currency * COALESCE(rate, 1)) FILTER (WHERE is_purchase) AS bought,
                   %s AS purchases
            FROM documents LEFT JOIN rates USING (company_id, currency_id)
            WHERE period IS NOT NULL GROUP BY company_id, partner_id, period
            """,
            self.env["crm.segment.report"]._orders(),
        )

    def _kinds_sql(self):
        """A row per customer with the periods side by side, and who it is."""
        return SQL(
            """
            SELECT *, CASE WHEN n_a > 0 AND n_b > 0 THEN 'both' WHEN n_a > 0 THEN 'lost'
                           WHEN n_b = 0 THEN 'refunds' WHEN n_0 > 0 THEN 'reactivated'
                           ELSE 'new' END AS kind
            FROM (
                SELECT company_id, partner_id, %s,
                       COALESCE(SUM(purchases) FILTER (WHERE period = 0), 0) AS n_0
                FROM totals GROUP BY company_id, partner_id
                HAVING MAX(period) > 0
            ) sides
            """,
            SQL(", ").join(
                SQL("COALESCE(SUM(%s) FILTER (WHERE period = %s), 0) AS %s", *column)
                for column in _SIDES
            ),
        )

    def _wanted_sql(self):
        """Purchases of those who bought in both periods."""
        return SQL(
            """
            SELECT d.source, d.document_id, d.company_id, d.partner_id, d.period, d.currency_id
            FROM documents d JOIN customers c USING (company_id, partner_id)
            WHERE c.kind = 'both' AND d.is_purchase AND d.period IN (1, 2)
            """
        )

    def _products_sql(self):
        """Quantity and money of each product of each customer, the periods side by side.

        A product whose quantity or money is not positive in a period has no price there.
        """
        lines = self.env["crm.customer.metrics"]._line_sources().values()
        return SQL(
            """
            SELECT company_id, partner_id,
                   CASE WHEN q_a > 0 AND v_a > 0 THEN q_a ELSE 0 END AS q_a,
                   CASE WHEN q_a > 0 AND v_a > 0 THEN v_a ELSE 0 END AS v_a,
                   CASE WHEN q_b > 0 AND v_b > 0 THEN q_b ELSE 0 END AS q_b,
                   CASE WHEN q_b > 0 AND v_b > 0 THEN v_b ELSE 0 END AS v_b
            FROM (
                SELECT l.company_id, l.partner_id,
                       SUM(l.quantity) FILTER (WHERE l.period = 1)::float AS q_a,
                       SUM(l.amount * COALESCE(r.rate, 1)) FILTER (WHERE l.period = 1) AS v_a,
                       SUM(l.quantity) FILTER (WHERE l.period = 2)::float AS q_b,
                       SUM(l.amount * COALESCE(r.rate, 1)) FILTER (WHERE l.period = 2) AS v_b
                FROM (%s) l (company_id, partner_id, period, currency_id, product_id, source_id,
                             product_ref, quantity, amount)
                LEFT JOIN rates r USING (company_id, currency_id)
                GROUP BY l.company_id, l.partner_id, l.product_id, l.source_id, l.product_ref
            ) sums
            """,
            SQL(" UNION ALL ").join(lines),
        )

    def _baskets_sql(self):
        """Per customer what the unit prices of products explain, and what their unit value does."""
        return SQL(
            """
            SELECT company_id, partner_id, price, %s AS unit_value
            FROM (
                SELECT company_id, partner_id, SUM(q_a) AS q_a, SUM(v_a) AS v_a,
                       SUM(q_b) AS q_b, SUM(v_b) AS v_b, SUM(%s) AS price
                FROM products GROUP BY company_id, partner_id
            ) sums
            """,
            *[_PRICE] * 2,
        )

    def _parts_sql(self):
        """The parts of each customer; those of others than kept ones are the whole change."""
        return SQL(
            """
            SELECT c.company_id, c.partner_id, c.kind, c.revenue_a, c.revenue_b, %(whole)s,
                   x.frequency, v.bought - x.frequency - v.unit_value AS basket,
                   v.price, v.unit_value - v.price AS mix,
                   CASE WHEN v.apart THEN (c.base_b - c.bought_b) - (c.base_a - c.bought_a)
                        ELSE 0 END AS refunds,
                   CASE WHEN v.apart THEN (c.revenue_b - c.base_b) - (c.revenue_a - c.base_a)
                        ELSE 0 END AS currency
            FROM customers c
            LEFT JOIN baskets k USING (company_id, partner_id)
            CROSS JOIN LATERAL (
                SELECT COALESCE(k.price, 0) AS price, COALESCE(k.unit_value, 0) AS unit_value,
                       CASE WHEN c.kind = 'both' THEN c.bought_b - c.bought_a ELSE 0 END AS bought,
                       c.kind IN ('both', 'refunds') AS apart
            ) v
            CROSS JOIN LATERAL (
                SELECT CASE WHEN c.kind = 'both' AND c.bought_a > 0 AND c.bought_b > 0
                    THEN %(mean)s * ln(c.n_b::float / c.n_a) ELSE 0 END AS frequency
            ) x
            """,
            mean=_log_mean("c.bought_a", "c.bought_b"),
            whole=SQL(", ").join(
                SQL(
                    "CASE WHEN c.kind = %s THEN c.revenue_b - c.revenue_a ELSE 0 END AS %s",
                    kind,
                    SQL.identifier(kind),
                )
                for kind in ("lost", "new", "reactivated")
            ),
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


_KEPT = dict.fromkeys(("documents", "rates", "customers"), SQL("MATERIALIZED"))
#: column of the totals, period, name
_SIDES = [
    (SQL.identifier(column), period, SQL.identifier(f"{name}_{side}"))
    for period, side in ((1, "a"), (2, "b"))
    for column, name in (
        ("revenue", "revenue"), ("at_base", "base"), ("bought", "bought"), ("purchases", "n"),
    )
]  # fmt: skip
