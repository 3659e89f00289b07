"""Conversation brief: who is calling, and what to know before saying hello."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..lib.phone_number import tail
from .asked_record import asked_record

#: candidates for a number that several contacts have
MOST = 20


class CrmCaller(models.AbstractModel):
    _name = "crm.caller"
    _description = "Conversation Brief"

    @api.model
    @api.readonly
    def find(self, number):
        """Contacts and leads without a customer that have this number, as the user may see them.

        :param str number: as the telephone system writes it
        :return: list of dicts ``partner_id`` or ``lead_id``, ``name``, ``company``
        """
        self._check_user()
        digits = tail(number if isinstance(number, str) else "")
        if not digits:
            return []
        found = [
            {"partner_id": one.id, "lead_id": False, "name": one.name or one.display_name,
             "company": one.commercial_partner_id.display_name}
            for one in self._with_number("res.partner", digits)
        ]  # fmt: skip
        leads = self._with_number("crm.lead", digits).filtered(lambda lead: not lead.partner_id)
        found += [
            {"partner_id": False, "lead_id": one.id, "name": one.contact_name or one.name,
             "company": one.partner_name or ""}
            for one in leads
        ]  # fmt: skip
        return found

    def _with_number(self, model, digits):
        """Records that the user may read whose number ends with these digits."""
        Model = self.env[model]
        if not Model.has_access("read"):
            return Model
        query = Model._search([("phone", "!=", False)])
        column = SQL.identifier(Model._table, "phone")
        query.add_where(SQL(r"regexp_replace(%s, '\D', '', 'g') LIKE %s", column, f"%{digits}"))
        query.limit = MOST
        query.order = SQL.identifier(Model._table, "id")
        return Model.browse(query)

    @api.model
    def brief(self, partner_id):
        """What to know of a customer, on one screen.

        :param int partner_id: id of a contact
        :return: dict ``name``, ``company``, ``phone``, ``segments``, ``last_order`` (name, date,
            amount), ``overdue`` (None: not for this user), ``revenue_12m`` (as overdue),
            ``deals`` (open ones), ``products`` (usually bought again), ``scenarios`` (running),
            ``next`` (open activities), ``currency_id``
        :raises AccessError: if the user may not read the customer
        """
        self._check_user()
        partner = asked_record(self.env, "res.partner", partner_id)
        customer = partner.commercial_partner_id
        seen = customer.metrics_visible
        seller = self.env.user.has_group("sales_team.group_sale_salesman")
        again = (
            self.env["crm.recommendation"].recommend(partner_id=partner.id, limit=5)["again"]
            if seller else []
        )  # fmt: skip
        return {
            "partner_id": partner.id,
            "name": partner.name or partner.display_name,
            "company": customer.display_name if customer != partner else "",
            "phone": partner.phone or customer.phone or "",
            "segments": customer.segment_ids.mapped("name"),
            "last_order": self._last_order(customer) if seller else False,
            "overdue": customer.amount_overdue if seen else None,
            "revenue_12m": customer.revenue_12m if seen else None,
            "last_purchase": customer.last_purchase_date if seen else False,
            "deals": self._deals(customer) if seller else [],
            "products": [{"name": one["name"], "reason": one["reason"]} for one in again],
            "next": self._next(customer),
            "scenarios": self._scenarios(customer),
            "currency_id": self.env.company.currency_id.id,
        }

    def _check_user(self):
        if not (self.env.su or self.env.user.has_groups(
            "sales_team.group_sale_salesman,crm_segments.group_segments_manager")):  # fmt: skip
            raise AccessError(self.env._("The conversation brief is for salespeople."))

    def _last_order(self, customer):
        order = self.env["sale.order"].search(
            [("partner_id", "child_of", customer.id), ("state", "=", "sale"),
             ("company_id", "=", self.env.company.id)], order="date_order desc", limit=1,
        )  # fmt: skip
        return order and {
            "id": order.id, "name": order.name, "date": order.date_order.date(),
            "amount": order.amount_untaxed, "currency_id": order.currency_id.id,
        }  # fmt: skip

    def _deals(self, customer):
        leads = self.env["crm.lead"].search(
            [("partner_id", "child_of", customer.id), ("type", "=", "opportunity"),
             ("won_status", "=", "pending")], limit=5,
        )  # fmt: skip
        return [
            {"id": one.id, "name": one.name, "stage": one.stage_id.name,
             "revenue": one.expected_revenue}
            for one in leads
        ]  # fmt: skip

    def _next(self, customer):
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", [customer.id])],
            order="date_deadline", limit=5,
        )
        return [
            {"id": one.id, "text": one.summary or one.activity_type_id.name,
             "until": one.date_deadline, "who": one.user_id.name or ""}
            for one in activities
        ]  # fmt: skip

    def _scenarios(self, customer):
        if not self.env["crm.scenario.run"].has_access("read"):
            return []
        runs = self.env["crm.scenario.run"].search(
            [("partner_id", "=", customer.id), ("is_open", "=", True)], limit=5
        )
        return [{"name": one.scenario_id.name, "step": one.step_id.summary or ""} for one in runs]
