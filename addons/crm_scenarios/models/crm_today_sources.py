"""Where the lines of 'Today' come from."""

from datetime import datetime, time, timedelta

from odoo import models
from odoo.tools import SQL

#: most activities and customers that are ranked; the rest comes up as these are done
RANKED = 300
_MODELS = ("res.partner", "crm.lead", "sale.order", "account.move")


class CrmToday(models.AbstractModel):
    _inherit = "crm.today"  # pylint: disable=consider-merging-classes-inherited

    def _source_activities(self, today):
        """The user's open activities until today, steps of scenarios among them.

        Steps that nobody could be found for stand with the members of a team.
        """
        whose = [("user_id", "=", self.env.uid)]
        if self._own_teams():
            whose = ["|", *whose, "&", ("user_id", "=", False), ("scenario_run_id", "!=", False)]
        activities = self.env["mail.activity"].search(
            [*whose, ("date_deadline", "<=", today)], order="date_deadline, id", limit=RANKED
        )
        customers = self._customers_of(activities)
        # sudo: the user's own activities; which run they come from is told in words only
        runs = activities.sudo().scenario_run_id
        measured = self._measured(runs.version_id)
        leads = self._lead_stakes(activities)
        return [
            {
                "source": "scenario" if one.sudo().scenario_run_id else "activity",
                "text": self._activity_text(one),
                "activity_id": one.id,
                "run_id": one.sudo().scenario_run_id.id,
                "mail": one.sudo().scenario_step_id.scenario_kind == "prepare",
                "icon": one.activity_type_id.icon or "fa-tasks",
                "until": one.date_deadline,
                "partner_id": customers.get(one.id, (False, False))[0],
                "lead_id": customers.get(one.id, (False, False))[1],
                "stake": leads.get(one.res_id) if one.res_model == "crm.lead" else None,
                "measured": measured.get(one.sudo().scenario_run_id.version_id.id),
            }
            for one in activities
        ]

    def _activity_text(self, activity):
        text = activity.summary or activity.activity_type_id.name
        scenario = activity.sudo().scenario_run_id.scenario_id.name  # sudo: as above
        return f"{text} · {scenario}" if scenario else text

    def _customers_of(self, activities):
        """Activity id → (customer id, lead id)."""
        activities.flush_recordset()
        parts = []
        for model in _MODELS:
            table = SQL.identifier(self.env[model]._table)
            partner = SQL("d.id" if model == "res.partner" else "d.partner_id")
            lead = SQL("d.id" if model == "crm.lead" else "NULL::int")
            parts.append(
                SQL(
                    """
                    SELECT a.id, p.commercial_partner_id, %s FROM mail_activity a
                    JOIN %s d ON d.id = a.res_id LEFT JOIN res_partner p ON p.id = %s
                    WHERE a.res_model = %s AND a.id = ANY(%s)
                    """,
                    lead, table, partner, model, activities.ids,
                )
            )  # fmt: skip
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts))
        return {activity: (partner or False, lead or False) for activity, partner, lead in rows}

    def _lead_stakes(self, activities):
        """Lead id → revenue weighted by the probability, of leads that the user may read."""
        ids = activities.filtered(lambda one: one.res_model == "crm.lead").mapped("res_id")
        leads = self.env["crm.lead"].browse(ids).exists()._filtered_access("read")
        return {one.id: one.prorated_revenue for one in leads if one.expected_revenue}

    def _measured(self, versions):
        """Version id → money per customer that the scenario brings, where it was measured.

        Only what is surely above zero or below is known; a difference below 0 counts as 0.
        """
        key = str(self.env.company.id)
        # sudo: one figure per scenario, of all customers together
        found = {version.id: (version.sudo().worths or {}).get(key) for version in versions}
        return {version_id: worth for version_id, worth in found.items() if worth is not None}

    def _source_meetings(self, today):
        """Meetings of today that the user attends."""
        start, end = datetime.combine(today, time.min), datetime.combine(today, time.max)
        events = self.env["calendar.event"].search(
            [("partner_ids", "in", self.env.user.partner_id.ids), ("start", "<=", end),
             ("stop", ">=", start)], limit=50,
        )  # fmt: skip
        internal = self.env["res.users"].sudo().search([("share", "=", False)]).partner_id
        found = []
        for event in events:
            # sudo: attendees of the user's own meeting
            guests = event.sudo().partner_ids - internal
            found.append(
                {
                    "source": "meeting", "text": event.name, "event_id": event.id,
                    "icon": "fa-calendar", "until": today, "urgent": True,
                    "partner_id": guests[:1].commercial_partner_id.id,
                    "lead_id": event.res_id if event.res_model == "crm.lead" else False,
                }
            )  # fmt: skip
        return found

    def _source_messages(self, _today):
        """Messages of the user's customers that nobody has answered in the hours of the setting."""
        self.env["mail.message"].flush_model()
        hours = self.env.company.sudo().crm_scenario_answer_hours  # sudo: a setting
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (a.commercial_partner_id) a.commercial_partner_id, m.date,
                       CASE WHEN m.model = 'crm.lead' THEN l.id END
                FROM mail_message m
                JOIN res_partner a ON a.id = m.author_id
                JOIN res_partner p ON p.id = a.commercial_partner_id
                LEFT JOIN crm_lead l ON m.model = 'crm.lead' AND l.id = m.res_id
                WHERE m.message_type = 'email' AND m.date > %(now)s - INTERVAL '30 days'
                  AND m.date <= %(now)s - %(hours)s * INTERVAL '1 hour'
                  AND m.model IN ('res.partner', 'crm.lead', 'sale.order')
                  AND a.id NOT IN (SELECT partner_id FROM res_users WHERE NOT share)
                  AND %(mine)s
                  AND NOT EXISTS (
                    SELECT 1 FROM mail_message b
                    WHERE b.model = m.model AND b.res_id = m.res_id AND b.id > m.id
                      AND b.author_id IN (SELECT partner_id FROM res_users WHERE NOT share)
                      AND b.message_type IN ('comment', 'email', 'email_outgoing'))
                ORDER BY a.commercial_partner_id, m.date
                """,
                now=self.env.cr.now(),
                hours=hours,
                mine=self._mine_sql(SQL("l.user_id")),
            )
        )
        return [
            {"source": "message", "text": self.env._("A message waits for an answer"),
             "icon": "fa-envelope", "partner_id": partner_id, "lead_id": lead_id or False,
             "until": moment.date(), "urgent": True}
            for partner_id, moment, lead_id in rows
        ]  # fmt: skip

    def _source_due(self, today):
        """The user's customers whose expected interval has passed, with nothing planned.

        Whose a customer is, see :meth:`_mine_sql`. Lost customers aren't listed: they are for a
        scenario.
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            return []
        self.env["crm.customer.metrics"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.partner_id, m.last_purchase_date, m.interval_expected
                FROM crm_customer_metrics m JOIN res_partner p ON p.id = m.partner_id
                WHERE m.company_id = %(company)s AND p.active
                  AND m.last_purchase_date + m.interval_expected <= %(today)s
                  AND m.lost_date > %(today)s
                  AND %(mine)s
                  AND NOT EXISTS (
                    SELECT 1 FROM mail_activity a WHERE a.active AND a.res_model = 'res.partner'
                      AND a.res_id = p.id)
                ORDER BY m.average_purchase DESC NULLS LAST, m.id LIMIT %(limit)s
                """,
                company=self.env.company.id,
                today=today,
                mine=self._mine_sql(),
                limit=RANKED,
            )
        )
        return [self._due_reason(today, *row) for row in rows]

    def _due_reason(self, today, partner_id, last, interval):
        late = (today - last).days - interval
        return {
            "source": "due", "icon": "fa-shopping-basket", "partner_id": partner_id,
            "until": last + timedelta(interval), "overdue": late,
            "text": self.env._(
                "Last purchase %(days)s days ago, usually every %(interval)s",
                days=(today - last).days, interval=interval,
            ),
        }  # fmt: skip
