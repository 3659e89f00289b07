"""The formulas of ``lib/bridge.py`` in SQL: what each customer changes; a test compares the two."""

from odoo import models
from odoo.tools import SQL

from ..lib.bridge import NEAR


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

    def _wanted_sql(self):
        """Purchases of those who bought in both periods."""
        return SQL(
            """
            SELECT t.source, unnest(t.document_ids) AS document_id, t.company_id, t.partner_id,
                   t.period, t.currency_id
            FROM totals t JOIN customers c USING (company_id, partner_id)
            WHERE c.kind = 'both' AND t.period > 0
            """
        )

    def _products_sql(self, sums):
        """Quantity and money of each product of each customer, the periods side by side.

        A product whose quantity or money is not positive in a period has no price there.

        :param SQL sums: SELECT of a row per customer and product, what was bought of it
        """
        return SQL(
            """
            SELECT company_id, customer_id,
                   CASE WHEN q_a > 0 AND v_a > 0 THEN q_a ELSE 0 END AS q_a,
                   CASE WHEN q_a > 0 AND v_a > 0 THEN v_a ELSE 0 END AS v_a,
                   CASE WHEN q_b > 0 AND v_b > 0 THEN q_b ELSE 0 END AS q_b,
                   CASE WHEN q_b > 0 AND v_b > 0 THEN v_b ELSE 0 END AS v_b
            FROM (%s) sums
            """,
            sums,
        )

    def _line_sums_sql(self):
        """What was bought of each product, by the lines of the documents."""
        lines = self.env["crm.customer.metrics"]._line_sources().values()
        return SQL(
            """
            SELECT l.company_id, l.partner_id AS customer_id,
                   SUM(l.quantity) FILTER (WHERE l.period = 1)::float AS q_a,
                   SUM(l.amount * COALESCE(r.rate, 1)) FILTER (WHERE l.period = 1) AS v_a,
                   SUM(l.quantity) FILTER (WHERE l.period = 2)::float AS q_b,
                   SUM(l.amount * COALESCE(r.rate, 1)) FILTER (WHERE l.period = 2) AS v_b
            FROM (%s) l (company_id, partner_id, period, currency_id, product_id, source_id,
                         product_ref, quantity, amount)
            LEFT JOIN rates r USING (company_id, currency_id)
            GROUP BY l.company_id, l.partner_id, l.product_id, l.source_id, l.product_ref
            """,
            SQL(" UNION ALL ").join(lines),
        )

    def _baskets_sql(self):
        """Per customer what the unit prices of products explain, and what their unit value does."""
        return SQL(
            """
            SELECT company_id, customer_id, price, %s AS unit_value
            FROM (
                SELECT company_id, customer_id, SUM(q_a) AS q_a, SUM(v_a) AS v_a,
                       SUM(q_b) AS q_b, SUM(v_b) AS v_b, SUM(%s) AS price
                FROM products GROUP BY company_id, customer_id
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
            LEFT JOIN baskets k USING (company_id, customer_id)
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
