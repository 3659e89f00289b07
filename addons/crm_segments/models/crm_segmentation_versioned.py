"""Each change of the rules of a segmentation makes a version."""

import psycopg2
from odoo import api, fields, models, tools
from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger

from ..lib import definitions
from .definition_changes import collect_changes, is_recorded


class CrmSegmentation(models.Model):
    _inherit = "crm.segmentation"  # pylint: disable=consider-merging-classes-inherited

    version_ids = fields.One2many(
        "crm.segmentation.version", "segmentation_id", "Versions", copy=False
    )

    def _current_version(self):
        """The version whose rules are in force; empty where nobody has used it yet.

        Segmentations that come with the add-on get their first version when they are
        switched on or changed.
        """
        self.ensure_one()
        # sudo: a run belongs to nobody in particular
        versions = self.env["crm.segmentation.version"].sudo()
        return versions.search(
            [("segmentation_id", "=", self.id)], order="number desc", limit=1
        ).sudo(self.env.su)

    @api.model
    @tools.ormcache("self._draft()")
    def _version_ids(self):
        """Id of each segmentation → id of the version in force, at one query for all."""
        # superuser: a run belongs to nobody in particular
        rows = self.env["crm.segmentation.version"].sudo()._read_group(
            [], ["segmentation_id"], ["id:max"]
        )
        return {segmentation.id: version for segmentation, version in rows}

    @api.model_create_multi
    def create(self, vals_list):
        """The first version is what it is created as."""
        if not is_recorded(self.env):
            return super().create(vals_list)
        with collect_changes(self.env) as changed:
            segmentations = super().create(vals_list)
            changed.update(segmentations.ids)
        return segmentations

    def write(self, vals):
        """A change of what decides who belongs where is a new version."""
        names = {"segment_ids", *self._definition_names()}
        if not is_recorded(self.env) or vals.keys().isdisjoint(names | {"enabled"}):
            return super().write(vals)
        self._ensure_version()
        if vals.keys().isdisjoint(names):
            return super().write(vals)
        with collect_changes(self.env) as changed:
            changed.update(self.ids)
            return super().write(vals)

    def _ensure_version(self):
        """What there was before the first change is a version, too."""
        known = self.env["crm.segmentation.version"].sudo()._read_group(
            [("segmentation_id", "in", self.ids)], ["segmentation_id"]
        )  # sudo: as in _current_version
        (self - self.browse(one.id for (one,) in known))._record_version()

    def _record_version(self):
        """Keep the definitions that differ from the latest version."""
        Version = self.env["crm.segmentation.version"].sudo()  # nobody writes versions by hand
        for segmentation in self:
            definition, _writer = segmentation.sudo()._definition()
            last = segmentation.sudo()._current_version()
            changes = definitions.differences(last.definition, definition) if last else []
            if last and not changes:
                continue
            vals = {
                "segmentation_id": segmentation.id,
                "number": last.number + 1,
                "user_id": self.env.uid,
                "definition": definition,
                "changes": changes,
            }
            try:
                with mute_logger("odoo.sql_db"):
                    Version.create(vals)
            except psycopg2.errors.UniqueViolation as error:
                # somebody changed the rules at the same time: try again on top of theirs
                raise ConcurrencyError(str(error)) from error
        self.env.registry.clear_cache()
