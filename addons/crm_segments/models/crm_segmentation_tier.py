"""Methods 'tier' (thresholds) and 'abc' (Pareto) on one figure of the customer."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..lib import tiers
from .segment_plan import in_cte


# The model is split by topic, a file each.
class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    method = fields.Selection(
        selection_add=[("tier", "Tiers of a figure"), ("abc", "ABC (Pareto)")],
        ondelete={"tier": "cascade", "abc": "cascade"},
    )
    metric = fields.Selection(
        "_selection_metric", default="revenue_12m", help="The figure that decides."
    )

    margin = fields.Float(
        "Margin (%)",
        help="How far beyond a limit a customer has to be before moving, so that nobody moves "
        "back and forth. Tiers: in % of the limit; ABC: in points of the total; RFM: in points "
        "of the ranking.",
    )

    _margin_range = models.Constraint(
        "CHECK (margin >= 0 AND margin < 100)", "The margin lies between 0 and 100 %."
    )

    @api.model
    def _selection_metric(self):
        """Numeric figures of the customer, as named on the customer."""
        Partner = self.env["res.partner"]
        fields = Partner._fields
        names = [name for name in Partner._customer_metrics() if fields[name].type != "date"]
        described = Partner.fields_get(names, ["string"])
        return [(name, described[name]["string"]) for name in names if name in described]

    @api.constrains("method", "metric", "segment_ids")
    def _check_thresholds(self):
        for segmentation in self.filtered(lambda one: one.method in ("tier", "abc")):
            if not segmentation.metric:
                raise ValidationError(self.env._("Choose the figure that divides the customers."))
            limits = segmentation._limits()
            if problem := tiers.check(limits, share=segmentation.method == "abc"):
                raise ValidationError(segmentation._threshold_message(problem))

    def _default_segments_abc(self):
        return [
            {"name": name, "threshold": limit}
            for name, limit in (("A", 80), ("B", 95), ("C", 100))
        ] + [{"name": self.env._("Nothing"), "is_rest": True, "sequence": 99}]

    def _threshold_message(self, problem):
        return {
            "double": self.env._("Two segments of “%s” have the same limit.", self.name),
            "range": self.env._("The cut-offs of “%s” lie between 0 and 100 %%.", self.name),
        }[problem]

    def _limits(self):
        """Limits of the segments in use, in order of the segments."""
        return [segment.threshold for segment in self.sudo()._ruled_segments()]

    @api.model
    def _definition_fields(self):
        return super()._definition_fields() | {"metric", "margin"}

    def _target_tier(self, company, population):
        """The highest limit that the figure reaches; below all limits nobody.

        With a margin a customer keeps the present tier until the figure is that much,
        in % of the limit, beyond the tier's limits.
        """
        return SQL(
            """
            SELECT p.partner_id, COALESCE(kept.segment_id, tier.segment_id), NULL::text,
                   NULL::float8, kept.segment_id IS DISTINCT FROM tier.segment_id
                       AND kept.segment_id IS NOT NULL
            FROM (%(figures)s) p
            LEFT JOIN (%(limits)s) tier
              ON p.v1 >= tier.low AND (tier.high IS NULL OR p.v1 < tier.high)
            %(kept)s
            WHERE COALESCE(kept.segment_id, tier.segment_id) IS NOT NULL
            """,
            figures=self._population_query(population, self.metric),
            limits=self._bands_sql(),
            kept=self._kept_join(
                SQL(
                    """
                    p.v1 >= b.low - %(margin)s * abs(b.low)
                    AND (b.high IS NULL OR p.v1 < b.high + %(margin)s * abs(b.high))
                    """,
                    margin=self.margin / 100,
                )
            ),
        )

    def _target_abc(self, company, population):
        """Pareto classes of customers whose figure is positive.

        The share of a customer is what the customers strictly before them hold
        of the total, in %; the class is the first whose cut-off is above it. So
        equal customers share a class, and the one who crosses a cut-off still
        belongs above it: class A is never empty. With a margin a customer keeps the
        present class until the share is that many points beyond its cut-offs.
        """
        if self._ranks_nobody():
            return self._nobody()
        return SQL(
            """
            SELECT p.partner_id, COALESCE(kept.segment_id, class.segment_id), NULL::text,
                   ROUND(p.share_before::numeric, 4)::float8,
                   kept.segment_id IS DISTINCT FROM class.segment_id
                       AND kept.segment_id IS NOT NULL
            FROM (
                SELECT partner_id, v1, 100.0 * (
                    SUM(v1) OVER (ORDER BY v1 DESC) - SUM(v1) OVER (PARTITION BY v1)
                ) / SUM(v1) OVER () AS share_before
                FROM (%(figures)s) f WHERE v1 > 0
            ) p
            LEFT JOIN (%(limits)s) class
              ON p.share_before >= class.low AND p.share_before < class.high
            %(kept)s
            WHERE COALESCE(kept.segment_id, class.segment_id) IS NOT NULL AND %(scope)s
            """,
            figures=self._population_query(self._everybody(population), self.metric),
            limits=self._bands_sql(share=True),
            kept=self._kept_join(
                SQL(
                    "p.share_before >= b.low - %(margin)s AND p.share_before < b.high + %(margin)s",
                    margin=self.margin,
                ),
                share=True,
            ),
            scope=self._only(),
        )

    def _kept_join(self, inside, share=False):
        """Join the tier that a customer is in now, where the figure is near enough to it."""
        if not self.margin:
            return SQL("LEFT JOIN (SELECT NULL::int AS segment_id WHERE FALSE) kept ON TRUE")
        return SQL(
            """
            LEFT JOIN (
                SELECT c.partner_id, b.* FROM current c JOIN (%(bands)s) b USING (segment_id)
                WHERE c.segmentation_id = %(segmentation)s AND c.pinned IS NULL
            ) b ON b.partner_id = p.partner_id AND %(inside)s
            LEFT JOIN LATERAL (SELECT b.segment_id) kept ON b.segment_id IS NOT NULL
            """,
            bands=self._bands_sql(share),
            segmentation=self.id,
            inside=inside,
        )

    def _bands_sql(self, share=False):
        """SELECT of (segment_id, low, high): what each limit covers.

        Tiers: from the limit to the next one. Shares: from the cut-off before to the own.
        """
        segments = self.sudo()._ruled_segments().sorted("threshold")
        limits = segments.mapped("threshold")
        lows, highs = ([0, *limits[:-1]], limits) if share else (limits, [*limits[1:], None])
        rows = [
            SQL("(%s, %s::numeric, %s::numeric)", segment.id, low, high)
            for segment, low, high in zip(segments, lows, highs, strict=True)
        ] or [SQL("(NULL::int, NULL::numeric, NULL::numeric)")]
        return SQL(
            "SELECT segment_id, low, high FROM (VALUES %s) v(segment_id, low, high)",
            SQL(", ").join(rows),
        )

    def _evidence_tier(self, segments):
        """The figure and the limit that it reached."""
        return self._measured_evidence(
            segments, SQL("'threshold', l.threshold"), with_limits=True
        )

    def _evidence_abc(self, segments):
        """The figure and the share of those before."""
        return self._measured_evidence(segments, SQL("'share_before', c.measure"))

    def _measured_evidence(self, segments, extra, with_limits=False):
        if not segments:
            return []
        changed = in_cte("changes", "partner_id")
        partners = self.with_context(active_test=False)
        limits = SQL(
            "LEFT JOIN (VALUES %s) l(segment_id, threshold) USING (segment_id)",
            SQL(", ").join(
                SQL("(%s, %s::numeric)", one.id, one.threshold) for one in segments.sudo()
            ),
        )
        return [
            SQL(
                """
                SELECT c.partner_id, c.segment_id, %(basis)s || jsonb_build_object(
                    'metric', %(metric)s::text, 'values',
                    jsonb_build_object(%(metric)s::text, p.v1, %(extra)s))
                FROM changes c JOIN (%(figures)s) p USING (partner_id) %(limits)s
                WHERE c.segment_id = ANY(%(segments)s)
                """,
                basis=self._evidence_basis(self.metric),
                metric=self.metric,
                extra=extra,
                figures=partners._population_query(changed, self.metric),
                limits=limits if with_limits else SQL(),
                segments=segments.ids,
            )
        ]
