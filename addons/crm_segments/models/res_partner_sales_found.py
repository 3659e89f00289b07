"""Whether a customer has bought at all: a condition for managers, without telling figures."""

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    crm_sales_found = fields.Selection(
        [("some", "Has bought"), ("none", "No sale yet")],
        "Sales Found",
        compute="_compute_crm_sales_found",
        search="_search_crm_sales_found",
        groups="crm_segments.group_segments_manager",
        help="Whether the company has any invoice, confirmed order or line of sales history of "
        "this customer, whatever its figures are counted from.",
    )

    def _compute_crm_sales_found(self):
        everybody = self.with_context(active_test=False)
        known = Domain("id", "in", self._origin.ids)
        found = everybody.search(known & Domain("crm_sales_found", "=", "some"))
        for partner in self:
            partner.crm_sales_found = "some" if partner._origin in found else "none"

    def _search_crm_sales_found(self, operator, value):
        if operator != "in":
            return NotImplemented
        if {"some", "none"} <= set(value):
            return Domain.TRUE
        # documents cover all salespeople; that somebody bought is told by the segments too
        Metrics = self.env["crm.customer.metrics"].sudo()
        Metrics._flush_sources()
        sold = Metrics._anything_sold_sql(self.env.company)
        verb = SQL("IN") if "some" in value else SQL("NOT IN")
        if not {"some", "none"} & set(value):
            return Domain.FALSE
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s %s (%s)",
                model._field_to_sql(alias, "commercial_partner_id", query),
                verb,
                sold,
            )
        )
