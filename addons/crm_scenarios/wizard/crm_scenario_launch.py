"""Start a scenario for chosen customers or leads."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmScenarioLaunch(models.TransientModel):
    """Opened from customers and leads (``active_model``, ``active_ids``)."""

    _name = "crm.scenario.launch"
    _description = "Start a Scenario"

    applies_to = fields.Char(
        required=True, default=lambda self: self.env.context.get("active_model")
    )
    count = fields.Integer("Chosen", compute="_compute_count")
    scenario_id = fields.Many2one(
        "crm.scenario", required=True,
        domain="[('applies_to', '=', applies_to), ('state', '=', 'running')]",
        help="Only running scenarios.",
    )  # fmt: skip
    steps = fields.Text(compute="_compute_steps")

    @api.depends_context("active_ids")
    def _compute_count(self):
        self.count = len(self._chosen())

    @api.depends("scenario_id")
    def _compute_steps(self):
        for launch in self:
            launch.steps = "\n".join(
                f"{step.delay_count} {step.delay_unit}: {step._scenario_step()['name']}"
                for step in launch.scenario_id.template_ids
            )

    def _chosen(self):
        context = self.env.context
        ids = context.get("active_ids") or [context.get("active_id")]
        return [one for one in ids if isinstance(one, int)]

    def action_confirm(self):
        """Start; the steps that are due today are done at once, the others by the cron.

        :raises UserError: if all of them are in the scenario already
        """
        self.ensure_one()
        if self.applies_to != self.scenario_id.applies_to:
            raise UserError(self.env._("This scenario is for other records."))
        count = self.scenario_id.enter_by_hand(self._chosen())
        if not count:
            raise UserError(
                self.env._("Nobody new: they are in this scenario already, or may not enter again.")
            )
        self.scenario_id._begin_by_hand(self._chosen())
        return {"type": "ir.actions.client", "tag": "soft_reload"}
