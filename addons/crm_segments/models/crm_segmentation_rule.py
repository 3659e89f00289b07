"""Method 'rule': each segment has a domain on customers."""

from odoo import models
from odoo.tools import SQL

from .metric_fields import METRICS
from .stored_domain import domain_field_paths

#: figures that say where another figure comes from
_RHYTHM = ("last_purchase_date", "interval_expected", "interval_basis")
_EXPLAINED_BY = {"risk_date": _RHYTHM, "lost_date": _RHYTHM}


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _target_rule(self, company, population):
        """SQL of (partner_id, segment_id, code, evidence), one SELECT per segment.

        :param company: res.company, the one the environment is restricted to
        :param population: Domain on res.partner of who is divided
        """
        parts = [
            self._rule_select(segment, population)
            for segment in self.segment_ids.filtered(lambda one: one.active and not one.is_rest)
        ]
        return SQL(" UNION ALL ").join(parts) if parts else self._nobody()

    def _nobody(self):
        return SQL("SELECT NULL::int, NULL::int, NULL::text, NULL::jsonb WHERE FALSE")

    def _rule_select(self, segment, population):
        Partner = self.env["res.partner"]
        domain = segment._rule_domain()
        query = Partner._search(population & domain)
        return query.select(
            SQL("%s AS partner_id", SQL.identifier(Partner._table, "id")),
            SQL("%s AS segment_id", segment.id),
            SQL("NULL::text AS code"),
            SQL("%s AS evidence", self._rule_evidence(domain, query)),
        )

    def _rule_evidence(self, domain, query):
        """``{"values": {field: value}}`` of the fields that the rule reads."""
        Partner = self.env["res.partner"]
        pairs = []
        for name in self._evidence_fields(domain):
            column = Partner._metric_to_sql if name in _RHYTHM else Partner._field_to_sql
            pairs += [SQL("%s", name), column(Partner._table, name, query)]
        if not pairs:
            return SQL("NULL::jsonb")
        return SQL("jsonb_build_object('values', jsonb_build_object(%s))", SQL(", ").join(pairs))

    def _evidence_fields(self, domain):
        """Names of the fields of the rule that hold one value per customer."""
        fields = self.env["res.partner"]._fields
        names = []
        for path in domain_field_paths(domain):
            names += [path, *_EXPLAINED_BY.get(path, ())]
        return [
            name
            for name in dict.fromkeys(names)
            if name in METRICS
            or name in _RHYTHM
            or (name in fields and fields[name].store and fields[name].column_type)
        ]
