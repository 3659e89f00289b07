"""A way of working with the customers of a segment: the host's activity plan, with a goal."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

MODELS = [("res.partner", "Customers"), ("crm.lead", "Leads and opportunities")]
TRIGGERS = [
    ("manual", "By hand"),
    ("segment", "Customer joins a segment"),
    ("lead", "Lead is created"),
    ("lapsed", "No purchase beyond the interval"),
    ("quotation", "Quotation is not answered"),
]
GOALS = [
    ("purchase", "A purchase after entering"),
    ("revenue", "Sales after entering, at least"),
    ("meeting", "A meeting held after entering"),
    ("won", "The opportunity is won"),
    ("domain", "The customer or lead satisfies a condition"),
]


class CrmScenario(models.Model):
    """Steps (the plan's), whom they are for, what starts them, when they end.

    The definition in force is copied into ``crm.scenario.version`` when somebody enters; runs
    follow their version, whatever is changed here afterwards. The plan is archived: it is no
    plan that the host's wizard should offer, since it also has waits and e-mails.
    """

    _name = "crm.scenario"
    _description = "Scenario"
    _inherits = {"mail.activity.plan": "plan_id"}
    _order = "sequence, id"

    plan_id = fields.Many2one(
        "mail.activity.plan", "Activity Plan", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
    applies_to = fields.Selection(MODELS, required=True, default="res.partner")
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("stopped", "Stopped")],
        required=True, readonly=True, default="draft", copy=False,
        help="Only a running scenario takes customers in; whoever is in goes on to the end.",
    )  # fmt: skip
    date_start = fields.Date("Running Since", readonly=True, copy=False)
    trigger = fields.Selection(
        TRIGGERS, "Starts When", required=True, default="manual",
        help="What brings customers in by itself; by hand is always possible.",
    )  # fmt: skip
    segment_ids = fields.Many2many(
        "crm.segment", "crm_scenario_segment_rel", "scenario_id", "segment_id", "Segments",
        help="Only customers of these segments enter, and leads that fit them provisionally; "
        "empty: all.",
    )  # fmt: skip
    quote_days = fields.Integer("Days Without Answer", default=7)
    enter_existing = fields.Boolean(
        "Also Those Who Fit Already",
        help="At the start the customers who are in the segments (or lapsed) already enter, too.",
    )
    goal = fields.Selection(GOALS, required=True, default="purchase")
    goal_amount = fields.Float("Sales")
    goal_domain = fields.Char("Condition", default="[]")
    deadline_days = fields.Integer(
        "Days", required=True, default=60,
        help="A run ends so many days after entering; the goal is counted until then.",
    )  # fmt: skip
    holdout = fields.Float(
        "Hold-out (%)",
        help="Share of the customers who don't get the scenario, drawn at random, so that its "
        "worth can be measured. They get normal service.",
    )
    holdout_except_ids = fields.Many2many(
        "crm.segment", "crm_scenario_holdout_rel", "scenario_id", "segment_id",
        "Never Held Out", default=lambda self: self._default_top_tier(),
        help="Customers of these segments always get the scenario, and are not compared.",
    )  # fmt: skip
    reentry = fields.Selection(
        [("never", "Never"), ("after", "After some days"), ("always", "Always")],
        "Enters Again", required=True, default="never",
    )  # fmt: skip
    reentry_days = fields.Integer("After (Days)", default=180)
    end_on_leave = fields.Boolean(
        "Ends on Leaving the Segment",
        help="Off: the run goes on, so that the comparison with the hold-out stays fair.",
    )
    pause_days = fields.Integer(
        "Pause (Days)", default=7,
        help="After a reply or a booked meeting the run pauses so long. 0: until resumed by hand.",
    )  # fmt: skip
    version_ids = fields.One2many("crm.scenario.version", "scenario_id", "Versions")
    run_ids = fields.One2many("crm.scenario.run", "scenario_id", "Runs")
    run_count = fields.Integer("Running", compute="_compute_run_count")

    _days_range = models.Constraint(
        "CHECK (deadline_days > 0 AND quote_days >= 0 AND reentry_days >= 0 AND pause_days >= 0)",
        "Days can't be negative, and a scenario lasts one day at least.",
    )
    _holdout_range = models.Constraint(
        "CHECK (holdout >= 0 AND holdout <= 50)", "Between none and half are held out."
    )

    @api.model
    def _default_top_tier(self):
        """The best customers by the shipped divisions: nothing is withheld from them."""
        names = ("segment_abc_a", "segment_rfm_champions")
        found = [
            self.env.ref(f"crm_segments.{name}", raise_if_not_found=False) for name in names
        ]
        return [segment.id for segment in found if segment]

    @api.depends("run_ids.state")
    def _compute_run_count(self):
        counts = self.env["crm.scenario.run"]._read_group(
            [("scenario_id", "in", self.ids), ("is_open", "=", True)], ["scenario_id"], ["__count"]
        )
        found = {scenario.id: count for scenario, count in counts}
        for scenario in self:
            scenario.run_count = found.get(scenario._origin.id, 0)

    @api.constrains("applies_to", "trigger", "goal", "goal_domain")
    def _check_goal(self):
        for scenario in self:
            lead = scenario.applies_to == "crm.lead"
            if scenario.trigger == "lead" and not lead:
                raise ValidationError(
                    self.env._("A lead that is created starts a scenario of leads.")
                )
            if scenario.trigger in ("segment", "lapsed", "quotation") and lead:
                raise ValidationError(self.env._("This start is for scenarios of customers."))
            if scenario.goal == "won" and not lead:
                raise ValidationError(self.env._("Only a lead or opportunity can be won."))
            if scenario.goal == "domain":
                scenario._goal_rule()

    @api.constrains("goal", "goal_domain")
    def _check_goal_is_some(self):
        for scenario in self.filtered(lambda one: one.goal == "domain"):
            if scenario._goal_rule().is_true():
                raise ValidationError(self.env._("Say which condition the goal is."))

    @api.model_create_multi
    def create(self, vals_list):
        """The plan is made along with it."""
        for vals in vals_list:
            vals["res_model"] = vals.get("applies_to") or "res.partner"
        scenarios = super().create(vals_list)
        # sudo: the plan belongs to the scenario, which the user may create
        scenarios.plan_id.sudo().active = False
        return scenarios

    def write(self, vals):
        """The plan is for the same records."""
        if "applies_to" in vals:
            if any(one.run_ids and one.applies_to != vals["applies_to"] for one in self.sudo()):
                raise UserError(self.env._("There are runs: what the scenario applies to stays."))
            vals = {**vals, "res_model": vals["applies_to"]}
        return super().write(vals)

    def unlink(self):
        """The plan goes with it; activities are the host's and stay."""
        plans = self.plan_id
        res = super().unlink()
        # sudo: as in create
        plans.sudo().unlink()
        return res

    def copy_data(self, default=None):
        """Steps are copied, by the copy of the plan's fields."""
        return [
            {
                **vals,
                "name": self.env._("%s (copy)", scenario.name),
                "template_ids": [
                    fields.Command.create(data) for data in scenario.template_ids.copy_data()
                ],
            }
            for scenario, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def action_start(self):
        """Let customers in from now on."""
        self.check_access("write")
        for scenario in self:
            if not scenario.template_ids:
                raise UserError(self.env._("“%s” has no steps yet.", scenario.name))
            if scenario.trigger == "segment" and not scenario.segment_ids:
                raise UserError(self.env._("Say which segment customers join to start it."))
            today = self.env["crm.segmentation"]._today()
            scenario.write({"state": "running", "date_start": today})
            if scenario.enter_existing and scenario.trigger == "segment":
                scenario.action_enter()
        self._wake()
        return True

    def action_stop(self):
        """Let nobody in any more; whoever is in goes on to the end."""
        self.write({"state": "stopped"})
        return True

    def action_open_runs(self):
        """Who is in, by step."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_scenarios.crm_scenario_run_action"
        )
        return {
            **action,
            "display_name": self.name,
            "domain": [("scenario_id", "=", self.id)],
            "context": {"search_default_open": 1},
        }

    def _wake(self):
        """Have the cron take up whoever entered, after this transaction."""
        cron = self.env.ref("crm_scenarios.ir_cron_scenarios", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # sudo: whoever lets a customer in may wake the cron
