"""Touchpoints of add-ons that may be there: events, website; and of fields that people chose."""

from odoo import api, fields, models
from odoo.addons.crm_segments.models.metric_fields import sql_any
from odoo.exceptions import ValidationError
from odoo.tools import SQL

#: model that a field may be read from → its columns of customer, company and lead
_MODELS = {
    "crm.lead": ("partner_id", "company_id", "id"),
    "sale.order": ("partner_id", "company_id", "opportunity_id"),
    "res.partner": ("id", "company_id", None),
}


class CrmTouchpointKind(models.Model):
    _inherit = "crm.touchpoint.kind"  # pylint: disable=consider-merging-classes-inherited

    field_id = fields.Many2one(
        "ir.model.fields",
        "Read From Field",
        ondelete="set null",
        domain=[
            ("model", "in", list(_MODELS)), ("store", "=", True),
            ("ttype", "in", ("char", "selection")), ("translate", "=", False),
        ],
        help="Where people enter it: a field of a lead, an order or a customer with the answer to "
        "“How did you hear of us?”, or with the promotion code.",
    )  # fmt: skip

    @api.constrains("field_id")
    def _check_field(self):
        for kind in self:
            # sudo: the definition of a field, by whoever may configure kinds
            field = kind.field_id.sudo()
            stored = not field or field.store and field.ttype in ("char", "selection")
            if field and (field.model not in _MODELS or not stored):
                raise ValidationError(
                    self.env._("“%(field)s” can't be read: %(what)s.",
                               field=field.field_description,
                               what=self.env._("a text or a choice of a lead, an order or a "
                                               "customer is needed"))
                )  # fmt: skip


class CrmTouchpoint(models.Model):
    _inherit = "crm.touchpoint"  # pylint: disable=consider-merging-classes-inherited

    def _touchpoint_sources(self, partner_ids):
        """Registrations, visits, and what fields say."""
        sources = super()._touchpoint_sources(partner_ids)
        if "event.registration" in self.env:
            sources["event"] = self._touches_events_sql(partner_ids)
        if "website.track" in self.env:
            sources["website"] = self._touches_website_sql(partner_ids)
        # sudo: how kinds are configured is the same for everybody
        for kind in self.env["crm.touchpoint.kind"].sudo().search([("field_id", "!=", False)]):
            if kind.code not in sources:
                sources[kind.code] = self._touches_field_sql(partner_ids, kind)
        return sources

    def _touches_events_sql(self, partner_ids):
        """Registrations that weren't cancelled."""
        return SQL(
            """
            SELECT r.company_id, p.commercial_partner_id, NULL::int, r.create_date,
                   r.utm_campaign_id, r.utm_medium_id, r.utm_source_id,
                   'event.registration', r.id, NULL, NULL::int
            FROM event_registration r JOIN res_partner p ON p.id = r.partner_id
            WHERE r.state <> 'cancel' AND %s
            """,
            sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids),
        )

    def _touches_website_sql(self, partner_ids):
        """Visits of known people, one a day: the first page of it."""
        return SQL(
            """
            SELECT NULL::int, p.commercial_partner_id, NULL::int, MIN(t.visit_datetime),
                   NULL::int, NULL::int, NULL::int, 'website.track', MIN(t.id), NULL, NULL::int
            FROM website_track t JOIN website_visitor v ON v.id = t.visitor_id
            JOIN res_partner p ON p.id = v.partner_id
            WHERE %s GROUP BY p.commercial_partner_id, t.visit_datetime::date
            """,
            sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids),
        )

    def _touches_field_sql(self, partner_ids, kind):
        """Records whose field says something; its campaign is that of the answer, if one is set."""
        field = kind.field_id
        partner, company, lead = _MODELS[field.model]
        Model = self.env[field.model]
        own = "campaign_id" in Model._fields
        return SQL(
            """
            SELECT d.%(company)s, p.commercial_partner_id, %(lead)s, d.create_date,
                   k.campaign_id, k.medium_id, k.source_id, %(model)s, d.id,
                   d.%(field)s::varchar, %(own)s
            FROM %(table)s d LEFT JOIN res_partner p ON p.id = d.%(partner)s
            LEFT JOIN LATERAL (
                SELECT * FROM crm_touchpoint_code k
                WHERE k.kind_id = %(kind)s AND COALESCE(k.company_id, d.%(company)s, 0)
                      = COALESCE(d.%(company)s, 0)
                  AND k.normalized = lower(regexp_replace(d.%(field)s, '\\s', '', 'g'))
                ORDER BY k.company_id LIMIT 1
            ) k ON TRUE
            WHERE COALESCE(d.%(field)s, '') <> '' AND %(scope)s
            """,
            company=SQL.identifier(company),
            lead=SQL("d.%s", SQL.identifier(lead)) if lead else SQL("NULL::int"),
            model=field.model,
            field=SQL.identifier(field.name),
            own=SQL("d.campaign_id") if own else SQL("NULL::int"),
            table=SQL.identifier(Model._table),
            partner=SQL.identifier(partner),
            kind=kind.id,
            scope=sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids),
        )
