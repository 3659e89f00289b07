"""How customers of a segment are served: what was accepted, beside what their data advises."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

#: what a manager decides; a change of them is a decision
DECIDED = ("contact_days", "lapse_days", "response_hours", "payment_term_id", "channel", "priority")
CHANNELS = [("visit", "Visit"), ("call", "Call"), ("email", "E-mail")]
_ADVISED = {"readonly": True, "aggregator": None}


class CrmServicePolicy(models.Model):
    """One per company and segment of its leading segmentation, and one for all customers.

    Rows and advice come by the nightly rebuild (``crm_service_policy_rebuild.py``); what is
    decided is kept. A policy holds once it was accepted or edited.
    """

    _name = "crm.service.policy"
    _description = "Service Policy"
    _order = "company_id, sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade",
        default=lambda self: self.env.company,
    )  # fmt: skip
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, index=True, ondelete="cascade", help="Empty: all customers."
    )
    sequence = fields.Integer(readonly=True, export_string_translation=False, aggregator=None)
    customers = fields.Integer(readonly=True)
    state = fields.Selection(
        [("proposed", "Proposed"), ("accepted", "Accepted"), ("edited", "Edited")],
        required=True, readonly=True, default="proposed",
        help="Only what was accepted or edited is in force.",
    )  # fmt: skip
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    decided_on = fields.Date(readonly=True)
    contact_days = fields.Integer(
        "Contact Every (Days)", aggregator=None, help="0: no such promise."
    )
    lapse_days = fields.Integer(
        "Lapsed After (Days)", aggregator=None,
        help="A customer who has not bought for so long stands in “Today”. 0: no such limit.",
    )  # fmt: skip
    response_hours = fields.Integer(
        "First Response Within (Hours)",
        aggregator=None,
        help="0: no such promise. Activities "
        "know days: they are due on the day on which the hours are over. “Today” and “Policy and "
        "Practice” count the hours.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term", "Payment Terms", ondelete="set null", check_company=True,
        help="New customers who come into the segment get these terms.",
    )  # fmt: skip
    channel = fields.Selection(CHANNELS, "Visit or Call", default="call", required=True)
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Important"), ("2", "Most important")], default="0", required=True,
        help="Customers of important segments come first in “Today” where as much depends on it.",
    )  # fmt: skip
    advised_contact_days = fields.Integer("Contact Every: Advice", **_ADVISED)
    advised_lapse_days = fields.Integer("Lapsed After: Advice", **_ADVISED)
    advised_response_hours = fields.Integer("First Response: Advice", **_ADVISED)
    advised_term_days = fields.Integer("Payment Within: Advice", **_ADVISED)
    has_term_advice = fields.Boolean(readonly=True, export_string_translation=False)
    line_ids = fields.One2many("crm.service.policy.line", "policy_id", "Evidence", readonly=True)

    _place_unique = models.UniqueIndex("(company_id, COALESCE(segment_id, 0))")
    _range = models.Constraint(
        "CHECK (contact_days BETWEEN 0 AND 3650 AND lapse_days BETWEEN 0 AND 3650"
        " AND response_hours BETWEEN 0 AND 8760)",
        "Contacts are due within ten years, answers within a year; 0 for no promise.",
    )

    @api.depends("segment_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for policy in self:
            segment = policy.segment_id.with_context(segmentation_in_name=True)
            policy.display_name = segment.display_name or self.env._("All customers")

    def write(self, vals):
        """What a person changes is a decision."""
        if "state" not in vals and not vals.keys().isdisjoint(DECIDED):
            vals = {**vals, **self._decision("edited")}
        return super().write(vals)

    def _decision(self, state):
        today = self.env["crm.segmentation"]._today()
        return {"state": state, "decided_by_id": self.env.uid, "decided_on": today}

    def action_accept(self):
        """Make the advice the policy; what has no advice stays as it is.

        :raises AccessError: for users who are no managers of segments
        """
        self.check_access("write")
        for policy in self:
            policy.write({**policy._advice(), **self._decision("accepted")})
        return True

    def _advice(self):
        """Field → advised value, of those for which there is one."""
        term = self._term_of(self.advised_term_days) if self.has_term_advice else False
        advice = {
            "contact_days": self.advised_contact_days,
            "lapse_days": self.advised_lapse_days,
            "response_hours": self.advised_response_hours,
            "payment_term_id": term and term.id,
        }
        return {name: value for name, value in advice.items() if value}

    def _term_of(self, days):
        """The host's payment term of so many days, where there is one."""
        terms = self.env["account.payment.term"].search(
            [("company_id", "in", [False, self.company_id.id])], order="sequence, id"
        )
        return terms.filtered(
            lambda term: len(term.line_ids) == 1 and not term.early_discount
            and term.line_ids.delay_type == "days_after" and term.line_ids.nb_days == days
        )[:1]  # fmt: skip

    def action_open_practice(self):
        """Policy against practice of this segment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_scenarios.crm_service_practice_action"
        )
        return {**action, "domain": [("segment_id", "=", self.segment_id.id)]}

    def action_rebuild(self):
        """Learn again in the current company, now. A button of the list: no model method.

        :raises AccessError: for users who are no managers of segments
        """
        if not (self.env.su or self.env.user.has_group("crm_segments.group_segments_manager")):
            raise AccessError(self.env._("Only managers of segments may learn anew."))
        # sudo: all customers of the company are counted, whoever starts it
        self.sudo()._rebuild(self.env.company)

    @api.model
    def _in_force(self, company):
        """Policies that hold in a company: segment id (None: all other customers) → policy."""
        # sudo: a policy holds for whoever serves the customer
        policies = self.sudo().search(
            [("company_id", "=", company.id), ("state", "!=", "proposed")]
        )
        return {policy.segment_id.id or None: policy for policy in policies}
