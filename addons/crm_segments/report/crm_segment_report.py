"""Segments month by month: members, who joined and left, what they bought."""

from odoo import fields, models
from odoo.tools import SQL


class CrmSegmentReport(models.Model):
    """One row per segment, month and company, from the first month that is known.

    Members are those of the last day of the month, in the current month those of today. The
    money of a month is that of the documents dated in it, by where the customer was at its end.
    Rows without a segment hold what customers outside of all segments bought, so the rows of one
    segmentation add up to all that the company sold. With several companies switched on, amounts
    are in the currency of the current one, at the rate of the day, without what the companies
    sold to each other.

    How it is made: ``crm_segment_report_query.py``.
    """

    _name = "crm.segment.report"
    _description = "Segments by Month"
    _auto = False
    _order = "month desc, segmentation_id, segment_id"
    _rec_name = "segment_id"
    _depends = {
        "crm.segment.membership": [
            "partner_id", "segment_id", "segmentation_id", "company_id", "date_from", "date_to",
            "pinned",
        ],
        "crm.segmentation": ["active", "enabled"],
        "crm.segment": ["active", "segmentation_id"],
        "crm.sales.history": [],
        "account.move": ["state", "partner_id", "invoice_date", "amount_untaxed_signed"],
        "sale.order": ["state", "partner_id", "date_order", "amount_untaxed"],
        "res.partner": ["commercial_partner_id"],
    }  # fmt: skip

    segmentation_id = fields.Many2one("crm.segmentation", readonly=True)
    is_leading = fields.Boolean(
        readonly=True, help="Of the company's leading segmentation: the badge of its customers."
    )
    segment_id = fields.Many2one("crm.segment", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    month = fields.Date(readonly=True)
    members = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Customers in the segment at the end of the month; over several months their average.",
    )
    joined = fields.Integer(readonly=True)
    left = fields.Integer(readonly=True)
    revenue = fields.Monetary(
        readonly=True, help="Untaxed, net of credit notes, dated in the month."
    )
    orders = fields.Integer(
        "Purchases", readonly=True, help="Purchases dated in the month, as the company counts them."
    )
    purchase_money = fields.Monetary("Money of Purchases", readonly=True)
    revenue_all = fields.Monetary(
        "Revenue of All",
        readonly=True,
        aggregator=None,
        help="What the company sold in the month to all customers.",
    )
    share = fields.Float(
        "Share of Revenue",
        readonly=True,
        aggregator="avg",
        help="Revenue of the segment in that of all customers in the same months.",
    )
    average_purchase = fields.Monetary(
        readonly=True, aggregator="avg", help="Money of purchases divided by their number."
    )

    def _read_group_select(self, aggregate_spec, query):
        """Ratios are ratios of sums, at every level; without a divisor there is none."""
        parts = {
            "members:avg": self._members_of_group,
            "share:avg": self._share_of_group,
            "average_purchase:avg": self._average_of_group,
        }
        if aggregate_spec not in parts:
            return super()._read_group_select(aggregate_spec, query)
        return parts[aggregate_spec](query)

    def _members_of_group(self, query):
        return SQL(
            "SUM(%s)::float / NULLIF(COUNT(DISTINCT %s), 0)",
            self._field_to_sql(self._table, "members", query),
            self._field_to_sql(self._table, "month", query),
        )

    def _share_of_group(self, query):
        """What all customers bought counts once per month, company and segmentation."""
        column = {
            name: self._field_to_sql(self._table, name, query)
            for name in ("revenue", "revenue_all", "month", "company_id", "segmentation_id")
        }
        return SQL(
            """
            (SUM(%(revenue)s) / NULLIF((
                SELECT SUM(part.value::numeric) FROM jsonb_each_text(jsonb_object_agg(
                    concat_ws('-', %(month)s, %(company_id)s, %(segmentation_id)s), %(revenue_all)s
                )) part), 0))::float
            """,
            **column,
        )

    def _average_of_group(self, query):
        return SQL(
            "SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "purchase_money", query),
            self._field_to_sql(self._table, "orders", query),
        )
