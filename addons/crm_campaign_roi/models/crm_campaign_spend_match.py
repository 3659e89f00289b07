"""What an import adds to spend, and which of our campaigns an outer one is."""

from odoo import api, fields, models


class CrmCampaignPlatform(models.Model):
    _inherit = "crm.campaign.platform"

    mapping = fields.Json(
        help="How the last file of this platform was written: columns, numbers, dates."
    )


class CrmCampaignSpend(models.Model):
    _inherit = "crm.campaign.spend"

    external_name = fields.Char("Name at the Platform", readonly=True)
    is_spread = fields.Boolean(
        "Spread Evenly",
        readonly=True,
        help="The file had several days in one row; each got the same part.",
    )
    import_id = fields.Many2one(
        "crm.campaign.spend.import", readonly=True, index="btree_not_null", ondelete="set null"
    )

    def write(self, vals):
        """Which campaign it is, is remembered for the next file."""
        res = super().write(vals)
        if "campaign_id" in vals:
            self._remember_campaign()
        return res

    def _remember_campaign(self):
        """Keep the campaign of these rows for all rows of the same one at the platform."""
        Match = self.env["crm.campaign.spend.match"].sudo()  # sudo: follows from the rows
        for (company, platform, external), rows in self.grouped(
            lambda row: (row.company_id, row.platform_id, row.external_campaign)
        ).items():
            keys = {"company_id": company.id, "platform_id": platform.id, "external": external}
            known = Match.search([(name, "=", value) for name, value in keys.items()])
            campaign = rows[:1].campaign_id
            if not campaign:
                known.unlink()
            elif known:
                known.campaign_id = campaign
            else:
                Match.create({**keys, "campaign_id": campaign.id})


class CrmCampaignSpendMatch(models.Model):
    """A campaign of a platform that somebody said is one of ours."""

    _name = "crm.campaign.spend.match"
    _description = "Campaign of a Platform"
    _rec_name = "external"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    platform_id = fields.Many2one("crm.campaign.platform", required=True, ondelete="cascade")
    external = fields.Char("Campaign at the Platform", required=True)
    campaign_id = fields.Many2one("utm.campaign", required=True, ondelete="cascade", index=True)

    _external_unique = models.UniqueIndex(
        "(company_id, platform_id, external)", "This campaign is known already."
    )


class CrmCampaignSpendPrevious(models.Model):
    """What an import overwrote, so that it can be undone."""

    _name = "crm.campaign.spend.previous"
    _description = "Overwritten Ad Spend"
    _log_access = False

    import_id = fields.Many2one(
        "crm.campaign.spend.import", required=True, ondelete="cascade", index=True
    )
    spend_id = fields.Many2one("crm.campaign.spend", required=True, ondelete="cascade", index=True)
    previous_import_id = fields.Many2one(
        "crm.campaign.spend.import", index="btree_not_null", ondelete="set null"
    )
    external_name = fields.Char()
    campaign_id = fields.Many2one("utm.campaign", ondelete="set null")
    currency_id = fields.Many2one("res.currency", required=True)
    cost = fields.Monetary()
    impressions = fields.Integer()
    clicks = fields.Integer()
    conversions = fields.Float()
    is_spread = fields.Boolean()

    @api.model
    def _copied(self):
        """:return: names of the fields that are those of the spend"""
        return [
            "external_name", "campaign_id", "currency_id", "cost", "impressions", "clicks",
            "conversions", "is_spread",
        ]  # fmt: skip
