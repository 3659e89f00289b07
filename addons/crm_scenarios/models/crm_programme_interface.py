"""What flows between systems, and who answers for it on each side."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmProgrammeInterface(models.Model):
    """Who answers for what flows: on both sides a vendor, and one person for the whole."""

    _name = "crm.programme.interface"
    _inherit = "crm.programme.part"
    _description = "Interface of a Programme"
    _order = "programme_id, sequence, id"
    _check_company_auto = True

    name = fields.Char("What Flows", required=True, translate=True, help="e.g. Orders, stock")
    source_id = fields.Many2one(
        "crm.programme.system", "From System", index="btree_not_null", ondelete="cascade",
        domain="[('programme_id', '=', programme_id)]", help="Empty: this system.",
    )  # fmt: skip
    target_id = fields.Many2one(
        "crm.programme.system", "To System", index="btree_not_null", ondelete="cascade",
        domain="[('programme_id', '=', programme_id)]", help="Empty: this system.",
    )  # fmt: skip
    direction = fields.Selection(
        [("one", "One way"), ("both", "Both ways")], required=True, default="one"
    )
    frequency = fields.Selection(
        [("event", "At once"), ("hour", "Hourly"), ("day", "Daily"), ("month", "Monthly"),
         ("hand", "By hand")],
        "How Often",
    )  # fmt: skip
    source_vendor_id = fields.Many2one(
        "res.partner", "Responsible at the Source", index="btree_not_null", ondelete="restrict",
        check_company=True, compute="_compute_source_vendor_id", store=True, readonly=False,
    )  # fmt: skip
    target_vendor_id = fields.Many2one(
        "res.partner", "Responsible at the Target", index="btree_not_null", ondelete="restrict",
        check_company=True, compute="_compute_target_vendor_id", store=True, readonly=False,
    )  # fmt: skip
    user_id = fields.Many2one("res.users", "Responsible for Both Sides", index="btree_not_null")
    note = fields.Char(translate=True)

    @api.depends("source_id")
    def _compute_source_vendor_id(self):
        for interface in self:
            interface.source_vendor_id = (
                interface.source_vendor_id or interface.source_id.vendor_id
            )

    @api.depends("target_id")
    def _compute_target_vendor_id(self):
        for interface in self:
            interface.target_vendor_id = (
                interface.target_vendor_id or interface.target_id.vendor_id
            )

    @api.constrains("source_id", "target_id", "programme_id")
    def _check_ends(self):
        for interface in self:
            ends = interface.source_id | interface.target_id
            if interface.source_id == interface.target_id:
                raise ValidationError(
                    self.env._("“%s” flows from one system to another.", interface.name)
                )
            if ends.programme_id - interface.programme_id:
                raise ValidationError(
                    self.env._("The systems of “%s” belong to another programme.", interface.name)
                )
