"""Goals as conditions in SQL on the runs of a version."""

from odoo import models
from odoo.addons.crm_segments.models.stored_domain import parse_domain
from odoo.tools import SQL


class CrmScenarioVersion(models.Model):
    _inherit = "crm.scenario.version"  # pylint: disable=consider-merging-classes-inherited

    def _goal_sql(self, today):
        """Condition on ``r`` (crm_scenario_run): the goal is reached as of today.

        A goal of one's own is a method ``_goal_<name>_sql``.
        """
        return getattr(self, f"_goal_{self.definition['goal']}_sql")(today)

    def _goal_purchase_sql(self, _today):
        """More purchases than at the start."""
        return self._figure_sql(SQL("m.purchase_count > r.start_purchases"))

    def _goal_revenue_sql(self, _today):
        """Sales since the start of at least the amount."""
        amount = self.definition["goal_amount"]
        return self._figure_sql(SQL("m.revenue_total - r.start_revenue >= %s", amount))

    def _figure_sql(self, condition):
        return SQL(
            """
            EXISTS (SELECT 1 FROM crm_customer_metrics m WHERE m.partner_id = r.partner_id
                    AND m.company_id = r.company_id AND %s)
            """,
            condition,
        )

    def _goal_meeting_sql(self, today):
        """A meeting with a contact of the customer since the start; declined ones don't count."""
        return SQL(
            """
            EXISTS (SELECT 1 FROM calendar_attendee t JOIN calendar_event e ON e.id = t.event_id
                    JOIN res_partner a ON a.id = t.partner_id
                    WHERE e.active AND t.state IS DISTINCT FROM 'declined'
                      AND e.start::date >= r.date_start AND e.stop::date <= %s
                      AND e.create_date > r.create_date AND a.commercial_partner_id = r.partner_id
                      AND a.id NOT IN (SELECT partner_id FROM res_users WHERE NOT share))
            """,
            today,
        )

    def _goal_won_sql(self, _today):
        return SQL(
            "EXISTS (SELECT 1 FROM crm_lead l WHERE l.id = r.lead_id AND l.won_status = 'won')"
        )

    def _goal_domain_sql(self, _today):
        """The stored condition, as the host searches it in the company of the environment."""
        model = self.definition["applies_to"]
        domain = parse_domain(
            self.env, self.definition["goal_domain"], model, self.scenario_id.name
        )
        query = self.env[model].with_context(active_test=False)._search(domain)
        column = SQL.identifier("r", "lead_id" if model == "crm.lead" else "partner_id")
        return SQL("%s IN %s", column, query.subselect())
