"""Asks how far back the past of a segmentation is computed."""

from odoo import api, fields, models
from odoo.tools import format_date

#: customers × months that are computed while the user waits
AT_ONCE = 60_000


class CrmSegmentationBackfill(models.TransientModel):
    _name = "crm.segmentation.backfill"
    _description = "Compute the Past of a Segmentation"

    segmentation_id = fields.Many2one(
        "crm.segmentation", required=True, readonly=True, ondelete="cascade"
    )
    months = fields.Integer(
        default=12, required=True, help="Month-ends before today, as far as there are documents."
    )
    history_text = fields.Char(compute="_compute_history_text")

    @api.depends("segmentation_id")
    def _compute_history_text(self):
        for wizard in self:
            since = wizard.segmentation_id.history_since
            wizard.history_text = since and self.env._(
                "The past is known from %s on.", format_date(self.env, since)
            )

    def action_compute(self):
        """Compute now, or in the background where that takes long.

        :raises AccessError: for users who may not manage segmentations
        :raises UserError: for more months than can be computed
        """
        self.ensure_one()
        segmentation = self.segmentation_id
        segmentation._check_past(self.months)
        if segmentation.customer_count * self.months > AT_ONCE:
            segmentation._ask_for_past(self.months)
            return segmentation._notify(
                "info",
                self.env._("In the background"),
                self.env._("The past is being computed; “Runs” tells when it is there."),
            )
        runs = segmentation.backfill(self.months)
        runs = runs.filtered(lambda run: run.company_id in self.env.companies)
        return segmentation._tell_past(runs)
