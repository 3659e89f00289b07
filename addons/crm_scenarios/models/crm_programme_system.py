"""Hardware and other systems that a programme meets."""

from odoo import fields, models

KINDS = [("hardware", "Hardware"), ("software", "Software"), ("service", "Service")]
FATES = [
    ("keep", "Keep"),
    ("connect", "Connect"),
    ("replace", "Replace"),
    ("retire", "Retire"),
]


class CrmProgrammeSystem(models.Model):
    _name = "crm.programme.system"
    _inherit = "crm.programme.part"
    _description = "Hardware or System around a Programme"
    _order = "programme_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, help="e.g. Warehouse system, label printers")
    kind = fields.Selection(KINDS, required=True, default="software")
    vendor_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", check_company=True
    )
    quantity = fields.Float(default=1.0, aggregator=None)
    users_count = fields.Integer("Users", aggregator=None)
    fate = fields.Selection(FATES, "What Becomes of It")
    note = fields.Char(translate=True)
    interface_ids = fields.One2many("crm.programme.interface", "source_id", "Interfaces from It")

    _range = models.Constraint(
        "CHECK (quantity >= 0 AND users_count >= 0)", "There can't be fewer than none."
    )
