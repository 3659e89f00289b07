"""A segment changed on its own changes the definition of its segmentation."""

from contextlib import contextmanager

from odoo import api, models

from .crm_segmentation_definition import SEGMENT_FIELDS
from .definition_changes import collect_changes, is_recorded
from .own_call import IN_PARENT, is_marked

_COSMETIC = {"color", "description"}


class CrmSegment(models.Model):
    _inherit = "crm.segment"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        """An added segment makes a version."""
        if not self._versioned():
            return super().create(vals_list)
        ids = {vals["segmentation_id"] for vals in vals_list if vals.get("segmentation_id")}
        with self._changing(self.env["crm.segmentation"].browse(ids)):
            return super().create(vals_list)

    def write(self, vals):
        """A changed rule, limit, name or place makes a version."""
        relevant = {"segmentation_id", *SEGMENT_FIELDS} - _COSMETIC
        if not self._versioned() or vals.keys().isdisjoint(relevant):
            return super().write(vals)
        target = self.segmentation_id.browse(vals.get("segmentation_id") or ())
        with self._changing(self.segmentation_id | target):
            return super().write(vals)

    def unlink(self):
        """A deleted segment makes a version, from which it can be restored."""
        if not self._versioned():
            return super().unlink()
        with self._changing(self.segmentation_id):
            return super().unlink()

    def _versioned(self):
        """Saved along with its segmentation, the segmentation sees to it."""
        return is_recorded(self.env) and not is_marked(self.env, IN_PARENT)

    @contextmanager
    def _changing(self, segmentations):
        segmentations._ensure_version()
        with collect_changes(self.env) as changed:
            changed.update(segmentations.ids)
            yield
