"""Sales Analysis by segment."""

from odoo import models


class SaleReport(models.Model):
    _name = "sale.report"
    _inherit = ["sale.report", "crm.segment.dimension"]

    def _segment_customer_sql(self, alias, query):
        return self._field_to_sql(alias, "commercial_partner_id", query)
