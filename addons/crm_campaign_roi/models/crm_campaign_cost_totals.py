"""Totals of cost for the panel: by kind, and what is committed."""

from odoo import api, models
from odoo.tools import SQL


class CrmCampaignCost(models.AbstractModel):
    _inherit = "crm.campaign.cost"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _kind_labels(self):
        """Names of the kinds of cost, in the order in which they are shown."""
        return {
            "bill": self.env._("Vendor bills"),
            "refund": self.env._("Refunds of vendors"),
            "entry": self.env._("Other entries"),
            "hours": self.env._("Internal hours"),
            "manual": self.env._("Entered by hand"),
            "file": self.env._("Reported by platforms"),
        }

    @api.model
    def _by_kind(self, campaigns, companies):
        """Cost of campaigns by kind.

        :return: list of dicts of ``kind``, ``name``, ``amount`` (current company's currency)
        """
        self._flush_cost()
        rows = self.env.execute_query(
            SQL(
                "SELECT kind, SUM(amount)::float FROM (%s) x"
                " WHERE campaign_id = ANY(%s) GROUP BY 1",
                self._cost_sql(companies),
                campaigns.ids,
            )
        )
        found = dict(rows)
        return [
            {"kind": kind, "name": name, "amount": found[kind]}
            for kind, name in self._kind_labels().items()
            if kind in found
        ]

    @api.model
    def _committed_total(self, campaigns, companies):
        """Money of draft bills and confirmed purchases, 0 where there is none."""
        self._flush_cost()
        rows = self.env.execute_query(
            SQL(
                "SELECT SUM(amount)::float FROM (%s) x WHERE campaign_id = ANY(%s)",
                self._committed_sql(companies),
                campaigns.ids,
            )
        )
        return rows[0][0] or 0.0
