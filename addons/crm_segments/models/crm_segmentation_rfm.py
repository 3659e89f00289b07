"""Method 'rfm': quintiles of recency, frequency and monetary value over buyers."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..lib import rfm
from .metric_fields import DATE_METRICS
from .segment_plan import in_cte

AXES = ("recency", "frequency", "monetary")


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    method = fields.Selection(selection_add=[("rfm", "RFM")], ondelete={"rfm": "cascade"})
    recency_metric = fields.Selection("_selection_date_metric", default="last_purchase_date")
    frequency_metric = fields.Selection("_selection_metric", default="purchase_count")
    monetary_metric = fields.Selection("_selection_metric", default="revenue_total")

    @api.model
    def _selection_date_metric(self):
        described = self.env["res.partner"].fields_get(DATE_METRICS, ["string"])
        return [(name, described[name]["string"]) for name in DATE_METRICS if name in described]

    @api.constrains("method", "segment_ids")
    def _check_grid(self):
        if self.env.context.get("install_mode"):
            return  # the shipped grid comes segment by segment
        for segmentation in self.filtered(lambda one: one.method == "rfm"):
            cells = [rfm.parse_codes(one.rfm_codes or "") for one in segmentation._ruled_segments()]
            if problem := rfm.partition_problem(cells):
                raise ValidationError(segmentation._grid_message(*problem))

    def _default_segments_rfm(self):
        rest = {"name": self.env._("No purchase yet"), "is_rest": True, "sequence": 99}
        names = self._grid_names()
        cells = [{"name": names[key], "rfm_codes": codes} for key, codes in rfm.GRID.items()]
        return [*cells, rest]

    def _grid_names(self):
        """Names of the usual segments in the user's language."""
        return {
            "Champions": self.env._("Champions"),
            "Loyal": self.env._("Loyal"),
            "Potential Loyalist": self.env._("Potential Loyalist"),
            "Recent Customers": self.env._("Recent Customers"),
            "Promising": self.env._("Promising"),
            "Needing Attention": self.env._("Needing Attention"),
            "About To Sleep": self.env._("About To Sleep"),
            "At Risk": self.env._("At Risk"),
            "Can't Lose": self.env._("Can't Lose"),
            "Hibernating": self.env._("Hibernating"),
            "Lost": self.env._("Lost"),
        }

    def _grid_message(self, problem, code):
        if problem == "double":
            return self.env._("Score %(code)s belongs to two segments.", code=code)
        return self.env._("Score %(code)s belongs to no segment.", code=code)

    def _rfm_metrics(self):
        return [
            self.recency_metric or "last_purchase_date",
            self.frequency_metric or "purchase_count",
            self.monetary_metric or "revenue_total",
        ]

    @api.model
    def _definition_fields(self):
        metrics = {"recency_metric", "frequency_metric", "monetary_metric"}
        return super()._definition_fields() | metrics

    def _target_rfm(self, company, population):
        """SQL of who belongs where: everybody who ever bought, by the cell of the grid.

        Score = 1 + ⌊5 × (buyers strictly worse) / buyers⌋. A measure of which one
        value holds over 80 % of the buyers gives 3 to all. With a margin a customer
        keeps a score until the share of buyers who are worse is that many points beyond it.
        """
        if self._ranks_nobody():
            return self._nobody()
        return SQL(
            """
            SELECT p.partner_id, grid.segment_id, p.cell::text, NULL::float8, p.held
            FROM (%(cells)s) p JOIN (%(grid)s) grid USING (cell) WHERE %(scope)s
            """,
            cells=self._rfm_cells_sql(population),
            grid=self._grid_sql(),
            scope=self._only(),
        )

    def _rfm_cells_sql(self, population):
        """SELECT of (partner_id, cell, held); a cell is the three scores as one number.

        ``OFFSET 0`` keeps the database from computing the scores once per use.
        """
        limits = (self.env.context.get("segments_prepared") or {}).get(self.id) or {}
        fresh = [self._score_sql(axis, limits.get(axis)) for axis in AXES]
        if not self.margin:
            return SQL(
                "SELECT partner_id, FALSE AS held, %s AS cell FROM (%s) buyers OFFSET 0",
                self._cell_sql(fresh),
                self._buyers_sql(population),
            )
        kept = [self._kept_score_sql(axis, limits.get(axis)) for axis in AXES]
        return SQL(
            """
            SELECT partner_id, kept <> fresh AS held, kept AS cell
            FROM (
                SELECT p.partner_id, %(kept)s AS kept, %(fresh)s AS fresh
                FROM (%(buyers)s) p LEFT JOIN current c
                  ON c.partner_id = p.partner_id AND c.segmentation_id = %(segmentation)s
                 AND c.pinned IS NULL
                OFFSET 0
            ) scored
            """,
            kept=self._cell_sql(kept),
            fresh=self._cell_sql(fresh),
            buyers=self._buyers_sql(population),
            segmentation=self.id,
        )

    def _cell_sql(self, scores):
        return SQL("100 * %s + 10 * %s + %s", *scores)

    def _value_sql(self, axis):
        """A buyer's figure; none at all is the worst."""
        column = SQL.identifier(f"v{AXES.index(axis) + 1}")
        dated = axis == "recency"
        return SQL("COALESCE(%s, '-infinity'::date)", column) if dated else column

    def _score_sql(self, axis, limits):
        """1 and one more per limit that the figure exceeds."""
        if not limits or limits["flat"]:
            return SQL("%s", rfm.FLAT_SCORE)
        beyond = [SQL("(%s > %s)::int", self._value_sql(axis), limit) for limit in limits["fresh"]]
        return SQL("(1 + %s)", SQL(" + ").join(beyond))

    def _kept_score_sql(self, axis, limits):
        """The present score where the figure is near enough to it, else the fresh one."""
        fresh = self._score_sql(axis, limits)
        if not limits or limits["flat"]:
            return fresh
        value = self._value_sql(axis)
        near = [
            SQL(
                "WHEN %s THEN %s AND %s",
                score,
                SQL("TRUE") if low is None else SQL("%s > %s", value, low),
                SQL("TRUE") if high is None else SQL("(%s > %s) IS NOT TRUE", value, high),
            )
            for score, low, high in zip(range(1, 6), limits["low"], limits["high"], strict=True)
        ]
        now = SQL("substr(c.code, %s, 1)::int", AXES.index(axis) + 1)
        return SQL(
            "(CASE WHEN CASE %(now)s %(near)s END THEN %(now)s ELSE %(fresh)s END)",
            now=now,
            near=SQL(" ").join(near),
            fresh=fresh,
        )

    def _evidence_rfm(self, segments):
        """The three scores and the figures behind them."""
        if not segments:
            return []
        names = self._rfm_metrics()
        return [
            SQL(
                """
                SELECT c.partner_id, c.segment_id, %(basis)s || jsonb_build_object(
                    'r', substr(c.code, 1, 1)::int, 'f', substr(c.code, 2, 1)::int,
                    'm', substr(c.code, 3, 1)::int, 'values', jsonb_build_object(%(values)s))
                FROM changes c JOIN (%(figures)s) p USING (partner_id)
                WHERE c.segment_id = ANY(%(segments)s)
                """,
                basis=self._evidence_basis(*names),
                values=SQL(", ").join(
                    SQL("%s::text, p.%s", name, SQL.identifier(f"v{index}"))
                    for index, name in enumerate(names, 1)
                ),
                figures=self._figures_of_changes(names),
                segments=segments.ids,
            )
        ]

    def _figures_of_changes(self, names):
        """SELECT of (partner_id, v1, v2, v3) of those whose evidence is written."""
        if table := self._kept_everybody():
            return SQL("SELECT partner_id, v1, v2, v3 FROM %s", table)
        partners = self.with_context(active_test=False)
        return partners._population_query(in_cte("changes", "partner_id"), *names)

    def _notes_rfm(self, company, population):
        """Codes of what the user should know, kept on the run."""
        return [f"flat_{axis}" for axis in self._flat_axes()]

    def _grid_sql(self):
        rows = [
            SQL("(%s, %s)", int(code), segment.id)
            for segment in self._ruled_segments()
            for code in rfm.parse_codes(segment.rfm_codes or "")
        ]
        return SQL(
            "SELECT cell, segment_id FROM (VALUES %s) v(cell, segment_id)", SQL(", ").join(rows)
        )
