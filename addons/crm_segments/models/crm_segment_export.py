"""Who took contacts of a segment out of the database, and when."""

from odoo import api, fields, models

from ..lib.audience_formats import FORMATS


class CrmSegmentExport(models.Model):
    """Written at each export, changed by nobody."""

    _name = "crm.segment.export"
    _description = "Export of a Segment's Contacts"
    _order = "id desc"
    _rec_name = "create_date"

    create_uid = fields.Many2one("res.users", "Exported By", readonly=True)
    create_date = fields.Datetime("Exported On", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    segment_ids = fields.Many2many("crm.segment", string="Segments", readonly=True)
    segment_names = fields.Char(
        "Segments Then", readonly=True, help="What they were called when it was exported."
    )
    format = fields.Selection(selection="_select_format", required=True, readonly=True)
    customers = fields.Integer(readonly=True)
    contacts = fields.Integer(readonly=True)
    emails = fields.Integer("Email Addresses", readonly=True)
    phones = fields.Integer("Phone Numbers", readonly=True)

    @api.model
    def _select_format(self):
        """The formats that there are; those of other companies by their own names."""
        readable = self.env._("List to read")
        return [(key, form.label or readable) for key, form in FORMATS.items()]
