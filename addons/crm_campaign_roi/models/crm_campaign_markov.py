"""Shares by removal effect: totals of channels, which no order can be split by."""

from odoo import fields, models

from .unchecked import Unchecked


class CrmCampaignMarkov(models.Model):
    """The share of one channel, a campaign by a medium from a source, in all orders with a touch.

    Shares of a company add up to 1. Orders without a touch are in no share.
    """

    _name = "crm.campaign.markov"
    _description = "Share of a Channel by Removal Effect"
    _order = "share_amount desc, id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    campaign_id = Unchecked("utm.campaign", readonly=True)
    medium_id = Unchecked("utm.medium", readonly=True)
    source_id = Unchecked("utm.source", readonly=True)
    effect = fields.Float(
        "Removal Effect",
        readonly=True,
        aggregator=None,
        help="How much less would be ordered if the channel led nowhere.",
    )
    share_orders = fields.Float("Share of Orders", readonly=True)
    share_amount = fields.Float("Share of Money", readonly=True)

    _channel_unique = models.UniqueIndex(
        "(company_id, COALESCE(campaign_id, 0), COALESCE(medium_id, 0), COALESCE(source_id, 0))",
        "This channel has its share already.",
    )
