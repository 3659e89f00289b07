"""How long a dismissal holds, and within how many days an order counts."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    crm_recommendation_later_days = fields.Integer(
        "Ask Again After (Days)",
        default=30,
        help="A product that was dismissed as not needed now comes back after so many days. "
        "0: never.",
    )
    crm_recommendation_never_days = fields.Integer(
        "Leave Out For (Days)",
        default=365,
        help="A product that the customer does not need or buys elsewhere comes back after so "
        "many days. 0: never.",
    )
    crm_recommendation_order_days = fields.Integer(
        "Order Counts Within (Days)",
        default=30,
        help="An order counts as success of a recommendation if it comes within so many days.",
    )

    _crm_recommendation_days_range = models.Constraint(
        "CHECK (crm_recommendation_later_days >= 0 AND crm_recommendation_never_days >= 0"
        " AND crm_recommendation_order_days > 0)",
        "Days can't be negative, and an order counts within one day at least.",
    )
