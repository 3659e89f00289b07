"""Opportunities open their programmes."""

from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.programme.owner"]
    _programme_link = "lead_id"
