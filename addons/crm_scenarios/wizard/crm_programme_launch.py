"""Plan a programme from a template, or from one of the host's activity plans."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmProgrammeLaunch(models.TransientModel):
    _name = "crm.programme.launch"
    _description = "New Programme"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    template_id = fields.Many2one(
        "crm.programme", domain="[('is_template', '=', True)]",
        default=lambda self: self._default_template(),
    )  # fmt: skip
    plan_id = fields.Many2one(
        "mail.activity.plan", "Activity Plan", help="Its activities become the steps; their "
        "effort has to be entered.",
    )  # fmt: skip
    partner_id = fields.Many2one("res.partner", "Customer", check_company=True)
    lead_id = fields.Many2one("crm.lead", "Opportunity", check_company=True)
    user_id = fields.Many2one(
        "res.users", "Manager", required=True, default=lambda self: self.env.user
    )
    date_start = fields.Date(
        "Starts On", required=True,
        default=lambda self: self.env["crm.programme"]._next_working_day(),
    )  # fmt: skip

    @api.model
    def _default_template(self):
        return self.env["crm.programme"].search([("is_template", "=", True)], limit=1)

    @api.onchange("lead_id")
    def _onchange_lead_id(self):
        self.partner_id = self.lead_id.partner_id or self.partner_id

    def action_confirm(self):
        """Make the programme.

        :return: action that opens it
        :raises UserError: where neither template nor activity plan is chosen
        """
        self.ensure_one()
        if not (self.template_id or self.plan_id):
            raise UserError(self.env._("Choose a template or an activity plan."))
        vals = {
            "is_template": False, "company_id": self.company_id.id, "user_id": self.user_id.id,
            "partner_id": (self.partner_id or self.lead_id.partner_id).id,
            "lead_id": self.lead_id.id, "date_start": self.date_start, "name": self._title(),
        }  # fmt: skip
        if self.template_id:
            programme = self.template_id.with_company(self.company_id).copy(vals)
        else:
            programme = self.env["crm.programme"].create(
                {**vals, "step_ids": [(0, 0, one) for one in self._plan_steps()]}
            )
        return programme._open_form()

    def _title(self):
        source = self.template_id.name or self.plan_id.name
        customer = self.partner_id or self.lead_id.partner_id
        return f"{customer.name}: {source}" if customer else source

    def _plan_steps(self):
        """Values of steps, one a template of the activity plan, in its order."""
        days = {"days": 1, "weeks": 5, "months": 21}
        return [
            {
                "name": one.summary or one.activity_type_id.name,
                "sequence": one.sequence,
                "activity_type_id": one.activity_type_id.id,
                "user_id": one.responsible_id.id,
                "lag_days": one.delay_count * days[one.delay_unit],
            }
            for one in self.plan_id.template_ids.sorted("sequence")
        ]
