"""Runs of scenarios: who is in once, drawn once, and where the steps say."""

from odoo import models
from odoo.addons.crm_segments.models.crm_consistency import Check, Found
from odoo.tools import SQL

from .crm_scenario_run import OPEN

#: what tells a run's customer apart, whether it is one or a lead
_WHO = SQL("COALESCE(r.lead_id, 0), CASE WHEN r.lead_id IS NULL THEN r.partner_id ELSE 0 END")
_RUN = "crm.scenario.run"


class CrmConsistency(models.AbstractModel):
    _inherit = "crm.consistency"  # pylint: disable=consider-merging-classes-inherited

    def _checks(self):
        cancel = self.env._("Open the runs and cancel those that are too many.")
        checks = [
            Check(
                "runs", self.env._("One run per scenario and customer at a time"), _RUN, cancel
            ),
            Check(
                "arms", self.env._("Who gets a scenario is drawn once and kept"), _RUN,
                self.env._("Open the runs: they can't be compared, leave them out of the result."),
            ),
            Check(
                "progress", self.env._("Runs stand at a step of their scenario"), _RUN,
                self.env._("Open the runs, cancel them and let the customers enter again."),
            ),
            Check(
                "steps", self.env._("Activities of scenarios belong to a run that goes on"),
                "mail.activity",
                self.env._("Open the activities and do or cancel them by hand."),
            ),
        ]  # fmt: skip
        return [*super()._checks(), *checks]

    def _check_runs(self, company):
        """Open runs besides another open one of the same scenario and customer."""
        found = self._found_ids(
            SQL(
                """
                SELECT id FROM (
                    SELECT r.id, COUNT(*) OVER (PARTITION BY r.scenario_id, %(who)s) AS number
                    FROM crm_scenario_run r WHERE r.company_id = %(company)s AND r.state IN %(open)s
                ) x WHERE number > 1
                """,
                who=_WHO,
                company=company.id,
                open=OPEN,
            )
        )
        return Found(self._count("crm_scenario_run", company), found)

    def _check_arms(self, company):
        """Runs without an arm, and customers drawn twice in one version with another outcome."""
        found = self._found_ids(
            SQL(
                """
                SELECT id FROM (
                    SELECT r.id, r.state <> 'entering' AND (r.arm IS NULL OR r.version_id IS NULL)
                        OR MIN(r.arm) FILTER (WHERE r.arm <> 'outside') OVER same
                        <> MAX(r.arm) FILTER (WHERE r.arm <> 'outside') OVER same AS off
                    FROM crm_scenario_run r WHERE r.company_id = %(company)s
                    WINDOW same AS (PARTITION BY r.version_id, %(who)s)
                ) x WHERE off
                """,
                who=_WHO,
                company=company.id,
            )
        )
        return Found(self._count("crm_scenario_run", company), found)

    def _check_progress(self, company):
        """Runs whose state, dates and step don't fit each other or their version."""
        found = self._found_ids(
            SQL(
                """
                SELECT r.id FROM crm_scenario_run r
                LEFT JOIN crm_scenario_version v ON v.id = r.version_id
                CROSS JOIN LATERAL (
                    SELECT COALESCE(jsonb_array_length(v.definition -> 'steps'), 0) AS steps) n
                WHERE r.company_id = %(company)s AND (
                    r.version_id IS NOT NULL AND v.scenario_id IS DISTINCT FROM r.scenario_id
                    OR r.state IN %(open)s AND r.date_end IS NOT NULL
                    OR r.state NOT IN %(open)s AND (r.date_end IS NULL OR r.date_next IS NOT NULL)
                    OR r.arm = 'control' AND r.date_next IS NOT NULL
                    OR r.state = 'entering' AND r.date_next IS NULL
                    OR r.version_id IS NOT NULL AND r.position NOT BETWEEN 0 AND n.steps
                    OR r.state IN ('running', 'held') AND r.arm IS DISTINCT FROM 'control'
                       AND r.position < n.steps AND r.date_next IS NULL)
                """,
                company=company.id,
                open=OPEN,
            )
        )
        return Found(self._count("crm_scenario_run", company), found)

    def _check_steps(self, company):
        """Open activities of runs that ended, were held out or are of somebody else, or of none.

        Those without a run belong to no company: they are found with the first.
        """
        alone = SQL("FALSE")
        if company == self.env.companies[:1]:
            alone = SQL("a.scenario_run_id IS NULL AND a.scenario_step_id IS NOT NULL")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id, r.id IS NULL OR r.arm = 'control' OR a.active AND (
                    r.state NOT IN %(open)s OR a.res_id IS DISTINCT FROM
                        CASE a.res_model WHEN 'crm.lead' THEN r.lead_id ELSE r.partner_id END)
                FROM mail_activity a LEFT JOIN crm_scenario_run r ON r.id = a.scenario_run_id
                WHERE r.company_id = %(company)s OR %(alone)s
                """,
                open=OPEN,
                company=company.id,
                alone=alone,
            )
        )
        return Found(len(rows), {activity for activity, off in rows if off})
