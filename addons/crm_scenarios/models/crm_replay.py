"""Replay: what the advice would have been on a past day, and what followed."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.metric_fields import ALL_FIGURES_GROUPS
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date

#: a shorter time after the day says little
LEAST_DAYS = 7


class CrmReplay(models.Model):
    """Segments, recommendations and due dates as of a day, computed from what was known then only,
    beside what customers did afterwards. Changes nothing and tells nobody.

    Results are written by :meth:`action_run` and the cron (``crm_replay_run.py``).
    """

    _name = "crm.replay"
    _inherit = "crm.progress.mixin"
    _description = "Replay of the Past"
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    as_of = fields.Date(
        required=True,
        default=lambda self: self._default_as_of(),
        help="Nothing that is dated after this day is known to the advice.",
    )
    days = fields.Integer(
        "Days That Followed",
        required=True,
        default=90,
        aggregator=None,
        help="So long after the day it is looked what customers did.",
    )
    state = fields.Selection(selection_add=[("new", "New"), ("waiting",)], default="new")
    result = fields.Json(readonly=True, copy=False, export_string_translation=False)
    result_money = fields.Json(
        readonly=True, copy=False, groups=ALL_FIGURES_GROUPS, export_string_translation=False
    )

    _long_enough = models.Constraint(
        "CHECK (days BETWEEN 7 AND 730)", "Look at 7 to 730 days after the day."
    )

    @api.model
    def _default_as_of(self):
        return fields.Date.subtract(self.env["crm.segmentation"]._today(), days=90)

    @api.depends("as_of", "days")
    @api.depends_context("lang")
    def _compute_name(self):
        for replay in self:
            day = format_date(self.env, replay.as_of) if replay.as_of else ""
            replay.name = self.env._("As of %(day)s, %(days)s days", day=day, days=replay.days)

    @api.constrains("as_of")
    def _check_as_of(self):
        today = self.env["crm.segmentation"]._today()
        for replay in self:
            if (today - replay.as_of).days < LEAST_DAYS:
                raise ValidationError(
                    self.env._(
                        "Choose a day at least %s days ago: what followed is looked at.", LEAST_DAYS
                    )
                )

    def _until(self):
        """The last day that is looked at: what has not come yet can't be."""
        today = self.env["crm.segmentation"]._today()
        return min(fields.Date.add(self.as_of, days=self.days), today)

    @api.model
    def _check_may_run(self):
        if not (self.env.su or self.env.user.has_group("crm_segments.group_segments_manager")):
            raise AccessError(self.env._("Only managers of segments may replay the past."))

    def action_run(self):
        """Compute: at once where there is little, otherwise in the background.

        :return: True
        :raises AccessError: for users who are no managers of segments
        """
        self._check_may_run()
        self.check_access("write")
        # sudo: the advice is learnt from all customers, whoever asks; what of the result is told
        # is decided where it is read
        replays = self.sudo()
        replays.write({"state": "waiting", "step": 0, "error": False})
        for replay in replays:
            if replay._is_small():
                replay._run()
        if any(replay.state == "waiting" for replay in replays):
            self.env.ref("crm_scenarios.ir_cron_replay").sudo()._trigger()
        return True
