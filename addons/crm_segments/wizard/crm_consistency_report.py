"""The result of the consistency check on the screen of an administrator."""

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools.misc import formatLang

#: records that a finding opens at most
OPENED = 10_000


class CrmConsistencyReport(models.TransientModel):
    """What was compared, and what was found; made anew by each check."""

    _name = "crm.consistency.report"
    _description = "Result of the Consistency Check"

    date = fields.Datetime("Checked", readonly=True, default=fields.Datetime.now)
    line_ids = fields.One2many("crm.consistency.line", "report_id", "Checks", readonly=True)
    checked = fields.Integer("Rows Compared", compute="_compute_totals")
    wrong = fields.Integer("Findings", compute="_compute_totals")
    waiting = fields.Integer(compute="_compute_totals")
    failed = fields.Integer("Checks That Failed", compute="_compute_totals")
    seconds = fields.Float(compute="_compute_totals")
    summary = fields.Char(compute="_compute_totals")
    mendable = fields.Boolean(compute="_compute_totals")
    started = fields.Boolean("Rebuild Started", readonly=True)

    @api.depends_context("lang")
    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._("Consistency Check")

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_totals(self):
        for report in self:
            lines = report.line_ids
            report.checked = sum(lines.mapped("checked"))
            report.wrong = sum(lines.mapped("wrong"))
            report.waiting = sum(lines.mapped("waiting"))
            report.failed = len(lines.filtered("error"))
            report.seconds = sum(lines.mapped("seconds"))
            report.summary = report._summary()
            report.mendable = any(lines.filtered("wrong").mapped("cron"))

    def _summary(self):
        """One sentence for what the check was and what came of it."""
        numbers = {
            "rows": formatLang(self.env, self.checked, digits=0),
            "seconds": formatLang(self.env, self.seconds, digits=1),
            "findings": self.wrong, "failed": self.failed,
        }  # fmt: skip
        if self.failed:
            return self.env._(
                "Findings: %(findings)s. Checks that failed: %(failed)s. Rows compared: %(rows)s.",
                **numbers,
            )
        if self.wrong:
            return self.env._("Findings: %(findings)s. Rows compared: %(rows)s.", **numbers)
        return self.env._(
            "Nothing found. Rows compared: %(rows)s, in %(seconds)s seconds.", **numbers
        )

    @api.model
    def action_check(self):
        """Compare, and show the result.

        :return: action of the screen
        :raises AccessError: for users who are not administrators
        """
        results = self.env["crm.consistency"].check()
        lines = [Command.create(self._line_vals(result)) for result in results]
        report = self.create({"line_ids": lines})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Consistency Check"),
            "res_model": self._name,
            "res_id": report.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def action_again(self):
        """Compare once more."""
        return self.action_check() | {"target": "main"}

    def action_rebuild(self):
        """Start what mends the findings, in the background."""
        self.ensure_one()
        self.env["crm.consistency"]._check_admin()
        for xmlid in sorted({line.cron for line in self.line_ids if line.wrong and line.cron}):
            if cron := self.env.ref(xmlid, raise_if_not_found=False):
                # sudo: an administrator may start it, whatever else they may do with it
                cron.sudo()._trigger()
        self.started = True
        return True

    def _line_vals(self, result):
        names = ("name", "company_id", "checked", "mend", "cron", "seconds", "error")
        return {
            **{name: result[name] for name in names},
            "wrong": len(result["wrong"]),
            "waiting": len(result["waiting"]),
            "res_model": result["model"],
            "res_ids": (result["wrong"] or result["waiting"])[:OPENED],
        }


class CrmConsistencyLine(models.TransientModel):
    """One check in one company."""

    _name = "crm.consistency.line"
    _description = "Line of the Consistency Check"
    _order = "state desc, id"

    report_id = fields.Many2one("crm.consistency.report", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", readonly=True)
    name = fields.Char("What Was Compared", readonly=True)
    state = fields.Selection(
        [("a_fine", "Fine"), ("b_waiting", "Waits"), ("c_wrong", "Found")],
        "Result", compute="_compute_state", store=True,
    )  # fmt: skip
    checked = fields.Integer("Rows", readonly=True)
    wrong = fields.Integer("Findings", readonly=True)
    waiting = fields.Integer(
        readonly=True,
        help="They differ because work for them is still to be done: the next scheduled run does "
        "it.",
    )
    seconds = fields.Float(readonly=True)
    error = fields.Char("Could Not Be Checked", readonly=True)
    mend = fields.Char("What to Do", readonly=True)
    advice = fields.Char("What to Do Now", compute="_compute_advice")
    cron = fields.Char(readonly=True, export_string_translation=False)
    res_model = fields.Char(readonly=True, export_string_translation=False)
    res_ids = fields.Json(readonly=True, export_string_translation=False)

    @api.depends("wrong", "waiting", "error")
    def _compute_state(self):
        for line in self:
            bad = line.wrong or line.error
            line.state = "c_wrong" if bad else "b_waiting" if line.waiting else "a_fine"

    @api.depends("state", "error", "mend")
    def _compute_advice(self):
        for line in self:
            if line.error:
                line.advice = self.env._("It could not be checked: %(why)s", why=line.error)
            elif line.state == "b_waiting":
                line.advice = self.env._("Nothing: the next scheduled run does it.")
            else:
                line.advice = line.mend if line.wrong else False

    def action_open(self):
        """Open the records that were found."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.res_ids or [])],
            "context": {"active_test": False},
        }
