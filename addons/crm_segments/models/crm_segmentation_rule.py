"""Method 'rule': each segment has a domain on customers."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .stored_domain import condition_path, domain_field_paths

#: figures that say where another figure comes from
_RHYTHM = ("last_purchase_date", "interval_expected", "interval_basis")
_EXPLAINED_BY = {"risk_date": _RHYTHM, "lost_date": _RHYTHM}


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _target_rule(self, company, population):
        """SQL of who belongs where, one SELECT per segment.

        :param company: res.company, the one the environment is restricted to
        :param population: Domain on res.partner of who is divided
        """
        parts = [self._rule_select(segment, population) for segment in self._deciding_segments()]
        return SQL(" UNION ALL ").join(parts) if parts else self._nobody()

    def _nobody(self):
        return SQL("SELECT NULL::int, NULL::int, NULL::text, NULL::float8, FALSE WHERE FALSE")

    def _rule_select(self, segment, population):
        Partner = self.env["res.partner"]
        query = Partner._search(population & segment._member_domain())
        return query.select(
            SQL("%s AS partner_id", SQL.identifier(Partner._table, "id")),
            SQL("%s AS segment_id", segment.id),
            SQL("NULL::text AS code"),
            SQL("NULL::float8 AS measure"),
            SQL("FALSE AS held"),
        )

    def _evidence_rule(self, segments):
        """Each condition's verdict and the values that the rule reads, a SELECT per segment."""
        return [self._rule_evidence(segment) for segment in segments]

    def _rule_evidence(self, segment, rows="changes"):
        """SELECT for the customers of a segment in a CTE of changes, or of stays that end."""
        Partner = self.env["res.partner"]
        rule = segment._rule_domain()
        query = self._those_of(rows, segment)
        parts = [self._evidence_basis(*domain_field_paths(rule))]
        parts += self._leaves_sql(rule, query)
        parts += self._included_sql(segment)
        parts += self._values_of_rule_sql(rule, query)
        return query.select(
            SQL.identifier(Partner._table, "id"),
            SQL("%s", segment.id),
            SQL(" || ").join(parts),
        )

    def _those_of(self, rows, segment):
        """Query of the customers of a segment in a CTE, archived ones too."""
        found = Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s IN (SELECT partner_id FROM %s WHERE segment_id = %s)",
                SQL.identifier(alias, "id"),
                SQL.identifier(rows),
                segment.id,
            )
        )
        return self.env["res.partner"].with_context(active_test=False)._search(found)

    def _leaves_sql(self, rule, query):
        """``{"leaves": [verdict of each condition]}``, compiled as in the rule itself."""
        Partner = self.env["res.partner"]
        leaves = [
            leaf.optimize_full(Partner)._to_sql(Partner, Partner._table, query)
            for leaf in rule.iter_conditions()
        ]
        if not leaves:
            return []
        return [SQL("jsonb_build_object('leaves', jsonb_build_array(%s))", SQL(", ").join(leaves))]

    def _included_sql(self, segment):
        """``{"include": [ids of the included segments the customer is in]}``."""
        if not segment.include_segment_ids:
            return []
        return [
            SQL(
                """
                jsonb_build_object('include', (
                    SELECT COALESCE(jsonb_agg(m.segment_id ORDER BY m.segment_id), '[]')
                    FROM crm_segment_membership m
                    WHERE m.partner_id = %s AND m.company_id = %s AND m.date_to IS NULL
                      AND m.pinned IS DISTINCT FROM 'out' AND m.segment_id = ANY(%s)))
                """,
                SQL.identifier("res_partner", "id"),
                self.env.company.id,
                segment.include_segment_ids.ids,
            )
        ]

    def _values_of_rule_sql(self, rule, query):
        """``{"values": {field: value}}`` of the fields that the rule reads."""
        names = self._evidence_fields(rule, lists=True) + self._evidence_paths(rule)
        return self._named_values_sql(names, query)

    def _evidence_paths(self, rule):
        """Paths over related records that the conditions read, each once."""
        paths = filter(None, map(condition_path, rule.iter_conditions()))
        return [path for path in dict.fromkeys(paths) if self._readable_path(path)]

    def _named_values_sql(self, names, query):
        """``{"values": {field: value}}`` of the fields."""
        Partner = self.env["res.partner"]
        pairs = []
        for name in names:
            if "." in name:
                column = self._path_sql(name, query)
            elif name in Partner._fields and Partner._fields[name].type == "many2many":
                column = self._linked_sql(Partner._fields[name])
            else:
                read = Partner._metric_to_sql if name in _RHYTHM else Partner._field_to_sql
                column = read(Partner._table, name, query)
            pairs += [SQL("%s::text", name), column]
        if not pairs:
            return []
        values = SQL(", ").join(pairs)
        return [SQL("jsonb_build_object('values', jsonb_build_object(%s))", values)]

    def _linked_sql(self, field):
        """Ids of the records that a customer is linked to, such as its tags, as a JSON array."""
        return SQL(
            "(SELECT COALESCE(jsonb_agg(r.%(linked)s ORDER BY r.%(linked)s), '[]')"
            " FROM %(relation)s r WHERE r.%(owner)s = %(id)s)",
            linked=SQL.identifier(field.column2),
            relation=SQL.identifier(field.relation),
            owner=SQL.identifier(field.column1),
            id=SQL.identifier("res_partner", "id"),
        )

    def _evidence_fields(self, domain, lists=False):
        """Names of the fields of the rule that hold one value per customer; or a list, if asked."""
        names = []
        for path in domain_field_paths(domain):
            names += [path, *_EXPLAINED_BY.get(path, ())]
        return self._one_value(names, lists)

    def _one_value(self, names, lists=False):
        """Those of the fields that hold one value per customer, each once; or a list, if asked."""
        Partner = self.env["res.partner"]
        fields, metrics = Partner._fields, Partner._customer_metrics()
        return [
            name
            for name in dict.fromkeys(names)
            if name in metrics
            or name in _RHYTHM
            or (name in fields and fields[name].store and fields[name].column_type)
            or (lists and name in fields and fields[name].store
                and fields[name].type == "many2many")
        ]
