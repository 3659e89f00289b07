"""The quotation of a programme: its phases as sections, work by role, purchases."""

from odoo import fields, models
from odoo.exceptions import UserError


class CrmProgramme(models.Model):
    """What is struck out isn't offered, nor the contingency. Taxes are those of the products."""

    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    quotation_count = fields.Integer(
        "Quotations", compute="_compute_quotation_count",
        groups="sales_team.group_sale_salesman",
    )  # fmt: skip

    def _compute_quotation_count(self):
        counts = self.env["sale.order"]._read_group(
            [("crm_programme_id", "in", self.ids), ("state", "!=", "cancel")],
            ["crm_programme_id"], ["__count"],
        )  # fmt: skip
        by_id = {programme.id: count for programme, count in counts}
        for programme in self:
            programme.quotation_count = by_id.get(programme._origin.id, 0)

    def action_quotation(self):
        """Open the quotations of the programme; make one where there is none.

        :return: action
        :raises UserError: where there is nothing to offer, or nobody to offer it to
        """
        self.ensure_one()
        self.check_access("read")
        known = self.env["sale.order"].search(
            [("crm_programme_id", "=", self.id), ("state", "!=", "cancel")]
        )
        return self._open_quotations(known or self._make_quotation())

    def action_new_quotation(self):
        """Make a quotation of the plan as it is now, whatever was offered before.

        :return: action that opens it
        :raises UserError: where there is nothing to offer, or nobody to offer it to
        """
        self.ensure_one()
        self.check_access("read")
        return self._open_quotations(self._make_quotation())

    def _open_quotations(self, orders):
        action = self.env["ir.actions.actions"]._for_xml_id("sale.action_quotations")
        action = {**action, "domain": [("id", "in", orders.ids)], "context": {}}
        if len(orders) == 1:
            action |= {"views": [(False, "form")], "view_mode": "form", "res_id": orders.id}
        return action

    def _make_quotation(self):
        """A draft in the customer's language and currency, with the rights of the user."""
        customer = self.partner_id or self.lead_id.partner_id
        if not customer:
            raise UserError(self.env._("Choose the customer that the programme is for first."))
        if self.is_template or self.state not in ("draft", "running"):
            raise UserError(self.env._("“%s” is neither planned nor running.", self.name))
        if not (self._planned_steps() or self._planned_costs()):
            raise UserError(self.env._("There is nothing to offer: plan steps or purchases."))
        orders = self.env["sale.order"].with_company(self.company_id)
        context = {"default_company_id": self.company_id.id}
        if self.lead_id:
            context |= self.lead_id._prepare_opportunity_quotation_context()
        values = {"partner_id": customer.id, "company_id": self.company_id.id,
                  "crm_programme_id": self.id}  # fmt: skip
        made = orders.with_context(**context).create(values)
        order = orders.browse(made.id)  # without the defaults, which would reach the lines
        spoken = self.with_context(lang=customer.lang or self.env.lang)
        lines = spoken.with_company(self.company_id)._quotation_lines(order)
        order.order_line = [
            fields.Command.create({**line, "sequence": number})
            for number, line in enumerate(lines, 10)
        ]
        return order

    def _quotation_lines(self, order):
        """Values of the lines of an order, in their order."""
        lines, costs = [], self._planned_costs()
        no_phase = self.env["crm.programme.phase"]
        for phase in [*self.phase_ids, no_phase]:
            steps = self._planned_steps().filtered(lambda one: one.phase_id == phase)  # noqa: B023
            once = costs.filtered(
                lambda one: one.period == "once" and one.step_id in steps  # noqa: B023
            )
            found = steps._offer_lines(order) + [cost._offer_line(order) for cost in once]
            if found:
                lines += [self._offer_section(phase.name or self.env._("Other work")), *found]
        again = costs.filtered(lambda one: one.period != "once")
        if again:
            title = self.env._("Paid again and again: one period each")
            lines += [self._offer_section(title), *(one._offer_line(order) for one in again)]
        lines.append(
            {
                "display_type": "line_note",
                "name": self.env._("Hours are expected values. No contingency is included."),
            }
        )
        return lines

    def _offer_section(self, name):
        return {"display_type": "line_section", "name": name}

    def _offer_product(self, product, xmlid):
        """The product, or the shipped one.

        :raises UserError: where that was deleted or archived
        """
        product = product or self.env.ref(f"crm_scenarios.{xmlid}", raise_if_not_found=False)
        if not (product and product.active):
            raise UserError(
                self.env._("Choose the products of roles and purchases: the one that stands for "
                           "them is gone.")
            )  # fmt: skip
        return product

    def _offer_values(self, order, product, quantity, price, name):
        """A line at a price in the company's currency, without the pricelist's discount."""
        price = self.currency_id._convert(
            price, order.currency_id, self.company_id, order.date_order.date()
        )
        return {
            "product_id": product.id, "product_uom_qty": quantity,
            "product_uom_id": product.uom_id.id, "price_unit": price, "discount": 0.0,
            "name": name,
        }  # fmt: skip
