"""Implementation programmes: what has to be done, when, by whom, and what it costs."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

STATES = [
    ("draft", "Being planned"),
    ("running", "Running"),
    ("done", "Finished"),
    ("cancelled", "Cancelled"),
]


class CrmProgramme(models.Model):
    """Its dates and totals: ``crm_programme_plan.py``; start and end: ``_start.py``."""

    _name = "crm.programme"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Implementation Programme"
    _order = "is_template, date_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    is_template = fields.Boolean("Template", readonly=True)
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="cascade", default=lambda self: self.env.company
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    partner_id = fields.Many2one(
        "res.partner", "Customer", index="btree_not_null", ondelete="restrict", check_company=True,
        tracking=True,
    )  # fmt: skip
    lead_id = fields.Many2one(
        "crm.lead", "Opportunity", index="btree_not_null", ondelete="set null", check_company=True
    )
    user_id = fields.Many2one(
        "res.users", "Manager", default=lambda self: self.env.user, index="btree_not_null",
        tracking=True, help="Gets the steps that have nobody responsible, and the warnings.",
    )  # fmt: skip
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, copy=False, tracking=True
    )
    date_start = fields.Date("Starts On", default=lambda self: self._next_working_day())
    resource_calendar_id = fields.Many2one(
        "resource.calendar", "Working Hours", compute="_compute_resource_calendar_id", store=True,
        readonly=False, check_company=True, ondelete="restrict",
    )  # fmt: skip
    ownership_years = fields.Integer(
        "Years of Ownership", default=5, help="Over how many years from the start the cost of "
        "ownership adds up what is paid again and again.",
    )  # fmt: skip
    seed = fields.Integer(
        default=1, export_string_translation=False,
        help="Draws are made from it: the same estimates give the same P50 and P80.",
    )  # fmt: skip
    phase_ids = fields.One2many("crm.programme.phase", "programme_id", "Phases", copy=False)
    step_ids = fields.One2many("crm.programme.step", "programme_id", "Steps", copy=False)
    cost_ids = fields.One2many("crm.programme.cost", "programme_id", "Purchases", copy=False)
    audit_figures = fields.Json(
        readonly=True, copy=False, help="Figures of the latest audit by their key."
    )
    assumptions = fields.Html(translate=True)
    risks = fields.Html(translate=True)
    not_included = fields.Html(
        translate=True, help="Beside what was struck out, which is listed by itself."
    )
    account_id = fields.Many2one(
        "account.analytic.account", "Analytic Account", readonly=True, copy=False,
        ondelete="restrict", check_company=True,
    )  # fmt: skip

    _ownership_range = models.Constraint(
        "CHECK (ownership_years BETWEEN 1 AND 10)", "Ownership is counted over 1 to 10 years."
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for programme in self:
            company = programme.company_id or self.env.company
            programme.currency_id = company.currency_id

    @api.depends("company_id")
    def _compute_resource_calendar_id(self):
        for programme in self:
            programme.resource_calendar_id = programme.company_id.resource_calendar_id

    @api.onchange("lead_id")
    def _onchange_lead_id(self):
        self.partner_id = self.lead_id.partner_id or self.partner_id

    @api.constrains("is_template", "company_id", "date_start", "partner_id")
    def _check_complete(self):
        for programme in self.filtered(lambda one: not one.is_template):
            if not (programme.company_id and programme.date_start):
                raise ValidationError(self.env._("A programme has a company and a start."))

    def copy(self, default=None):
        """A copy has the same phases, steps and costs, with their order."""
        copies = super().copy(default)
        for programme, new in zip(self, copies, strict=True):
            programme._copy_content(new)
        return copies

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        named = "name" in (default or {})
        for programme, vals in zip(self, vals_list, strict=True):
            if not named:
                vals["name"] = self.env._("%s (copy)", programme.name)
            if not vals.get("resource_calendar_id"):
                vals.pop("resource_calendar_id", None)  # that of the company
        return vals_list

    def _copy_content(self, new):
        """Phases, steps and costs of self to a programme without any."""
        phases = {}
        for phase in self.phase_ids:
            phases[phase.id] = phase.copy({"programme_id": new.id}).id
        steps = {
            step.id: step.copy({"programme_id": new.id, "phase_id": phases.get(step.phase_id.id)})
            for step in self.step_ids
        }
        for step in self.step_ids.filtered("predecessor_ids"):
            steps[step.id].predecessor_ids = [
                (6, 0, [steps[one.id].id for one in step.predecessor_ids])
            ]
        # roles have prices of their own in each company
        new.step_ids.filtered(lambda step: step.role_id and not step.rate)._compute_rate()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(programme.state == "running" for programme in self):
            raise UserError(
                self.env._("A running programme is cancelled or finished before it is deleted.")
            )

    def action_save_template(self):
        """A template with the same content, for the next client; what is the client's is left.

        :return: action that opens it
        """
        self.ensure_one()
        template = self.copy(
            {"name": self.name, "is_template": True, "partner_id": False, "lead_id": False,
             "company_id": False, "date_start": False, "resource_calendar_id": False}
        )  # fmt: skip
        return template._open_form()

    def action_use_template(self):
        """Plan a programme from the template.

        :return: action that opens the dialog
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_scenarios.crm_programme_launch_action"
        )
        return {**action, "context": {"default_template_id": self.id}}

    def _open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id,
            "views": [(False, "form")], "target": "current",
        }  # fmt: skip
