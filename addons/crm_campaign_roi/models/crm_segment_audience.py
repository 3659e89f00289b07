"""The export of an audience: the contacts that were drawn, in the formats of the segments."""

from odoo import api, fields, models
from odoo.addons.crm_segments.lib.audience import gather
from odoo.addons.crm_segments.lib.audience_formats import FORMATS
from odoo.exceptions import AccessError
from odoo.fields import Domain


class CrmSegmentAudience(models.TransientModel):
    _inherit = "crm.segment.audience"  # pylint: disable=consider-merging-classes-inherited

    crm_audience_arm_ids = fields.Many2many(
        "crm.campaign.audience.arm",
        "crm_segment_audience_arm_rel",
        "wizard_id",
        "arm_id",
        "Treatments",
    )

    @api.depends("crm_audience_arm_ids")
    def _compute_counts(self):
        return super()._compute_counts()

    def _audience(self):
        if not self.crm_audience_arm_ids:
            return super()._audience()
        return gather(self._drawn_contacts(), FORMATS[self.format or "plain"])

    def _drawn_contacts(self):
        """Contacts of the chosen treatments; who opted out since the draw is known to the host."""
        arms = self.crm_audience_arm_ids._origin
        arms.check_access("read")
        if any(arm.is_control for arm in arms):
            raise AccessError(self.env._("The hold-out gets nothing, so there is no list of it."))
        recipients = self.env["crm.campaign.audience.recipient"]
        drawn = recipients._search(Domain("arm_id", "in", arms.ids)).subselect("partner_id")
        return self.env["crm.segment"]._contacts_found(Domain("id", "in", drawn))

    def action_download(self):
        """The window of the audience begins with the list."""
        action = super().action_download()
        # sudo: whoever may export the list launches its audience
        self.sudo().crm_audience_arm_ids.audience_id._mark_launched()
        return action
