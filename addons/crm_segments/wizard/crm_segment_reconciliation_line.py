"""One step between our total and the host's."""

from odoo import fields, models


class CrmSegmentReconciliationLine(models.TransientModel):
    _name = "crm.segment.reconciliation.line"
    _description = "Step between Segments and Invoice Analysis"
    _order = "sequence, id"

    reconciliation_id = fields.Many2one(
        "crm.segment.reconciliation", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    reason = fields.Char(readonly=True)
    name = fields.Char("Reason", readonly=True)
    explanation = fields.Char(readonly=True)
    count = fields.Integer("Records", readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="reconciliation_id.currency_id")
    res_model = fields.Char(readonly=True)
    res_ids = fields.Json(readonly=True)

    def action_open(self):
        """Open the documents or customers behind the step."""
        self.ensure_one()
        if not self.res_model:
            return False
        ids, name = self.res_ids or [], self.name
        if len(ids) < self.count:
            name = self.env._(
                "%(title)s (%(shown)s of %(count)s)", title=name, shown=len(ids), count=self.count
            )
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self.res_model,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", ids)],
            "context": {"active_test": False},
        }
