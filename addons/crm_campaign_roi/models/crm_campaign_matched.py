"""Campaigns without a hold-out: those who were addressed against customers alike who were not."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib import matched
from .stored_empty import StoredMonetary
from .utm_campaign import FIGURES

#: kinds that we began: what a customer does itself would be its own reason
ADDRESSED = ("sent", "catalogue", "call", "visit", "fair", "event")
#: days after its first touch in which the addressed were met, and in which sales count
MET_DAYS, WINDOW = 30, 90


class CrmCampaignMatched(models.Model):
    """A campaign per row, rebuilt every night where the window is over.

    Compared is how the margin changed from the 90 days before the campaign to the 90 days from it
    on, within strata of what customers bought in the pre-period; see ``lib/matched.py``.
    """

    _name = "crm.campaign.matched"
    _description = "Matched Comparison of a Campaign"
    _order = "date desc, id"
    _rec_name = "campaign_id"

    campaign_id = fields.Many2one(
        "utm.campaign", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("First Touch", readonly=True)
    addressed = fields.Integer("Customers Addressed", readonly=True)
    treated = fields.Integer("With Customers Alike", readonly=True)
    margin = StoredMonetary("More Margin", readonly=True, groups=FIGURES)
    margin_low = StoredMonetary("Lower Limit", readonly=True, groups=FIGURES)
    margin_high = StoredMonetary("Upper Limit", readonly=True, groups=FIGURES)

    _once = models.UniqueIndex("(campaign_id, company_id)")

    @api.model
    def _rebuild(self):
        """Compare anew, in all companies; rows that don't change aren't written."""
        for company in self.env["res.company"].search([]):
            self.with_company(company)._rebuild_company(company)

    def _rebuild_company(self, company):
        self.env["crm.campaign.result"]._flush_results()
        self.env["crm.touchpoint"].flush_model()
        self.env.cr.execute("DROP TABLE IF EXISTS roi_matched_sold")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE roi_matched_sold ON COMMIT DROP AS
                SELECT x.partner_id, x.doc_day AS day, SUM(x.orders)::float AS orders,
                       COALESCE(SUM(x.margin), 0)::float AS margin
                FROM (%s) x GROUP BY 1, 2
                """,
                self.env["crm.campaign.result"]._results_sql(company),
            )
        )
        self.env.cr.execute("CREATE INDEX ON roi_matched_sold (day); ANALYZE roi_matched_sold")
        found = {
            campaign: self._values(campaign, company, day)
            for campaign, day in self._campaigns(company)
        }
        known = {one.campaign_id.id: one for one in self.search([("company_id", "=", company.id)])}
        for campaign, values in found.items():
            row = known.pop(campaign, None)
            if row is None:
                self.create(values)
            elif any(row[name] != value for name, value in values.items()
                     if name not in ("campaign_id", "company_id")):  # fmt: skip
                row.write(values)
        self.union(*known.values()).unlink()
        self.env.cr.execute("DROP TABLE roi_matched_sold")

    def _campaigns(self, company):
        """(campaign id, day of its first touch) whose window is over and who addressed anybody."""
        today = fields.Date.context_today(self)
        return self.env.execute_query(
            SQL(
                """
                SELECT t.campaign_id, MIN(t.date)::date AS day
                FROM crm_touchpoint t JOIN crm_touchpoint_kind k ON k.id = t.kind_id
                WHERE k.code = ANY(%s) AND t.campaign_id IS NOT NULL AND t.partner_id IS NOT NULL
                  AND COALESCE(t.company_id, %s) = %s
                GROUP BY 1 HAVING MIN(t.date)::date <= %s
                   AND COUNT(DISTINCT t.partner_id) >= %s
                """,
                list(ADDRESSED),
                company.id,
                company.id,
                today - timedelta(days=WINDOW),
                matched.LEAST_TREATED,
            )
        )

    def _values(self, campaign, company, day):
        rows = self.env.execute_query(self._strata_sql(campaign, company, day))
        found = matched.compare(matched.Stratum(*row) for row in rows)
        total = found.total or [None] * 3
        round_ = company.currency_id.round
        margin, low, high = (None if one is None else round_(one) for one in total)
        return {
            "campaign_id": campaign,
            "company_id": company.id,
            "date": day,
            "addressed": found.addressed,
            "treated": found.treated,
            "margin": margin if margin is not None else False,
            "margin_low": low if low is not None else False,
            "margin_high": high if high is not None else False,
        }

    def _strata_sql(self, campaign, company, day):
        """Sums per stratum: thirds of the margin, number of orders, bought lately; all before."""
        return SQL(
            """
            WITH met AS (
                SELECT t.partner_id, MIN(t.date)::date <= %(met)s AS in_time
                FROM crm_touchpoint t JOIN crm_touchpoint_kind k ON k.id = t.kind_id
                WHERE t.campaign_id = %(campaign)s AND t.partner_id IS NOT NULL
                  AND k.code = ANY(%(kinds)s)
                GROUP BY 1
            ), customer AS (
                SELECT m.partner_id FROM crm_customer_metrics m WHERE m.company_id = %(company)s
                UNION SELECT partner_id FROM met
            ), sold AS (
                SELECT s.partner_id,
                       COALESCE(SUM(s.margin) FILTER (WHERE s.day < %(day)s), 0) AS before,
                       COALESCE(SUM(s.margin) FILTER (WHERE s.day >= %(day)s), 0) AS after,
                       COALESCE(SUM(s.orders) FILTER (WHERE s.day < %(day)s), 0) AS orders,
                       COALESCE(MAX(s.day) FILTER (WHERE s.day < %(day)s) >= %(lately)s, FALSE)
                           AS lately
                FROM roi_matched_sold s WHERE s.day >= %(first)s AND s.day < %(after)s GROUP BY 1
            ), one AS (
                SELECT met.in_time IS TRUE AS treated,
                       COALESCE(s.after, 0) - COALESCE(s.before, 0) AS change,
                       LEAST(COALESCE(s.orders, 0), 3) AS orders,
                       COALESCE(s.lately, FALSE) AS lately,
                       CASE WHEN COALESCE(s.before, 0) > 0 THEN NTILE(3) OVER (
                           PARTITION BY COALESCE(s.before, 0) > 0 ORDER BY s.before, c.partner_id)
                       ELSE 0 END AS tier
                FROM customer c LEFT JOIN met ON met.partner_id = c.partner_id
                LEFT JOIN sold s ON s.partner_id = c.partner_id
                -- who was met later is neither
                WHERE met.in_time IS NOT FALSE
            )
            SELECT COUNT(*) FILTER (WHERE treated),
                   COALESCE(SUM(change) FILTER (WHERE treated), 0),
                   COALESCE(SUM(change * change) FILTER (WHERE treated), 0),
                   COUNT(*) FILTER (WHERE NOT treated),
                   COALESCE(SUM(change) FILTER (WHERE NOT treated), 0),
                   COALESCE(SUM(change * change) FILTER (WHERE NOT treated), 0)
            FROM one GROUP BY orders, lately, tier
            """,
            campaign=campaign,
            company=company.id,
            kinds=list(ADDRESSED),
            day=day,
            met=day + timedelta(days=MET_DAYS),
            first=day - timedelta(days=WINDOW),
            after=day + timedelta(days=WINDOW),
            lately=day - timedelta(days=30),
        )


class CrmTouchpoint(models.Model):
    _inherit = "crm.touchpoint"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _rebuild(self):
        """The comparisons follow the touches, every night."""
        res = super()._rebuild()
        self.env["crm.campaign.matched"]._rebuild()
        return res
