"""What was planned of a step is kept at the start, and stays."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.programme_actual import Figures


class CrmProgrammeStep(models.Model):
    _inherit = "crm.programme.step"  # pylint: disable=consider-merging-classes-inherited

    planned_work = fields.Monetary(
        readonly=True, copy=False, help="Cost of the work as it stood at the start."
    )

    planned_cost = fields.Monetary(
        compute="_compute_planned_cost", help="Work and purchases as they stood at the start."
    )

    @api.depends("planned_work", "cost_ids.period", "cost_ids.planned_amount")
    def _compute_planned_cost(self):
        for step in self:
            once = step.cost_ids.filtered(lambda cost: cost.period == "once")
            step.planned_cost = step.planned_work + sum(once.mapped("planned_amount"))

    def _keep_plan(self):
        """Dates, hours and money of the plan, as they are at the start."""
        for step in self:
            step.write(
                {"planned_start": step.date_start, "planned_end": step.date_end,
                 "planned_hours": step.hours, "planned_work": step.work_cost}
            )  # fmt: skip
        self.cost_ids._keep_amounts()

    def _planned_money(self):
        """Work and purchases of these steps as they stood at the start."""
        return sum(self.mapped("planned_work")) + sum(self.cost_ids.mapped("planned_amount"))

    def _own_hours(self, sums):
        """Hours of one's own people on these steps, as ``lib.programme_actual.Figures``.

        :param sums: dict with ``planned_hours`` and ``actual_hours`` of them
        """
        own = self.filtered(lambda step: not step.vendor_id)
        return Figures(sums["planned_hours"], 0.0, sums["actual_hours"], own._work_done())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        check_not_planned(self.filtered("planned_end"))


def check_not_planned(items):
    """The plan that is compared with stays whole.

    :raises UserError: for items of a programme that runs
    """
    running = items.filtered(lambda item: item.programme_id.state == "running")
    if running:
        raise UserError(
            items.env._(
                "The programme runs, and its plan is compared with: strike out “%s” with a reason"
                " instead of deleting it.", running[0].name,
            )
        )  # fmt: skip
