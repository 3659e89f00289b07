"""Steps of a scenario: the host's activities of a plan, and e-mails, actions and waits."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.stored_domain import parse_domain
from odoo.exceptions import AccessError, ValidationError

KINDS = [
    ("activity", "Activity"),
    ("email", "E-mail, sent"),
    ("prepare", "E-mail, to be reviewed"),
    ("action", "Server action"),
    ("wait", "Wait"),
]
_NEEDED = {
    "email": "scenario_mail_id", "prepare": "scenario_mail_id", "action": "scenario_action_id",
}  # fmt: skip


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"  # pylint: disable=consider-merging-classes-inherited

    scenario_kind = fields.Selection(KINDS, "Step", required=True, default="activity")
    scenario_mail_id = fields.Many2one(
        "mail.template", "E-mail Template", domain="[('model', '=', res_model)]",
        ondelete="restrict",
    )  # fmt: skip
    scenario_action_id = fields.Many2one(
        "ir.actions.server", "Server Action", groups="base.group_system", ondelete="restrict",
        domain="[('model_name', '=', res_model), ('usage', '=', 'ir_actions_server')]",
        help="Run with all rights.",
    )  # fmt: skip
    scenario_condition = fields.Char(
        "Only If", default="[]",
        help="Checked when the step is due: a step is skipped if it doesn't hold. A wait ends as "
        "soon as it holds, at the latest after its days.",
    )
    responsible_type = fields.Selection(
        selection_add=[
            ("salesperson", "Salesperson"),
            ("team", "Sales team, in turn"),
            ("group", "Role, in turn"),
        ],
        ondelete={
            "salesperson": "set default", "team": "set default", "group": "set default",
        },
        help="The salesperson is that of the customer (or lead), else of its last order; without "
        "one, the team's members in turn.",
    )  # fmt: skip
    responsible_group_id = fields.Many2one(
        "res.groups", "Role", ondelete="restrict", help="Its users in turn."
    )

    scenario_pace = fields.Selection(
        [
            ("contact", "Contact interval of the policy"),
            ("response", "Response time of the policy"),
        ],
        "Due By",
        help="The service policy of the customer's segment says after how long the step is due; "
        "without one the delay counts.",
    )

    @api.constrains("scenario_kind", "scenario_mail_id", "scenario_action_id", "scenario_condition")
    def _check_scenario_step(self):
        # sudo: who changes something else may not read the action
        for step in self.sudo():
            name = _NEEDED.get(step.scenario_kind)
            needed = step[name] if name else step
            if not needed:
                raise ValidationError(
                    self.env._("The step “%s” lacks its e-mail template or action.",
                               step.summary or "")
                )  # fmt: skip
            if name and step[name].sudo()[_MODEL[name]] != step.res_model:
                raise ValidationError(
                    self.env._("“%s” is not for what the scenario applies to.",
                               step[name].display_name)
                )  # fmt: skip
            step._scenario_domain()

    @api.constrains("responsible_type", "responsible_group_id")
    def _check_responsible_group(self):
        for step in self:
            if step.responsible_type == "group" and not step.responsible_group_id:
                raise ValidationError(self.env._("Say which role does the step."))

    @api.model_create_multi
    def create(self, vals_list):
        """Server actions run code, so only system administrators choose them."""
        self._check_action_allowed(set().union(*vals_list) if vals_list else set())
        return super().create(vals_list)

    def write(self, vals):
        """Server actions run code, so only system administrators choose them."""
        self._check_action_allowed(vals)
        return super().write(vals)

    def _check_action_allowed(self, names):
        admin = self.env.su or self.env.user.has_group("base.group_system")
        if "scenario_action_id" in names and not admin:
            raise AccessError(
                self.env._("Only system administrators choose the actions of a scenario.")
            )

    def _scenario_domain(self):
        """The condition as a domain; an error in the user's words."""
        return parse_domain(
            self.env, self.scenario_condition, self.res_model, self.summary or self.plan_id.name
        )

    def _scenario_step(self):
        """The step as plain data, for a version."""
        self.ensure_one()
        kinds = dict(self._fields["scenario_kind"]._description_selection(self.env))
        return {
            "id": self.id,
            "kind": self.scenario_kind,
            "name": self.summary or self.activity_type_id.name or kinds[self.scenario_kind],
            "note": self.note and str(self.note),
            "type": self.activity_type_id.id,
            "delay": self.delay_count if self.delay_from == "after_plan_date" else 0,
            "unit": self.delay_unit,
            **({"pace": self.scenario_pace} if self.scenario_pace else {}),
            "who": self.responsible_type,
            "user": self.responsible_id.id,
            "group": self.responsible_group_id.id,
            "mail": self.scenario_mail_id.id,
            "action": self.sudo().scenario_action_id.id,  # sudo: kept, not run or shown
            "condition": "" if self._scenario_domain().is_true() else self.scenario_condition,
        }

    def _determine_responsible(self, on_demand_responsible, applied_on_record):
        """The host's wizard too may launch a step for the salesperson."""
        if self.responsible_type not in ("salesperson", "team", "group"):
            return super()._determine_responsible(on_demand_responsible, applied_on_record)
        user = self.env["res.users"]
        if "user_id" in applied_on_record._fields:
            user = applied_on_record.user_id
        responsible = user or on_demand_responsible or self.env.user
        return {"responsible": responsible, "error": False, "warning": False}


_MODEL = {"scenario_mail_id": "model", "scenario_action_id": "model_name"}
