"""Quotations know the programme that they offer."""

from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    crm_programme_id = fields.Many2one(
        "crm.programme", "Programme", index="btree_not_null", ondelete="set null", readonly=True,
        check_company=True,
    )  # fmt: skip
