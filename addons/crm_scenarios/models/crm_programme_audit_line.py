"""A figure of an audit, beside that of the audit before."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.metric_fields import EmptyFloat, known

from ..lib.programme_audit import difference
from .crm_programme_audit import SECTIONS


class CrmProgrammeAuditLine(models.Model):
    _name = "crm.programme.audit.line"
    _description = "Line of an Audit"
    _order = "audit_id, sequence, id"
    _rec_name = "name"

    audit_id = fields.Many2one("crm.programme.audit", required=True, index=True, ondelete="cascade")
    programme_id = fields.Many2one(related="audit_id.programme_id", store=True, index=True)
    sequence = fields.Integer(aggregator=None)
    section = fields.Selection(SECTIONS, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, export_string_translation=False)
    label = fields.Char(readonly=True, help="Name of a module, role or scheduled action.")
    name = fields.Char("What Was Counted", compute="_compute_name")
    value = EmptyFloat("Now", readonly=True, digits=(16, 0), aggregator=None)
    detail = fields.Char(readonly=True)
    previous_value = EmptyFloat("Before", readonly=True, digits=(16, 0), aggregator=None)
    previous_detail = fields.Char("Before It Was", readonly=True)
    difference = EmptyFloat(
        compute="_compute_difference", store=True, digits=(16, 0), aggregator=None,
        help="Empty: it wasn't counted before.",
    )  # fmt: skip
    changed = fields.Boolean(compute="_compute_difference", store=True)

    @api.depends("key", "label")
    @api.depends_context("lang")
    def _compute_name(self):
        texts = self.env["crm.programme.audit"]._texts()
        for line in self:
            line.name = line.label or texts.get(line.key, line.key)

    @api.depends("value", "previous_value", "detail", "previous_detail")
    def _compute_difference(self):
        for line in self:
            now, then = known(line.value), known(line.previous_value)
            line.difference = difference(now, then)
            text_only = now is None and line.previous_detail
            line.changed = bool(line.difference) or bool(
                text_only and line.detail != line.previous_detail
            )

    def _row(self):
        """The line as ``lib.programme_audit`` takes it."""
        return {
            "section": self.section, "key": self.key, "label": self.label,
            "detail": self.detail, "value": known(self.value),
        }  # fmt: skip
