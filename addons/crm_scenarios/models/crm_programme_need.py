"""What a system or vendor has to do."""

from odoo import fields, models

from ..lib.programme_choice import Need


class CrmProgrammeNeed(models.Model):
    _name = "crm.programme.need"
    _inherit = "crm.programme.part"
    _description = "Need of a Programme"
    _order = "programme_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    weight = fields.Float(default=1.0, aggregator=None, help="How much it counts beside others.")
    must_have = fields.Boolean(help="A candidate that scores 0 or 1 here is out.")
    note = fields.Char(translate=True)
    score_ids = fields.One2many("crm.programme.score", "need_id", "Scores", copy=False)

    _range = models.Constraint("CHECK (weight >= 0)", "A need can't weigh less than nothing.")

    def _needs(self):
        """As ``lib.programme_choice`` takes them."""
        return [Need(need.id, need.weight, need.must_have) for need in self]
