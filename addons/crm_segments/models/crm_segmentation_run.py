"""The record of a run: when, why, what moved, or why it failed."""

from odoo import api, fields, models


class CrmSegmentationRun(models.Model):
    _name = "crm.segmentation.run"
    _description = "Segmentation Run"
    _order = "date_start desc, id desc"
    _rec_name = "segmentation_id"

    segmentation_id = fields.Many2one(
        "crm.segmentation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    date_start = fields.Datetime("Started", required=True, default=fields.Datetime.now)
    seconds = fields.Float(aggregator=None)
    origin = fields.Selection(
        [("manual", "By hand"), ("cron", "Scheduled"), ("event", "When a customer was saved"),
         ("backfill", "For the past")],
        required=True,
        default="manual",
    )
    state = fields.Selection(
        [
            ("running", "Under way"),
            ("done", "Done"),
            ("held", "Waits for Approval"),
            ("failed", "Failed"),
        ],
        required=True,
    )
    joined = fields.Integer()
    left = fields.Integer()
    kept = fields.Integer()
    spared = fields.Integer(
        help="Customers whom the minimum stay or the margin kept from moving back and forth.",
    )
    moved = fields.Integer(
        "Customers Moved",
        help="Customers who left a segment they were in. Of a run that waits because of those "
        "who would join, them too.",
    )
    members = fields.Integer(
        "Customers Before",
        help="Customers in a segment before the run. Of a run that waits because of those who "
        "would join, all who are divided.",
    )
    definition_key = fields.Char(
        readonly=True,
        groups="base.group_system",  # limits could be found out by trying
        export_string_translation=False,
        help="Technical: digest of the definition.",
    )
    error = fields.Text("Why It Failed")
    notes = fields.Json("Codes of Notes", export_string_translation=False)
    notes_text = fields.Char("Notes", compute="_compute_notes_text")

    @api.depends("notes")
    @api.depends_context("lang")
    def _compute_notes_text(self):
        for run in self:
            run.notes_text = " ".join(run._note_text(note) for note in run.notes or [])

    def _note_text(self, note):
        return {
            "followers_failed": self.env._(
                "What another app does when customers join or leave failed; an administrator "
                "finds the reason in the log."
            ),
            "no_segments": self.env._("There are no segments yet: add some below."),
            "flat_recency": self.env._(
                "Over 80 % of the buyers bought on one day: recency can't be ranked, "
                "everybody gets 3."
            ),
            "flat_frequency": self.env._(
                "Over 80 % of the buyers bought equally often: frequency can't be ranked, "
                "everybody gets 3."
            ),
            "flat_monetary": self.env._(
                "Over 80 % of the buyers spent the same: monetary value can't be ranked, "
                "everybody gets 3."
            ),
        }.get(note, note)

    def _held_text(self):
        """Why a run stopped before writing, and what would happen; empty for others."""
        if self.state != "held":
            return ""
        return self.env._(
            "The run stopped before changing anything: %(moved)s of %(members)s customers would "
            "join or leave a segment. Accept the run if that is right.",
            moved=self.moved,
            members=self.members,
        )

    def _summary(self):
        """What moved, in one sentence."""
        return self.env._(
            "%(joined)s joined, %(left)s left, %(kept)s stayed.",
            joined=sum(self.mapped("joined")),
            left=sum(self.mapped("left")),
            kept=sum(self.mapped("kept")),
        )

    @api.autovacuum
    def _gc_runs(self):
        """Keep a year of runs."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), years=1)
        self.search([("date_start", "<", limit)], limit=10_000).unlink()
