"""Where something was learnt: in a company, from all customers or from those of a segment."""

from odoo import fields, models


class CrmLearntMixin(models.AbstractModel):
    """Rows of what was learnt; written by the rebuild only, so without who and when."""

    _name = "crm.learnt.mixin"
    _description = "Learnt From Sales"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, ondelete="cascade", help="Empty: all customers."
    )
