"""Which source is right about a field of the customers."""

from odoo import fields, models

from .crm_sales_conflict import selection_compared


class CrmSalesLeading(models.Model):
    """The leading source of one field in one company; where there is none, this database is.

    Nothing follows from it by itself: see ``crm.sales.compare.action_take_over``.
    """

    _name = "crm.sales.leading"
    _description = "Leading Source of a Field"
    _rec_name = "field"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    field = fields.Selection(lambda self: selection_compared(self.env), required=True)
    source_id = fields.Many2one(
        "crm.sales.source",
        required=True,
        ondelete="cascade",
        domain="[('company_id', '=', company_id)]",
    )

    _company_field_uniq = models.UniqueIndex(
        "(company_id, field)", "Only one source leads in a field."
    )
