"""Segments of whatever belongs to a customer: the customer, a lead, a report line."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmSegmentMixin(models.AbstractModel):
    """Gives a model ``segment_ids`` and ``leading_segment_id`` of its customer.

    Both are read from the stored memberships in the current company; nothing is
    stored on the host's table. A model says through :meth:`_segment_customer_sql`
    which customer a row belongs to.
    """

    _name = "crm.segment.mixin"
    _description = "Segments of a Customer"

    segment_ids = fields.Many2many(
        "crm.segment",
        compute="_compute_segment_ids",
        search="_search_segment_ids",
        groups="crm_segments.group_segments_user",
        help="Segments of the customer in the current company.",
    )
    leading_segment_id = fields.Many2one(
        "crm.segment",
        compute="_compute_leading_segment_id",
        search="_search_leading_segment_id",
        groups="crm_segments.group_segments_user",
        help="Segment of the customer in the company's leading segmentation.",
    )

    def _segment_customer_sql(self, alias, query):
        """SQL of the commercial entity's id of a row of this model."""
        raise NotImplementedError

    def _current_membership_domain(self):
        """Memberships that count now, in the current company."""
        return self.env["crm.segment.membership"]._current_domain(self.env.company)

    @api.depends_context("company", "uid")
    def _compute_segment_ids(self):
        by_record = self._segments_by_record()
        # a call of the field is dear: one for all with the same segments
        alike = self.grouped(lambda record: tuple(by_record.get(record._origin.id, ())))
        for ids, records in alike.items():
            records.segment_ids = list(ids)

    @api.depends_context("company", "uid")
    def _compute_leading_segment_id(self):
        """By itself: lists of the host show it on each card, and nothing else of ours."""
        leading = self._leading_by_company()
        by_record = self._placed_by_record(divisions=tuple(leading.values()))

        def first(record):
            division = leading.get(record._segments_company().id, 0)
            placed = by_record.get(record._origin.id, ())
            return next((one for one, of in placed if of == division), False)

        for segment_id, records in self.grouped(first).items():
            records.leading_segment_id = segment_id

    def _leading_by_company(self):
        """Id of each company whose segments are shown → id of its leading segmentation."""
        return {self.env.company.id: self.env.company._leading_segmentation().id or 0}

    def _segments_company(self):
        """The company whose segments the record shows."""
        return self.env.company

    def _segments_by_record(self):
        """Record id → ids of its segments, ordered as on the card."""
        return {
            record_id: [segment_id for segment_id, _division in placed]
            for record_id, placed in self._placed_by_record().items()
        }

    def _placed_by_record(self, divisions=None):
        """One query: record id → its segments, each with the id of its segmentation.

        :param divisions: ids of the segmentations wanted, None for all
        """
        if not self._origin or divisions == ():
            return {}
        query = self.with_context(active_test=False)._search(
            [("id", "in", self._origin.ids)], bypass_access=True
        )
        alias = self._join_memberships(self._table, query)
        query.add_join(
            "JOIN", "crm_segment", None,
            SQL("%s = %s", SQL.identifier("crm_segment", "id"),
                SQL.identifier(alias, "segment_id")),
        )  # fmt: skip
        query.add_join(
            "JOIN", "crm_segmentation", None,
            SQL("%s = %s", SQL.identifier("crm_segmentation", "id"),
                SQL.identifier("crm_segment", "segmentation_id")),
        )  # fmt: skip
        if divisions is not None:
            query.add_where(SQL("%s IN %s", SQL.identifier(alias, "segmentation_id"), divisions))
        query.order = SQL(
            "%s, %s, %s",
            SQL.identifier("crm_segmentation", "sequence"),
            SQL.identifier("crm_segmentation", "id"),
            SQL.identifier("crm_segment", "sequence"),
        )
        rows = self.env.execute_query(
            query.select(
                SQL.identifier(self._table, "id"), SQL.identifier("crm_segment", "id"),
                SQL.identifier("crm_segment", "segmentation_id"),
            )
        )  # fmt: skip
        by_record = {}
        for record_id, *place in rows:
            by_record.setdefault(record_id, []).append(tuple(place))
        return by_record

    def _join_memberships(self, alias, query, segmentation=None):
        """Left join the current memberships of the row's customer; return the alias.

        """
        joined = query.make_alias(alias, self._membership_link(segmentation))
        condition = SQL(
            "%s AND %s IN %s",
            self._current_stay_sql(
                joined, self._segment_customer_sql(alias, query),
                self._membership_company_sql(alias, query),
            ),
            SQL.identifier(joined, "segment_id"),
            self._segments_in_use_sql(),
        )  # fmt: skip
        if segmentation is not None:
            condition = SQL(
                "%s AND %s = %s",
                condition, SQL.identifier(joined, "segmentation_id"),
                self._membership_segmentation_sql(alias, query, segmentation),
            )  # fmt: skip
        query.add_join("LEFT JOIN", joined, "crm_segment_membership", condition)
        return joined

    def _current_stay_sql(self, stay, customer, company):
        """Condition: a membership is one of the customer in the company, now.

        :param str stay: alias of the memberships
        """
        fields_ = self.env["crm.segment.membership"]._fields

        def column(name):
            return SQL.identifier(stay, name, to_flush=fields_[name])

        return SQL(
            "%s = %s AND %s = %s AND %s IS NULL AND %s IS DISTINCT FROM 'out'",
            column("partner_id"), customer, column("company_id"), company,
            column("date_to"), column("pinned"),
        )  # fmt: skip

    def _segments_in_use_sql(self):
        """Ids of the segments that count: a pin outlives the rule, but nothing is shown of what
        is switched off."""
        read = [
            self.env[model]._fields[name]
            for model, name in (("crm.segment", "active"), ("crm.segmentation", "active"),
                                ("crm.segmentation", "enabled"))
        ]  # fmt: skip
        return SQL(
            """
            (SELECT s.id FROM crm_segment s JOIN crm_segmentation g ON g.id = s.segmentation_id
             WHERE s.active AND g.active AND g.enabled)
            """,
            to_flush=read,
        )

    def _membership_link(self, segmentation):
        """Name of the join: other add-ons' queries pass here, so it says what it depends on."""
        return f"segments_{self.env.company.id}_{segmentation.id if segmentation else 'all'}"

    def _membership_company_sql(self, _alias, _query):
        """The company whose segments a row shows."""
        return SQL("%s", self.env.company.id)

    def _membership_segmentation_sql(self, _alias, _query, segmentation):
        """The segmentation that a row shows the segment of."""
        return SQL("%s", segmentation.id or 0)

    def _segment_sql(self, alias, query, segmentation=None):
        """SQL of the id of the row's segment: a row per segment, or that of one division."""
        return SQL.identifier(self._join_memberships(alias, query, segmentation), "segment_id")

    def _search_segment_ids(self, operator, value):
        return self._search_membership(operator, value, Domain.TRUE)

    def _search_leading_segment_id(self, operator, value):
        return self._search_membership(operator, value, self._leading_membership_domain())

    def _leading_membership_domain(self):
        leading = self.env.company._leading_segmentation()
        return Domain("segmentation_id", "=", leading.id or 0)

    def _search_membership(self, operator, value, restriction):
        """Records whose customer has a current membership that satisfies the condition."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        unset = operator == "in" and False in value
        if operator == "in":
            value = [one for one in value if one is not False]
        if operator == "in" and any(isinstance(one, str) for one in value):
            condition = Domain("segment_id.name", "in", value)
        else:
            condition = Domain("segment_id", operator, value)
        found = self._with_segment(restriction & condition)
        return found | ~self._with_segment(restriction) if unset else found

    def _with_segment(self, condition):
        """Records with a segment now, by a condition on memberships."""
        domain = self._current_membership_domain() & condition
        return self._customer_in(self.env["crm.segment.membership"]._search(domain))

    def _customer_in(self, memberships):
        """Records whose customer is a partner of the ``memberships`` query."""

        def to_sql(model, alias, query):
            customer = model._segment_customer_sql(alias, query)
            return SQL("COALESCE(%s IN %s, FALSE)", customer, memberships.subselect("partner_id"))

        return Domain.custom(to_sql=to_sql)

    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec == "segment_ids":
            self._check_field_access(self._fields["segment_ids"], "read")
            return self._segment_sql(alias, query)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_postprocess_groupby(self, groupby_spec, raw_values):
        """Segments of several segmentations stand side by side, so each names its own."""
        records = super()._read_group_postprocess_groupby(groupby_spec, raw_values)
        if groupby_spec != "segment_ids":
            return records
        return (record.with_context(segmentation_in_name=True) for record in records)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "leading_segment_id" and query is not None:
            self._check_field_access(self._fields[field_expr], "read")
            leading = self.env.company._leading_segmentation()
            return self._segment_sql(alias, query, leading)
        return super()._field_to_sql(alias, field_expr, query)
