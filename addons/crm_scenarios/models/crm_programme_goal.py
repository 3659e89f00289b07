"""Goals of a programme: a figure, where it stood, where it shall be, and what that is worth."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.metric_fields import EmptyFloat, EmptyMonetary, known
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS
from odoo.tools.misc import formatLang

from ..lib import programme_goal

#: set by measuring only
MEASURED = {
    "baseline_value", "baseline_count", "baseline_date", "measured_value", "measured_count",
    "measured_on", "reviewed_on",
}  # fmt: skip


class CrmProgrammeGoal(models.Model):
    """Values are kept in fields that nobody reads; what is shown of them depends on whether the
    user may see the figure (``crm_programme_kpi.py``). The baseline is kept once."""

    _name = "crm.programme.goal"
    _inherit = "crm.programme.part"
    _description = "Goal of a Programme"
    _order = "programme_id, sequence, id"

    kpi = fields.Selection(
        lambda self: self.env["crm.programme.kpi"]._selection(), "Figure", required=True
    )
    name = fields.Char("Goal", translate=True, help="In the client's words.")
    unit = fields.Selection(
        [("percent", "%"), ("days", "Days"), ("money", "Money")], compute="_compute_kind"
    )
    better = fields.Selection([("more", "More"), ("less", "Less")], compute="_compute_kind")
    target = fields.Float(required=True, aggregator=None, help="Per cent, days or money.")
    date_review = fields.Date("Review On", copy=False)
    worth = fields.Monetary(
        "Worth a Year", aggregator=None, help="Money a year that reaching the target brings: "
        "an assumption that is entered.",
    )  # fmt: skip
    assumption = fields.Char("Why So Much", translate=True)
    baseline_value = EmptyFloat(copy=False, groups=NO_ACCESS, export_string_translation=False)
    baseline_count = fields.Integer(copy=False, groups=NO_ACCESS, export_string_translation=False)
    baseline_date = fields.Date("Baseline Of", readonly=True, copy=False)
    measured_value = EmptyFloat(copy=False, groups=NO_ACCESS, export_string_translation=False)
    measured_count = fields.Integer(copy=False, groups=NO_ACCESS, export_string_translation=False)
    measured_on = fields.Date(readonly=True, copy=False)
    reviewed_on = fields.Date(readonly=True, copy=False)
    visible = fields.Boolean(compute="_compute_shown", export_string_translation=False)
    baseline = EmptyFloat(compute="_compute_shown", aggregator=None)
    current = EmptyFloat(compute="_compute_shown", aggregator=None)
    reached = EmptyFloat(
        "Target Reached", compute="_compute_shown", aggregator=None,
        help="Share of the way from the baseline to the target.",
    )  # fmt: skip
    benefit = EmptyMonetary(
        "Benefit a Year", compute="_compute_shown", aggregator=None,
        help="The worth times the share of the target that is reached.",
    )  # fmt: skip
    state_text = fields.Char("Where It Stands", compute="_compute_shown")

    _worth_range = models.Constraint("CHECK (worth >= 0)", "A goal is worth something or nothing.")

    @api.depends("kpi")
    def _compute_kind(self):
        kpis = self.env["crm.programme.kpi"]._kpis()
        for goal in self:
            kpi = kpis.get(goal.kpi)
            goal.unit = kpi and kpi.unit
            goal.better = kpi and ("more" if kpi.more else "less")

    @api.depends("kpi", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kpis = self.env["crm.programme.kpi"]._kpis()
        for goal in self:
            goal.display_name = goal.name or (goal.kpi and kpis[goal.kpi].label)

    @api.depends("kpi", "target", "worth", "baseline_date", "measured_on")
    @api.depends_context("uid", "lang")
    def _compute_shown(self):
        for goal in self:
            goal.visible = bool(goal.kpi) and self.env["crm.programme.kpi"]._visible(goal.kpi)
            # sudo: nobody reads the stored values themselves
            own = goal.sudo()
            then, now = known(own.baseline_value), known(own.measured_value)
            share = programme_goal.reached(then, now, goal.target)
            shown = goal.visible
            goal.baseline = then if shown else None
            goal.current = now if shown else None
            goal.reached = share if shown else None
            goal.benefit = programme_goal.benefit(goal.worth, share) if shown else None
            goal.state_text = goal._state(then, now)

    def _state(self, then, now):
        """Where the goal stands, in words."""
        if not self.visible:
            return self.env._("You may not see this figure.")
        if then is None and now is None:
            if self.measured_on:
                return self.env._("Not enough data yet.")
            return self.env._("Not measured yet.")
        texts = {
            "baseline": self._text(then), "current": self._text(now),
            "target": self._text(self.target),
        }  # fmt: skip
        if then is None:
            return self.env._("%(current)s now, %(target)s wanted; no baseline.", **texts)
        return self.env._("From %(baseline)s to %(current)s, %(target)s wanted.", **texts)

    def _text(self, value):
        """A value in its unit."""
        if value is None:
            return self.env._("not enough data")
        if self.unit == "money":
            return formatLang(self.env, value, currency_obj=self.currency_id)
        number = formatLang(self.env, value, digits=1)
        return f"{number} %" if self.unit == "percent" else self.env._("%s days", number)

    @api.model_create_multi
    def create(self, vals_list):
        """Measurements aren't entered.

        :raises AccessError: where they are
        """
        for vals in vals_list:
            self._check_measured(vals)
        return super().create(vals_list)

    def write(self, vals):
        """A goal whose baseline is kept stays with its figure.

        :raises UserError: where the figure is changed all the same
        """
        self._check_measured(vals)
        if "kpi" in vals and any(
            goal.baseline_date and goal.kpi != vals["kpi"] for goal in self
        ):
            raise UserError(
                self.env._("The baseline of this goal is kept: add a goal for another figure.")
            )
        return super().write(vals)

    def _check_measured(self, vals):
        if not self.env.su and MEASURED & vals.keys():
            raise AccessError(self.env._("Figures of goals are measured, not entered."))

    def action_measure(self):
        """Measure where the figures stand now.

        :raises AccessError: for whoever may not change the programme
        """
        self.check_access("write")
        # sudo: measuring writes what nobody enters
        self.sudo()._measure()

    def action_keep_baseline(self):
        """Keep where the figures stand now as baselines, where none is kept yet.

        :raises AccessError: for whoever may not change the programme
        """
        self.check_access("write")
        # sudo: as for measuring
        self.sudo()._keep_baseline()

    def _keep_baseline(self):
        """What can't be measured yet gets its baseline when it can: at the next call."""
        open_goals = self.filtered(lambda goal: not goal.baseline_date)
        open_goals._measure()
        for goal in open_goals:
            if known(goal.measured_value) is not None:
                goal.write(
                    {"baseline_value": goal.measured_value, "baseline_date": goal.measured_on,
                     "baseline_count": goal.measured_count}
                )  # fmt: skip

    def _measure(self):
        """Each figure once a company."""
        today = self.env["crm.segmentation"]._today()
        for (company, kpi), goals in self.grouped(lambda one: (one.company_id, one.kpi)).items():
            if company:
                value, cases = self.env["crm.programme.kpi"]._measure(kpi, company)
                goals.write(
                    {"measured_value": value, "measured_count": cases, "measured_on": today}
                )
