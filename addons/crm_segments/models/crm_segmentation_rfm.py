"""Method 'rfm': quintiles of recency, frequency and monetary value over buyers."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
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
            cells = [rfm.parse_codes(one.rfm_codes or "") for one in segmentation._grid_segments()]
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

    def _grid_segments(self):
        return self.segment_ids.filtered(lambda one: one.active and not one.is_rest)

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
            SELECT p.partner_id, grid.segment_id, p.code, NULL::float8, p.held
            FROM (%(codes)s) p JOIN (%(grid)s) grid ON grid.code = p.code WHERE %(scope)s
            """,
            codes=self._rfm_codes_sql(population),
            grid=self._grid_sql(),
            scope=self._only(),
        )

    def _rfm_codes_sql(self, population):
        """SELECT of (partner_id, code, held)."""
        places = self._rfm_places_sql(population)
        fresh = SQL(" || ").join(self._score_sql(axis) for axis in (1, 2, 3))
        if not self.margin:
            return SQL(
                """
                SELECT partner_id, FALSE AS held,
                       %s AS code
                FROM (%s) places
                """,
                fresh,
                places,
            )
        return SQL(
            """
            SELECT partner_id, kept <> fresh AS held, kept AS code
            FROM (
                SELECT p.partner_id, %(kept)s AS kept,
                       %(fresh)s AS fresh
                FROM (%(places)s) p LEFT JOIN current c
                  ON c.partner_id = p.partner_id AND c.segmentation_id = %(segmentation)s
                 AND c.pinned IS NULL
            ) scored
            """,
            fresh=fresh,
            kept=SQL(" || ").join(self._kept_score_sql(axis) for axis in (1, 2, 3)),
            places=places,
            segmentation=self.id,
        )

    def _score_sql(self, axis):
        return SQL("COALESCE(1 + 5 * %s / n, %s)::text", SQL.identifier(f"w{axis}"), rfm.FLAT_SCORE)

    def _kept_score_sql(self, axis):
        """The present score where the place is near enough to it, else the fresh one."""
        return SQL(
            """
            (CASE WHEN 5.0 * %(worse)s / n >= %(now)s - 1 - %(margin)s
                   AND 5.0 * %(worse)s / n < %(now)s + %(margin)s
                  THEN substr(c.code, %(axis)s, 1) ELSE %(fresh)s END)
            """,
            axis=axis,
            fresh=self._score_sql(axis),
            worse=SQL.identifier(f"w{axis}"),
            now=SQL("substr(c.code, %s, 1)::int", axis),
            margin=self.margin / 20,
        )

    def _rfm_places_sql(self, population):
        """SELECT of partner_id, n buyers and w1…w3: how many of them are strictly worse.

        NULL where an axis can't be ranked.
        """
        flat = (self.env.context.get("segments_prepared") or {}).get(self.id) or ()
        columns = [
            SQL("NULL::bigint")
            if axis in flat
            else SQL("rank() OVER (ORDER BY %s NULLS FIRST) - 1", SQL.identifier(f"v{index}"))
            for index, axis in enumerate(AXES, 1)
        ]
        return SQL(
            "SELECT partner_id, COUNT(*) OVER () AS n, %s AS w1, %s AS w2, %s AS w3 FROM (%s) b",
            *columns,
            self._buyers_sql(population),
        )

    def _evidence_rfm(self, segments):
        """The three scores and the figures behind them."""
        if not segments:
            return []
        names = self._rfm_metrics()
        partners = self.with_context(active_test=False)
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
                figures=partners._population_query(in_cte("changes", "partner_id"), *names),
                segments=segments.ids,
            )
        ]

    def _buyers_sql(self, population):
        buyers = self._everybody(population) & Domain("purchase_count", ">", 0)
        return self._population_query(buyers, *self._rfm_metrics())

    def _prepare_rfm(self, company, population):
        """Axes that can't be ranked, looked up once per run."""
        return () if self._ranks_nobody() else self._flat_axes(population)

    def _flat_axes(self, population):
        """Axes on which one value holds over 80 % of the buyers."""
        shares = [
            SQL(
                "(SELECT MAX(n) / SUM(n) FROM (SELECT COUNT(*) n FROM buyers GROUP BY %s) x)",
                SQL.identifier(f"v{index}"),
            )
            for index in range(1, 4)
        ]
        [row] = self.env.execute_query(
            SQL(
                "WITH buyers AS MATERIALIZED (%s) SELECT %s",
                self._buyers_sql(population),
                SQL(", ").join(shares),
            )
        )
        return [
            axis
            for axis, share in zip(AXES, row, strict=True)
            if share is not None and share > rfm.FLAT_SHARE
        ]

    def _notes_rfm(self, company, population):
        """Codes of what the user should know, kept on the run."""
        return [f"flat_{axis}" for axis in self.env.context["segments_prepared"].get(self.id) or ()]

    def _grid_sql(self):
        rows = [
            SQL("(%s::text, %s)", code, segment.id)
            for segment in self._grid_segments()
            for code in rfm.parse_codes(segment.rfm_codes or "")
        ]
        return SQL(
            "SELECT code, segment_id FROM (VALUES %s) v(code, segment_id)", SQL(", ").join(rows)
        )
