"""One click: cost goes to a campaign, and so does what the same vendor bills from now on."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmCampaignUnallocatedAssign(models.TransientModel):
    """Assign journal items to a campaign, as the host's analytic distribution."""

    _name = "crm.campaign.unallocated.assign"
    _description = "Assign Cost to a Campaign"

    line_ids = fields.Many2many("account.move.line", string="Journal Items", required=True)
    campaign_id = fields.Many2one("utm.campaign", required=True)
    remember = fields.Boolean(
        "Same for Lines to Come",
        help="As an analytic distribution model of the host, by vendor and product.",
    )
    line_count = fields.Integer(compute="_compute_line_count")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for one in self:
            one.line_count = len(one.line_ids)

    def action_assign(self):
        """Put what no campaign has of the lines on the account of the campaign.

        :raises UserError: for a campaign without a responsible account, or lines of two companies
        """
        self.ensure_one()
        campaign = self.campaign_id
        if not campaign.crm_analytic_account_id:
            campaign.action_create_analytic_account()
        account = campaign.crm_analytic_account_id
        companies = self.line_ids.company_id
        if account.company_id and companies - account.company_id:
            raise UserError(
                self.env._(
                    "The analytic account of “%(campaign)s” belongs to %(company)s.",
                    campaign=campaign.display_name,
                    company=account.company_id.display_name,
                )
            )
        for line in self.line_ids:
            line.analytic_distribution = self._with_account(line, account)
        if self.remember:
            self._remember(account)
        return {"type": "ir.actions.act_window_close"}

    def _with_account(self, line, account):
        """The line's distribution with the rest of the account's plan on the campaign.

        A part that is on accounts of other plans already gets the campaign beside them.
        """
        plan, found = account.root_plan_id, {}
        Accounts = self.env["account.analytic.account"]
        rest = 100.0
        for key, percent in (line.analytic_distribution or {}).items():
            accounts = Accounts.browse(int(one) for one in key.split(","))
            if plan not in accounts.root_plan_id:
                key = f"{key},{account.id}"
            rest -= percent
            found[key] = found.get(key, 0) + percent
        if rest > 0.005:
            found[str(account.id)] = found.get(str(account.id), 0) + round(rest, 2)
        return found

    def _remember(self, account):
        """A distribution model per vendor and product, unless there is the same one."""
        Rule = self.env["account.analytic.distribution.model"]
        for company, partner, product in {
            (line.company_id, line.partner_id.commercial_partner_id, line.product_id)
            for line in self.line_ids
        }:
            if not (partner or product):
                continue
            key = {
                "company_id": company.id,
                "partner_id": partner.id,
                "product_id": product.id,
            }
            found = Rule.search([(name, "=", value) for name, value in key.items()], limit=1)
            values = {"analytic_distribution": {str(account.id): 100}}
            found.write(values) if found else Rule.create({**key, **values})
