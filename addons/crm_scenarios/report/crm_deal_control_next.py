"""What is planned next on each deal on a page."""

from odoo import api, fields, models
from odoo.fields import Domain


class CrmDealControl(models.Model):
    _inherit = "crm.deal.control"  # pylint: disable=consider-merging-classes-inherited

    next_step = fields.Char(
        compute="_compute_next_step", help="Name of the earliest planned activity."
    )

    @api.depends("lead_id", "order_id", "next_date")
    @api.depends_context("uid", "lang")
    def _compute_next_step(self):
        """The activity of ``next_date``; empty where the user may not see it."""
        planned = self.filtered("next_date")
        names = planned._activity_names()
        for deal in self:
            found = (names.get((one._name, one.id, deal.next_date)) for one in deal._watched())
            deal.next_step = next(filter(None, found), False)

    def _watched(self):
        """The documents whose activities count: the order and its opportunity."""
        return [one for one in (self.order_id, self.lead_id) if one]

    def _activity_names(self):
        """(model, id, deadline) → name of the first activity; the host leaves out hidden ones."""
        watched = [one for deal in self for one in deal._watched()]
        if not watched:
            return {}
        domain = Domain.OR(
            Domain("res_model", "=", model)
            & Domain("res_id", "in", [one.id for one in watched if one._name == model])
            for model in {one._name for one in watched}
        )
        names = {}
        read = ["res_model", "res_id", "date_deadline", "display_name"]
        for one in self.env["mail.activity"].search_fetch(domain, read):
            names.setdefault((one.res_model, one.res_id, one.date_deadline), one.display_name)
        return names
