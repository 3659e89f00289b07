"""From a definition to SQL: who is divided, who belongs where, and why."""

import json

from odoo import api, models, tools
from odoo.tools import SQL

from .past import past_of
from .segment_plan import CompiledTarget, in_cte, population_name
from .stored_domain import checked_domain, domain_field_paths

#: fields without a column whose conditions compile to SQL without asking the database
_PURE_SEARCHES = {"is_crm_customer", "segment_ids"}
#: operators that the host resolves by reading records while it compiles
_RESOLVED_OPERATORS = {"child_of", "parent_of", "any", "not any", "any!", "not any!"}


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _compiled(self, company, today, strata=None):
        """The SQL of this segmentation, kept between calls where that is safe.

        :param company: res.company, the one the environment is restricted to
        :param date today: relative dates in rules are resolved when they are compiled
        :param strata: crm.segment records to decide, None for all
        :return: CompiledTarget
        """
        self.ensure_one()
        scoped = self.env.context.get("segments_scope") is not None
        if scoped and strata is None and self._compiles_purely():
            return self._compiled_once(company, today)
        return self._compile(company, strata)

    @tools.ormcache("self._draft()", "self.id", "company.id", "today")
    def _compiled_once(self, company, today):
        return self._compile(company)

    def _compile(self, company, strata=None):
        name = population_name(self.sudo().domain)
        scoped = self if strata is None else self.with_context(segments_strata=strata.ids)
        target = getattr(scoped, f"_target_{self.method}")(company, in_cte(name, "partner_id"))
        return CompiledTarget(name, self._compile_population(company), target)

    def _compile_population(self, company):
        """Who is divided; of them only those that are placed, where some are."""
        population = self._divided_domain(company)
        if self.env.context.get("segments_scope") is not None:
            population &= in_cte("touched", "id")
        return self._population_query(population)

    @api.model
    @tools.ormcache("text", "model_name", "today", "day")
    def _checked_domain(self, text, model_name, today, day):  # pylint: disable=unused-argument
        """A domain is read and checked once a day: it is the same for everybody.

        :param date today: the day that relative dates are counted from
        :param date day: the same, None unless it was asked for by the context
        """
        return checked_domain(self.env, text, model_name)

    @tools.ormcache("self._draft()", "self._ids", "company.id", "today")
    def _compiled_jointly(self, company, today):
        """The SQL of divisions by rules for a few customers: each customer is read once.

        One SELECT per population, with all conditions side by side, is planned in a
        fraction of the time of a SELECT per rule.

        :return: tuple of dicts: segmentation id → name of its population, name → its SQL,
            and the list of SELECTs (segmentation, partner, segment, code, measure, held)
        """
        names = {one.id: population_name(one.sudo().domain) for one in self}
        populations, selects = {}, []
        for name in dict.fromkeys(names.values()):
            group = self.filtered(lambda one: names[one.id] == name)  # noqa: B023
            populations[name] = group[0]._compile_population(company)
            selects += group._joint_select(name)
        return names, populations, selects

    def _joint_select(self, name):
        Partner = self.env["res.partner"]
        query = Partner._search(in_cte(name, "partner_id"))
        rows = [
            SQL(
                "(%s, %s, %s)",
                segmentation.id,
                segment.id,
                segment._member_domain()
                .optimize_full(Partner)
                ._to_sql(Partner, Partner._table, query),
            )
            for segmentation in self
            for segment in segmentation._deciding_segments()
        ]
        if not rows:
            return []
        return [
            SQL(
                """
                SELECT fit.segmentation_id, %(id)s, fit.segment_id, NULL::text, NULL::float8, FALSE
                FROM %(tables)s
                CROSS JOIN LATERAL (VALUES %(rows)s) fit(segmentation_id, segment_id, fits)
                WHERE %(where)s AND fit.fits
                """,
                id=SQL.identifier(Partner._table, "id"),
                tables=query.from_clause,
                rows=SQL(", ").join(rows),
                where=query.where_clause,
            )
        ]

    def _deciding_segments(self):
        """Segments that a statement decides now; 'everybody else' needs no rule."""
        segments = self._ruled_segments()
        strata = self.env.context.get("segments_strata")
        return segments if strata is None else segments.filtered(lambda one: one.id in strata)

    @tools.ormcache("self._draft()", "self.id")
    def _compiles_purely(self):
        """Whether the SQL depends on nothing but the definition, the company and the day."""
        if self.method not in ("rule", "tier"):
            return False
        domains = [self._population_domain()]
        if self.method == "rule":
            domains += [segment._rule_domain() for segment in self.segment_ids]
        return all(self._is_pure(domain) for domain in domains)

    def _is_pure(self, domain):
        partners = self.env["res.partner"]
        return all(
            condition.operator not in _RESOLVED_OPERATORS
            and self._is_pure_path(partners, condition.field_expr, condition)
            for condition in domain.iter_conditions()
        )

    def _is_pure_path(self, model, path, condition):
        """Whether a condition on a path of stored fields compiles without asking the database."""
        name, _dot, rest = path.partition(".")
        field = model._fields.get(name)
        if field is None:
            return False
        if rest:
            stored = field.relational and field.store
            return stored and self._is_pure_path(self.env[field.comodel_name], rest, condition)
        if field.relational and not self._compares_ids(condition):
            return False
        if name in _PURE_SEARCHES | self.env["res.partner"]._customer_metrics().keys():
            return model._name == "res.partner"
        return bool(field.store and field.column_type)

    def _compares_ids(self, condition):
        """Names of related records would be looked up; their ids need not."""
        values = condition.value
        values = values if isinstance(values, (list, tuple, set, frozenset)) else [values]
        return all(isinstance(value, int) for value in values)

    def _proposes_one_each(self):
        """Whether the method itself proposes at most one segment per customer."""
        return self.method in ("tier", "abc", "rfm")

    def _evidence_sql(self, segments=None):
        """SELECT of (partner_id, segment_id, evidence) for the rows of the CTE ``changes``.

        :param segments: crm.segment records that occur there, None for all
        """
        past = past_of(self.env)
        if past and not past.explained:
            return self._no_evidence()
        parts = []
        for segmentation in self:
            occur = self.segment_ids if segments is None else segments
            explain = getattr(segmentation, f"_evidence_{segmentation.method}")
            own = (occur & segmentation.segment_ids).filtered(lambda s: not s.is_rest)
            # all that is read of segments is read of those of all segmentations at once
            parts += explain(own.with_prefetch(occur.ids))
            rest = (occur & segmentation.segment_ids).filtered("is_rest")
            parts += [segmentation._evidence_rest(one) for one in rest]
        return SQL(" UNION ALL ").join(parts or [self._no_evidence()])

    def _evidence_rest(self, segment):
        """Everybody else: which rules fitted nobody is all that there is to say, so a constant."""
        return SQL(
            "SELECT partner_id, segment_id, %s FROM changes WHERE segment_id = %s",
            self._evidence_basis(),
            segment.id,
        )

    @tools.ormcache("self._draft()", "self.id")
    def _population_paths(self):
        """Field paths that the population reads, besides what each has: being a customer."""
        paths = domain_field_paths(self._safe_domain(self._population_domain))
        return [path for path in paths if path != "is_crm_customer"]

    def _no_evidence(self):
        return SQL("SELECT NULL::int, NULL::int, NULL::jsonb WHERE FALSE")

    def _evidence_basis(self, *names):
        """What every decision carries: what figures were counted from, and which definition.

        :param names: names of the partner fields that decide, besides those of the population
        """
        basis = {}
        names = [*names, *self._population_paths()]
        if not self.env["res.partner"]._customer_metrics().keys().isdisjoint(names):
            basis["basis"] = self.env.company.crm_sales_basis
        if version := self._version_ids().get(self.id):
            basis["version"] = version
        if past := past_of(self.env):
            basis["asof"] = past.day.isoformat()
            if today := past.taken_as_today(names, self.env["res.partner"]):
                basis["today_fields"] = today
        return SQL("%s::jsonb", json.dumps(basis))
