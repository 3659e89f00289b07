"""What the lists read: five statements for one customer, whatever its size."""

from odoo import models
from odoo.tools import SQL

from ..lib.product_choice import LEAST_CASES
from ..lib.product_rows import ItemRow, NeighbourRow
from ..lib.product_scoring import CANDIDATES

_ITEM_JOINS = SQL(
    "JOIN product_product pp ON pp.id = u.product_id "
    "JOIN product_template pt ON pt.id = pp.product_tmpl_id"
)


class CrmRecommendation(models.AbstractModel):
    _inherit = "crm.recommendation"  # pylint: disable=consider-merging-classes-inherited

    def _history(self, case):
        """What the customer bought, by day.

        :return: (list of Purchase that the reader may see, set of other products)
        """
        if not case.partner:
            return [], set()
        # sudo(False) in the case's environment: visibility is the reader's
        Affinity = case.env["crm.product.affinity"]
        Affinity._flush_purchases()
        visible = None if case.figures else Affinity._visible_documents()
        purchases = Affinity._purchases_sql(case.company, case.today, case.partner.ids, visible)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, day, SUM(quantity), bool_or(visible) FROM (%s) l
                GROUP BY product_id, day HAVING SUM(quantity) > 0
                ORDER BY product_id, day
                """,
                purchases,
            )
        )
        return self._history_of(rows)

    def _place(self, case, model, alias):
        """Condition: the rows of a model, whichever table ``alias`` stands for."""
        return SQL(
            "%s = %s AND COALESCE(%s, 0) = %s",
            SQL.identifier(alias, "company_id"),
            case.company.id,
            SQL.identifier(alias, "segment_id"),
            model.segment_id.id or 0,
        )

    def _items(self, case, places, product_ids):
        """Rows of products in what was learnt, by one statement.

        :param places: crm.recommendation.model records
        :return: dict id of the segment (0: of all customers) → dict product id → (ItemRow,
            whether it may be sold)
        """
        found = {place.segment_id.id or 0: {} for place in places}
        if not product_ids:
            return found
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(u.segment_id, 0), s.sold, u.product_id, u.customers,
                       u.repeaters, u.baskets, u.recent, u.repeat, NULLIF(u.interval, 0),
                       NULLIF(u.soonest, 0), u.intervals, u.popularity, u.quantity
                FROM crm_product_usage u
                -- few of many: each is looked up, the table is not read through
                CROSS JOIN LATERAL (
                    SELECT COALESCE(%s, FALSE) AS sold FROM product_product pp
                    JOIN product_template pt ON pt.id = pp.product_tmpl_id
                    WHERE pp.id = u.product_id OFFSET 0
                ) s
                WHERE u.company_id = %s AND COALESCE(u.segment_id, 0) = ANY(%s)
                  AND u.product_id = ANY(%s)
                """,
                case.saleable_sql(),
                case.company.id,
                list(found),
                list(product_ids),
            )
        )
        for segment_id, saleable, *columns in rows:
            found[segment_id][columns[0]] = ItemRow(*columns), saleable
        return found

    def _neighbours(self, case, model, weights, left_out):
        """The strongest candidates, with what ``product_scoring.new_items`` adds up of each.

        :param dict weights: product id → weight, of the customer's own
        :param left_out: ids of products that can't be new
        :return: dict candidate → Σ of its pairs, dict candidate → NeighbourRow that says most
        """
        if not weights:
            return {}, {}
        rows = self.env.execute_query(
            SQL(
                """
                WITH pairs AS MATERIALIZED (
                    SELECT a.product_id, a.neighbour_id, a.weight, a.n_both, a.n_product,
                           a.n_neighbour, a.n_customers, a.lift, a.weight * w.weight AS part
                    FROM unnest(%(anchors)s, %(weights)s::float8[]) AS w(id, weight)
                    -- few of many: each is looked up, the table is not read through
                    CROSS JOIN LATERAL (
                        SELECT * FROM crm_product_affinity a
                        WHERE a.product_id = w.id AND %(place)s OFFSET 0
                    ) a
                ),
                -- the strongest first, and of each whether it may be sold: until there are enough
                candidates AS (
                    SELECT c.neighbour_id, c.part AS score FROM (
                        SELECT u.neighbour_id, SUM(u.part) AS part FROM pairs u
                        WHERE u.neighbour_id <> ALL(%(left_out)s)
                        GROUP BY u.neighbour_id ORDER BY SUM(u.part) DESC, u.neighbour_id
                    ) c CROSS JOIN LATERAL (
                        SELECT FROM product_product pp
                        JOIN product_template pt ON pt.id = pp.product_tmpl_id
                        WHERE pp.id = c.neighbour_id AND %(saleable)s OFFSET 0
                    ) sold
                    ORDER BY c.part DESC, c.neighbour_id LIMIT %(limit)s
                )
                SELECT DISTINCT ON (neighbour_id) score, product_id, neighbour_id, weight, n_both,
                       n_product, n_neighbour, n_customers, NULLIF(lift, 0)
                FROM pairs JOIN candidates USING (neighbour_id)
                ORDER BY neighbour_id, part DESC, product_id
                """,
                anchors=list(weights),
                weights=list(weights.values()),
                place=self._place(case, model, "a"),
                left_out=list(left_out),
                saleable=case.saleable_sql(),
                limit=CANDIDATES,
            )
        )
        best = {row[2]: NeighbourRow(*row[1:]) for row in rows}
        return {row[2]: row[0] for row in rows}, best

    def _counts(self, case, model, bought):
        """What the segment buys more than all, before asking how sure that is.

        :return: ([(product, buyers in the segment, among all)], {product: usual quantity})
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT u.product_id, u.customers, e.customers, u.quantity
                FROM crm_product_usage u
                JOIN crm_product_usage e ON e.product_id = u.product_id
                 AND e.company_id = u.company_id AND COALESCE(e.segment_id, 0) = 0 %s
                WHERE %s AND u.customers >= %s AND u.product_id <> ALL(%s) AND %s
                """,
                _ITEM_JOINS,
                self._place(case, model, "u"),
                LEAST_CASES,
                list(bought),
                case.saleable_sql(),
            )
        )
        return [row[:3] for row in rows], {row[0]: row[3] for row in rows}

    def _most_bought(self, case, model, bought, limit):
        """:return: [(product, customers, usual quantity)], most customers first"""
        return self.env.execute_query(
            SQL(
                """
                SELECT u.product_id, u.customers, u.quantity FROM crm_product_usage u %s
                WHERE %s AND u.product_id <> ALL(%s) AND %s
                ORDER BY u.customers DESC, u.product_id LIMIT %s
                """,
                _ITEM_JOINS,
                self._place(case, model, "u"),
                list(bought),
                case.saleable_sql(),
                limit,
            )
        )

    def _readable_products(self, case, product_ids):
        """:return: dict id → id of the template, of those that the user's rules let through"""
        query = case.env["product.product"]._search(
            [("id", "in", list(product_ids))], order="id", active_test=False
        )
        columns = (SQL.identifier(query.table, name) for name in ("id", "product_tmpl_id"))
        return dict(self.env.execute_query(query.select(*columns)))
