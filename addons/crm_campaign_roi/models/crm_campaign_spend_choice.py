"""Which counts where a platform's file and its bill tell of the same money."""

from odoo import fields, models


class CrmCampaignSpendChoice(models.Model):
    """The choice for a platform and month: the bill, or the file."""

    _name = "crm.campaign.spend.choice"
    _description = "Bill or File"

    company_id = fields.Many2one("res.company", required=True, index=True)
    platform_id = fields.Many2one("crm.campaign.platform", required=True, ondelete="cascade")
    month = fields.Date(required=True, help="Its first day.")
    choice = fields.Selection([("bill", "The bill"), ("file", "The file")], required=True)

    _month_unique = models.UniqueIndex(
        "(company_id, platform_id, month)", "The month of this platform is settled already."
    )
