"""What became of what was recommended: shown, added, ordered; conversion by segment."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.crm_recommendation_feedback import LISTS

#: ratio → columns to add up above and below the line
RATIOS = {
    "add_rate": ("added", "offered"),
    "conversion": ("ordered_closed", "closed"),
}


class CrmRecommendationReport(models.Model):
    """An offer per row: a product that was shown to a customer, until the showing stopped.

    Showings of a product to a customer that lie no further apart than the company's days
    within which an order counts are one offer. It is *ordered* if a confirmed order of the
    customer holds the product, from the first day to that many days after the last. The
    conversion counts offers whose days have passed (*closed*): 100 × Σ ordered / Σ closed.
    """

    _name = "crm.recommendation.report"
    _description = "Recommendations, What Became of Them"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    segment_id = fields.Many2one("crm.segment", "Segment at That Time", readonly=True)
    list = fields.Selection(LISTS, readonly=True)
    date = fields.Date("First Shown", readonly=True)
    offered = fields.Integer("Offers", readonly=True)
    shown = fields.Integer("Shown on Days", readonly=True)
    added = fields.Integer(readonly=True)
    dismissed = fields.Integer(readonly=True)
    ordered = fields.Integer(readonly=True)
    closed = fields.Integer("Closed Offers", readonly=True, help="Their days have passed.")
    ordered_closed = fields.Integer("Ordered, of Closed", readonly=True)
    add_rate = fields.Float(
        "Added (%)",
        readonly=True,
        aggregator="avg",
        help="Offers that were added to a quotation, of a hundred.",
    )
    conversion = fields.Float(
        "Conversion (%)", readonly=True, aggregator="avg",
        help="Ordered offers of a hundred whose days have passed.",
    )  # fmt: skip

    _depends = {
        "crm.recommendation.feedback": [
            "company_id", "partner_id", "lead_id", "product_id", "user_id", "kind", "list",
            "date", "segment_id",
        ],
        "crm.lead": ["partner_id"],
        "res.partner": ["commercial_partner_id"],
        "res.company": ["crm_recommendation_order_days"],
        "sale.order": ["partner_id", "state", "date_order", "company_id"],
        "sale.order.line": ["order_id", "product_id", "display_type"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
    }  # fmt: skip

    @property
    def _table_query(self):
        return SQL(
            """
            WITH said AS (%(said)s),
            offers AS (%(offers)s),
            judged AS (%(judged)s)
            SELECT j.*, j.ordered * j.closed AS ordered_closed,
                   100.0 * j.added AS add_rate,
                   CASE WHEN j.closed = 1 THEN 100.0 * j.ordered END AS conversion
            FROM judged j
            """,
            said=self._said_sql(),
            offers=self._offers_sql(),
            judged=self._judged_sql(),
        )

    def _said_sql(self):
        """Feedback, with today's customer and the number of its offer."""
        return SQL(
            """
            SELECT f.*, SUM(CASE WHEN f.gap THEN 1 ELSE 0 END) OVER (
                       PARTITION BY f.company_id, f.holder, f.product_id
                       ORDER BY f.date, f.id) AS number
            FROM (
                SELECT f.id, f.company_id, f.product_id, f.user_id, f.kind, f.list, f.date,
                       f.segment_id, c.crm_recommendation_order_days AS days,
                       p.commercial_partner_id AS partner_id,
                       COALESCE(p.commercial_partner_id, -f.lead_id) AS holder,
                       f.date > LAG(f.date) OVER (
                           PARTITION BY f.company_id,
                               COALESCE(p.commercial_partner_id, -f.lead_id), f.product_id
                           ORDER BY f.date, f.id) + c.crm_recommendation_order_days AS gap
                FROM crm_recommendation_feedback f
                JOIN res_company c ON c.id = f.company_id
                LEFT JOIN crm_lead d ON d.id = f.lead_id
                LEFT JOIN res_partner p ON p.id = COALESCE(f.partner_id, d.partner_id)
            ) f
            """
        )

    def _offers_sql(self):
        return SQL(
            """
            SELECT MIN(s.id) AS id, s.company_id, s.partner_id, s.product_id,
                   (array_agg(s.user_id ORDER BY s.date, s.id))[1] AS user_id,
                   (array_agg(s.segment_id ORDER BY s.date, s.id))[1] AS segment_id,
                   (array_agg(s.list ORDER BY s.date, s.id))[1] AS list,
                   MIN(s.date) AS date, MAX(s.date) + MIN(s.days) AS until,
                   COUNT(DISTINCT s.date) FILTER (WHERE s.kind = 'shown') AS shown,
                   MAX((s.kind = 'added')::int) AS added,
                   MAX((s.kind = 'dismissed')::int) AS dismissed
            FROM said s GROUP BY s.company_id, s.holder, s.partner_id, s.product_id, s.number
            """
        )

    def _judged_sql(self):
        return SQL(
            """
            SELECT o.id, o.company_id, o.partner_id, o.product_id, t.categ_id, o.user_id,
                   o.segment_id, o.list, o.date, 1 AS offered, o.shown, o.added, o.dismissed,
                   (o.until < %(today)s)::int AS closed,
                   EXISTS (
                       SELECT FROM res_partner c
                       JOIN sale_order a ON a.partner_id = c.id AND a.company_id = o.company_id
                        AND a.state = 'sale'
                       JOIN sale_order_line l ON l.order_id = a.id
                        AND l.product_id = o.product_id AND l.display_type IS NULL
                       WHERE c.commercial_partner_id = o.partner_id
                         AND a.date_order::date BETWEEN o.date AND o.until
                   )::int AS ordered
            FROM offers o
            JOIN product_product v ON v.id = o.product_id
            JOIN product_template t ON t.id = v.product_tmpl_id
            """,
            today=fields.Date.context_today(self),
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Ratios are those of the sums, at every level; none is 0 where there is nothing."""
        name, _colon, function = aggregate_spec.partition(":")
        if name not in RATIOS or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        above, below = (self._field_to_sql(self._table, column, query) for column in RATIOS[name])
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", above, below)
