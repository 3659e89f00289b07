"""One customer's way through a scenario."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("entering", "Enters"),
    ("running", "Running"),
    ("held", "Held Back"),
    ("paused", "Paused"),
    ("goal", "Goal Reached"),
    ("expired", "Time Is Over"),
    ("left", "Left the Segment"),
    ("cancelled", "Cancelled"),
]
OPEN = ("entering", "running", "held", "paused")


class CrmScenarioRun(models.Model):
    """Rows come by :meth:`crm.scenario._enter`, one open per scenario, company and customer.

    They stay after the end: the goal is counted until ``date_deadline`` in both arms.
    """

    _name = "crm.scenario.run"
    _description = "Run of a Scenario"
    _order = "date_start desc, id desc"
    _rec_name = "scenario_id"

    scenario_id = fields.Many2one(
        "crm.scenario", required=True, readonly=True, index=True, ondelete="cascade"
    )
    version_id = fields.Many2one(
        "crm.scenario.version", readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    order_id = fields.Many2one(
        "sale.order", "Quotation", readonly=True, index="btree_not_null", ondelete="set null"
    )
    segment_id = fields.Many2one(
        "crm.segment", readonly=True, ondelete="set null",
        help="The segment that brought the customer in, else that in the leading segmentation.",
    )  # fmt: skip
    user_id = fields.Many2one("res.users", "Salesperson", compute="_compute_user_id")
    state = fields.Selection(STATES, required=True, readonly=True, default="entering")
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    arm = fields.Selection(
        [("treated", "Gets it"), ("control", "Held out"), ("outside", "Not compared")],
        readonly=True, groups="crm_segments.group_segments_manager",
    )  # fmt: skip
    origin = fields.Selection(
        [("trigger", "By itself"), ("hand", "By hand")], required=True, readonly=True,
        default="hand",
    )  # fmt: skip
    position = fields.Integer(readonly=True, aggregator=None, export_string_translation=False)
    step_id = fields.Many2one(
        "mail.activity.plan.template", "Next Step", readonly=True, ondelete="set null",
        group_expand="_group_expand_step_id", index="btree_not_null",
    )  # fmt: skip
    date_start = fields.Date("Entered", required=True, readonly=True)
    date_base = fields.Date("Delays Count From", readonly=True)
    date_next = fields.Date("Next Step On", readonly=True, index="btree_not_null")
    date_deadline = fields.Date("Until", readonly=True)
    date_end = fields.Date("Ended", readonly=True)
    date_goal = fields.Date("Goal Reached On", readonly=True)
    date_paused = fields.Date("Paused Since", readonly=True)
    date_held = fields.Date("Held Back Since", readonly=True)
    watched_from = fields.Datetime(readonly=True, export_string_translation=False)
    start_purchases = fields.Integer(readonly=True, aggregator=None)
    start_revenue = fields.Float(
        readonly=True, aggregator=None, groups="crm_segments.group_segments_manager"
    )
    reason = fields.Char(readonly=True, help="Why it is paused, held back or was cancelled.")
    activity_ids = fields.One2many("mail.activity", "scenario_run_id", "Activities")

    _open_uniq = models.UniqueIndex(
        "(scenario_id, company_id, COALESCE(lead_id, 0),"
        " (CASE WHEN lead_id IS NULL THEN partner_id ELSE 0 END))"
        " WHERE state IN ('entering', 'running', 'held', 'paused')"
    )
    _entering = models.Index("(company_id, scenario_id) WHERE state = 'entering'")
    _for_whom = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR lead_id IS NOT NULL)",
        "A run is for a customer or a lead.",
    )

    @api.depends("state")
    def _compute_is_open(self):
        for run in self:
            run.is_open = run.state in OPEN

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        both = {bool(one) for one in value}
        return [("state", "in" if both == {True} else "not in", OPEN)] if len(both) == 1 else []

    @api.depends("lead_id.user_id", "partner_id.user_id")
    def _compute_user_id(self):
        for run in self:
            # sudo: who serves the customer is no secret to who sees the run
            run.user_id = run.sudo().lead_id.user_id or run.sudo().partner_id.user_id

    @api.depends("scenario_id", "partner_id", "lead_id")
    def _compute_display_name(self):
        for run in self:
            name = run.lead_id.display_name or run.partner_id.display_name
            run.display_name = f"{run.scenario_id.name}: {name}"

    @api.model
    def _group_expand_step_id(self, steps, domain):
        """All steps of the scenarios that are looked at, also those where nobody is."""
        runs = self.search(domain, limit=1000)
        found = steps | runs.scenario_id.template_ids
        return found.sorted(lambda step: (step.plan_id.id, step.sequence, step.id))

    def _target(self):
        """The records that the runs are for: of one model."""
        name = "lead_id" if self[:1].lead_id else "partner_id"
        return self[name]

    def _check_may_change(self):
        """Whoever may change the customer or lead, and managers of segments.

        :raises AccessError: for others
        """
        self.check_access("read")
        if self.env.user.has_group("crm_segments.group_segments_manager"):
            return
        for target in (self.lead_id, self.filtered(lambda run: not run.lead_id).partner_id):
            target.check_access("write")
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only salespeople and managers of segments do this."))

    def action_pause(self):
        """Do no further step until resumed."""
        self._check_may_change()
        today = self.env["crm.segmentation"]._today()
        # sudo: runs are written by such methods only
        self.sudo().filtered(lambda run: run.state in ("running", "held")).write(
            {"state": "paused", "date_paused": today, "reason": self.env._("Paused by hand")}
        )
        return True

    def action_resume(self):
        """Go on, with the delays moved by the pause."""
        self._check_may_change()
        self.sudo().filtered(lambda run: run.state == "paused")._resume()  # sudo: as above
        self.scenario_id._wake()
        return True

    def action_cancel(self, reason=None):
        """End the runs; their open activities are cancelled with a note.

        :param str reason: in the user's words, kept on the run
        """
        self._check_may_change()
        if reason is not None and not isinstance(reason, str):
            raise UserError(self.env._("A reason is a text."))
        # sudo: as above
        self.sudo().filtered("is_open")._end(
            "cancelled", (reason or self.env._("Cancelled by hand"))[:200]
        )
        return True

    def action_open_target(self):
        """Open the customer or the lead."""
        self.ensure_one()
        target = self._target()
        return {
            "type": "ir.actions.act_window", "res_model": target._name, "res_id": target.id,
            "views": [(False, "form")],
        }  # fmt: skip
