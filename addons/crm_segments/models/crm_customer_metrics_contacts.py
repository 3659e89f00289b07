"""When a customer was last contacted, and how often lately: one common count for any cap."""

from odoo import models
from odoo.tools import SQL

from .metric_fields import sql_any

#: days that ``contacts_30d`` looks back
CONTACT_DAYS = 30
#: model whose completed activities are contacts → its column with the customer
_ACTIVITY_MODELS = {
    "res.partner": "id",
    "crm.lead": "partner_id",
    "sale.order": "partner_id",
    "account.move": "partner_id",
}


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"  # pylint: disable=consider-merging-classes-inherited

    def _contact_sources(self, partner_ids, today):
        """SELECTs of (partner_id, day, key), by name; ``key`` tells contacts apart.

        Add-ons add their own kinds of contact here. A message to three people of one
        customer is one contact. Contacts know no company: whoever wrote, the customer
        was contacted.

        :param list partner_ids: ids of commercial entities, None for everybody
        :return: dict of SQL
        """
        sources = {
            "messages": self._contact_messages_sql(partner_ids),
            "activities": self._contact_activities_sql(partner_ids),
            "meetings": self._contact_meetings_sql(partner_ids, today),
        }
        if "mailing.trace" in self.env:
            sources["mailings"] = self._contact_mailings_sql(partner_ids)
        return sources

    def _contacts_sql(self, company, partner_ids, today):
        """SELECT of (partner_id, last_contact_date, contacts_30d) of the company's customers."""
        return SQL(
            """
            SELECT c.partner_id, MAX(c.day) AS last_contact_date,
                   COUNT(*) FILTER (WHERE c.day > %(today)s - %(days)s) AS contacts_30d
            FROM (%(sources)s) c (partner_id, day, key)
            JOIN res_partner p ON p.id = c.partner_id
            LEFT JOIN res_company own ON own.id = p.company_id
            WHERE c.day <= %(today)s
              AND (own.id IS NULL OR %(path)s LIKE own.parent_path || '%%')
            GROUP BY c.partner_id
            """,
            today=today,
            days=CONTACT_DAYS,
            sources=SQL(" UNION ").join(self._contact_sources(partner_ids, today).values()),
            path=company.parent_path,
        )

    def _contact_messages_sql(self, partner_ids):
        """E-mails that somebody of ours sent to a customer, templates included."""
        return SQL(
            """
            SELECT p.commercial_partner_id, m.date::date, 'mail' || m.id
            FROM mail_notification n
            JOIN mail_message m ON m.id = n.mail_message_id
            JOIN res_partner p ON p.id = n.res_partner_id
            WHERE n.notification_type = 'email'
              AND n.notification_status IN ('ready', 'process', 'pending', 'sent')
              AND m.message_type IN ('comment', 'email_outgoing', 'auto_comment')
              AND m.author_id IN (SELECT partner_id FROM res_users WHERE NOT share) AND %s
            """,
            sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids),
        )

    def _contact_activities_sql(self, partner_ids):
        """Completed activities on the customer and its documents; meetings count themselves."""
        return SQL(" UNION ").join(
            SQL(
                """
                SELECT p.commercial_partner_id, a.date_done, 'activity' || a.id
                FROM mail_activity a
                JOIN mail_activity_type t ON t.id = a.activity_type_id
                JOIN %(table)s d ON d.id = a.res_id
                JOIN res_partner p ON p.id = d.%(column)s
                WHERE a.res_model = %(model)s AND NOT a.active AND a.date_done IS NOT NULL
                  AND a.calendar_event_id IS NULL
                  AND COALESCE(t.category, 'default') <> 'upload_file' AND %(scope)s
                """,
                table=SQL.identifier(self.env[model]._table),
                column=SQL.identifier(column),
                model=model,
                scope=sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids),
            )
            for model, column in _ACTIVITY_MODELS.items()
        )

    def _contact_meetings_sql(self, partner_ids, today):
        """Meetings that a customer was invited to and didn't decline."""
        return SQL(
            """
            SELECT p.commercial_partner_id, e.start::date, 'meeting' || e.id
            FROM calendar_attendee a
            JOIN calendar_event e ON e.id = a.event_id
            JOIN res_partner p ON p.id = a.partner_id
            WHERE e.active AND e.start::date <= %s AND a.state IS DISTINCT FROM 'declined'
              AND p.id NOT IN (SELECT partner_id FROM res_users WHERE NOT share) AND %s
            """,
            today,
            sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids),
        )

    def _contact_mailings_sql(self, partner_ids):
        """Mailings that left for the customer, for a lead of it, or for its address."""
        return SQL(
            """
            SELECT p.commercial_partner_id, t.sent_datetime::date, 'mailing' || t.mass_mailing_id
            FROM mailing_trace t
            LEFT JOIN crm_lead l ON t.model = 'crm.lead' AND l.id = t.res_id
            LEFT JOIN mailing_contact c ON t.model = 'mailing.contact' AND c.id = t.res_id
            JOIN res_partner p ON CASE t.model
                WHEN 'res.partner' THEN p.id = t.res_id
                WHEN 'crm.lead' THEN p.id = l.partner_id
                ELSE p.email_normalized = c.email_normalized END
            WHERE t.sent_datetime IS NOT NULL AND NOT COALESCE(t.is_test_trace, FALSE)
              AND t.trace_status IN ('pending', 'sent', 'open', 'reply') AND %s
            """,
            sql_any(SQL.identifier("p", "commercial_partner_id"), partner_ids),
        )
