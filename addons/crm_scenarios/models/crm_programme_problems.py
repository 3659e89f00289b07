"""What keeps a programme from being planned, and what has no price yet, in words."""

from odoo import api, fields, models


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    plan_problem = fields.Text("What Is Missing", compute="_compute_plan_problem")

    @api.depends("date_end", "step_ids.hours", "step_ids.lead_days", "step_ids.rate",
                 "cost_ids.amount", "audit_figures")  # fmt: skip
    def _compute_plan_problem(self):
        for programme in self:
            lines = programme._problems() + programme._unpriced()
            programme.plan_problem = "\n".join(lines) or False

    def _problems(self):
        """What keeps the programme from being planned or started, in words."""
        steps, known = self._planned_steps(), self.audit_figures or {}
        if not steps:
            return [self.env._("There are no steps yet.")]
        empty = steps.filtered(
            lambda step: not step.hours and not step.lead_days and step.basis not in known
        )
        uncounted = empty.filtered(lambda step: step.basis and step.effort_high)
        problems = []
        if uncounted:
            problems.append(
                self.env._("Take the audit or enter how many there are: %s", uncounted._names())
            )
        if empty - uncounted:
            problems.append(
                self.env._("No effort and no duration: %s", (empty - uncounted)._names())
            )
        if self.date_start and not self.date_end:
            problems.append(
                self.env._("“%s” has not enough working time for these steps.",
                           self.resource_calendar_id.name or "")
            )  # fmt: skip
        return problems

    def _unpriced(self):
        """What has no price yet, in words; it can be started all the same."""
        result = []
        roles = self._planned_steps().filtered(
            lambda step: step.hours and not step.rate
        ).role_id  # fmt: skip
        if roles:
            result.append(
                self.env._("No price of an hour yet: %s", ", ".join(roles.mapped("name")))
            )
        costs = self._planned_costs().filtered(lambda cost: not cost.unit_price)
        if costs:
            result.append(
                self.env._("No price yet, or to be struck out: %s", ", ".join(costs.mapped("name")))
            )
        return result
