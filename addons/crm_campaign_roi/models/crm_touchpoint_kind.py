"""Kinds of touchpoints: which of them count is a setting of the company."""

from odoo import fields, models


class CrmTouchpointKind(models.Model):
    """A kind of contact that a campaign makes with a customer."""

    _name = "crm.touchpoint.kind"
    _description = "Kind of Touchpoint"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer()

    _code_unique = models.UniqueIndex("(code)", "There is a kind of touchpoint of this code.")
