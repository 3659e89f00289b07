"""Ad spend as the platforms report it, by day."""

from odoo import fields, models


class CrmCampaignSpend(models.Model):
    """What a platform says that a campaign cost on a day, and what it counted."""

    _name = "crm.campaign.spend"
    _description = "Ad Spend"
    _order = "date desc, id desc"
    _rec_name = "external_campaign"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    platform_id = fields.Many2one(
        "crm.campaign.platform", required=True, index=True, ondelete="restrict"
    )
    account = fields.Char(required=True, default="-", help="Account at the platform.")
    external_campaign = fields.Char(
        "Campaign at the Platform", required=True, help="Its name or number there."
    )
    campaign_id = fields.Many2one(
        "utm.campaign", index="btree_not_null", ondelete="set null", check_company=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    cost = fields.Monetary(required=True)
    impressions = fields.Integer()
    clicks = fields.Integer()
    conversions = fields.Float(help="As the platform reports them; we credit orders ourselves.")

    _day_unique = models.UniqueIndex(
        "(company_id, platform_id, account, external_campaign, date)",
        "The spend of this campaign on this day is there already.",
    )
