"""The parts of the report: credited results, leads, cost."""

from odoo import models
from odoo.tools import SQL

from ..models.roi_sql import in_one_currency


def month_of(day):
    """First day of the month."""
    return SQL("date_trunc('month', %s)::date", day)


class CrmCampaignRoiReport(models.Model):
    _inherit = "crm.campaign.roi.report"  # pylint: disable=consider-merging-classes-inherited

    def _counted(self, companies, alias, campaign):
        """Whether a result counts in the return: of a campaign, and not expected anyway."""
        all_count = companies.sudo().filtered("crm_roi_count_expected")  # sudo: a setting
        return SQL(
            "(%s IS NOT NULL AND (x.company_id = ANY(%s) OR %s IS NOT TRUE))",
            SQL.identifier(campaign, "campaign_id"),
            all_count.ids,
            SQL.identifier(alias, "expected"),
        )

    # leads

    def _lead_part(self, companies):
        """Leads by their own campaign, on the day they came; the same under each model."""
        segment, segment_join = self._segment_of("x.partner_id", "x.day")
        select = in_one_currency(
            self.env, self._leads_sql(companies), companies,
            ["company_id", "campaign_id", "medium_id", "source_id", "partner_id", "day",
             "is_opportunity"], ["pipeline"],
        )  # fmt: skip
        return self._part(
            SQL("(%s) x %s %s", select, self._models_join(companies), segment_join),
            campaign_id=SQL("x.campaign_id"),
            medium_id=SQL("x.medium_id"),
            source_id=SQL("x.source_id"),
            segment_id=segment,
            month=month_of(SQL("x.day")),
            cohort_month=month_of(SQL("x.day")),
            model=SQL("k.model"),
            leads=SQL("1"),
            opportunities=SQL("x.is_opportunity"),
            pipeline=SQL("x.pipeline"),
        )

    def _leads_sql(self, companies):
        """Leads and opportunities, lost ones too; one without a company is its user's."""
        return SQL(
            """
            SELECT * FROM (
                SELECT COALESCE(l.company_id, c.company_id, u.company_id, %(main)s) AS company_id,
                       l.campaign_id, l.medium_id, l.source_id,
                       p.commercial_partner_id AS partner_id, l.create_date::date AS day,
                       (l.type = 'opportunity')::int AS is_opportunity,
                       CASE WHEN l.type = 'opportunity' THEN l.expected_revenue END AS pipeline
                FROM crm_lead l
                LEFT JOIN utm_campaign c ON c.id = l.campaign_id
                LEFT JOIN res_users u ON u.id = l.user_id
                LEFT JOIN res_partner p ON p.id = l.partner_id
            ) l WHERE company_id = ANY(%(companies)s)
            """,
            main=self.env.company.id,
            companies=companies.ids,
        )

    # cost

    def _cost_part(self, companies):
        """Cost by campaign and day, spread over the segments of whom it addressed."""
        segment, join = SQL("NULL::int"), SQL()
        share = SQL("1")
        if self._asks("segment_id"):
            segment, share = SQL("a.segment_id"), SQL("COALESCE(a.share, 1)")
            join = SQL(
                "LEFT JOIN (%s) a ON a.campaign_id = x.campaign_id AND a.company_id = x.company_id",
                self._audience_sql(companies),
            )
        amount = SQL("x.amount * %s", share)
        return self._part(
            SQL(
                "(%s) x %s %s",
                self.env["crm.campaign.cost"]._cost_sql(companies),
                self._models_join(companies),
                join,
            ),
            campaign_id=SQL("x.campaign_id"),
            segment_id=segment,
            month=month_of(SQL("x.day")),
            cohort_month=month_of(SQL("x.day")),
            model=SQL("k.model"),
            cost=amount,
            tested_cost=SQL(
                "CASE WHEN %s THEN %s END", self._is_tested_sql(companies), amount
            ),
            attributed_cost=SQL("CASE WHEN x.campaign_id IS NOT NULL THEN %s END", amount),
            marketing_cost=amount,
        )

    def _unallocated_part(self, companies):
        """Marketing cost without a campaign: only for the coverage."""
        return self._part(
            SQL(
                "(%s) x %s",
                self.env["crm.campaign.unallocated"]._unallocated_sql(companies),
                self._models_join(companies),
            ),
            month=month_of(SQL("x.day")),
            cohort_month=month_of(SQL("x.day")),
            model=SQL("k.model"),
            marketing_cost=SQL("x.amount"),
        )

    # segments

    def _segment_of(self, partner, day):
        """Column and join of the segment of a customer on a day."""
        if not self._asks("segment_id"):
            return SQL("NULL::int"), SQL()
        join = SQL(
            """
            LEFT JOIN crm_segment_membership s
              ON s.partner_id = %(partner)s AND s.company_id = x.company_id
             AND (s.company_id, s.segmentation_id) IN (%(leading)s)
             AND s.pinned IS DISTINCT FROM 'out' AND s.date_from <= %(day)s
             AND (s.date_to IS NULL OR s.date_to > %(day)s)
            """,
            partner=SQL(partner),
            day=SQL(day),
            leading=self._leading_sql(),
        )
        return SQL("s.segment_id"), join

    def _leading_sql(self):
        pairs = (
            SQL("(%s, %s)", company.id, company._leading_segmentation().id or 0)
            for company in self.env.companies
        )
        return SQL(", ").join(pairs)

    def _audience_sql(self, companies):
        """Shares of the segments, none among them, in whom a campaign addressed."""
        return SQL(
            """
            SELECT campaign_id, company_id, segment_id,
                   COUNT(*)::numeric / SUM(COUNT(*)) OVER (PARTITION BY campaign_id, company_id)
                       AS share
            FROM (
                SELECT DISTINCT x.campaign_id, x.company_id, x.partner_id, s.segment_id
                FROM (
                    SELECT campaign_id, company_id, partner_id, MIN(day) AS day
                    FROM (%(mailed)s UNION ALL %(drawn)s) w GROUP BY 1, 2, 3
                ) x
                %(join)s
            ) r GROUP BY 1, 2, 3
            """,
            mailed=self._mailed_sql(companies),
            drawn=self._drawn_sql(companies),
            join=self._segment_of("x.partner_id", "x.day")[1],
        )

    def _mailed_sql(self, companies):
        """Whom the mailings of a campaign went to."""
        return SQL(
            """
            SELECT t.campaign_id, o.id AS company_id, p.commercial_partner_id AS partner_id,
                   t.sent_datetime::date AS day
            FROM mailing_trace t
            JOIN res_partner p ON p.id = t.res_id AND t.model = 'res.partner'
            JOIN res_company o ON o.id = ANY(%s)
            WHERE t.campaign_id IS NOT NULL AND t.sent_datetime IS NOT NULL
              AND t.is_test_trace IS NOT TRUE
            """,
            companies.ids,
        )

    def _drawn_sql(self, companies):
        """Who was drawn into the audiences of a campaign that are launched, the hold-out apart."""
        return SQL(
            """
            SELECT a.campaign_id, a.company_id, m.partner_id, a.launch_date
            FROM crm_campaign_audience a
            JOIN crm_campaign_audience_arm r ON r.audience_id = a.id AND r.is_control IS NOT TRUE
            JOIN crm_campaign_audience_member m ON m.arm_id = r.id
            WHERE a.launch_date IS NOT NULL AND a.company_id = ANY(%s)
            """,
            companies.ids,
        )
