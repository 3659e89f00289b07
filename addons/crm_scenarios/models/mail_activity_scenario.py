"""Activities know the run and the step that they come from."""

from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"  # pylint: disable=consider-merging-classes-inherited

    scenario_run_id = fields.Many2one(
        "crm.scenario.run", "Scenario", readonly=True, index="btree_not_null",
        ondelete="set null", copy=False, groups="crm_segments.group_segments_user",
    )  # fmt: skip
    scenario_step_id = fields.Many2one(
        "mail.activity.plan.template", "Step of the Scenario", readonly=True,
        index="btree_not_null", ondelete="set null", copy=False,
        groups="crm_segments.group_segments_user",
    )  # fmt: skip
