"""What the card of a segmentation shows: distribution, money, age of the last run."""

from odoo import api, fields, models
from odoo.tools import SQL


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    last_run_id = fields.Many2one("crm.segmentation.run", "Latest Run", compute="_compute_last_run")
    last_run_date = fields.Datetime("Last Run", compute="_compute_last_run")
    last_run_state = fields.Selection(
        [
            ("never", "Never run"),
            ("waiting", "First run is under way"),
            ("running", "Under way"),
            ("done", "Up to date"),
            ("held", "Waits for Approval"),
            ("failed", "Last run failed"),
        ],
        "State of the Last Run",
        compute="_compute_last_run",
    )
    last_success_date = fields.Datetime(
        "Figures From", compute="_compute_last_run", help="Age of what is displayed."
    )
    last_run_message = fields.Char(compute="_compute_last_run")
    last_run_spared = fields.Integer("Spared", compute="_compute_last_run")
    segment_count = fields.Integer("Number of Segments", compute="_compute_distribution")
    customer_count = fields.Integer("Customers", compute="_compute_distribution")
    # Per segment: id, name, color, customers, share of customers, revenue of the last 12 months
    # and share of revenue (None where the user may not see money). A help would be a tooltip.
    distribution = fields.Json(compute="_compute_distribution", export_string_translation=False)

    @api.depends("run_ids.state", "enabled")
    @api.depends_context("company", "lang")
    def _compute_last_run(self):
        last = self._last_runs()
        successes = self._last_runs([("state", "=", "done")])
        for segmentation in self:
            run = last.get(segmentation._origin.id, self.env["crm.segmentation.run"])
            state = "waiting" if segmentation.enabled and segmentation._origin else "never"
            segmentation.last_run_id = run
            segmentation.last_run_date = run.date_start
            segmentation.last_run_state = run.state or state
            segmentation.last_run_message = run.error or run._held_text() or run.notes_text
            segmentation.last_run_spared = run.spared
            success = successes.get(segmentation._origin.id)
            segmentation.last_success_date = success and success.date_start

    def _last_runs(self, domain=()):
        """Last run of each segmentation in the current company, in one query."""
        Run = self.env["crm.segmentation.run"]
        groups = Run._read_group(
            [
                ("segmentation_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
                ("origin", "!=", "backfill"),
                *domain,
            ],
            ["segmentation_id"],
            ["id:max"],
        )
        return {segmentation.id: Run.browse(run_id) for segmentation, run_id in groups}

    @api.depends("segment_ids", "run_ids")
    @api.depends_context("company", "uid", "lang")
    def _compute_distribution(self):
        # what is being edited keeps the figures of what is saved
        figures = self._origin.segment_ids._segment_figures(("customers", "revenue"))
        for segmentation in self:
            rows = [
                {
                    "id": segment.id,
                    "name": segment.name,
                    "color": segment.color,
                    "customers": figures.get(segment.id, {}).get("customers", 0),
                    "revenue": figures.get(segment.id, {}).get("revenue", 0),
                }
                for segment in segmentation._origin.segment_ids
            ]
            segmentation.segment_count = len(rows)
            segmentation.customer_count = sum(row["customers"] for row in rows)
            segmentation.distribution = segmentation._with_shares(rows)

    def _with_shares(self, rows):
        """Add shares of customers and revenue; a hidden figure stays None."""
        customers = sum(row["customers"] for row in rows)
        visible = self.env["res.partner"]._sees_all_figures()
        revenue = sum(float(row["revenue"] or 0) for row in rows) if visible else 0
        for row in rows:
            row["share"] = row["customers"] / customers if customers else 0
            row["revenue"] = float(row["revenue"] or 0) if visible else None
            row["revenue_share"] = row["revenue"] / revenue if visible and revenue > 0 else None
        return rows

    def _population_figures(self):
        """Figures of everybody in a segmentation: segmentation id → dict as for a segment."""
        if not self.ids:
            return {}
        key = SQL.identifier("s", "segmentation_id")
        return self.env["crm.segment"]._figures_by(key, SQL("%s = ANY(%s)", key, self.ids))
