"""Who works on a programme: roles with the price of an hour."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmProgrammeRole(models.Model):
    _name = "crm.programme.role"
    _description = "Role in a Programme"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null", ondelete="cascade")
    rate = fields.Float(
        "Price of an Hour", company_dependent=True, aggregator=None,
        help="In the currency of the company. Steps of this role take it over.",
    )  # fmt: skip
    product_id = fields.Many2one(
        "product.product", "Service", domain="[('type', '=', 'service'), ('sale_ok', '=', True)]",
        ondelete="set null", check_company=True, help="What quotations of a programme sell.",
    )  # fmt: skip
    group_id = fields.Many2one(
        "res.groups", "Users", ondelete="set null",
        help="Whose use of the system is adoption by this role.",
    )  # fmt: skip

    @api.constrains("rate")
    def _check_rate(self):
        if any(role.rate < 0 for role in self):
            raise ValidationError(self.env._("The price of an hour isn't negative."))

    def write(self, vals):
        """Programmes that are being planned get a price where they have none."""
        result = super().write(vals)
        if vals.get("rate"):
            # sudo: a price that is entered later is for everybody's plans of the company
            steps = self.env["crm.programme.step"].sudo().search(
                [("role_id", "in", self.ids), ("rate", "=", 0),
                 ("programme_id.state", "=", "draft"), ("company_id", "=", self.env.company.id)]
            )  # fmt: skip
            steps.rate = vals["rate"]
        return result
