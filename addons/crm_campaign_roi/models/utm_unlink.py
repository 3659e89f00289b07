"""Campaigns, media and sources that are deleted or archived leave no number behind."""

from odoo import models
from odoo.tools import SQL

#: what was credited, and what was added up of it
_TABLES = ("crm_campaign_credit", "crm_campaign_markov", "crm_campaign_roi_stored")


class CreditTargetMixin(models.AbstractModel):
    """What credit points to without a foreign key."""

    _name = "crm.campaign.credit.target"
    _description = "Target of Credit"

    #: column of the tables of credit
    _credit_column = None

    def unlink(self):
        """Credit stays, without what is gone."""
        if self.ids:
            for table in _TABLES:
                self.env.execute_query(
                    SQL(
                        "UPDATE %(table)s SET %(column)s = NULL WHERE %(column)s = ANY(%(ids)s)"
                        " RETURNING id",
                        table=SQL.identifier(table),
                        column=SQL.identifier(self._credit_column),
                        ids=self.ids,
                    )
                )
        res = super().unlink()
        self.env["crm.campaign.credit"].invalidate_model()
        return res


class UtmCampaign(models.Model):
    _name = "utm.campaign"
    _inherit = ["utm.campaign", "crm.campaign.credit.target"]
    _credit_column = "campaign_id"


class UtmMedium(models.Model):
    _name = "utm.medium"
    _inherit = ["utm.medium", "crm.campaign.credit.target"]
    _credit_column = "medium_id"


class UtmSource(models.Model):
    _name = "utm.source"
    _inherit = ["utm.source", "crm.campaign.credit.target"]
    _credit_column = "source_id"
