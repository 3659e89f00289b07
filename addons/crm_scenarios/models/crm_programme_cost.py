"""Purchases and licences of a step, paid once or again and again."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.programme_cash import PERIODS as MONTHS

KINDS = [
    ("purchase", "Purchase"),
    ("licence", "Licence"),
    ("service", "Service of a vendor"),
    ("own", "Own expense"),
]
PERIODS = [("once", "Once"), ("month", "A month"), ("year", "A year")]


class CrmProgrammeCost(models.Model):
    _name = "crm.programme.cost"
    _inherit = "crm.programme.item"
    _description = "Cost of a Programme"
    _order = "programme_id, step_id, sequence, id"
    _check_company_auto = True

    step_id = fields.Many2one(
        "crm.programme.step", required=True, index=True, ondelete="cascade",
        domain="[('programme_id', '=', programme_id)]",
    )  # fmt: skip
    programme_id = fields.Many2one(
        related="step_id.programme_id", store=True, index=True, readonly=True
    )
    phase_id = fields.Many2one(related="step_id.phase_id", store=True)
    company_id = fields.Many2one(related="programme_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="programme_id.currency_id")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, aggregator=None)
    kind = fields.Selection(KINDS, required=True, default="purchase")
    period = fields.Selection(
        PERIODS, "Paid", required=True, default="once",
        help="What is paid again begins when the step ends and goes on to the end of the years "
        "that the cost of ownership counts.",
    )  # fmt: skip
    product_id = fields.Many2one(
        "product.product", ondelete="set null", check_company=True,
        help="What quotations of the programme sell.",
    )  # fmt: skip
    quantity = fields.Float(default=1.0, help="Of one, with a basis.")
    unit_price = fields.Monetary(aggregator=None)
    spread = fields.Float(
        "May Differ By", aggregator=None, help="Share by which the price may be lower or higher; "
        "0 for a firm offer.",
    )  # fmt: skip
    amount = fields.Monetary(compute="_compute_amount", store=True, help="Each time.")

    _range = models.Constraint(
        "CHECK (quantity >= 0 AND unit_price >= 0 AND spread BETWEEN 0 AND 1)",
        "Quantities and prices aren't negative; prices differ by 100 % at most.",
    )

    @api.depends("quantity", "unit_price", "struck_out", "basis", "basis_count")
    def _compute_amount(self):
        for cost in self:
            cost.amount = (
                0.0 if cost.struck_out else cost.quantity * cost.unit_price * cost._times()
            )

    @api.constrains("period", "milestone", "advance")
    def _check_recurring_terms(self):
        for cost in self:
            if cost.period != "once" and (cost.advance or cost.milestone):
                raise ValidationError(
                    self.env._("“%s” is paid at the beginning of each period: advance and "
                               "milestone are for what is paid once.", cost.name)
                )  # fmt: skip

    def _a_year(self):
        """Money of twelve months; of what is paid once, that."""
        return self.amount * 12 / MONTHS.get(self.period, 12)

    def _estimate(self):
        """Money (low, likely, high) of one payment."""
        return self.amount * (1 - self.spread), self.amount, self.amount * (1 + self.spread)
