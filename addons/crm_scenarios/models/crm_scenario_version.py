"""The definition of a scenario as it was when somebody entered it."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.stored_domain import parse_domain

#: fields of the scenario that are frozen with its runs
FROZEN = (
    "applies_to", "trigger", "goal", "goal_amount", "goal_domain", "deadline_days", "holdout",
    "reentry", "reentry_days", "end_on_leave", "pause_days",
)  # fmt: skip


class CrmScenarioVersion(models.Model):
    """What the runs follow. Made by :meth:`crm.scenario._version`, never changed."""

    _name = "crm.scenario.version"
    _description = "Version of a Scenario"
    _order = "scenario_id, number desc"
    _rec_name = "number"

    scenario_id = fields.Many2one("crm.scenario", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="scenario_id.company_id", store=True, index=True)
    number = fields.Integer("Version", required=True, readonly=True, aggregator=None)
    definition = fields.Json(required=True, readonly=True, export_string_translation=False)
    seed = fields.Char(
        readonly=True, groups="crm_segments.group_segments_manager",
        help="With it and the customer's id the assignment can be drawn again.",
    )  # fmt: skip
    holdout = fields.Float("Hold-out (%)", readonly=True, aggregator=None)
    deadline_days = fields.Integer("Days", readonly=True, aggregator=None)
    worths = fields.Json(
        readonly=True, export_string_translation=False,
        groups="crm_segments.group_segments_manager",
        help="Technical: sales per customer more than in the hold-out, by id of the company, "
        "where the difference is sure; written once a day.",
    )  # fmt: skip
    summary = fields.Text("Steps", compute="_compute_summary")

    _number_uniq = models.UniqueIndex("(scenario_id, number)")

    @api.depends("number", "scenario_id")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(name)s, version %(number)s",
                name=version.scenario_id.name, number=version.number,
            )  # fmt: skip

    @api.depends("definition")
    @api.depends_context("lang")
    def _compute_summary(self):
        for version in self:
            steps = (version.definition or {}).get("steps", [])
            version.summary = "\n".join(
                self.env._("%(days)s %(unit)s: %(name)s",
                           days=step["delay"], unit=step["unit"], name=step["name"])
                for step in steps
            )  # fmt: skip

    def _steps(self):
        return self.definition["steps"]

    def _step(self, position):
        """The step at a place, None behind the last."""
        steps = self._steps()
        return steps[position] if position < len(steps) else None


class CrmScenario(models.Model):
    _inherit = "crm.scenario"  # pylint: disable=consider-merging-classes-inherited

    def _version(self):
        """The version in force; a new one if the definition has changed since the last."""
        self.ensure_one()
        # sudo: whoever lets a customer in makes the version
        self = self.sudo().with_context(lang="en_US")  # one definition in all languages
        latest = self.version_ids.sorted("number")[-1:]
        definition = self._definition()
        if latest and latest.definition == definition:
            return latest
        number = (latest.number or 0) + 1
        return self.env["crm.scenario.version"].create(
            {
                "scenario_id": self.id, "number": number, "definition": definition,
                "holdout": self.holdout, "deadline_days": self.deadline_days,
                "seed": f"{self.id}/{number}/{self.env.cr.now().isoformat()}",
            }
        )  # fmt: skip

    def _definition(self):
        """The definition as plain data."""
        return {
            **self._settings(),
            "steps": [template._scenario_step() for template in self.template_ids],
        }

    def _settings(self):
        """The definition without the steps."""
        return {
            **{name: self[name] for name in FROZEN},
            "segments": sorted(self.segment_ids.ids),
            "never_held": sorted(self.holdout_except_ids.ids),
        }

    def _goal_rule(self):
        """The goal's condition as a domain.

        :raises ValidationError: with the reason in the user's words
        """
        return parse_domain(self.env, self.goal_domain, self.applies_to, self.name)
