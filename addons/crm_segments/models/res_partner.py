"""Customers: their figures and segments as fields that filter, sort, group and sum."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .metric_fields import (
    ALL_FIGURES_GROUPS,
    METRICS,
    RATIOS,
    MetricDate,
    MetricFloat,
    MetricInteger,
    MetricMonetary,
)

_COMPARISONS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "crm.segment.mixin"]

    metrics_currency_id = fields.Many2one(
        "res.currency", "Currency of Figures", compute="_compute_metrics_currency_id"
    )
    metrics_visible = fields.Boolean(
        "Figures Visible",
        compute="_compute_metrics_visible",
        help="Whether you may see the figures of this customer.",
    )
    first_purchase_date = MetricDate("First Purchase")
    last_purchase_date = MetricDate("Last Purchase")
    purchase_count = MetricInteger("Purchases")
    purchase_count_12m = MetricInteger("Purchases (12 Months)")
    revenue_total = MetricMonetary("Revenue", currency_field="metrics_currency_id")
    revenue_12m = MetricMonetary("Revenue (12 Months)", currency_field="metrics_currency_id")
    average_purchase = MetricMonetary(currency_field="metrics_currency_id", aggregator="avg")
    refund_total = MetricMonetary("Refunds", currency_field="metrics_currency_id")
    refund_rate = MetricFloat(aggregator="avg")
    interval_median = MetricFloat("Median Interval (Days)", aggregator="avg")
    interval_p75 = MetricFloat("Long Interval (Days)", aggregator="avg")
    days_to_pay = MetricFloat(aggregator="avg")
    amount_overdue = MetricMonetary("Overdue", currency_field="metrics_currency_id")
    opportunity_open_count = MetricInteger("Open Opportunities")
    won_count = MetricInteger("Won Opportunities")
    lost_count = MetricInteger("Lost Opportunities")
    win_rate = MetricFloat(aggregator="avg")
    risk_date = MetricDate("At Risk From")
    lost_date = MetricDate("Lost From")
    last_contact_date = MetricDate("Last Contact")
    contacts_30d = MetricInteger("Contacts (30 Days)")

    @api.depends_context("company")
    def _compute_metrics_currency_id(self):
        self.metrics_currency_id = self.env.company.currency_id

    @api.depends("commercial_partner_id.user_id")
    @api.depends_context("uid", "su")
    def _compute_metrics_visible(self):
        if self._sees_all_figures():
            self.metrics_visible = True
            return
        salesperson = self.env.user.has_group("sales_team.group_sale_salesman")
        for partner in self:
            owner = partner.commercial_partner_id.user_id
            partner.metrics_visible = salesperson and (not owner or owner == self.env.user)

    @api.model
    def _customer_metrics(self):
        """Figures of a customer: name → what one without a row in the figures reads as.

        An add-on that brings a figure adds it here: 0, or None where nothing is known of a
        customer without one. A numeric figure that reads as None is empty in its column too.
        """
        return METRICS

    def _sees_all_figures(self):
        """Whether the user sees the figures of every customer, as of every invoice."""
        return self.env.su or self.env.user.has_groups(ALL_FIGURES_GROUPS)

    @api.depends("commercial_partner_id", "user_id")
    @api.depends_context("company", "uid", "su")
    def _compute_customer_metrics(self):
        """All figures of all partners by one query; hidden ones stay empty."""
        rows, metrics = {}, self._customer_metrics()
        if self._origin:
            query = self.with_context(active_test=False)._search(
                [("id", "in", self._origin.ids)], bypass_access=True
            )
            table = self._table
            columns = [self._field_to_sql(table, name, query) for name in metrics]
            rows = {
                partner_id: values
                for partner_id, *values in self.env.execute_query(
                    query.select(SQL.identifier(table, "id"), *columns)
                )
            }
        nothing = list(metrics.values())
        for partner in self:
            for name, value in zip(metrics, rows.get(partner._origin.id, nothing), strict=True):
                partner[name] = value

    def _search_customer_metric(self, name, operator, value):
        """Domain on a figure; what the user may not see matches no condition."""
        numeric = self._fields[name].type != "date"
        if numeric and operator in ("in", "not in", *_COMPARISONS):
            self._check_numbers(name, value if operator in ("in", "not in") else [value])
        if operator in ("in", "not in"):
            return Domain.custom(
                to_sql=lambda model, alias, query: model._metric_in_sql(
                    alias, name, operator, value, query
                )
            )
        if operator not in _COMPARISONS:
            return NotImplemented
        value = value or 0 if numeric else value
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s %s %s", model._field_to_sql(alias, name, query), _COMPARISONS[operator], value
            )
        )

    def _check_numbers(self, name, values):
        """Refuse text here: the database would do so in the middle of a run."""
        for value in values:
            try:
                float(value or 0)
            except (TypeError, ValueError) as error:
                label = self._fields[name].get_description(self.env, ["string"])["string"]
                message = self.env._("“%(value)s” is no number: %(name)s", value=value, name=label)
                raise UserError(message) from error

    def _metric_in_sql(self, alias, name, operator, values, query):
        """``IN`` and ``NOT IN``; False stands for 0, or for 'no date'."""
        empty = self._customer_metrics()[name]
        expression = self._field_to_sql(alias, name, query)
        known = tuple(value or 0 if empty == 0 else value for value in values)
        unset = any(value is False for value in values)  # 0 is a number
        known = tuple(value for value in known if value is not False)
        found = SQL("%s IN %s", expression, known) if known else SQL("FALSE")
        if empty is None and unset:
            found = SQL("(%s OR %s IS NULL)", found, expression)
        elif empty is None:
            found = SQL("COALESCE(%s, FALSE)", found)
        visible = SQL("%s AND", self._metrics_visible_sql(alias, query))
        return SQL("(%s %s %s)", visible, SQL("NOT") if operator == "not in" else SQL(), found)

    def _field_to_sql(self, alias, field_expr, query=None):
        # every statement on partners passes here once per column: columns go at once
        if query is None or getattr(self._fields.get(field_expr), "store", True):
            return super()._field_to_sql(alias, field_expr, query)
        if field_expr in self._customer_metrics():
            return self._metric_to_sql(alias, field_expr, query)
        if field_expr == "metrics_currency_id":
            return SQL("%s::int", self.env.company.currency_id.id)
        return super()._field_to_sql(alias, field_expr, query)

    def _metric_to_sql(self, alias, name, query):
        """The figure in the current company; NULL where it is hidden from the user."""
        value = SQL.identifier(self._join_metrics(alias, query), name)
        if self._customer_metrics().get(name) is not None:
            value = SQL("COALESCE(%s, 0)", value)
        visible = self._metrics_visible_sql(alias, query)
        return value if visible.code == "TRUE" else SQL("CASE WHEN %s THEN %s END", visible, value)

    def _join_metrics(self, alias, query):
        """Left join the figures of the row's customer in the current company."""
        metrics = query.make_alias(alias, f"metrics_{self.env.company.id}")
        query.add_join(
            "LEFT JOIN", metrics, "crm_customer_metrics",
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(metrics, "partner_id"),
                super()._field_to_sql(alias, "commercial_partner_id", query),
                SQL.identifier(metrics, "company_id"), self.env.company.id,
            ),
        )  # fmt: skip
        return metrics

    def _metrics_visible_sql(self, alias, query):
        """Condition under which the user sees the figures of a row's customer."""
        if self._sees_all_figures():
            return SQL("TRUE")
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            return SQL("FALSE")
        entity = query.make_alias(alias, "commercial_entity")
        query.add_join(
            "LEFT JOIN", entity, "res_partner",
            SQL(
                "%s = %s",
                SQL.identifier(entity, "id"),
                super()._field_to_sql(alias, "commercial_partner_id", query),
            ),
        )  # fmt: skip
        return SQL("COALESCE(%s = %s, TRUE)", SQL.identifier(entity, "user_id"), self.env.uid)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Hidden and missing figures come last, whichever way the list is sorted."""
        if field_name in self._customer_metrics() and not nulls.code:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_select(self, aggregate_spec, query):
        """Totals count each customer once: contacts show the figures of their entity.

        An average of ratios is the ratio of the sums, at every level of grouping.
        """
        name, _colon, function = aggregate_spec.partition(":")
        if name not in self._customer_metrics():
            return super()._read_group_select(aggregate_spec, query)
        entity = super()._field_to_sql(self._table, "commercial_partner_id", query)
        once = SQL("FILTER (WHERE %s = %s)", entity, SQL.identifier(self._table, "id"))
        if name in RATIOS and function == "avg":
            above, below = (self._sum_metrics(names, once, query) for names in RATIOS[name])
            return SQL("%s / NULLIF(%s, 0)", above, below)
        return SQL("%s %s", super()._read_group_select(aggregate_spec, query), once)

    def _sum_metrics(self, names, once, query):
        columns = [self._metric_to_sql(self._table, name, query) for name in names]
        return SQL("SUM(%s) %s", SQL(" + ").join(columns), once)

    def _segment_customer_sql(self, alias, query):
        return super()._field_to_sql(alias, "commercial_partner_id", query)

    @api.depends("commercial_partner_id")
    def _compute_segment_ids(self):
        return super()._compute_segment_ids()
