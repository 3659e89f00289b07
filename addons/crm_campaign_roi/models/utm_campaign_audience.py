"""The audiences of a campaign."""

from odoo import fields, models


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"  # pylint: disable=consider-merging-classes-inherited

    crm_audience_ids = fields.One2many(
        "crm.campaign.audience",
        "campaign_id",
        "Audiences",
        groups="crm_campaign_roi.group_roi_user",
    )
    crm_audience_count = fields.Integer(
        compute="_compute_crm_audience_count",
        groups="crm_campaign_roi.group_roi_user",
        export_string_translation=False,
    )

    def _compute_crm_audience_count(self):
        rows = self.env["crm.campaign.audience"]._read_group(
            [("campaign_id", "in", self.ids)], ["campaign_id"], ["__count"]
        )
        counts = {campaign.id: count for campaign, count in rows}
        for campaign in self:
            campaign.crm_audience_count = counts.get(campaign.id, 0)

    def action_open_audiences(self):
        """The audiences of the campaign; a new one where there is none."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_campaign_roi.crm_campaign_audience_action"
        )
        action |= {
            "domain": [("campaign_id", "=", self.id)],
            "context": {"default_campaign_id": self.id},
        }
        if not self.crm_audience_count:
            action["views"] = [(False, "form")]
        return action
