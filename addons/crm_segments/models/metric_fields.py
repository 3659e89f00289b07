"""Field classes for figures that not every user may see.

The host's numeric fields turn "no value" into 0.  For a figure that is hidden
from the user that would be a lie, so these classes keep ``None`` in the cache
and give ``False`` to whoever reads it: shown as an empty cell, exported as an
empty string.
"""

from odoo import fields
from odoo.tools import SQL

from .books import BOOKS

#: groups whose members see every customer's figures, as the host lets them see
#: every customer invoice (``sale/security/ir_rules.xml``, accounting groups)
ALL_FIGURES_GROUPS = f"sales_team.group_sale_salesman_all_leads,{BOOKS}"
#: groups that may read how a segment is defined: limits and rules tell amounts
DEFINITION_GROUPS = f"crm_segments.group_segments_manager,{ALL_FIGURES_GROUPS}"

#: name of the metric → what a customer without any row reads as; those of add-ons come on top,
#: so the model is asked: ``res.partner._customer_metrics()``
METRICS = {
    "first_purchase_date": None,
    "last_purchase_date": None,
    "purchase_count": 0,
    "purchase_count_12m": 0,
    "revenue_total": 0,
    "revenue_12m": 0,
    "average_purchase": 0,
    "refund_total": 0,
    "refund_rate": 0,
    "interval_median": 0,
    "interval_p75": 0,
    "days_to_pay": 0,
    "amount_overdue": 0,
    "opportunity_open_count": 0,
    "won_count": 0,
    "lost_count": 0,
    "win_rate": 0,
    "risk_date": None,
    "lost_date": None,
    "last_contact_date": None,
    "contacts_30d": 0,
}
#: ratio → columns of the figures to add up above and below the line
RATIOS = {
    "average_purchase": (["purchase_total"], ["purchase_count"]),
    "refund_rate": (["refund_total"], ["purchase_total"]),
    "win_rate": (["won_count"], ["won_count", "lost_count"]),
}
DATE_METRICS = [name for name, empty in METRICS.items() if empty is None]


def _metric_search(name):
    def search(model, operator, value):
        return model._search_customer_metric(name, operator, value)

    return search


class _EmptyMixin:
    """A figure that reads empty, not 0, where there is none."""

    def convert_to_cache(self, value, record, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_column(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is False else super().convert_to_export(value, record)


def known(value):
    """What such a field reads: None where it is empty, which 0 isn't."""
    return None if value is False else value


class EmptyFloat(_EmptyMixin, fields.Float):
    """Number that is not known, or not shown, everywhere; where not, no condition holds."""

    falsy_value = None


class EmptyMonetary(_EmptyMixin, fields.Monetary):
    """Money that is not known, or not shown, everywhere; where not, no condition holds."""

    falsy_value = None


class _MetricMixin(_EmptyMixin):
    """A non-stored figure of the customer, read from ``crm.customer.metrics``."""

    def _get_attrs(self, model_class, name):
        attrs = super()._get_attrs(model_class, name)
        attrs.update(
            compute="_compute_customer_metrics",
            search=_metric_search(name),
            store=False,
            compute_sudo=False,
            readonly=True,
            copy=False,
        )
        return attrs


class MetricInteger(_MetricMixin, fields.Integer):
    """Count that reads empty where it is hidden."""


class MetricFloat(_MetricMixin, fields.Float):
    """Number that reads empty where it is hidden."""


class MetricMonetary(_MetricMixin, fields.Monetary):
    """Money that reads empty where it is hidden."""


class MetricDate(_MetricMixin, fields.Date):
    """Date of the customer's sales history."""


class EvidenceJson(fields.Json):
    """Evidence of a membership; ``values`` are dropped for users who may not see them."""

    def convert_to_record(self, value, record):
        evidence = super().convert_to_record(value, record)
        if not evidence or "values" not in evidence:
            return evidence
        if not record._evidence_visible():
            return {key: part for key, part in evidence.items() if key != "values"}
        values = record._evidence_readable(evidence["values"])
        return {**evidence, "values": values}

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        """Conditions would let a user ask for the amounts that reading leaves out."""
        model._check_evidence_asked(self.name)
        return super().condition_to_sql(field_expr, operator, value, model, alias, query)


def sql_any(column, ids):
    """``column = ANY(ids)``, or TRUE where ``ids`` is None (no restriction)."""
    return SQL("TRUE") if ids is None else SQL("%s = ANY(%s)", column, list(ids))
