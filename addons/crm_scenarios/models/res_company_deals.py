"""How long a deal is watched before it is compared with others."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    crm_pattern_days = fields.Integer(
        "Days of a Deal That Are Compared",
        default=14,
        help="Patterns of deals are looked for in so many first days of a deal; deals that were "
        "decided earlier are left out.",
    )

    _crm_pattern_days_range = models.Constraint(
        "CHECK (crm_pattern_days BETWEEN 1 AND 365)",
        "Deals are compared by their first 1 to 365 days.",
    )
