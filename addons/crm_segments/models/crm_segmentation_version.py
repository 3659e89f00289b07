"""Versions of the rules of a segmentation: who changed what, and the way back."""

from odoo import api, fields, models
from odoo.tools import formatLang

from ..lib.transfer_file import source_text
from .definition_changes import collect_changes
from .metric_fields import DEFINITION_GROUPS
from .portable_refs import RefReader


class CrmSegmentationVersion(models.Model):
    """The definition of a segmentation as it was from ``create_date`` on.

    ``definition`` is what a file carries, with the ids of this database beside it.
    """

    _name = "crm.segmentation.version"
    _description = "Version of a Segmentation"
    _order = "segmentation_id, number desc"
    _rec_name = "number"

    segmentation_id = fields.Many2one(
        "crm.segmentation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="segmentation_id.company_id", store=True, index=True)
    number = fields.Integer("Version", required=True, aggregator=None)
    user_id = fields.Many2one("res.users", "Changed By", ondelete="set null")
    definition = fields.Json(groups=DEFINITION_GROUPS, export_string_translation=False)
    changes = fields.Json(
        groups=DEFINITION_GROUPS,
        export_string_translation=False,
        help="What differs from the version before, see lib/definitions.py.",
    )
    summary = fields.Text("What Changed", compute="_compute_summary")
    is_current = fields.Boolean("Current", compute="_compute_is_current")

    _number_uniq = models.UniqueIndex("(segmentation_id, number)")

    @api.depends("number")
    def _compute_is_current(self):
        latest = self._read_group(
            [("segmentation_id", "in", self.segmentation_id.ids)],
            ["segmentation_id"],
            ["number:max"],
        )
        numbers = {segmentation: number for segmentation, number in latest}
        for version in self:
            version.is_current = numbers.get(version.segmentation_id) == version.number

    @api.depends("changes")
    @api.depends_context("uid", "lang")
    def _compute_summary(self):
        """In the reader's language; limits only for those who may read them."""
        limits = self.env.su or self.env.user.has_groups(DEFINITION_GROUPS)
        for version in self:
            # sudo: what changed may be told, amounts are left out below
            changes = version.sudo().changes or []
            texts = dict.fromkeys(version._change_text(change, limits) for change in changes)
            first = self.env._("First version") if version.number == 1 else ""
            version.summary = "\n".join(texts) or first

    def _change_text(self, change, limits):
        what, segment = change["what"], self._text(change.get("segment"))
        if what in ("name", "segment_name"):
            return self._rename_text(change)
        if what == "field":
            return self.env._("%s changed", self._label("crm.segmentation", change["field"]))
        if what == "segment_field":
            return self._segment_text(segment, change, limits)
        return {
            "added": self.env._("“%s” added", segment),
            "removed": self.env._("“%s” removed", segment),
            "order": self.env._("Order of the segments changed"),
        }[what]

    def _rename_text(self, change):
        # in the first language that differs, the reader's before others
        langs = sorted(change["before"], key=lambda lang: lang != self.env.lang)
        for lang in langs:
            before, after = change["before"][lang], change["after"].get(lang)
            if after and before != after:
                return self.env._("“%(old)s” renamed to “%(new)s”", old=before, new=after)
        return ""

    def _segment_text(self, segment, change, limits):
        field, before, after = change["field"], change.get("before"), change.get("after")
        if field == "active":
            archived = change.get("after") is False
            return (
                self.env._("“%s” archived", segment)
                if archived
                else self.env._("“%s” in use again", segment)
            )
        if field == "threshold" and limits:
            return self.env._(
                "Limit of “%(segment)s” %(old)s → %(new)s",
                segment=segment,
                old=self._number(before),
                new=self._number(after),
            )
        label = {
            "include_segment_ids": self.env._("Included segments"),
            "exclude_segment_ids": self.env._("Excluded segments"),
        }.get(field) or self._label("crm.segment", field)
        return self.env._("%(what)s of “%(segment)s” changed", what=label, segment=segment)

    def _number(self, value):
        digits = 0 if float(value or 0).is_integer() else 2
        return formatLang(self.env, value or 0, digits=digits)

    def _label(self, model_name, field_name):
        field = self.env[model_name]._fields.get(field_name)
        return field.get_description(self.env, ["string"])["string"] if field else field_name

    def _text(self, texts):
        return (texts or {}).get(self.env.lang) or source_text(texts)

    def action_restore(self):
        """Make the segmentation what it was in this version; that is a new version.

        :raises ValidationError: naming what the rules need and what no longer exists
        """
        self.ensure_one()
        self.segmentation_id.check_access("write")
        self.check_access("read")
        with collect_changes(self.env) as changed:
            changed.add(self.segmentation_id.id)
            reader = RefReader(self.env, same_database=True)
            self.segmentation_id._apply_definition(self.definition, reader)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Version %s is in use again.", self.number),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
