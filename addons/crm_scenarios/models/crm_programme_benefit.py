"""What a programme brings beside what it costs, and the reviews of its goals."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.metric_fields import EmptyFloat, EmptyMonetary
from odoo.tools.misc import formatLang

from ..lib import programme_goal


class CrmProgramme(models.Model):
    _inherit = "crm.programme"  # pylint: disable=consider-merging-classes-inherited

    goal_ids = fields.One2many("crm.programme.goal", "programme_id", "Goals", copy=False)
    benefit_full = fields.Monetary(
        "Benefit a Year, All Goals Reached", compute="_compute_benefit",
        help="As assumed on the goals.",
    )  # fmt: skip
    benefit_now = EmptyMonetary(
        "Benefit a Year So Far", compute="_compute_benefit",
        help="Of the goals that can be measured: their worth times the share that is reached.",
    )  # fmt: skip
    payback_full = EmptyFloat(
        "Paid Back After (Years), All Goals Reached", compute="_compute_benefit", digits=(16, 1),
        help="Expected cost by the yearly benefit less what is paid each year. Empty: never.",
    )  # fmt: skip
    payback_now = EmptyFloat(
        "Paid Back After (Years), As It Stands", compute="_compute_benefit", digits=(16, 1)
    )
    benefit_text = fields.Text("Benefit beside Cost", compute="_compute_benefit")

    @api.depends("goal_ids.worth", "goal_ids.benefit", "goal_ids.visible", "amount_expected",
                 "amount_year")  # fmt: skip
    @api.depends_context("uid", "lang")
    def _compute_benefit(self):
        for programme in self:
            goals = programme.goal_ids
            programme.benefit_full = sum(goals.mapped("worth"))
            programme.benefit_now = programme._benefit_now()
            programme.payback_full = programme._payback(programme.benefit_full)
            programme.payback_now = programme._payback(programme.benefit_now)
            programme.benefit_text = "\n".join(programme._benefit_lines()) or False

    def _benefit_now(self):
        """None where no goal can be measured, or the user may not see all of them."""
        goals = self.goal_ids
        measured = [goal.benefit for goal in goals if goal.benefit is not False]
        if not all(goals.mapped("visible")) or not measured:
            return None
        return sum(measured)

    def _payback(self, benefit):
        if benefit is None or benefit is False or not self.amount_expected:
            return None
        return programme_goal.payback(self.amount_expected, benefit, self.amount_year)

    def _benefit_lines(self):
        """The same in words."""
        if not self.goal_ids:
            return []
        cost = formatLang(self.env, self.amount_expected, currency_obj=self.currency_id)
        lines = [
            self._payback_text(
                self.env._("All goals reached"), self.benefit_full, self.payback_full, cost
            )
        ]
        unknown = self.goal_ids.filtered(lambda goal: goal.benefit is False)
        if not all(self.goal_ids.mapped("visible")):
            return [*lines, self.env._("As it stands: you may not see all figures behind it.")]
        if self.benefit_now is not False:
            lines.append(
                self._payback_text(
                    self.env._("As it stands"), self.benefit_now, self.payback_now, cost
                )
            )
        if unknown:
            names = ", ".join(unknown.mapped("display_name"))
            lines.append(self.env._("Not measurable yet: %s", names))
        return lines

    def _payback_text(self, when, benefit, years, cost):
        values = {
            "when": when, "cost": cost,
            "benefit": formatLang(self.env, benefit, currency_obj=self.currency_id),
            "running": formatLang(self.env, self.amount_year, currency_obj=self.currency_id),
        }  # fmt: skip
        if not self.amount_expected:
            return self.env._("%(when)s: %(benefit)s a year; there is no cost yet.", **values)
        if years is False:
            return self.env._(
                "%(when)s: %(benefit)s a year don't cover the %(running)s that are paid each "
                "year: %(cost)s are never paid back.", **values,
            )  # fmt: skip
        return self.env._(
            "%(when)s: %(benefit)s a year, of which %(running)s are paid again: %(cost)s are paid "
            "back after %(years)s years.", **values, years=formatLang(self.env, years, digits=1),
        )  # fmt: skip

    def action_start(self):
        """The figures of the goals are kept as they are at the start."""
        result = super().action_start()
        # sudo: measuring writes what nobody enters; starting was allowed
        self.sudo().goal_ids._keep_baseline()
        return result

    def action_measure(self):
        """Measure the goals now."""
        self.goal_ids.action_measure()

    def action_keep_baseline(self):
        """Keep the baselines of the goals that have none."""
        self.goal_ids.action_keep_baseline()

    @api.model
    def _review_goals(self):
        """Cron, nightly: where the goals stand, and who has to look at them."""
        goals = self.env["crm.programme.goal"].search(
            [("programme_id.is_template", "=", False),
             ("programme_id.state", "in", ["draft", "running", "done"])]
        )  # fmt: skip
        running = goals.filtered(lambda goal: goal.programme_id.state != "draft")
        running._keep_baseline()
        goals._measure()
        running._schedule_reviews()

    def _copy_content(self, new):
        result = super()._copy_content(new)
        self.goal_ids._copy_to(new)
        return result


class CrmProgrammeGoal(models.Model):
    _inherit = "crm.programme.goal"  # pylint: disable=consider-merging-classes-inherited

    def _schedule_reviews(self):
        """An activity for the manager at the day of review, once a day that is set."""
        today = self.env["crm.segmentation"]._today()
        for goal in self.filtered(
            lambda one: one.date_review and one.date_review <= today
            and (not one.reviewed_on or one.reviewed_on < one.date_review)
        ):  # fmt: skip
            programme = goal.programme_id
            programme.activity_schedule(
                "mail.mail_activity_data_todo", goal.date_review,
                self.env._("Review of the goal: %s", goal.display_name),
                user_id=programme.user_id.id or self.env.uid,
            )  # fmt: skip
            goal.reviewed_on = today
