"""Who may pin a customer, and the dialog to do so."""

from odoo import models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    def _may_pin(self):
        """Whether the user may pin all of these customers.

        Managers of segments decide for everybody. Salespeople know their customers better
        than any rule: they pin those that they may edit. Marketing users without either
        right, accountants and readers see pins, but make none.
        """
        if self.env.su or self.env.user.has_group("crm_segments.group_segments_manager"):
            return True
        salesperson = self.env.user.has_group("sales_team.group_sale_salesman")
        return salesperson and self.has_access("write")

    def _check_may_pin(self):
        """:raises AccessError: for users who may not pin these customers"""
        self.check_access("read")
        if not self._may_pin():
            raise AccessError(self.env._(
                "You may not pin %s: managers of segments and salespeople who may edit the "
                "customer can.", ", ".join(self.mapped("display_name")),
            ))  # fmt: skip

    def action_pin_segment(self):
        """Ask for the segment and the reason of a pin of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_segments.crm_segment_pin_action"
        )
        action["context"] = {"default_partner_id": self.commercial_partner_id.id}
        return action
