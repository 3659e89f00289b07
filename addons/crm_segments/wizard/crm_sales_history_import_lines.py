from odoo import fields, models


class CrmSalesHistoryImportColumn(models.TransientModel):
    """A column of the file, and what it holds."""

    _name = "crm.sales.history.import.column"
    _description = "Column of a Sales History File"
    _order = "sequence, id"

    wizard_id = fields.Many2one("crm.sales.history.import", required=True, ondelete="cascade")
    sequence = fields.Integer()
    name = fields.Char(string="Column in the File")
    example = fields.Char(string="Examples")
    role = fields.Selection(selection="_selection_role", string="Holds")

    def _selection_role(self):
        return list(self.env["crm.sales.history.import.engine"]._role_labels().items())


class CrmSalesHistoryImportReject(models.TransientModel):
    """Why lines of the file were, or would be, left out."""

    _name = "crm.sales.history.import.reject"
    _description = "Rejected Lines of a Sales History File"
    _order = "count desc, id"

    wizard_id = fields.Many2one("crm.sales.history.import", required=True, ondelete="cascade")
    name = fields.Char(string="Reason")
    count = fields.Integer(string="Lines")
    rows = fields.Char(string="Rows of the File")


class CrmSalesHistoryImportTotal(models.TransientModel):
    """Money in the file, per currency."""

    _name = "crm.sales.history.import.total"
    _description = "Total of a Sales History File"

    wizard_id = fields.Many2one("crm.sales.history.import", required=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency")
    documents = fields.Integer()
    amount = fields.Monetary()
