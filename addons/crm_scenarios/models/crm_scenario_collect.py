"""Starts that time brings: found by the cron, one statement per scenario and company."""

from odoo import api, models
from odoo.addons.crm_segments.models.crm_lead_provisional import RELATION
from odoo.tools import SQL


class CrmScenario(models.Model):
    _inherit = "crm.scenario"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _collect(self, company):
        """Let in whoever a trigger of time concerns today."""
        scenarios = self.search(
            [("state", "=", "running"), ("trigger", "in", ("lead", "lapsed", "quotation"))]
        )
        for scenario in scenarios:
            targets = getattr(scenario, f"_collect_{scenario.trigger}_sql")(company)
            scenario._enter(company, targets, "trigger")

    def _collect_lead_sql(self, company):
        """Leads created since the start; those of a segment, where segments are chosen."""
        return SQL(
            """
            SELECT p.commercial_partner_id, l.id, NULL::int, NULL::int
            FROM crm_lead l LEFT JOIN res_partner p ON p.id = l.partner_id
            WHERE l.active AND l.create_date::date >= %(start)s AND l.won_status = 'pending'
              AND (l.company_id = %(company)s OR l.company_id IS NULL AND %(first)s)
              AND %(segments)s
              AND NOT EXISTS (SELECT 1 FROM crm_scenario_run r
                              WHERE r.scenario_id = %(scenario)s AND r.lead_id = l.id)
            """,
            start=self.date_start,
            company=company.id,
            # a lead of no company enters once, in the scenario's company or the first one
            first=company == (self.company_id or company.search([], limit=1, order="id")),
            segments=self._lead_in_segments_sql(company),
            scenario=self.id,
        )

    def _collect_lapsed_sql(self, company):
        """Customers whose expected interval has passed, once per lapse."""
        return SQL(
            """
            SELECT p.id, NULL::int, NULL::int, NULL::int
            FROM crm_customer_metrics m JOIN res_partner p ON p.id = m.partner_id
            WHERE m.company_id = %(company)s
              AND m.last_purchase_date + m.interval_expected < %(today)s
              AND (%(existing)s OR m.last_purchase_date + m.interval_expected >= %(start)s)
              AND %(segments)s
              AND NOT EXISTS (SELECT 1 FROM crm_scenario_run r
                              WHERE r.scenario_id = %(scenario)s AND r.company_id = m.company_id
                                AND r.partner_id = p.id AND r.date_start > m.last_purchase_date)
            """,
            company=company.id,
            today=self.env["crm.segmentation"]._today(),
            existing=self.enter_existing,
            start=self.date_start,
            segments=self._in_segments_sql(company),
            scenario=self.id,
        )

    def _collect_quotation_sql(self, company):
        """Quotations that were sent N days ago; each brings its customer in once."""
        today = self.env["crm.segmentation"]._today()
        return SQL(
            """
            SELECT DISTINCT ON (p.id) p.id, NULL::int, o.id, NULL::int
            FROM sale_order o JOIN res_partner c ON c.id = o.partner_id
            JOIN res_partner p ON p.id = c.commercial_partner_id
            WHERE o.company_id = %(company)s AND o.state = 'sent'
              AND o.create_date::date <= %(today)s::date - %(days)s
              AND (%(existing)s OR o.create_date::date >= %(start)s::date - %(days)s)
              AND %(segments)s
              AND NOT EXISTS (SELECT 1 FROM mail_message m
                              WHERE m.model = 'sale.order' AND m.res_id = o.id
                                AND m.message_type = 'email')
              AND NOT EXISTS (SELECT 1 FROM crm_scenario_run r
                              WHERE r.scenario_id = %(scenario)s AND r.order_id = o.id)
            ORDER BY p.id, o.create_date DESC
            """,
            company=company.id,
            today=today,
            days=self.quote_days,
            existing=self.enter_existing,
            start=self.date_start,
            segments=self._in_segments_sql(company),
            scenario=self.id,
        )

    def _in_segments_sql(self, company):
        """Condition on ``p``: the customer is in one of the segments, where some are chosen."""
        if not self.segment_ids:
            return SQL("TRUE")
        return SQL(
            """
            EXISTS (SELECT 1 FROM crm_segment_membership s
                    WHERE s.partner_id = p.commercial_partner_id AND s.company_id = %s
                      AND s.segment_id = ANY(%s) AND s.date_to IS NULL
                      AND s.pinned IS DISTINCT FROM 'out')
            """,
            company.id,
            self.segment_ids.ids,
        )

    def _lead_in_segments_sql(self, company):
        """The same of a lead ``l``, which is somewhere provisionally until it has a customer."""
        if not self.segment_ids:
            return SQL("TRUE")
        return SQL(
            "(%s OR EXISTS (SELECT 1 FROM %s s WHERE s.lead_id = l.id AND l.partner_id IS NULL"
            " AND s.segment_id = ANY(%s)))",
            self._in_segments_sql(company),
            SQL.identifier(RELATION),
            self.segment_ids.ids,
        )


class CrmLead(models.Model):
    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        """A new lead may start a scenario: the cron looks soon."""
        leads = super().create(vals_list)
        scenarios = self.env["crm.scenario"].sudo()  # sudo: whoever makes leads may wake it
        if scenarios.search_count([("state", "=", "running"), ("trigger", "=", "lead")], limit=1):
            scenarios._wake()
        return leads
