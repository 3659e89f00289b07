"""What a segment is: its figures beside those of all customers, and what it buys."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib import lift
from .metric_fields import ALL_FIGURES_GROUPS

#: figures of the strip: SQL over metrics ``m``, each a ratio of sums or a count
STRIP = {
    "customers": "COUNT(*)",
    "buyers": "COUNT(*) FILTER (WHERE m.purchase_count > 0)",
    "revenue": "COALESCE(SUM(m.revenue_12m), 0)",
    "average": "SUM(m.purchase_total) / NULLIF(SUM(m.purchase_count), 0)",
    "interval": "percentile_cont(0.5) WITHIN GROUP (ORDER BY m.interval_median)"
    " FILTER (WHERE m.interval_count > 0)",
    "refunds": "SUM(m.refund_total) / NULLIF(SUM(m.purchase_total), 0)",
}
_ONCE = SQL("DISTINCT")


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    member_share = fields.Float(
        "Share of Customers", compute="_compute_profile", aggregator=None
    )
    revenue_12m = fields.Monetary(
        "Revenue (12 Months)", compute="_compute_profile", groups=ALL_FIGURES_GROUPS
    )
    revenue_share = fields.Float(
        "Share of Revenue", compute="_compute_profile", groups=ALL_FIGURES_GROUPS, aggregator=None
    )
    # Strip of figures, each with that of all customers of the segmentation.
    profile = fields.Json(compute="_compute_profile", export_string_translation=False)
    # Products that this segment buys more than others, with counts and lift.
    product_lift = fields.Json(
        compute="_compute_product_lift",
        groups=ALL_FIGURES_GROUPS,
        export_string_translation=False,
    )

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("membership_ids")
    @api.depends_context("company", "uid")
    def _compute_profile(self):
        figures = self.segmentation_id.segment_ids._segment_figures()
        everybody = self.segmentation_id._population_figures()
        visible = self.env["res.partner"]._sees_all_figures()
        for segment in self:
            own = figures.get(segment._origin.id, {"customers": 0})
            all_ = everybody.get(segment.segmentation_id.id, {"customers": 0})
            segment.member_share = lift.ratio(own["customers"], all_["customers"]) or 0
            segment.revenue_12m = own.get("revenue") or 0
            segment.revenue_share = lift.ratio(own.get("revenue"), all_.get("revenue")) or 0
            segment.profile = segment._profile_strip(own, all_, visible)

    def _profile_strip(self, own, all_, visible):
        """List of {key, label, kind, value, reference}; money only for those who may see it."""
        revenue_share = lift.ratio(own.get("revenue"), all_.get("revenue"))
        labels = self._strip_labels() if visible else self._strip_labels()[:1]
        own, all_ = {**own, "revenue": revenue_share}, {**all_, "revenue": None}
        return [
            {
                "key": key,
                "label": label,
                "kind": kind,
                "value": None if own.get(key) is None else float(own[key]),
                "reference": None if all_.get(key) is None else float(all_[key]),
            }
            for key, label, kind in labels
        ]

    def _strip_labels(self):
        """(key, label, kind) of the figures of the strip, in order."""
        return [
            ("customers", self.env._("Customers"), "count"),
            ("revenue", self.env._("Share of revenue"), "share"),
            ("average", self.env._("Average purchase"), "money"),
            ("interval", self.env._("Days between purchases"), "days"),
            ("refunds", self.env._("Refund rate"), "share"),
        ]

    def _segment_figures(self, names=tuple(STRIP)):
        """Figures per segment in the current company, in one query.

        :param names: of the figures wanted; a median of many customers takes long
        :return: dict of segment id → dict with these keys of ``STRIP``
        """
        if not self.ids:
            return {}
        key = SQL.identifier("s", "segment_id")
        figures = {name: STRIP[name] for name in names}
        # nobody has two current stays in one segment: there is an index that sees to it
        members = SQL("%s = ANY(%s)", key, self.ids)
        return self._figures_by(key, members, figures, distinct=SQL())

    @api.model
    def _figures_by(self, key, condition, figures=None, distinct=_ONCE):
        """Aggregate the figures of current members by ``key``, each customer once per key.

        :param dict figures: name → SQL over metrics ``m``, None for those of the strip
        :param SQL distinct: empty where a customer has no two stays of one key
        """
        self.env["crm.segment.membership"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT s.key, %(strip)s
                FROM (
                    SELECT %(distinct)s %(key)s AS key, s.partner_id
                    FROM crm_segment_membership s
                    JOIN res_partner p ON p.id = s.partner_id AND p.active
                    WHERE s.company_id = %(company)s AND s.date_to IS NULL
                      AND s.pinned IS DISTINCT FROM 'out' AND %(condition)s
                ) s
                LEFT JOIN crm_customer_metrics m
                  ON m.partner_id = s.partner_id AND m.company_id = %(company)s
                GROUP BY s.key
                """,
                strip=SQL(", ").join(
                    SQL("%s AS %s", SQL(sql), SQL.identifier(name))  # pylint: disable=sql-injection
                    for name, sql in (figures or STRIP).items()
                ),
                distinct=distinct,
                key=key,
                company=self.env.company.id,
                condition=condition,
            )
        )
        return {row.pop("key"): row for row in rows}

    @api.depends("membership_ids")
    @api.depends_context("company", "lang")
    def _compute_product_lift(self):
        for segment in self:
            segment.product_lift = segment._product_lift() if segment.id else []

    def _product_lift(self, limit=10):
        """Products that the segment's buyers buy more often than other buyers.

        Counts are customers; lift = share of the segment's buyers who bought the
        product over the share of all buyers. Only products whose share is
        significantly higher (score interval of the lift above 1) are listed.

        :return: list of dicts product_id, name, customers, buyers, all_customers,
            all_buyers, lift, low, high
        """
        rows = [row[1:] for row in self.env.execute_query(self._product_counts_sql())]
        ranked = lift.over_represented(rows, limit=limit)
        names = {
            product.id: product.display_name
            for product in self.env["product.product"].sudo().browse(
                row["product_id"] for row in ranked
            )
        }  # sudo: names of products in sales the user may see
        return [{**row, "name": names.get(row["product_id"], "")} for row in ranked]

    def _product_counts_sql(self):
        """Rows (segment, product, its customers in the segment, in all, buyers in segment, in all).

        A row per segment and product that enough customers of one of the segments bought.
        """
        self.env["crm.customer.metrics"]._flush_sources()
        return SQL(
            """
            WITH bought AS MATERIALIZED (%(bought)s),
            members AS (
                SELECT segment_id, partner_id FROM crm_segment_membership
                WHERE segment_id = ANY(%(segments)s) AND company_id = %(company)s
                  AND date_to IS NULL AND pinned IS DISTINCT FROM 'out'
            ),
            counted AS (
                SELECT segment_id, product_id, COUNT(*) AS n
                FROM bought JOIN members USING (partner_id) GROUP BY segment_id, product_id
            ),
            buyers AS (
                SELECT segment_id, COUNT(DISTINCT partner_id) AS n
                FROM bought JOIN members USING (partner_id) GROUP BY segment_id
            ),
            listed AS (
                SELECT product_id, COUNT(*) AS n FROM bought
                WHERE product_id IN (SELECT product_id FROM counted WHERE n >= %(least)s)
                GROUP BY product_id
            )
            SELECT s.segment_id, l.product_id, COALESCE(c.n, 0), l.n, COALESCE(b.n, 0),
                   (SELECT COUNT(DISTINCT partner_id) FROM bought)
            FROM unnest(%(segments)s) s(segment_id) CROSS JOIN listed l
            LEFT JOIN counted c USING (segment_id, product_id)
            LEFT JOIN buyers b USING (segment_id)
            """,
            bought=self.env["crm.customer.metrics"]._bought_sql(self.env.company),
            segments=self.ids,
            company=self.env.company.id,
            least=lift.LEAST_COUNT,
        )
