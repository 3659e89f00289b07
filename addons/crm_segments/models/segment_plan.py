"""A run as an object: which segmentations, in which company, for whom, on which day."""

import zlib
from functools import cached_property

from odoo.fields import Domain
from odoo.tools import SQL

from .past import past_of

#: the target of divisions without segments
NOBODY = SQL("SELECT NULL::int, NULL::int, NULL::int, NULL::text, NULL::float8, FALSE WHERE FALSE")


class SegmentPlan:
    """What one statement divides.

    :ivar segmentations: crm.segmentation records, in the environment of the rules
    :ivar company: res.company, the one that environment is restricted to
    :ivar today: date that the stays begin and end on
    :ivar partner_ids: ids of the customers looked at, None for everybody
    :ivar strata: crm.segment records decided now, None for all of the segmentations
    """

    def __init__(self, segmentations, company, partner_ids=None, strata=None):
        self.segmentations = segmentations
        self.company = company
        self.today = segmentations._today()
        self.partner_ids = partner_ids
        self.strata = strata
        self._names, self._populations, self._targets = {}, {}, []
        self._compile()

    def _compile(self):
        joint = self.segmentations.filtered(self._is_joint)
        if joint:
            compiled = joint._compiled_jointly(self.company, self.today)
            self._add(*compiled)
        for one in self.segmentations - joint:
            part = one._compiled(self.company, self.today, self.strata)
            target = SQL("SELECT %s, x.* FROM (%s) x", one.id, part.target)
            name = part.population_name
            self._add({one.id: name}, {name: part.population}, [target])

    def _is_joint(self, segmentation):
        """Whether its rules are evaluated side by side with those of others."""
        simple = self.scoped and self.strata is None
        return simple and segmentation.method == "rule" and segmentation._compiles_purely()

    def _add(self, names, populations, targets):
        self._names.update(names)
        self._populations.update(populations)
        self._targets += targets

    @property
    def scoped(self):
        """Whether only some customers are looked at."""
        return self.partner_ids is not None

    def sources_sql(self):
        """CTEs ``touched``, one per distinct population, and ``population``."""
        ctes = [
            SQL("%s AS MATERIALIZED (%s)", SQL.identifier(name), sql)
            for name, sql in self._populations.items()
        ]
        ctes.append(
            SQL(
                "population (segmentation_id, partner_id) AS (%s)",
                SQL(" UNION ALL ").join(
                    SQL("SELECT %s, partner_id FROM %s", one, SQL.identifier(name))
                    for one, name in self._names.items()
                ),
            )
        )
        if self.scoped:
            touched = SQL("touched AS MATERIALIZED (SELECT unnest(%s) AS id)", self.partner_ids)
            ctes.insert(0, touched)
        return SQL(", ").join(ctes)

    def target_sql(self):
        """Rows (segmentation_id, partner_id, segment_id, code, measure, held) of all."""
        return SQL(" UNION ALL ").join(self._targets or [NOBODY])

    def scope_sql(self, column):
        """Condition that keeps the customers looked at."""
        return SQL("%s IN (SELECT id FROM touched)", column) if self.scoped else SQL("TRUE")

    def strata_sql(self, column):
        """Condition that keeps the segments decided now; archived ones go with the first."""
        if self.strata is None:
            return SQL("TRUE")
        others = self.segmentations.segment_ids - self.strata
        return SQL("NOT %s = ANY(%s)", column, others.ids)

    @cached_property
    def may_be_pinned(self):
        """Whether pins are to be heeded: none were set in the past.

        Not asked for a few customers: that took longer.
        """
        if self.scoped:
            return True
        if past_of(self.segmentations.env):
            return False
        return bool(
            self.segmentations.env.execute_query(
                SQL(
                    """
                    SELECT FROM crm_segment_membership
                    WHERE segmentation_id = ANY(%s) AND company_id = %s AND date_to IS NULL
                      AND pinned IS NOT NULL LIMIT 1
                    """,
                    self.segmentations.ids,
                    self.company.id,
                )
            )
        )

    def rest_segments(self):
        """Segments for everybody else among those decided now."""
        rest = self.segmentations.segment_ids.filtered(lambda one: one.active and one.is_rest)
        return rest if self.strata is None else rest & self.strata

    def one_each(self):
        """Whether the methods propose at most one segment per customer, so nothing is chosen."""
        return all(
            one.exclusive and not one.minimum_stay_days and one._proposes_one_each()
            for one in self.segmentations
        )


class CompiledTarget:
    """The SQL of one segmentation: who is divided, and who belongs where."""

    __slots__ = ("population", "population_name", "target")

    def __init__(self, population_name, population, target):
        self.population_name = population_name
        self.population = population
        self.target = target


def population_name(domain_text):
    """Name of the CTE of a population; equal populations are computed once."""
    return f"population_{zlib.crc32((domain_text or '').encode()):08x}"


def in_cte(name, column):
    """Domain of the partners whose id is in a column of a CTE of the statement."""
    return Domain.custom(
        to_sql=lambda _model, alias, _query: SQL(
            "%s IN (SELECT %s FROM %s)",
            SQL.identifier(alias, "id"),
            SQL.identifier(column),
            SQL.identifier(name),
        )
    )
