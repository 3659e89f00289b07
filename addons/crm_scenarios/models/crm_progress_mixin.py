"""Work in the background that tells how far it is."""

from odoo import api, fields, models


class CrmProgressMixin(models.AbstractModel):
    """State and steps of a computation; ``crm_progress`` shows them while it runs."""

    _name = "crm.progress.mixin"
    _description = "Progress of a Computation"

    state = fields.Selection(
        [("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        default="waiting",
        readonly=True,
        copy=False,
    )
    step = fields.Integer(readonly=True, aggregator=None, copy=False)
    steps = fields.Integer(readonly=True, aggregator=None, copy=False)
    progress = fields.Json(compute="_compute_progress", export_string_translation=False)
    date = fields.Datetime("Computed On", readonly=True, copy=False)
    seconds = fields.Float(readonly=True, aggregator=None, copy=False)
    error = fields.Char(readonly=True, copy=False)

    @api.depends("state", "step", "steps", "error")
    def _compute_progress(self):
        for record in self:
            record.progress = record._progress()

    def _progress(self):
        return {
            "running": self.state in ("waiting", "running"),
            "waiting": self.state == "waiting",
            "done": self.step,
            "total": self.steps,
            "error": self.error or "",
        }

    @api.readonly
    def progress_now(self):
        """How far the computation is, for the form that follows it.

        :return: dict ``running``, ``waiting``, ``done`` and ``total`` (steps), ``error``
        """
        self.ensure_one()
        self.check_access("read")
        return self._progress()

    def _at_step(self, step, steps=None):
        """Note how far it is; where a cron works, commit, so that others see it."""
        vals = {"state": "running", "step": step} | ({"steps": steps} if steps else {})
        self.write(vals)
        if self.env.context.get("ir_cron_progress_id"):
            self.env["ir.cron"]._commit_progress()
