"""The list price and cost of the day, kept on the line: the host keeps neither."""

from odoo import api, fields, models

LIGHTS = [
    ("good", "Usual or better"),
    ("fair", "More than usual"),
    ("low", "Far more than usual"),
]


class SaleOrder(models.Model):
    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _action_confirm(self):
        """Keep what the price of each line is told against: the host keeps no past list price."""
        self.order_line._keep_list_price()
        return super()._action_confirm()

    def _action_cancel(self):
        """A quotation that is given up keeps it too: lost ones are compared with won ones."""
        self.filtered(lambda one: one.state in ("draft", "sent")).order_line._keep_list_price()
        return super()._action_cancel()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    crm_list_price = fields.Float(
        "List Price of the Day", readonly=True, copy=False, digits="Product Price",
        groups="base.group_user", help="At confirmation, untaxed, per unit of the product, in the "
        "currency of the company.",
    )  # fmt: skip
    crm_cost = fields.Float(
        "Cost of the Day", readonly=True, copy=False, digits="Product Price",
        groups="base.group_user", help="At confirmation, per unit of the product, in the currency "
        "of the company. 0: unknown.",
    )  # fmt: skip
    crm_price_light = fields.Selection(LIGHTS, "Price", compute="_compute_crm_price")
    crm_price_hint = fields.Char("Usual Discount", compute="_compute_crm_price")
    crm_price_given = fields.Float("Discount Given", compute="_compute_crm_price", aggregator=None)
    # an id: a relation would be read with a query of its own whenever a quotation opens
    crm_price_cell = fields.Integer(
        compute="_compute_crm_price", aggregator=None, export_string_translation=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        """A line added to a confirmed order keeps its list price as well."""
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale")._keep_list_price()
        return lines

    def _keep_list_price(self):
        # sudo: facts of the product on the user's own document; a portal user who signs may
        # not read costs
        for line in self.sudo():
            if line.product_id and not line.display_type:
                line.crm_list_price = line._list_price_now()
                line.crm_cost = line._cost_now()

    def _list_price_now(self):
        """List price of today: untaxed, per unit of the product, in the company's currency."""
        company, product = self.company_id, self.product_id.with_company(self.company_id)
        day = self.order_id.date_order or fields.Date.today()
        price = product.currency_id._convert(
            product.lst_price, company.currency_id, company, day, round=False
        )
        taxes = product.taxes_id
        if not any(tax.price_include for tax in taxes):
            return price
        taxes = taxes._filter_taxes_by_company(company)
        # by the thousand, so that rounding to cents doesn't change a price of cents
        return taxes.compute_all(price, company.currency_id, 1000)["total_excluded"] / 1000

    def _cost_now(self):
        """That of ``sale_margin`` where it is installed, else the product's, as list prices."""
        company, product = self.company_id, self.product_id.with_company(self.company_id)
        cost = self.purchase_price if "purchase_price" in self._fields else 0
        if cost:
            factor = self.product_uom_id._compute_quantity(1, product.uom_id, round=False)
            return cost / (self.order_id.currency_rate or 1) / (factor or 1)
        return product.cost_currency_id._convert(
            product.standard_price, company.currency_id, company,
            self.order_id.date_order or fields.Date.today(), round=False,
        )  # fmt: skip
