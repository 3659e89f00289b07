"""What is committed and not yet cost: draft bills, and confirmed purchase orders."""

from odoo import api, models
from odoo.addons.crm_segments.models.analytic_committed import committed_sql, flush_committed
from odoo.tools import SQL

from .roi_sql import in_one_currency

COMMITTED_KEYS = ["company_id", "campaign_id", "day", "kind", "move_id", "purchase_id"]


class CrmCampaignCost(models.AbstractModel):
    _inherit = "crm.campaign.cost"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _committed_sql(self, companies):
        """SELECT of ``COMMITTED_KEYS`` and ``amount``, in the current company's currency.

        :param companies: res.company records
        :return: SQL; ``kind`` is bill or purchase
        """
        flush_committed(self.env)
        campaigns = SQL(
            "SELECT id AS owner_id, crm_analytic_account_id AS account_id FROM utm_campaign"
            " WHERE crm_analytic_account_id IS NOT NULL"
        )
        select = SQL(
            "SELECT company_id, owner_id AS campaign_id, day, kind, move_id, purchase_id, amount"
            " FROM (%s) x",
            committed_sql(self.env, campaigns, companies),
        )
        return in_one_currency(self.env, select, companies, COMMITTED_KEYS, ["amount"])
