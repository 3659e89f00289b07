"""The spend of files beside the books: no money counts twice once somebody has chosen."""

from odoo import models
from odoo.addons.crm_segments.models.rates import rate_sql
from odoo.tools import SQL


class CrmCampaignCost(models.AbstractModel):
    _inherit = "crm.campaign.cost"  # pylint: disable=consider-merging-classes-inherited

    def _file_parts(self, companies):
        """A SELECT per company: its currency is that of the amounts."""
        return [self._file_sql(company) for company in companies]

    def _file_sql(self, company, settled=True):
        """Spend of the files at the rate of the day, without months where the bill counts.

        :param bool settled: False for all spend, whatever was chosen
        """
        rates = (
            rate_sql(SQL("%s", company.currency_id.id), company.root_id, SQL("s.date")),
            rate_sql(SQL("s.currency_id"), company.root_id, SQL("s.date")),
        )
        amount = SQL(
            "CASE WHEN s.currency_id = %s THEN s.cost"
            " ELSE ROUND((s.cost * %s / %s)::numeric, %s) END",
            company.currency_id.id,
            *rates,
            company.currency_id.decimal_places,
        )
        chosen = SQL(
            "AND NOT EXISTS (SELECT FROM crm_campaign_spend_choice h"
            " WHERE h.company_id = s.company_id AND h.platform_id = s.platform_id"
            " AND h.month = date_trunc('month', s.date)::date AND h.choice = 'bill')"
        )
        return SQL(
            """
            SELECT s.company_id, s.campaign_id, s.date AS day, 'file' AS kind,
                   p.commercial_partner_id AS partner_id, NULL::int AS line_id, s.id AS spend_id,
                   %(amount)s AS amount
            FROM crm_campaign_spend s
            JOIN crm_campaign_platform f ON f.id = s.platform_id
            LEFT JOIN res_partner p ON p.id = f.partner_id
            WHERE s.company_id = %(company)s %(chosen)s
            """,
            amount=amount,
            company=company.id,
            chosen=chosen if settled else SQL(),
        )

    def _covered_by_file_sql(self, partner, line):
        """Whether the file of the vendor's platform counts in the month of a line."""
        return SQL(
            """
            EXISTS (
                SELECT FROM crm_campaign_spend_choice h
                JOIN crm_campaign_platform f ON f.id = h.platform_id
                JOIN res_partner v ON v.id = f.partner_id
                WHERE h.company_id = %(line)s.company_id AND h.choice = 'file'
                  AND v.commercial_partner_id = %(partner)s
                  AND h.month = date_trunc('month', %(line)s.date)::date)
            """,
            line=line,
            partner=partner,
        )
