"""Dialog: pin a customer in or out of a segment."""

from odoo import api, fields, models


class CrmSegmentPin(models.TransientModel):
    _name = "crm.segment.pin"
    _description = "Pin a Customer"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    segment_id = fields.Many2one(
        "crm.segment",
        required=True,
        ondelete="cascade",
        domain="[('segmentation_id.enabled', '=', True), "
        "('company_id', 'in', [False, company_id])]",
    )
    pinned = fields.Selection(
        [("in", "Always in this segment"), ("out", "Never in this segment")],
        "Decision",
        required=True,
        default="in",
    )
    pin_reason = fields.Char("Reason", required=True, help="Colleagues read it beside the pin.")
    pin_until = fields.Date("Last Day", help="Empty: until somebody takes the pin off.")
    consequence = fields.Char(compute="_compute_consequence")

    @api.depends("partner_id", "segment_id", "pinned")
    def _compute_consequence(self):
        """What else changes: where only one segment can be, the other stay ends."""
        for wizard in self:
            wizard.consequence = wizard._consequence_text()

    def _consequence_text(self):
        if not self.partner_id or not self.segment_id:
            return ""
        if self.pinned == "out":
            return self.env._("The rules look for another segment for this customer.")
        rows = (
            self.env["crm.segment.membership"]
            .with_company(self.company_id)
            ._current_rows(self.partner_id.commercial_partner_id, self.segment_id.segmentation_id)
        )
        others = rows.filtered(
            lambda row: row.segment_id != self.segment_id and row.pinned != "out"
        )
        if not others or not self.segment_id.segmentation_id.exclusive:
            return ""
        return self.env._("The stay in “%s” ends today.", others[0].segment_id.name)

    def action_confirm(self):
        """Pin, and show the result where the dialog was opened."""
        self.ensure_one()
        self.env["crm.segment.membership"].with_company(self.company_id)._pin(
            self.partner_id, self.segment_id, self.pinned, self.pin_reason, self.pin_until
        )
        return {
            "type": "ir.actions.act_window_close",
            "infos": {"pinned": True},
        }
