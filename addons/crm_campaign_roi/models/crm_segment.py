"""What campaigns brought in a segment."""

from odoo import models


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    def action_open_return(self):
        """Open the return on campaigns of the segment.

        :return: action; who may see it follows from the report
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_campaign_roi.crm_campaign_roi_report_action"
        )
        return {
            **action,
            "display_name": self.env._("Return: %(segment)s", segment=self.name),
            "domain": [("segment_id", "=", self.id)],
        }
