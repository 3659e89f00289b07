"""Lifetime margin of the customers that were won: so far, and expected where it is predicted."""

from odoo import models
from odoo.tools import SQL

from ..models.roi_sql import in_one_currency

_ASKED = {"lifetime_margin", "lifetime_expected", "ltv_cac", "ltv_cac_expected"}


class CrmCampaignRoiReport(models.Model):
    _inherit = "crm.campaign.roi.report"  # pylint: disable=consider-merging-classes-inherited

    def _lifetime_join(self, companies):
        """All margin of a new customer, on the row that its first order begins with.

        :return: ({column: SQL of its value}, SQL of the join)
        """
        if not any(self._asks(name) for name in _ASKED):
            return {}, SQL()
        join = SQL(
            """
            LEFT JOIN (
                SELECT company_id, partner_id, SUM(margin) AS margin,
                       LEAST(SUM(margin) / NULLIF(SUM(margin_base), 0), 1) AS share
                FROM (%s) r GROUP BY 1, 2
            ) life ON c.kind = 'new' AND x.orders = 1
                  AND life.company_id = x.company_id AND life.partner_id = x.partner_id
            LEFT JOIN (%s) predicted
                   ON predicted.company_id = life.company_id
                  AND predicted.partner_id = life.partner_id
            """,
            self.env["crm.campaign.result"]._results_sql(companies),
            self._predicted_sql(companies),
        )
        expected = SQL(
            "life.margin + CASE WHEN predicted.known"
            " THEN COALESCE(predicted.revenue * life.share, 0) END"
        )
        return {"lifetime_margin": SQL("life.margin"), "lifetime_expected": expected}, join

    def _predicted_sql(self, companies):
        """Revenue of the next twelve months by customer, as far as an add-on predicts it.

        Its margin is taken to be the customer's so far; without a known cost of goods there is
        none. ``known``: anything is predicted in the company at all.
        """
        metrics, name = self.env["crm.customer.metrics"], "expected_revenue_12m"
        revenue = SQL("NULL::numeric")
        if name in metrics._fields:
            metrics.flush_model()
            revenue = SQL("%s::numeric", SQL.identifier("m", name))
        select = SQL(
            """
            SELECT m.company_id, m.partner_id, %(day)s::date AS day, %(revenue)s AS revenue,
                   COUNT(%(revenue)s) OVER (PARTITION BY m.company_id) > 0 AS known
            FROM crm_customer_metrics m WHERE m.company_id = ANY(%(companies)s)
            """,
            day=self.env["crm.segmentation"]._today(),
            revenue=revenue,
            companies=companies.ids,
        )
        keys = ["company_id", "partner_id", "day", "known"]
        return in_one_currency(self.env, select, companies, keys, ["revenue"])
