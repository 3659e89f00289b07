"""The definition of a segmentation as data, for versions and for files: reading it."""

from odoo import api, models
from odoo.tools import SQL

from ..lib import portable_domain
from .portable_refs import RefWriter

#: fields that hold a domain, and on which model
DOMAIN_MODELS = {"domain": "res.partner", "lead_domain": "crm.lead"}
#: besides what decides who belongs where
_KEPT = ("name", "description", "method", "minimum_stay_days", "margin")
SEGMENT_FIELDS = (
    "name", "description", "color", "sequence", "active", "is_rest", "domain", "lead_domain",
    "threshold", "rfm_codes", "value_key", "include_segment_ids", "exclude_segment_ids",
)  # fmt: skip


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _definition_names(self):
        """Names of the fields that a definition holds, besides the segments."""
        kept = [name for name in _KEPT if name in self._fields]
        return list(dict.fromkeys([*kept, *sorted(self._definition_fields())]))

    def _definition(self):
        """The definition as data, with ids beside what is portable.

        :return: ``(dict, RefWriter)``; names that the user may not read are left out
        """
        self.ensure_one()
        writer = RefWriter(self.env, self)
        # sudo: limits and rules are hidden from some who may cause a version
        me = self.sudo().with_context(active_test=False, lang="en_US")
        definition = me._data(me, self._definition_names(), writer)
        segments = me.segment_ids.sorted(lambda one: (one.sequence, one.id))
        definition["segments"] = [
            {"id": segment.id, **me._data(segment, SEGMENT_FIELDS, writer)} for segment in segments
        ]
        writer.finish()
        me._put_translations(definition, segments)
        return definition, writer

    def _data(self, record, names, writer):
        return {name: self._field_data(record, name, writer) for name in names}

    def _field_data(self, record, name, writer):
        value, field = record[name], record._fields[name]
        if name in DOMAIN_MODELS:
            return self._domain_data(value, writer.encoder(DOMAIN_MODELS[name]), name)
        if name == "field_id":
            return value.name or None
        if name == "value_key":
            return self._value_data(value, writer)
        if field.type == "many2one":
            return writer.ref(field.comodel_name, value.id) if value else None
        if field.type == "many2many":
            return [writer.ref(field.comodel_name, one.id) for one in value]
        return value if value or field.type in ("boolean", "integer", "float") else None

    def _domain_data(self, text, encode, name):
        if not text and name == "lead_domain":
            return None  # no rule, unlike the rule that takes everybody
        try:
            return portable_domain.to_data(text, encode)
        except portable_domain.DomainError:
            return {"python": text}  # kept as it is: the run tells what is wrong with it

    def _value_data(self, value, writer):
        comodel = self._value_comodel(self.field_id.name)
        return writer.ref(comodel, int(value)) if value and comodel else value or None

    def _value_comodel(self, field_name):
        field = self.env["res.partner"]._fields.get(field_name)
        return field.comodel_name if field is not None and field.relational else None

    def _put_translations(self, definition, segments):
        """Names and descriptions in all their languages, by two statements."""
        definition.update(_stored_texts(self)[self.id])
        texts = _stored_texts(segments) if segments else {}
        for data in definition["segments"]:
            data.update(texts[data["id"]])


def _stored_texts(records):
    """Record id → ``{"name": {language: text}, "description": …}``."""
    records.flush_model(["name", "description"])
    rows = records.env.execute_query(
        SQL(
            "SELECT id, name, description FROM %s WHERE id = ANY(%s)",
            SQL.identifier(records._table),
            records.ids,
        )
    )
    return {key: {"name": name, "description": text} for key, name, text in rows}
