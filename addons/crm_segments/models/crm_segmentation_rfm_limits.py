"""What RFM looks up before it places anybody: buyers, and the figures at which scores change."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lib import rfm
from .crm_segmentation_rfm import AXES


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _buyers_sql(self, population):
        """SELECT of the buyers with their figures ``v1`` … ``v3``."""
        if table := self._kept_everybody():
            return SQL("SELECT partner_id, v1, v2, v3 FROM %s WHERE v4 > 0", table)
        buyers = self._everybody(population) & Domain("purchase_count", ">", 0)
        return self._population_query(buyers, *self._rfm_metrics())

    def _keep_everybody(self, population):
        """Where everybody is placed, read them once: who is divided, the limits, the scores.

        :return: name of a temporary table, None where few are placed
        """
        if self.env.context.get("segments_scope") is not None:
            return None
        name = f"crm_rfm_everybody_{self.id}"
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier("pg_temp", name)))
        self.env.cr.execute(
            SQL(
                "CREATE TEMP TABLE %s ON COMMIT DROP AS %s",
                SQL.identifier(name),
                self._population_query(population, *self._rfm_metrics(), "purchase_count"),
            )
        )
        return name

    def _kept_everybody(self):
        """The table of :meth:`_keep_everybody` as SQL, None where there is none."""
        prepared = (self.env.context.get("segments_prepared") or {}).get(self.id) or {}
        return prepared.get("everybody") and SQL.identifier(prepared["everybody"])

    def _compile_population(self, company):
        """Who is divided was read with the figures."""
        if self.method == "rfm" and (table := self._kept_everybody()):
            return SQL("SELECT partner_id FROM %s", table)
        return super()._compile_population(company)

    def _prepare_rfm(self, company, population):
        """The figures at which scores change, per axis, looked up once per run.

        :return: dict of axis → dict of ``flat`` (one value holds over 80 % of the
            buyers), ``fresh`` (four limits), ``low`` and ``high`` (of each score, with the
            margin), and ``everybody``, see :meth:`_keep_everybody`
        """
        if self._ranks_nobody():
            return {}
        kept = self._keep_everybody(population)
        self = self.with_context(segments_prepared={self.id: {"everybody": kept}})
        fractions = rfm.fractions(self.margin)
        wanted = sorted({one for part in fractions.values() for one in part if one is not None})
        limits = {}
        for axis, found in zip(AXES, self._limits_of_buyers(population, wanted), strict=True):
            known = {None: None, **dict(zip(wanted, found or [None] * len(wanted), strict=True))}
            limits[axis] = {name: [known[one] for one in part] for name, part in fractions.items()}
        flat = self._flat_among(population, limits)
        told = {axis: {**limits[axis], "flat": axis in flat} for axis in AXES}
        return {**told, "everybody": kept}

    def _limits_of_buyers(self, population, fractions):
        """Per axis the figures at these fractions of the ranked buyers, as text.

        ``percentile_disc(f)`` is the ⌈f × n⌉th smallest figure: who exceeds it has at least
        so many buyers strictly below.
        """
        limits = [
            SQL(
                "percentile_disc(%s::float8[]) WITHIN GROUP (ORDER BY %s)::text[]",
                fractions,
                self._value_sql(axis),
            )
            for axis in AXES
        ]
        [row] = self.env.execute_query(
            SQL("SELECT %s FROM (%s) buyers", SQL(", ").join(limits), self._buyers_sql(population))
        )
        return row

    def _flat_among(self, population, limits):
        """Axes on which one figure is that of over 80 % of the buyers.

        Such a figure is the limit of the first fifth and of the last: mostly there is none
        to count.
        """
        same = {
            axis: found["fresh"][0]
            for axis, found in limits.items()
            if found["fresh"][0] is not None and found["fresh"][0] == found["fresh"][-1]
        }
        if not same:
            return []
        counts = [
            SQL(
                "COUNT(*) FILTER (WHERE %s = %s) > %s * COUNT(*)",
                self._value_sql(axis),
                figure,
                rfm.FLAT_SHARE,
            )
            for axis, figure in same.items()
        ]
        [row] = self.env.execute_query(
            SQL("SELECT %s FROM (%s) buyers", SQL(", ").join(counts), self._buyers_sql(population))
        )
        return [axis for axis, flat in zip(same, row, strict=True) if flat]

    def _flat_axes(self):
        """Axes that can't be ranked, as this run has found them."""
        limits = (self.env.context.get("segments_prepared") or {}).get(self.id) or {}
        return [axis for axis in AXES if limits.get(axis, {}).get("flat")]
