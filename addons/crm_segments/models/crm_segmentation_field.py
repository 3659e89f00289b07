"""Method 'field': a segment per industry, country, salesperson, tag…, as values appear."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

_TYPES = ("many2one", "many2many", "selection", "boolean", "char")
#: a field with more values, such as the name, divides nothing
MAX_VALUES = 500


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    method = fields.Selection(
        selection_add=[("field", "Values of a field")], ondelete={"field": "cascade"}
    )
    field_id = fields.Many2one(
        "ir.model.fields",
        domain=[("model", "=", "res.partner"), ("store", "=", True), ("ttype", "in", _TYPES)],
        ondelete="cascade",
        help="Each value of this field of the customer makes a segment.",
    )

    @api.constrains("method", "field_id")
    def _check_field(self):
        for segmentation in self.filtered(lambda one: one.method == "field"):
            name = segmentation.sudo().field_id.name
            if not name:
                raise ValidationError(self.env._("Choose the field that divides the customers."))
            field = self.env["res.partner"]._fields.get(name)
            if field is None or not field.store or field.type not in _TYPES:
                raise ValidationError(
                    self.env._("Customers can't be divided by “%s”.", segmentation.field_id.name)
                )

    def _prepare_field(self, company, population):
        """Create segments for values that have none yet, and follow their names."""
        known = {segment.value_key: segment for segment in self._value_segments()}
        occurring = self._occurring_values(population, known.keys() | {"False", ""})
        new = [value for value in occurring if value not in known]
        if len(known) + len(new) > MAX_VALUES:
            raise UserError(
                self.env._(
                    "“%(field)s” has more than %(count)s different values: choose a field that "
                    "many customers share.",
                    field=self.field_id.field_description,
                    count=MAX_VALUES,
                )
            )
        # creating none would still empty the caches of everybody
        segments = self._create_value_segments(new, len(known)) if new else self.segment_ids[:0]
        # names of values change rarely: a customer who is saved needn't wait for them
        full = self.env.context.get("segments_scope") is None
        self._translate_names(self._value_segments() if full else segments)

    def _create_value_segments(self, values, known):
        sequence = max((self.segment_ids - self._rest()).mapped("sequence"), default=0)
        names = self._value_names(values, "en_US")
        return self.env["crm.segment"].create(
            [
                {
                    "segmentation_id": self.id,
                    "name": names.get(value, value),
                    "value_key": value,
                    "sequence": sequence + index,
                    "color": (known + index) % 12,
                }
                for index, value in enumerate(sorted(values), 1)
            ]
        )

    def _occurring_values(self, population, known):
        """Values that customers have; of a few that are placed only if one may be new."""
        scope = self.env.context.get("segments_scope")
        if scope is not None:
            values = self.env["res.partner"].browse(scope).exists().mapped(self.field_id.name)
            ids = values.ids if isinstance(values, models.BaseModel) else values
            if {str(value).lower() if value is True else str(value) for value in ids} <= known:
                return []
        sql = SQL("SELECT DISTINCT value FROM (%s) v", self._values_sql(population))
        return [value for (value,) in self.env.execute_query(sql)]

    def _value_segments(self):
        return self.with_context(active_test=False).segment_ids.filtered("value_key")

    def _translate_names(self, segments):
        """Names of the values, in every language installed; only differences are written."""
        for code, _name in self.env["res.lang"].get_installed():
            names = self._value_names(segments.mapped("value_key"), code)
            for segment in segments.with_context(lang=code):
                name = names.get(segment.value_key)
                if name and segment.name != name:
                    segment.name = name

    def _value_names(self, values, lang):
        """Names of the values in a language, all at once: value → name."""
        field = self.env["res.partner"]._fields[self.field_id.name]
        if field.relational:
            records = self.env[field.comodel_name].with_context(lang=lang, active_test=False)
            found = records.browse(int(value) for value in values).exists()
            return {str(record.id): record.display_name for record in found}
        described = field.get_description(self.with_context(lang=lang).env, ["selection", "string"])
        if field.type == "boolean":
            return dict.fromkeys(values, described["string"])
        options = dict(described.get("selection") or ())
        return {value: options.get(value, value) for value in values}

    @api.model
    def _definition_fields(self):
        return super()._definition_fields() | {"field_id"}

    def _target_field(self, company, population):
        """SQL of who belongs where, by the value of the field."""
        return SQL(
            """
            SELECT v.partner_id, s.id, NULL::text, NULL::float8, FALSE
            FROM (%(values)s) v
            JOIN crm_segment s ON s.segmentation_id = %(segmentation)s AND s.active
             AND s.value_key = v.value
            """,
            segmentation=self.id,
            values=self._values_sql(population),
        )

    def _evidence_field(self, segments):
        """The value, as text."""
        if not segments:
            return []
        return [
            SQL(
                """
                SELECT c.partner_id, c.segment_id, %(basis)s || jsonb_build_object(
                    'field', %(field)s::text, 'value', s.value_key)
                FROM changes c JOIN crm_segment s ON s.id = c.segment_id
                WHERE c.segment_id = ANY(%(segments)s)
                """,
                basis=self._evidence_basis(self.field_id.name),
                field=self.field_id.name,
                segments=segments.ids,
            )
        ]

    def _values_sql(self, population):
        """SELECT of (partner_id, value as text), a row per value."""
        name = self.field_id.name
        Partner = self.env["res.partner"]
        field = Partner._fields[name]
        query = Partner._search(population & Domain(name, "!=", False))
        table = Partner._table
        if field.type == "many2many":
            query.add_join(
                "JOIN", field.relation, None,
                SQL("%s = %s", SQL.identifier(field.relation, field.column1),
                    SQL.identifier(table, "id")),
            )  # fmt: skip
            value = SQL.identifier(field.relation, field.column2)
        else:
            value = Partner._field_to_sql(table, name, query)
        return query.select(
            SQL("%s AS partner_id", SQL.identifier(table, "id")), SQL("%s::text AS value", value)
        )
