"""Advertising platforms: who bills what their files report."""

from odoo import fields, models


class CrmCampaignPlatform(models.Model):
    """A platform that reports spend by day and bills it later."""

    _name = "crm.campaign.platform"
    _description = "Advertising Platform"
    _order = "name, id"

    name = fields.Char(required=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Billed By",
        ondelete="set null",
        index="btree_not_null",
        help="Bills of this vendor and the spend that the platform reports are the same money.",
    )

    _name_unique = models.UniqueIndex("(name)", "There is a platform of this name.")
