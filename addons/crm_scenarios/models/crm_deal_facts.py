"""What each decided deal did in its first days, in one statement."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

#: days until the first contact, at most → value of the feature
FIRST_CONTACT = ((1, "day"), (3, "days"), (7, "week"))


class CrmDealPattern(models.Model):
    _inherit = "crm.deal.pattern"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _facts(self, company, days):
        """Deals of a company that were still undecided after so many days, and were decided.

        :return: list of dict: ``id``, ``won``, ``segments`` (ids of those in which the customer
            was when it began), ``wait`` (days until the first contact, None: none),
            ``activities``, ``types`` (ids), ``meeting``, ``sent``, ``discount`` (None without a
            quotation), ``people``, ``source_id``, ``team_id``
        """
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                WITH deal AS MATERIALIZED (%(deals)s),
                     moment AS MATERIALIZED (%(moments)s),
                     done AS (%(done)s), offer AS (%(offers)s), person AS (%(people)s),
                     stay AS (%(stays)s)
                SELECT deal.id, deal.won, deal.source_id, deal.team_id, stay.segments,
                       EXTRACT(EPOCH FROM done.first - deal.start) / 86400 AS wait,
                       COALESCE(done.activities, 0) AS activities, done.types,
                       COALESCE(done.meeting, FALSE) AS meeting,
                       COALESCE(offer.sent, FALSE) AS sent, offer.discount,
                       COALESCE(person.people, 0) AS people
                FROM deal
                LEFT JOIN done ON done.id = deal.id LEFT JOIN offer ON offer.id = deal.id
                LEFT JOIN person ON person.id = deal.id LEFT JOIN stay ON stay.id = deal.id
                ORDER BY deal.id
                """,
                deals=self._facts_deals_sql(company, days),
                moments=SQL(" UNION ALL ").join(self._facts_moments().values()),
                done=SQL(
                    """
                    SELECT id, MIN(moment) AS first,
                           COUNT(*) FILTER (WHERE kind = 'activity') AS activities,
                           ARRAY_AGG(DISTINCT type_id) FILTER (WHERE kind = 'activity') AS types,
                           BOOL_OR(kind = 'meeting') AS meeting
                    FROM moment GROUP BY id
                    """
                ),
                offers=self._facts_offers_sql(),
                people=self._facts_people_sql(),
                stays=self._facts_stays_sql(company),
            )
        )

    def _facts_deals_sql(self, company, days):
        """As in the figures of customers, a deal without a company counts in each."""
        return SQL(
            """
            SELECT l.id, l.won_status = 'won' AS won, l.create_date AS start,
                   l.create_date + %(days)s * INTERVAL '1 day' AS until,
                   p.commercial_partner_id AS partner_id, l.source_id, l.team_id
            FROM crm_lead l LEFT JOIN res_partner p ON p.id = l.partner_id
            WHERE l.type = 'opportunity' AND l.won_status IN ('won', 'lost')
              AND COALESCE(l.company_id, %(company)s) = %(company)s
              AND l.date_closed >= l.create_date + %(days)s * INTERVAL '1 day'
            """,
            company=company.id,
            days=days,
        )

    def _facts_moments(self):
        """SELECTs of (id, kind, type_id, moment), by name: what counts as contact.

        The same kinds as in the figures of customers (``_contact_sources``). The host keeps
        the day on which an activity was done; its hour is when it was put aside on that day.
        """
        return {
            "messages": SQL(
                """
                SELECT d.id, 'mail' AS kind, NULL::int AS type_id, m.date AS moment
                FROM deal d
                JOIN mail_message m ON m.model = 'crm.lead' AND m.res_id = d.id
                    AND m.date >= d.start AND m.date < d.until
                WHERE m.message_type IN ('comment', 'email_outgoing', 'auto_comment')
                  AND m.author_id IN (SELECT partner_id FROM res_users WHERE NOT share)
                  AND EXISTS (
                    SELECT FROM mail_notification n
                    WHERE n.mail_message_id = m.id AND n.notification_type = 'email'
                      AND n.notification_status IN ('ready', 'process', 'pending', 'sent'))
                """
            ),
            "activities": SQL(
                """
                SELECT d.id, 'activity', a.activity_type_id,
                       GREATEST(CASE WHEN a.write_date::date = a.date_done THEN a.write_date
                                     ELSE a.date_done::timestamp END, d.start)
                FROM deal d
                JOIN mail_activity a ON a.res_model = 'crm.lead' AND a.res_id = d.id
                JOIN mail_activity_type t ON t.id = a.activity_type_id
                WHERE NOT a.active AND a.calendar_event_id IS NULL
                  AND COALESCE(t.category, 'default') <> 'upload_file'
                  AND a.date_done >= d.start::date AND a.date_done < d.until::date
                """
            ),
            "meetings": SQL(
                """
                SELECT d.id, 'meeting', NULL, e.start
                FROM deal d JOIN calendar_event e ON e.opportunity_id = d.id
                WHERE e.active AND e.start >= d.start AND e.start < d.until
                """
            ),
        }

    def _facts_offers_sql(self):
        """Quotations made in these days; sent: so says a message, or it was confirmed."""
        return SQL(
            """
            SELECT d.id, BOOL_OR(o.state IN ('sale') AND o.date_order < d.until OR EXISTS (
                       SELECT FROM mail_message m
                       WHERE m.model = 'sale.order' AND m.res_id = o.id AND m.date < d.until
                         AND m.subtype_id = %s)) AS sent,
                   BOOL_OR(EXISTS (SELECT FROM sale_order_line s
                                   WHERE s.order_id = o.id AND s.discount > 0)) AS discount
            FROM deal d JOIN sale_order o ON o.opportunity_id = d.id
            WHERE o.create_date >= d.start AND o.create_date < d.until
            GROUP BY d.id
            """,
            self.env["ir.model.data"]._xmlid_to_res_id("sale.mt_order_sent"),
        )

    def _facts_people_sql(self):
        """People who aren't ours: they wrote on the deal, or were invited to its meetings."""
        return SQL(
            """
            SELECT f.id, COUNT(DISTINCT f.partner_id) AS people
            FROM (
                SELECT d.id, m.author_id AS partner_id
                FROM deal d
                JOIN mail_message m ON m.model = 'crm.lead' AND m.res_id = d.id
                    AND m.date >= d.start AND m.date < d.until AND m.message_type = 'email'
                UNION ALL
                SELECT d.id, a.partner_id
                FROM deal d JOIN calendar_event e ON e.opportunity_id = d.id
                JOIN calendar_attendee a ON a.event_id = e.id
                WHERE e.active AND e.start >= d.start AND e.start < d.until
            ) f
            WHERE f.partner_id NOT IN (SELECT partner_id FROM res_users WHERE NOT share)
            GROUP BY f.id
            """
        )

    def _facts_stays_sql(self, company):
        """The segments on the first day: winning itself moves a customer."""
        return SQL(
            """
            SELECT d.id, ARRAY_AGG(DISTINCT s.segment_id) AS segments
            FROM deal d
            JOIN crm_segment_membership s ON s.partner_id = d.partner_id AND s.company_id = %s
                AND s.pinned IS DISTINCT FROM 'out' AND s.date_from <= d.start::date
                AND (s.date_to IS NULL OR s.date_to > d.start::date)
            JOIN crm_segmentation g ON g.id = s.segmentation_id AND g.enabled
            GROUP BY d.id
            """,
            company.id,
        )

    @api.model
    def _features(self, facts):
        """Features of deals, as :func:`lib.deal_patterns.study` takes them.

        :return: dict of (feature, value or None) → list of values; where a value stands in the
            name, the feature is told by yes and no
        """
        found = defaultdict(list)
        types = sorted({one for fact in facts for one in fact["types"] or ()})
        for fact in facts:
            found["first_contact", None].append(self._wait_value(fact["wait"]))
            found["activities", None].append(self._at_most(fact["activities"], (0, 1, 3)))
            found["people", None].append(self._at_most(fact["people"], (0, 1, 2)))
            for name in ("source", "team"):
                number = fact[f"{name}_id"]
                found[name, None].append(str(number) if number else None)
            found["meeting", "yes"].append(fact["meeting"])
            found["quotation", "yes"].append(fact["sent"])
            found["discount", "yes"].append(fact["discount"])
            for one in types:
                found["activity", str(one)].append(one in (fact["types"] or ()))
        return found

    @staticmethod
    def _wait_value(wait):
        if wait is None:
            return "none"
        return next((name for limit, name in FIRST_CONTACT if wait <= limit), "later")

    @staticmethod
    def _at_most(count, steps):
        """The greatest step that the count reaches, as text."""
        return str(max(step for step in steps if count >= step))
