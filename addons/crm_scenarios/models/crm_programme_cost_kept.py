"""What was planned of a purchase is kept at the start, and stays."""

from odoo import api, fields, models

from .crm_programme_step_kept import check_not_planned


class CrmProgrammeCost(models.Model):
    _inherit = "crm.programme.cost"  # pylint: disable=consider-merging-classes-inherited

    planned_amount = fields.Monetary(
        readonly=True, copy=False, help="As it stood at the start; of what is paid again and "
        "again, the payments that were due until the planned end.",
    )  # fmt: skip

    def _keep_amounts(self):
        """Money that the programme was planned to pay for it before its end."""
        for programme in self.programme_id:
            end = programme.date_end and programme._day_of(programme.date_end).isoformat()
            running = {}
            for row in programme.payments or []:
                if row["kind"] == "running" and end and row["day"] <= end:
                    running[row["cost"]] = running.get(row["cost"], 0.0) + row["amount"]
            for cost in self.filtered(lambda one: one.programme_id == programme):  # noqa: B023
                once = cost.period == "once" and not cost.step_id.struck_out
                cost.planned_amount = cost.amount if once else running.get(cost.id, 0.0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        check_not_planned(self.filtered("planned_amount"))
