"""The host's campaign gets an analytic account and a budget."""

from odoo import fields, models
from odoo.addons.crm_segments.models.books import BOOKS
from odoo.exceptions import AccessError, UserError

FIGURES = "crm_campaign_roi.group_roi_figures"


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"  # pylint: disable=consider-merging-classes-inherited

    crm_analytic_account_id = fields.Many2one(
        "account.analytic.account",
        "Analytic Account",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        check_company=True,
        groups=f"crm_campaign_roi.group_roi_user,{BOOKS}",
        help="What is booked on it, on an expense account, is the cost of the campaign.",
    )
    crm_budget_ids = fields.One2many(
        "crm.campaign.budget", "campaign_id", "Budget", groups=FIGURES, copy=True
    )

    _crm_analytic_account_unique = models.UniqueIndex(
        "(crm_analytic_account_id) WHERE crm_analytic_account_id IS NOT NULL",
        "Another campaign has this analytic account: its cost would count twice.",
    )

    def action_create_analytic_account(self):
        """Give each campaign without one an analytic account, on the plan of the settings.

        :raises AccessError: for users who may neither keep the return nor the books
        """
        if not self.env.user.has_groups(f"crm_campaign_roi.group_roi_manager,{BOOKS}"):
            raise AccessError(self.env._("Ask accounting for an analytic account."))
        self.check_access("write")
        plan = self._analytic_plan()
        for campaign in self.filtered(lambda one: not one.crm_analytic_account_id):
            # sudo: marketing may open an account for its own campaign, and nothing else there
            campaign.crm_analytic_account_id = self.env["account.analytic.account"].sudo().create(
                {
                    "name": campaign.title,
                    "plan_id": plan.id,
                    "company_id": campaign.company_id.id,
                }
            )  # fmt: skip

    def _analytic_plan(self):
        plans = self.env["account.analytic.plan"].sudo()  # sudo: a setting, see above
        project_plan, _others = plans._get_all_plans()
        plan = self.env.company.sudo().crm_roi_plan_id or project_plan
        if not plan:
            raise UserError(self.env._("Choose the analytic plan of campaigns in the settings."))
        return plan
