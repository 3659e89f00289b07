"""Where leads without a customer belong provisionally, by method.

A method that can judge a lead has a method ``_lead_target_<method>(leads)``
that returns the SQL of ``(lead_id, segment_id)``, or None if there is nothing to
judge. Tiers, ABC and RFM have none: a lead has no figures. The segment for
everybody else is never given either: it holds customers of the population, which
is a condition on customers.
"""

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from .stored_domain import domain_field_paths

#: fields that decide whether a lead has provisional segments at all
_ALWAYS = {"partner_id", "active", "company_id"}


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _lead_field_map(self):
        """Field of the customer → field of the lead that says the same.

        A list rather than 'the same name': the type or name of a lead is not that
        of a customer. Fields that either side lacks, such as the source on a
        customer, map nothing. Tags are compared by name, see
        :meth:`_lead_tags_sql`.
        """
        same = ("industry_id", "country_id", "state_id", "city", "user_id", "team_id",
                "source_id", "medium_id", "campaign_id")  # fmt: skip
        return {**{name: name for name in same}, "lang": "lang_code", "category_id": "tag_ids"}

    @api.model
    def _definition_fields(self):
        return super()._definition_fields() | {"method"}

    def _lead_target(self, company):
        """SQL of (lead_id, segment_id) of the leads that this segmentation divides, or None.

        A lead of a company is judged by the segmentations of that company and the
        shared ones, a lead without a company by those of every company; what is
        shown is narrowed to the current company where it is read. Conditions on a
        lead mean the same in each company, so a shared segmentation looks once.

        :raises ValidationError: if a rule can't be used
        """
        self.ensure_one()
        scoped = self.with_env(self._rule_env(self.company_id or company))
        leads = Domain("partner_id", "=", False) & Domain("active", "=", True)
        if self.company_id:
            leads &= Domain("company_id", "in", [False, self.company_id.id])
        if (ids := self.env.context.get("segments_leads")) is not None:
            leads &= Domain("id", "in", ids)
        target = getattr(scoped, f"_lead_target_{self.method}", lambda _leads: None)(leads)
        if target is None or not self.exclusive:
            return target
        return SQL(
            """
            SELECT * FROM (
                SELECT DISTINCT ON (f.lead_id) f.lead_id, f.segment_id
                FROM (%s) f JOIN crm_segment s ON s.id = f.segment_id
                ORDER BY f.lead_id, s.sequence, s.id
            ) first_match
            """,
            target,
        )

    def _lead_target_rule(self, leads):
        """By the rule for leads of each segment that has one."""
        Lead = self.env["crm.lead"]
        parts = []
        for segment in self._ruled_segments():
            rule = segment._lead_rule()
            if rule is not None:
                query = Lead._search(leads & rule)
                parts.append(
                    query.select(
                        SQL("%s AS lead_id", SQL.identifier(Lead._table, "id")),
                        SQL("%s::int AS segment_id", segment.id),
                    )
                )
        return SQL(" UNION ALL ").join(parts) if parts else None

    def _lead_target_field(self, leads):
        """By the lead's own value, where a customer has made a segment of it."""
        name = self.sudo().field_id.name
        own = self._lead_field_map().get(name)
        if name == "category_id":
            values = self._lead_tags_sql(leads)
        elif own in self.env["crm.lead"]._fields and name in self.env["res.partner"]._fields:
            values = self._lead_values_sql(leads, own)
        else:
            return None
        return SQL(
            """
            SELECT DISTINCT v.lead_id, s.id AS segment_id FROM (%(values)s) v
            JOIN crm_segment s ON s.segmentation_id = %(segmentation)s AND s.active
             AND s.value_key = v.value
            """,
            values=values,
            segmentation=self.id,
        )

    def _lead_values_sql(self, leads, name):
        """SELECT of (lead_id, value as text)."""
        Lead = self.env["crm.lead"]
        query = Lead._search(leads & Domain(name, "!=", False))
        value = Lead._field_to_sql(Lead._table, name, query)
        return query.select(
            SQL("%s AS lead_id", SQL.identifier(Lead._table, "id")), SQL("%s::text AS value", value)
        )

    def _lead_tags_sql(self, leads):
        """The same for tags: a lead's tag stands for the customers' tag of equal name."""
        Lead, Tag, Category = (
            self.env[name] for name in ("crm.lead", "crm.tag", "res.partner.category")
        )
        field = Lead._fields["tag_ids"]
        query = Lead._search(leads & Domain("tag_ids", "!=", False))
        lead = SQL.identifier(Lead._table, "id")
        for alias, table, condition in (
            ("own", field.relation,
             SQL("%s = %s", SQL.identifier("own", field.column1), lead)),
            ("tag", Tag._table,
             SQL("%s = %s", SQL.identifier("tag", "id"), SQL.identifier("own", field.column2))),
            ("category", Category._table,
             SQL("LOWER(TRIM(%s)) = LOWER(TRIM(%s))", Tag._field_to_sql("tag", "name", query),
                 Category._field_to_sql("category", "name", query))),
        ):  # fmt: skip
            query.add_join("JOIN", alias, table, condition)
        value = SQL("%s::text AS value", SQL.identifier("category", "id"))
        return query.select(SQL("%s AS lead_id", lead), value)

    @api.model
    def _reads_lead_fields(self, names):
        """Whether a change of these fields of a lead can move it."""
        return not self._lead_fields_read().isdisjoint(names)

    @api.model
    @tools.ormcache("self._draft()")
    def _lead_fields_read(self):
        """Names of the lead fields that segmentations in use read; empty if none judges leads."""
        names = set()
        for segmentation in self._enabled():
            names |= segmentation._own_lead_fields_read()
        return frozenset(self._with_dependencies(names | _ALWAYS, "crm.lead") if names else ())

    def _own_lead_fields_read(self):
        if self.method == "field":
            own = self._lead_field_map().get(self.field_id.name)
            return {own} if own else set()
        paths = []
        for segment in self.segment_ids.filtered("lead_domain") if self.method == "rule" else ():
            paths += domain_field_paths(self._safe_domain(segment._lead_rule) or Domain.TRUE)
        return {path.split(".")[0] for path in paths}
