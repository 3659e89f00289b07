"""One of a group of likely duplicates, with its part of documents and money."""

from odoo import fields, models

from .metric_fields import ALL_FIGURES_GROUPS


class CrmPartnerDuplicateMember(models.Model):
    _name = "crm.partner.duplicate.member"
    _description = "Customer of a Group of Likely Duplicates"
    _order = "document_count desc, id"
    _rec_name = "partner_id"
    _log_access = False

    duplicate_id = fields.Many2one(
        "crm.partner.duplicate", required=True, index=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="duplicate_id.company_id")
    currency_id = fields.Many2one(related="duplicate_id.currency_id")
    vat = fields.Char(related="partner_id.vat")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")
    segment_ids = fields.Many2many(related="partner_id.segment_ids", string="Segments")
    document_count = fields.Integer("Documents", readonly=True)
    amount = fields.Monetary("Revenue", readonly=True, groups=ALL_FIGURES_GROUPS)
