"""Touchpoints of mailings and of tracked links."""

from odoo import models
from odoo.addons.crm_segments.models.metric_fields import sql_any
from odoo.tools import SQL

#: kind → condition and time of a trace
_EVENTS = {
    "sent": (
        SQL("t.trace_status IN ('pending', 'sent', 'open', 'reply')"),
        SQL("t.sent_datetime"),
    ),
    "opened": (SQL("TRUE"), SQL("t.open_datetime")),
    "replied": (SQL("TRUE"), SQL("t.reply_datetime")),
    # with the clicks themselves known, the last one of the trace is one of them
    "clicked": (
        SQL("NOT EXISTS (SELECT FROM link_tracker_click c WHERE c.mailing_trace_id = t.id)"),
        SQL("t.links_click_datetime"),
    ),
}


class CrmTouchpoint(models.Model):
    _inherit = "crm.touchpoint"  # pylint: disable=consider-merging-classes-inherited

    def _touchpoint_sources(self, partner_ids):
        """Mailings by what was done with them, and clicks on links."""
        sources = super()._touchpoint_sources(partner_ids)
        for kind in _EVENTS:
            sources[kind] = self._touches_traces_sql(partner_ids, kind)
        sources["link"] = self._touches_links_sql(partner_ids)
        return sources

    def _trace_person_sql(self, trace):
        """Lateral join ``person`` of (partner_id, lead_id): who the row ``trace`` was sent to.

        A contact of a mailing list is whoever has its address, the oldest customer where
        several have.
        """
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT p.commercial_partner_id AS partner_id, NULL::int AS lead_id
                FROM res_partner p WHERE %(t)s.model = 'res.partner' AND p.id = %(t)s.res_id
                UNION ALL
                SELECT p.commercial_partner_id, l.id
                FROM crm_lead l LEFT JOIN res_partner p ON p.id = l.partner_id
                WHERE %(t)s.model = 'crm.lead' AND l.id = %(t)s.res_id
                UNION ALL
                (SELECT p.commercial_partner_id, NULL FROM mailing_contact c
                 JOIN res_partner p ON p.email_normalized = c.email_normalized
                 WHERE %(t)s.model = 'mailing.contact' AND c.id = %(t)s.res_id
                 ORDER BY p.id LIMIT 1)
            ) person ON TRUE
            """,
            t=SQL.identifier(trace),
        )

    def _trace_scope_sql(self, partner_ids):
        """SQL condition: the trace ``t`` may be one of these customers.

        Who it is, is looked up for these only: for a few customers not for every mail ever sent.
        """
        if partner_ids is None:
            return SQL("TRUE")
        return SQL(
            """(
                t.model = 'res.partner' AND t.res_id IN (
                    SELECT p.id FROM res_partner p WHERE p.commercial_partner_id = ANY(%(ids)s))
                OR t.model = 'crm.lead' AND t.res_id IN (
                    SELECT l.id FROM crm_lead l JOIN res_partner p ON p.id = l.partner_id
                    WHERE p.commercial_partner_id = ANY(%(ids)s))
                OR t.model = 'mailing.contact' AND t.res_id IN (
                    SELECT c.id FROM mailing_contact c
                    JOIN res_partner p ON p.email_normalized = c.email_normalized
                    WHERE p.commercial_partner_id = ANY(%(ids)s))
            )""",
            ids=partner_ids,
        )

    def _touches_traces_sql(self, partner_ids, kind):
        condition, moment = _EVENTS[kind]
        return SQL(
            """
            SELECT NULL::int, person.partner_id, person.lead_id, %(moment)s,
                   g.campaign_id, g.medium_id, g.source_id, 'mailing.trace', t.id, NULL, NULL::int
            FROM mailing_trace t JOIN mailing_mailing g ON g.id = t.mass_mailing_id
            %(person)s
            WHERE %(moment)s IS NOT NULL AND NOT COALESCE(t.is_test_trace, FALSE) AND %(condition)s
              AND COALESCE(person.partner_id, person.lead_id) IS NOT NULL
              AND %(traces)s AND %(scope)s
            """,
            moment=moment,
            person=self._trace_person_sql("t"),
            condition=condition,
            traces=self._trace_scope_sql(partner_ids),
            scope=sql_any(SQL("person.partner_id"), partner_ids),
        )

    def _touches_links_sql(self, partner_ids):
        """Clicks on tracked links; one that no mailing leads to has no person."""
        return SQL(
            """
            SELECT NULL::int, person.partner_id, person.lead_id, c.create_date,
                   COALESCE(c.campaign_id, k.campaign_id), k.medium_id, k.source_id,
                   'link.tracker.click', c.id, NULL, NULL::int
            FROM link_tracker_click c JOIN link_tracker k ON k.id = c.link_id
            LEFT JOIN mailing_trace t ON t.id = c.mailing_trace_id
            %(person)s
            WHERE NOT COALESCE(t.is_test_trace, FALSE) AND %(traces)s AND %(scope)s
            """,
            person=self._trace_person_sql("t"),
            traces=self._trace_scope_sql(partner_ids),
            scope=sql_any(SQL("person.partner_id"), partner_ids),
        )
