"""Daily: whose goal is reached, whose time is over, who answered, who goes on."""

from odoo import models
from odoo.addons.crm_segments.models.crm_lead_provisional import RELATION
from odoo.tools import SQL

from ..lib.scenario_steps import shifted
from .crm_scenario_run import OPEN


class CrmScenarioRun(models.Model):
    _inherit = "crm.scenario.run"  # pylint: disable=consider-merging-classes-inherited

    def _sweep(self, company):
        """Bring all runs of a company up to date, whatever their number, in few statements."""
        today = self.env["crm.segmentation"]._today()
        self.env.flush_all()
        open_runs = [("company_id", "=", company.id), ("state", "in", OPEN)]
        self._note_goals(company, today)
        self.search([*open_runs, ("date_goal", "!=", False)])._end("goal")
        self.search([*open_runs, ("date_deadline", "<", today)])._end("expired")
        self._leavers(company)._end("left")
        self._pause_answered(company, today)
        self._resume_rested(company, today)

    def _note_goals(self, company, today):
        """Write the day of the goal in both arms, also of runs that have ended otherwise."""
        versions = self._read_group(
            [("company_id", "=", company.id), ("date_goal", "=", False),
             ("date_deadline", ">=", today)], ["version_id"],
        )  # fmt: skip
        for (version,) in versions:
            if not version:
                continue
            self.env.execute_query(
                SQL(
                    """
                    UPDATE crm_scenario_run r SET date_goal = %(today)s
                    WHERE r.version_id = %(version)s AND r.company_id = %(company)s
                      AND r.date_goal IS NULL AND r.date_deadline >= %(today)s AND %(reached)s
                    RETURNING r.id
                    """,
                    today=today,
                    version=version.id,
                    company=company.id,
                    reached=version._goal_sql(today),
                )
            )
        self.invalidate_model(["date_goal"])

    def _leavers(self, company):
        """Open runs of versions that end on leaving, whose customer is in no segment of them.

        The customer of a lead may have come after the run began; until then the lead counts.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id
                FROM crm_scenario_run r JOIN crm_scenario_version v ON v.id = r.version_id
                WHERE r.company_id = %s AND r.state IN %s
                  AND (v.definition ->> 'end_on_leave')::bool
                  AND jsonb_array_length(v.definition -> 'segments') > 0
                  AND NOT EXISTS (
                    SELECT 1 FROM crm_segment_membership m
                    WHERE m.partner_id = COALESCE(r.partner_id, (
                            SELECT p.commercial_partner_id
                            FROM crm_lead l JOIN res_partner p ON p.id = l.partner_id
                            WHERE l.id = r.lead_id)) AND m.company_id = r.company_id
                      AND m.date_to IS NULL AND m.pinned IS DISTINCT FROM 'out'
                      AND v.definition -> 'segments' @> to_jsonb(m.segment_id))
                  AND NOT EXISTS (
                    SELECT 1 FROM %s s JOIN crm_lead l ON l.id = s.lead_id
                    WHERE s.lead_id = r.lead_id AND l.partner_id IS NULL
                      AND v.definition -> 'segments' @> to_jsonb(s.segment_id))
                """,
                company.id,
                OPEN,
                SQL.identifier(RELATION),
            )
        )
        return self.browse([run_id for (run_id,) in rows])

    def _pause_answered(self, company, today):
        """Pause where a contact of the customer wrote, or a meeting was booked, since then."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE crm_scenario_run r SET state = 'paused', date_paused = %(today)s,
                       reason = CASE WHEN %(wrote)s THEN %(text_wrote)s ELSE %(text_meets)s END
                WHERE r.company_id = %(company)s AND r.state IN ('running', 'held')
                  AND r.arm <> 'control' AND (%(wrote)s OR %(meets)s) RETURNING r.id
                """,
                today=today,
                company=company.id,
                wrote=_WROTE,
                meets=_MEETS,
                text_wrote=self.env._("The customer wrote"),
                text_meets=self.env._("A meeting is booked"),
            )
        )
        self.invalidate_model(["state", "date_paused", "reason"])
        return len(rows)

    def _resume_rested(self, company, today):
        rested = self.search([("company_id", "=", company.id), ("state", "=", "paused")]).filtered(
            lambda run: run.version_id.definition["pause_days"]
            and (today - run.date_paused).days >= run.version_id.definition["pause_days"]
        )
        rested._resume()

    def _resume(self):
        """Go on; what was to come is moved by the pause."""
        today = self.env["crm.segmentation"]._today()
        groups = self.grouped(lambda run: (run.date_paused, run.date_base, run.date_next))
        for (paused, base, day), runs in groups.items():
            runs.write(
                {"state": "running", "date_paused": False, "reason": False,
                 "watched_from": self.env.cr.now(),
                 "date_base": shifted(base or None, paused or None, today) or False,
                 "date_next": shifted(day or None, paused or None, today) or False}
            )  # fmt: skip

    def _end(self, state, reason=False):
        """End the runs; their open activities are cancelled, with a note on the record."""
        if not self:
            return
        today = self.env["crm.segmentation"]._today()
        self._put({"state": state, "date_end": today, "date_next": False, "step_id": False,
                   "reason": reason})  # fmt: skip
        open_activities = self.env["mail.activity"].search([("scenario_run_id", "in", self.ids)])
        if not open_activities:
            return
        concerned = open_activities.scenario_run_id
        open_activities.unlink()
        self._note_end(concerned, state)

    def _note_end(self, concerned, state):
        label = dict(self._fields["state"]._description_selection(self.env))[state]
        of_leads = concerned.filtered("lead_id")
        for runs in filter(None, (of_leads, concerned - of_leads)):
            bodies = {
                run._target().id: self.env._(
                    "Scenario “%(name)s” ended: %(why)s. Its open activities were cancelled.",
                    name=run.scenario_id.name, why=label,
                )
                for run in runs
            }  # fmt: skip
            runs._target()._message_log_batch(bodies)


_WROTE = SQL(
    """
    EXISTS (SELECT 1 FROM mail_message m JOIN res_partner a ON a.id = m.author_id
            WHERE m.message_type = 'email' AND m.date > r.watched_from
              AND a.commercial_partner_id = r.partner_id
              AND a.id NOT IN (SELECT partner_id FROM res_users WHERE NOT share))
    """
)
_MEETS = SQL(
    """
    EXISTS (SELECT 1 FROM calendar_attendee t JOIN calendar_event e ON e.id = t.event_id
            JOIN res_partner a ON a.id = t.partner_id
            WHERE e.active AND t.state IS DISTINCT FROM 'declined'
              AND e.create_date > r.watched_from AND a.commercial_partner_id = r.partner_id
              AND a.id NOT IN (SELECT partner_id FROM res_users WHERE NOT share))
    """
)
