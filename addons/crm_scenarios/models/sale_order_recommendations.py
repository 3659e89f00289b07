"""Recommended products on a quotation."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

#: more lines at once are a mistake of the caller
MOST = 100


class SaleOrder(models.Model):
    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def action_recommend(self):
        """Open the dialog with the two lists for this quotation."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "crm_recommend",
            "params": {"order_id": self.id},
        }

    def add_recommended(self, lines):
        """Add products to the quotation, as the host's catalogue does.

        A product that stands on the quotation gets the quantity on top, in its first line;
        another one gets a line at the end, whose price, taxes and text the host computes.

        :param list lines: dicts with ``product_id``, ``quantity`` (in the product's unit) and
            ``list`` (``again``, ``new`` or ``sellers``)
        :return: ids of the lines, in the order of ``lines``
        :raises UserError: if the quotation is confirmed or cancelled, or a line is not possible
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "sent"):
            raise UserError(
                self.env._("%s is no quotation any more: nothing can be added.", self.name)
            )
        Feedback = self.env["crm.recommendation.feedback"]
        case = self.env["crm.recommendation"]._case(order_id=self.id)
        self._check_recommended(lines, Feedback)
        added = self._put_recommended(lines)
        noted = [
            {**line, "order_line_id": order_line.id}
            for line, order_line in zip(lines, added, strict=True)
        ]
        self.env.flush_all()
        Feedback._note("added", case, noted)
        return [order_line.id for order_line in added]

    def _check_recommended(self, lines, feedback):
        checked = feedback._checked_lines(lines)
        if len(checked) < len(lines) or not lines or len(lines) > MOST:
            raise UserError(self.env._("Choose products that you may sell, up to %s.", MOST))
        products = self.env["product.product"].browse([line["product_id"] for line in lines])
        if not all(product.active and product.sale_ok for product in products):
            raise UserError(self.env._("One of these products can't be sold any more."))
        for line in lines:
            quantity = line.get("quantity")
            number = isinstance(quantity, (int, float)) and not isinstance(quantity, bool)
            if not number or float_compare(quantity, 0, precision_digits=6) <= 0:
                raise UserError(self.env._("A quantity is a number above 0."))

    def _put_recommended(self, lines):
        """:return: list of sale.order.line, one for each of ``lines``"""
        present = {}
        for order_line in self.order_line.filtered(lambda one: not one.display_type):
            present.setdefault(order_line.product_id.id, order_line)
        sequence = max(self.order_line.mapped("sequence"), default=9)
        missing = {}
        for line in lines:
            product_id, quantity = line["product_id"], line["quantity"]
            if product_id in present:
                self._raise_quantity(present[product_id], quantity)
            elif product_id in missing:
                missing[product_id]["product_uom_qty"] += quantity
            else:
                missing[product_id] = self._prepare_recommended(
                    product_id, quantity, sequence + len(missing) + 1
                )
        created = self.env["sale.order.line"].create(list(missing.values()))
        present.update(zip(missing, created, strict=True))
        return [present[line["product_id"]] for line in lines]

    def _raise_quantity(self, order_line, quantity):
        """The line may be in another unit than the product."""
        unit = order_line.product_id.uom_id
        order_line.product_uom_qty += unit._compute_quantity(quantity, order_line.product_uom_id)

    def _prepare_recommended(self, product_id, quantity, sequence):
        """Values of a new line; the host computes the others."""
        return {
            "order_id": self.id,
            "product_id": product_id,
            "product_uom_qty": quantity,
            "sequence": sequence,
        }

    @api.model
    def new_with_recommended(self, lines, partner_id=None, lead_id=None):
        """Make a quotation of recommended products and open it.

        :param list lines: as in :meth:`add_recommended`
        :param int partner_id: the customer, or
        :param int lead_id: a lead with a customer: its campaign, team and tags are taken over
        :return: action that opens the quotation
        :raises UserError: for a lead without a customer
        """
        case = self.env["crm.recommendation"]._case(partner_id, lead_id)
        if not case.contact:
            raise UserError(
                self.env._("A quotation needs a customer: choose or create it on the lead first.")
            )
        context = {"default_company_id": case.company.id}
        if case.lead:
            context |= case.lead.with_env(self.env)._prepare_opportunity_quotation_context()
        orders = self.with_company(case.company)
        made = orders.with_context(**context).create({"partner_id": case.contact.id})
        # without the defaults, which would reach the lines as well
        order = orders.browse(made.id)
        order.add_recommended(lines)
        action = self.env["ir.actions.actions"]._for_xml_id("sale.action_quotations")
        return {**action, "views": [(False, "form")], "view_mode": "form", "res_id": order.id}
