"""Values at the end of a path: a country's code, the function of the contacts."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, Query

from .stored_domain import path_fields

#: different values of several records that evidence keeps
_VALUES = 20


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    def _readable_path(self, path):
        """Whether a path leads over stored links to a stored value, further than one field."""
        fields = path_fields(self.env["res.partner"], path)
        return (
            len(fields) > 1
            and len(fields) == len(path.split("."))
            and all(field.store for field in fields)
            and bool(fields[-1].column_type)
            and fields[-1].type not in ("json", "properties", "binary")
        )

    def _path_sql(self, path, query):
        """SQL of the value at the end of a path, or of a JSON array of those of several records."""
        Partner = self.env["res.partner"]
        return self._walk_sql(Partner, query.table, path.split("."), query)

    def _walk_sql(self, model, alias, names, query):
        name, *further = names
        field = model._fields[name]
        if not further:
            return model._field_to_sql(alias, name, query)
        if field.type == "many2one":
            return self._walk_sql(*field.join(model, alias, query), further, query)
        found = self._linked_query(model, alias, field, query)
        value = self._walk_sql(model.env[field.comodel_name], found.table, further, found)
        return SQL(
            "(SELECT COALESCE(jsonb_agg(v ORDER BY v), '[]') FROM (%s) x WHERE v IS NOT NULL)",
            SQL("SELECT DISTINCT v FROM (%s) y LIMIT %s", found.select(SQL("%s AS v", value)),
                _VALUES),
        )  # fmt: skip

    def _linked_query(self, model, alias, field, query):
        """Query of the records that a one2many or many2many field links, as it shows them."""
        comodel = model.env[field.comodel_name]
        table = query.make_alias(alias, field.name)
        found = Query(comodel.env, table, comodel._table_sql)
        owner = SQL.identifier(alias, "id")
        if field.type == "one2many":
            inverse = comodel._field_to_sql(table, field.inverse_name, found)
            found.add_where(SQL("%s = %s", inverse, owner))
        else:
            found.add_where(
                SQL(
                    "EXISTS (SELECT FROM %s r WHERE r.%s = %s AND r.%s = %s)",
                    SQL.identifier(field.relation),
                    SQL.identifier(field.column1),
                    owner,
                    SQL.identifier(field.column2),
                    SQL.identifier(table, "id"),
                )
            )
        shown = field.get_comodel_domain(model)
        if comodel._active_name and field.context.get("active_test", True):
            shown &= Domain(comodel._active_name, "=", True)
        found.add_where(shown.optimize_full(comodel)._to_sql(comodel, table, found))
        return found
