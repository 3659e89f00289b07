"""Invoice Analysis by segment."""

from odoo import models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    _name = "account.invoice.report"
    _inherit = ["account.invoice.report", "crm.segment.dimension"]

    def _segment_customer_sql(self, alias, query):
        """Today's commercial entity: the report's own is that of the day of the invoice."""
        partner = query.left_join(alias, "partner_id", "res_partner", "id", "segment_partner")
        return SQL.identifier(partner, "commercial_partner_id")
