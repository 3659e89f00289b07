"""The segment of a customer beside its figures, to group them by."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    segment_id = fields.Many2one(
        "crm.segment",
        compute="_compute_segment_id",
        search="_search_segment_id",
        groups="crm_segments.group_segments_user",
        help="Segment of the customer in the leading segmentation of the company of the figures.",
    )

    def _compute_segment_id(self):
        query = self._search([("id", "in", self.ids)], bypass_access=True)
        segment = self._field_to_sql(self._table, "segment_id", query)
        rows = dict(
            self.env.execute_query(query.select(SQL.identifier(self._table, "id"), segment))
        )
        for one in self:
            one.segment_id = rows.get(one.id)

    def _search_segment_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        unset = operator == "in" and False in value
        if operator == "in":
            value = [one for one in value if one is not False]
        name = "id" if operator in ("in", "any", "any!") else "name"
        if operator == "in" and any(isinstance(one, str) for one in value):
            name = "name"
        wanted = self.env["crm.segment"].with_context(active_test=False)
        if operator in ("any", "any!"):
            found = value if not isinstance(value, Domain) else wanted._search(value)
        else:
            found = wanted._search(Domain(name, operator, value))

        def to_sql(model, alias, query):
            segment = model._field_to_sql(alias, "segment_id", query)
            condition = SQL("COALESCE(%s IN %s, FALSE)", segment, found.subselect())
            return SQL("(%s OR %s IS NULL)", condition, segment) if unset else condition

        return Domain.custom(to_sql=to_sql)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "segment_id" and query is not None:
            self._check_field_access(self._fields[field_expr], "read")
            return SQL.identifier(self._join_leading(alias, query), "segment_id")
        return super()._field_to_sql(alias, field_expr, query)

    def _join_leading(self, alias, query):
        """Left join the current stay of the customer in its company's leading segmentation."""
        companies = self.env.companies
        pairs = [(one.id, one._leading_segmentation().id or 0) for one in companies]
        joined = query.make_alias(alias, "leading_stay")
        query.add_join(
            "LEFT JOIN",
            joined,
            "crm_segment_membership",
            SQL(
                """
                %(stay)s.partner_id = %(row)s.partner_id
                AND %(stay)s.company_id = %(row)s.company_id
                AND (%(stay)s.company_id, %(stay)s.segmentation_id) IN (%(pairs)s)
                AND %(stay)s.date_to IS NULL AND %(stay)s.pinned IS DISTINCT FROM 'out'
                """,
                stay=SQL.identifier(joined),
                row=SQL.identifier(alias),
                pairs=SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs),
            ),
        )
        return joined
