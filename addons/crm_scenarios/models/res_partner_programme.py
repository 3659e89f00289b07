"""Customers open their programmes."""

from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "crm.programme.owner"]
    _programme_link = "partner_id"
