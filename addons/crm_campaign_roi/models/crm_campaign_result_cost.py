"""Where the cost of goods comes from: kept by the order, else today's cost of the product."""

from odoo import models
from odoo.tools import SQL


class CrmCampaignResult(models.AbstractModel):
    _inherit = "crm.campaign.result"  # pylint: disable=consider-merging-classes-inherited

    def _keeps_cost(self):
        """Whether order lines keep their cost (the host's *Margins*, ``sale_margin``)."""
        return "purchase_price" in self.env["sale.order.line"]._fields

    def _product_join(self, uom):
        """Joins that :meth:`_product_cost` reads; the line's alias is ``l``."""
        return SQL(
            """
            LEFT JOIN product_product pp ON pp.id = l.product_id
            LEFT JOIN product_template pt ON pt.id = pp.product_tmpl_id
            LEFT JOIN uom_uom lu ON lu.id = %s
            LEFT JOIN uom_uom pu ON pu.id = pt.uom_id
            """,
            uom,
        )

    def _product_cost(self, company, _line):
        """Cost of a unit of the line; a product whose cost is 0 has none that is known."""
        return SQL(
            "NULLIF((pp.standard_price ->> %s)::numeric, 0)"
            " * COALESCE(lu.factor / NULLIF(pu.factor, 0), 1)",
            str(company.id),
        )

    def _unit_cost(self, company, line, in_order=False):
        """Cost of a unit of an order line, in the currency of the order."""
        cost = SQL(
            "%s * COALESCE(NULLIF(o.currency_rate, 0), 1)", self._product_cost(company, line)
        )
        if in_order and self._keeps_cost():
            return SQL("COALESCE(NULLIF(%s.purchase_price, 0), %s)", line, cost)
        return cost
