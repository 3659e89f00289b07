"""What steps and costs of a programme have in common: a basis, a vendor, terms, a strike."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: figures of an audit that efforts and quantities may be multiplied by
BASES = [
    ("users", "Users"),
    ("roles", "Roles in use"),
    ("customers", "Customers"),
    ("duplicates", "Suspected duplicates"),
    ("incomplete", "Customers that can't be told apart or reached"),
    ("products", "Products"),
    ("open_deals", "Open opportunities"),
    ("custom_modules", "Modules of one's own"),
    ("systems", "Other systems"),
    ("interfaces", "Interfaces"),
    ("devices", "Devices"),
]


class CrmProgrammeItem(models.AbstractModel):
    _name = "crm.programme.item"
    _description = "Item of a Programme"

    basis = fields.Selection(
        BASES, help="The estimate is for one of these; their number comes from the audit."
    )
    basis_count = fields.Float(
        "How Many", compute="_compute_basis_count", store=True, readonly=False, aggregator=None,
        help="From the latest audit; until there is one, what is entered here.",
    )  # fmt: skip
    vendor_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", check_company=True,
        help="Empty: by one's own people.",
    )  # fmt: skip
    advance = fields.Float(aggregator=None, help="Share that is paid when the step begins.")
    milestone = fields.Float(
        aggregator=None,
        help="Share that is paid when the step ends; the rest when the phase is accepted.",
    )
    pay_days = fields.Integer("Days to Pay", aggregator=None)
    usually_forgotten = fields.Boolean(
        help="Most plans leave it out and pay for it later: on until struck out with a reason."
    )
    struck_out = fields.Boolean(help="Not part of this programme.")
    struck_reason = fields.Char("Why Not")

    _terms = models.Constraint(
        "CHECK (advance >= 0 AND milestone >= 0 AND advance + milestone <= 1.000001"
        " AND pay_days BETWEEN 0 AND 730)",
        "Advance and milestone are shares that add up to 100 % at most; payment is within two "
        "years.",
    )
    _basis_count_range = models.Constraint(
        "CHECK (basis_count >= 0)", "There can't be fewer than none."
    )

    @api.constrains("struck_out", "struck_reason")
    def _check_struck(self):
        for item in self:
            if item.struck_out and not (item.struck_reason or "").strip():
                raise ValidationError(self.env._("Say why “%s” isn't needed.", item.display_name))

    @api.depends("basis", "programme_id.audit_figures")
    def _compute_basis_count(self):
        for item in self:
            figures = item.programme_id.audit_figures or {}
            if item.basis and item.basis in figures:
                item.basis_count = figures[item.basis]
            else:
                item.basis_count = item.basis_count

    def _times(self):
        """By what the estimate is multiplied."""
        self.ensure_one()
        return self.basis_count if self.basis else 1.0

    def _terms_of_payment(self):
        """(advance, milestone, days) as ``lib.programme_cash.instalments`` takes them."""
        self.ensure_one()
        return self.advance, self.milestone, self.pay_days
