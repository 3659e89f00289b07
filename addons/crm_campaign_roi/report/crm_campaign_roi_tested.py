"""What the report knows from experiments: incremental margin of campaigns with a hold-out."""

from odoo import models
from odoo.tools import SQL

from ..models.roi_sql import in_one_currency
from .crm_campaign_roi_parts import month_of


class CrmCampaignRoiReport(models.Model):
    _inherit = "crm.campaign.roi.report"  # pylint: disable=consider-merging-classes-inherited

    def _tested(self, companies):
        """Ids of the campaigns whose margin is measured against a hold-out that can tell."""
        if not self._asks("tested_cost"):
            return []
        domain = [("company_id", "in", companies.ids)]
        return list(self.env["utm.campaign"]._evidence_of_holdouts(domain)[0])

    def _is_tested_sql(self, companies):
        """Whether a row ``x`` of cost stands against what a hold-out has shown."""
        tested = self._tested(companies)
        campaigns = self.env["utm.campaign"].browse(tested)
        parts = campaigns._measured_months(companies, campaigns._holdout_months())
        pairs = [(one, month) for one, months in parts.items() for month in months]
        return SQL(
            """
            x.campaign_id = ANY(%s) AND (x.campaign_id <> ALL(%s)
            OR (x.campaign_id, date_trunc('month', x.day)::date)
               IN (SELECT * FROM unnest(%s::int[], %s::date[])))
            """,
            tested,
            list(parts),
            [one for one, _month in pairs],
            [month for _one, month in pairs],
        )

    def _tested_part(self, companies):
        """Incremental margin in the month of the launch; the same under each model."""
        select = SQL(
            """
            SELECT company_id, campaign_id, launch_date AS day, incremental_margin AS amount,
                   incremental_low AS low, incremental_high AS high
            FROM crm_campaign_audience
            WHERE incremental_margin IS NOT NULL AND company_id = ANY(%s) AND campaign_id = ANY(%s)
            """,
            companies.ids,
            self._tested(companies),
        )
        keys = ["company_id", "campaign_id", "day"]
        return self._part(
            SQL(
                "(%s) x %s",
                in_one_currency(self.env, select, companies, keys, ["amount", "low", "high"]),
                self._models_join(companies),
            ),
            campaign_id=SQL("x.campaign_id"),
            month=month_of(SQL("x.day")),
            cohort_month=month_of(SQL("x.day")),
            model=SQL("k.model"),
            incremental_margin=SQL("x.amount"),
            incremental_below=SQL("power(x.amount - x.low, 2)"),
            incremental_above=SQL("power(x.high - x.amount, 2)"),
        )
