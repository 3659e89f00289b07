"""Methods 'tier' (thresholds) and 'abc' (Pareto) on one figure of the customer."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..lib import tiers
from .metric_fields import NUMERIC_METRICS


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

    @api.model
    def _selection_metric(self):
        """Numeric figures of the customer, as named on the customer."""
        described = self.env["res.partner"].fields_get(NUMERIC_METRICS, ["string"])
        return [(name, described[name]["string"]) for name in NUMERIC_METRICS if name in described]

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
        return [segment.threshold for segment in self._limited_segments()]

    def _limited_segments(self):
        return self.sudo().segment_ids.filtered(lambda one: one.active and not one.is_rest)

    @api.model
    def _definition_fields(self):
        return super()._definition_fields() | {"metric"}

    def _target_tier(self, company, population):
        """The highest limit that the figure reaches; below all limits nobody."""
        return SQL(
            """
            SELECT p.partner_id, tier.segment_id, NULL::text,
                   jsonb_build_object('metric', %(metric)s::text, 'values',
                       jsonb_build_object(%(metric)s::text, p.v1, 'threshold', tier.threshold))
            FROM (%(figures)s) p
            JOIN LATERAL (
                SELECT t.segment_id, t.threshold FROM (%(limits)s) t
                WHERE t.threshold <= p.v1 ORDER BY t.threshold DESC LIMIT 1
            ) tier ON TRUE
            """,
            metric=self.metric,
            figures=self._population_query(population, self.metric),
            limits=self._limits_sql(),
        )

    def _target_abc(self, company, population):
        """Pareto classes of customers whose figure is positive.

        The share of a customer is what the customers strictly before them hold
        of the total, in %; the class is the first whose cut-off is above it. So
        equal customers share a class, and the one who crosses a cut-off still
        belongs above it: class A is never empty.
        """
        if self._ranks_nobody(company):
            return self._nobody()
        return SQL(
            """
            SELECT p.partner_id, class.segment_id, NULL::text,
                   jsonb_build_object('metric', %(metric)s::text, 'values',
                       jsonb_build_object(%(metric)s::text, p.v1,
                           'share_before', ROUND(p.share_before::numeric, 4)))
            FROM (
                SELECT partner_id, v1, 100.0 * (
                    SUM(v1) OVER (ORDER BY v1 DESC) - SUM(v1) OVER (PARTITION BY v1)
                ) / SUM(v1) OVER () AS share_before
                FROM (%(figures)s) f WHERE v1 > 0
            ) p
            JOIN LATERAL (
                SELECT t.segment_id FROM (%(limits)s) t
                WHERE p.share_before < t.threshold ORDER BY t.threshold LIMIT 1
            ) class ON TRUE %(scope)s
            """,
            metric=self.metric,
            figures=self._population_query(self._everybody(population), self.metric),
            limits=self._limits_sql(),
            scope=self._only(population),
        )

    def _limits_sql(self):
        """SELECT of (segment_id, threshold) of the segments that have a limit."""
        rows = [
            SQL("(%s, %s::numeric)", segment.id, segment.threshold)
            for segment in self._limited_segments()
        ] or [SQL("(NULL::int, NULL::numeric)")]
        return SQL(
            "SELECT segment_id, threshold FROM (VALUES %s) v(segment_id, threshold)",
            SQL(", ").join(rows),
        )
