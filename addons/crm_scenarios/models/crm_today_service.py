"""What the service policy asks for today: contacts, purchases and answers that are overdue."""

from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from .crm_today_sources import RANKED

#: leads that have waited longer than this are no matter of minutes any more
LEAD_DAYS = 30
URGENT_DAYS = 3


class CrmToday(models.AbstractModel):
    _inherit = "crm.today"  # pylint: disable=consider-merging-classes-inherited

    def _sources(self):
        return (*super()._sources(), "service", "response")

    def _source_service(self, today):
        """The user's customers who were not contacted, or didn't buy, for as long as promised.

        Nothing planned with them; customers of more important segments first.
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            return []
        self.env["crm.customer.metrics"].flush_model()
        self.env["crm.service.policy"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT p.id, m.last_contact_date, m.last_purchase_date, v.contact_days,
                       v.lapse_days, v.channel, v.priority
                FROM crm_customer_metrics m JOIN res_partner p ON p.id = m.partner_id
                %(policies)s
                WHERE m.company_id = %(company)s AND p.active AND m.purchase_count > 0
                  AND (v.contact_days > 0 AND
                       COALESCE(m.last_contact_date, m.first_purchase_date) + v.contact_days
                       <= %(today)s
                       OR v.lapse_days > 0 AND m.last_purchase_date + v.lapse_days <= %(today)s)
                  AND m.lost_date > %(today)s AND %(mine)s
                  AND NOT EXISTS (
                    SELECT 1 FROM mail_activity a WHERE a.active AND a.res_model = 'res.partner'
                      AND a.res_id = p.id)
                ORDER BY v.priority DESC, m.average_purchase DESC NULLS LAST, m.id LIMIT %(limit)s
                """,
                policies=self._policies_join(),
                company=self.env.company.id,
                today=today,
                mine=self._mine_sql(),
                limit=RANKED,
            )
        )
        return [self._service_reason(today, row) for row in rows]

    def _policies_join(self):
        """``v``: the policy in force of a customer ``p``, that of the segment or of all."""
        return SQL(
            """
            LEFT JOIN crm_segment_membership s ON s.partner_id = p.id
                AND s.company_id = %(company)s AND s.segmentation_id = %(segmentation)s
                AND s.date_to IS NULL AND s.pinned IS DISTINCT FROM 'out'
            JOIN LATERAL (
                SELECT c.* FROM crm_service_policy c
                WHERE c.company_id = %(company)s AND c.state <> 'proposed'
                  AND (c.segment_id = s.segment_id OR c.segment_id IS NULL)
                ORDER BY c.segment_id NULLS LAST LIMIT 1) v ON TRUE
            """,
            company=self.env.company.id,
            segmentation=self.env.company._leading_segmentation().id or 0,
        )

    def _service_reason(self, today, row):
        """One line: what was promised, and how long ago it should have been."""
        kinds = self.env["crm.service.policy"]._fields["channel"]._description_selection(self.env)
        values = {"how": dict(kinds)[row["channel"]], "limit": row["contact_days"]}
        since = row["last_contact_date"] or row["last_purchase_date"]
        text = self.env._("%(how)s: no contact yet, promised every %(limit)s days", **values)
        if row["lapse_days"] and row["last_purchase_date"] + timedelta(row["lapse_days"]) <= today:
            since, values["limit"] = row["last_purchase_date"], row["lapse_days"]
            text = self.env._(
                "%(how)s: no purchase for %(days)s days, %(limit)s count as lapsed",
                days=(today - since).days, **values,
            )  # fmt: skip
        elif row["last_contact_date"]:
            text = self.env._(
                "%(how)s: last contact %(days)s days ago, promised every %(limit)s",
                days=(today - since).days, **values,
            )  # fmt: skip
        late = max(0, (today - since).days - values["limit"])
        return {
            "source": "service", "icon": "fa-handshake-o", "partner_id": row["id"], "text": text,
            "overdue": late, "until": today - timedelta(late),
            "priority": int(row["priority"]),
        }  # fmt: skip

    def _source_response(self, today):
        """New leads and opportunities of the user that nobody has answered within the hours."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH deal AS MATERIALIZED (
                    SELECT l.id, l.create_date AS start,
                           %(now)s::timestamp + INTERVAL '1 day' AS until,
                           p.id AS partner_id, v.response_hours AS hours
                    FROM crm_lead l LEFT JOIN res_partner c ON c.id = l.partner_id
                    LEFT JOIN res_partner p ON p.id = c.commercial_partner_id
                    %(policies)s
                    WHERE l.active AND l.won_status = 'pending' AND l.user_id = %(user)s
                      AND COALESCE(l.company_id, %(company)s) = %(company)s
                      AND v.response_hours > 0
                      AND l.create_date <= %(now)s - v.response_hours * INTERVAL '1 hour'
                      AND l.create_date > %(now)s - %(days)s * INTERVAL '1 day')
                SELECT d.id, d.partner_id, d.start, d.hours FROM deal d
                WHERE NOT EXISTS (SELECT FROM (%(moments)s) m WHERE m.id = d.id)
                  AND NOT EXISTS (
                    SELECT 1 FROM mail_activity a WHERE a.active AND a.res_model = 'crm.lead'
                      AND a.res_id = d.id AND a.date_deadline > %(today)s)
                ORDER BY d.start DESC LIMIT %(limit)s
                """,
                policies=self._policies_join(),
                now=self.env.cr.now(),
                today=today,
                days=LEAD_DAYS,
                user=self.env.uid,
                company=self.env.company.id,
                moments=SQL(" UNION ALL ").join(
                    self.env["crm.deal.pattern"]._facts_moments().values()
                ),
                limit=RANKED,
            )
        )
        return [
            # what has waited for days is no matter of this hour any more
            {"source": "service", "icon": "fa-bolt", "lead_id": lead_id,
             "partner_id": partner_id or False, "until": start.date(),
             "urgent": self.env.cr.now() - start < timedelta(hours=hours, days=URGENT_DAYS),
             "text": self.env._("No answer yet, promised within %s hours", hours)}
            for lead_id, partner_id, start, hours in rows
        ]  # fmt: skip
