"""Stored figures that may be unknown: their column is empty then, not 0."""

from odoo.addons.crm_segments.models import metric_fields


class _StoredMixin:
    def convert_to_column(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        if value is None or value is False:
            return None
        return super().convert_to_column_insert(value, record, values, validate)


class StoredFloat(_StoredMixin, metric_fields.EmptyFloat):
    """A number that may be unknown."""


class StoredMonetary(_StoredMixin, metric_fields.EmptyMonetary):
    """Money that may be unknown."""
