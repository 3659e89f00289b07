"""What a company counts as a sale, and which segmentation it shows first."""

from odoo import fields, models, tools

from .metric_fields import ALL_FIGURES_GROUPS


class ResCompany(models.Model):
    _inherit = "res.company"

    crm_sales_basis = fields.Selection(
        [("invoice", "Posted invoices"), ("order", "Confirmed sales orders")],
        "Sales Are Counted From",
        required=True,
        default="invoice",
        help="Choose orders only if this company does not invoice in Odoo.",
    )
    crm_purchase_unit = fields.Selection(
        [
            ("documents", "Invoices"),
            ("orders", "Orders behind them"),
            ("days", "Days with a purchase"),
        ],
        "A Purchase Is",
        required=True,
        default="documents",
        help="Companies that invoice monthly, or with down payments, count orders or days.",
    )
    crm_reporting_segmentation_id = fields.Many2one(
        "crm.segmentation",
        "Leading Segmentation",
        domain="[('exclusive', '=', True), ('company_id', 'in', [id, False])]",
        ondelete="set null",
        help="The segmentation whose segment is the badge of a customer.",
    )
    crm_segments_at_once = fields.Integer(
        "Customers Placed Immediately",
        default=50,
        help="When more customers than this are changed at once, they are placed in the "
        "background.",
    )
    crm_segments_guard = fields.Integer(
        "Ask Before Moving (%)",
        default=30,
        help="A run that would move a larger share of the customers stops and asks. 0: never.",
    )
    crm_segments_history = fields.Integer(
        "Months of the Past",
        default=12,
        help="When a segmentation comes into use, so many months before it are computed too. "
        "0: none.",
    )
    crm_population_interval = fields.Integer(
        "Usual Purchase Interval (Days)",
        help="Three in four gaps between purchases of all customers are no longer than this.",
        readonly=True,
        groups=ALL_FIGURES_GROUPS,
    )

    _crm_segments_at_once_positive = models.Constraint(
        "CHECK (crm_segments_at_once >= 0)", "The number of customers can't be negative."
    )
    _crm_segments_guard_range = models.Constraint(
        "CHECK (crm_segments_guard BETWEEN 0 AND 100)", "The share lies between 0 and 100 %."
    )
    _crm_segments_history_range = models.Constraint(
        "CHECK (crm_segments_history BETWEEN 0 AND 120)",
        "Between 0 and 120 months of the past can be computed.",
    )

    def write(self, vals):
        """Rebuild the figures when the basis changes."""
        res = super().write(vals)
        if "crm_reporting_segmentation_id" in vals:
            # rules on the leading segment are compiled with it
            self.env.registry.clear_cache()
        if {"crm_sales_basis", "crm_purchase_unit"} & vals.keys():
            self.env["crm.segmentation"]._trigger_rebuild()
        return res

    def _leading_segmentation(self):
        """The segmentation whose segment is a customer's badge: the chosen one, else the first."""
        return self.env["crm.segmentation"].browse(self._leading_segmentation_ids())

    @tools.ormcache("self.id", "self.env['crm.segmentation']._draft()")
    def _leading_segmentation_ids(self):
        """Asked for with each card of the host: whatever changes the answer clears the cache."""
        self.ensure_one()
        # sudo: the badge is the same for everybody who may see segments
        chosen = self.sudo().crm_reporting_segmentation_id
        ours = chosen.company_id in (self, chosen.company_id.browse())
        if ours and chosen.enabled and chosen.active and chosen.exclusive:
            return chosen._ids
        candidates = self.env["crm.segmentation"].sudo()
        domain = [
            ("enabled", "=", True),
            ("exclusive", "=", True),
            ("company_id", "in", [self.id, False]),
        ]
        return candidates.search(domain, limit=1)._ids
