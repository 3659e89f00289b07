"""How a company attributes its sales to campaigns, and what counts as their cost."""

from odoo import fields, models

from .attribution_models import ATTRIBUTION_MODELS


class ResCompany(models.Model):
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    crm_roi_plan_id = fields.Many2one(
        "account.analytic.plan",
        "Analytic Plan of Campaigns",
        ondelete="set null",
        help="New analytic accounts of campaigns go on this plan; the project plan if empty.",
    )
    crm_roi_lookback_days = fields.Integer(
        "Look-Back Window (Days)",
        default=90,
        help="A touch counts for an order that comes within so many days.",
    )
    crm_roi_model = fields.Selection(
        ATTRIBUTION_MODELS,
        "Attribution Model",
        required=True,
        default="last_non_direct",
        help="The model of every figure that doesn't name another one.",
    )
    crm_roi_markov_order = fields.Integer("Order of the Markov Chain", default=1)
    crm_roi_markov_null = fields.Boolean(
        "Paths Without an Order Count", default=True, help="In the Markov chain."
    )
    crm_roi_ignored_kind_ids = fields.Many2many(
        "crm.touchpoint.kind",
        "crm_roi_ignored_kind_rel",
        "company_id",
        "kind_id",
        string="Touches That Do Not Count",
        default=lambda self: self._default_roi_ignored_kinds(),
    )
    crm_roi_lines_without_account = fields.Boolean(
        "Analytic Lines Without an Account Count",
        default=True,
        help="Lines entered by hand have no account of the books.",
    )
    crm_roi_count_expected = fields.Boolean(
        "Orders Expected Anyway Count",
        help="Repeat orders within the customer's usual interval would have come without the "
        "campaign; they are shown separately and left out of the return.",
    )

    crm_roi_unallocated_account_ids = fields.Many2many(
        "account.account",
        "crm_roi_unallocated_account_rel",
        "company_id",
        "account_id",
        string="Accounts of Marketing Cost",
        help="What is booked here without a campaign is shown as unallocated marketing cost.",
    )
    crm_roi_unallocated_partner_ids = fields.Many2many(
        "res.partner",
        "crm_roi_unallocated_partner_rel",
        "company_id",
        "partner_id",
        string="Vendors of Marketing",
    )
    crm_roi_unallocated_product_ids = fields.Many2many(
        "product.product",
        "crm_roi_unallocated_product_rel",
        "company_id",
        "product_id",
        string="Products of Marketing",
    )

    _crm_roi_lookback_positive = models.Constraint(
        "CHECK (crm_roi_lookback_days BETWEEN 1 AND 3650)",
        "The look-back window has between 1 and 3650 days.",
    )
    _crm_roi_markov_order_range = models.Constraint(
        "CHECK (crm_roi_markov_order BETWEEN 1 AND 3)",
        "The Markov chain has an order of 1, 2 or 3.",
    )

    def _default_roi_ignored_kinds(self):
        """A mailing that was sent but not opened is no contact by itself."""
        sent = self.env.ref("crm_campaign_roi.touchpoint_kind_sent", raise_if_not_found=False)
        return sent or self.env["crm.touchpoint.kind"]
