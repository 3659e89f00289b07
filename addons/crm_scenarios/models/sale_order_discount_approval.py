"""Approval of discounts: above the limit of the sales team a manager decides.

Off by default (``res.company.crm_price_approval``). The discount is that of the traffic light,
told against the reference price, so that a lowered unit price counts as the discount field does.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [("requested", "Approval asked for"), ("approved", "Approved"), ("refused", "Refused")]
#: written by the methods below only
_PROTECTED = ("crm_approval_state", "crm_approved_discount", "crm_approval_activity_id")


class CrmTeam(models.Model):
    _inherit = "crm.team"

    crm_discount_limit = fields.Float(
        "Discount Limit (%)",
        help="Quotations with more discount on a line, or as a whole, need a manager's approval. "
        "0: no limit.",
    )

    _crm_discount_limit_range = models.Constraint(
        "CHECK (crm_discount_limit BETWEEN 0 AND 100)", "A discount limit lies between 0 and 100 %."
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    crm_approval_state = fields.Selection(
        STATES, "Discount Approval", readonly=True, copy=False, tracking=True
    )
    crm_approved_discount = fields.Float(
        "Approved Discount", readonly=True, copy=False, digits=(16, 4), aggregator=None,
        help="More than this needs another approval.",
    )  # fmt: skip
    crm_approval_activity_id = fields.Many2one(
        "mail.activity", readonly=True, copy=False, index="btree_not_null", ondelete="set null",
        groups="base.group_system", export_string_translation=False,
    )  # fmt: skip
    crm_approval_needed = fields.Boolean(compute="_compute_crm_approval")
    crm_may_approve = fields.Boolean(compute="_compute_crm_approval")

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody makes a quotation that is approved already."""
        orders = super().create(vals_list)
        if not self.env.su and any(order.crm_approval_state for order in orders):
            raise AccessError(self.env._("Discounts are approved by a manager, on the quotation."))
        return orders

    def write(self, vals):
        """Approval is given by its buttons only."""
        if not self.env.su and not vals.keys().isdisjoint(_PROTECTED):
            raise AccessError(self.env._("Discounts are approved by a manager, on the quotation."))
        return super().write(vals)

    @api.depends(
        "order_line.price_subtotal", "order_line.product_id", "order_line.product_uom_qty",
        "team_id", "user_id", "state", "crm_approval_state", "crm_approved_discount",
    )  # fmt: skip
    @api.depends_context("uid")
    def _compute_crm_approval(self):
        for order in self:
            order.crm_approval_needed = bool(order._excessive_discount())
            order.crm_may_approve = order.crm_approval_needed and order._may_approve()

    def _excessive_discount(self):
        """The discount that needs an approval which is not given, as a share; else 0."""
        self.ensure_one()
        # sudo: a setting
        if self.state not in ("draft", "sent") or not self.company_id.sudo().crm_price_approval:
            return 0
        limit = self._discount_limit()
        if self.crm_approval_state == "approved":
            limit = max(limit, self.crm_approved_discount)
        most = self._discount_most() if limit < 1 else 0
        return most if round(most, 4) > round(limit, 4) else 0

    def _discount_limit(self):
        """Share of discount that is free: the lowest of the teams it belongs to, 1 without one.

        A quotation without a team falls under the strictest limit of the company.
        """
        # sudo: a setting of teams that the user may not see
        teams = self.sudo().team_id | self.sudo().user_id.sale_team_id
        if not teams:
            domain = [("company_id", "in", [self.company_id.id, False])]
            teams = teams.search(domain)
        limits = [team.crm_discount_limit for team in teams if team.crm_discount_limit]
        return min(limits, default=100) / 100

    def _discount_most(self):
        """The largest discount of a line, or that of the whole quotation, as a share."""
        # sudo: whoever confirms, also a customer who signs
        order = self.sudo().with_company(self.company_id)
        lines = order.order_line.filtered(lambda line: line._has_price_light())
        if not lines:
            return 0
        facts, cells = lines._price_facts(), lines._price_cells()
        parts = [line._price_parts(facts, cells) for line in lines]
        parts = [one for one in parts if one and one[0] > 0]
        whole = sum(reference for reference, _net in parts)
        others = (order.order_line - lines).mapped("price_subtotal")
        net = sum(net for _reference, net in parts)
        # a discount as a line of its own; in the company's currency
        net += sum(one for one in others if one < 0) / (order.currency_rate or 1)
        shares = [1 - one / reference for reference, one in parts]
        return max([*shares, 1 - net / whole]) if whole else 0

    def _may_approve(self):
        """Sales managers, and the leader of the team."""
        # sudo: the leader of a team that the user may not see
        leader = self.team_id.sudo().user_id == self.env.user
        return leader or self.env.user.has_group("sales_team.group_sale_manager")

    def _confirmation_error_message(self):
        """Refuse to confirm what nobody approved; a manager who confirms approves."""
        message = super()._confirmation_error_message()
        if message:
            return message
        most = self._excessive_discount()
        if not most or self._may_approve():
            return False
        return self.env._(
            "%(order)s gives a discount of %(given)s %%, the limit of the sales team is "
            "%(limit)s %%. Ask for an approval first, or lower the discount.",
            order=self.name, given=self._share(most), limit=self._share(self._discount_limit()),
        )  # fmt: skip

    @staticmethod
    def _share(value):
        return f"{100 * value:.1f}".removesuffix(".0")

    def _has_to_be_signed(self):
        """The customer isn't asked to accept what may not be confirmed yet."""
        return super()._has_to_be_signed() and not self._excessive_discount()

    def _has_to_be_paid(self):
        """As with the signature."""
        return super()._has_to_be_paid() and not self._excessive_discount()

    def action_request_approval(self):
        """Ask the leader of the team, or a sales manager, by an activity.

        :raises UserError: if no approval is needed, or there is nobody to ask
        """
        self.ensure_one()
        self.check_access("write")
        most = self._excessive_discount()
        if not most:
            raise UserError(self.env._("%s needs no approval of its discount.", self.name))
        approver = self._approver()
        if not approver:
            raise UserError(
                self.env._("There is no sales manager to ask: choose a leader of the sales team.")
            )
        self._close_requests("")
        # sudo: the state is written by these methods only
        self.sudo().crm_approval_state = "requested"
        # sudo: as above
        self.sudo().crm_approval_activity_id = self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Approve a discount of %s %%", self._share(most)),
            user_id=approver.id,
        )

    def _approver(self):
        """Who is asked: the leader of the team, else the first sales manager of the company."""
        # sudo: users whom the salesperson may not list
        leader = self.team_id.sudo().user_id
        if leader and leader != self.env.user:
            return leader
        managers = self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids
        managers = managers.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
            and user != self.env.ref("base.user_root")
        )  # fmt: skip
        return managers.sorted("id")[:1]

    def action_approve_discount(self):
        """Allow the discount that the quotation has now; more needs another approval.

        :raises AccessError: for users who are neither sales manager nor leader of the team
        """
        for order in self:
            order._decide("approved", order._discount_most())

    def action_refuse_discount(self):
        """Refuse it; the salesperson lowers the discount or asks anew.

        :raises AccessError: for users who are neither sales manager nor leader of the team
        """
        for order in self:
            order._decide("refused", 0)

    def _decide(self, state, discount):
        self.check_access("write")
        if not self._may_approve():
            raise AccessError(
                self.env._("Only sales managers and the leader of the team approve discounts.")
            )
        if self.state not in ("draft", "sent"):
            raise UserError(self.env._("%s is no quotation any more.", self.name))
        # sudo: checked above; the state is written by these methods only
        self.sudo().write({"crm_approval_state": state, "crm_approved_discount": discount})
        text = dict(self._fields["crm_approval_state"]._description_selection(self.env))[state]
        self._close_requests(text)

    def _close_requests(self, feedback):
        """Close what was asked before."""
        # sudo: the activity of whoever was asked
        asked = self.sudo().crm_approval_activity_id
        if feedback:
            asked.action_feedback(feedback=feedback)
        else:
            asked.unlink()

    def _action_confirm(self):
        """A manager's confirmation is the approval, and is noted as such."""
        for order in self.filtered(lambda one: one.crm_approval_state == "requested"):
            order.sudo().crm_approval_state = "approved"  # sudo: as in _decide
            order._close_requests(self.env._("Confirmed"))
        return super()._action_confirm()
