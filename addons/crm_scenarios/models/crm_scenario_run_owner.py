"""Who does a step: the right person for each of many customers, in a few queries."""

from odoo import models
from odoo.tools import SQL


class CrmScenarioRun(models.Model):
    _inherit = "crm.scenario.run"  # pylint: disable=consider-merging-classes-inherited

    def _owners(self, step):
        """Run id → user id; a run is missing where nobody is there.

        The salesperson of the customer or lead, else of its last order, else the members of
        the team in turn. Only active users who may work in the company.
        """
        if step["who"] == "other":
            return dict.fromkeys(self.ids, self._workers([step["user"]])[:1] and step["user"])
        if step["who"] == "group":
            users = self.env["res.groups"].browse(step["group"]).exists().all_user_ids
            return self._in_turn(self._workers(users.ids))
        found = {} if step["who"] == "team" else self._salespeople()
        missing = self.filtered(lambda run: not found.get(run.id))
        for team, runs in missing.grouped(lambda run: run.lead_id.team_id).items():
            found |= runs._in_turn(runs._team_members(team))
        return found

    def _workers(self, user_ids):
        """Those of the users who are active, internal and allowed in the company."""
        users = self.env["res.users"].search(
            [("id", "in", user_ids), ("share", "=", False),
             ("company_ids", "in", self.env.company.ids)], order="id",
        )  # fmt: skip
        return users.ids

    def _in_turn(self, user_ids):
        """The users one after the other."""
        if not user_ids:
            return {}
        return {run.id: user_ids[run.id % len(user_ids)] for run in self}

    def _salespeople(self):
        """Run id → salesperson of the lead, of the customer, or of its last order."""
        for model in ("res.partner", "crm.lead", "sale.order"):
            self.env[model].flush_model(["user_id"])
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id, COALESCE(l.user_id, p.user_id, o.user_id)
                FROM crm_scenario_run r
                LEFT JOIN crm_lead l ON l.id = r.lead_id
                LEFT JOIN res_partner p ON p.id = r.partner_id
                LEFT JOIN LATERAL (
                    SELECT s.user_id FROM res_partner c JOIN sale_order s ON s.partner_id = c.id
                    WHERE c.commercial_partner_id = p.id AND s.company_id = r.company_id
                      AND s.state = 'sale' AND s.user_id IS NOT NULL
                    ORDER BY s.date_order DESC LIMIT 1
                ) o ON l.user_id IS NULL AND p.user_id IS NULL
                WHERE r.id = ANY(%s)
                """,
                self.ids,
            )
        )
        allowed = set(self._workers(list({user_id for _run, user_id in rows if user_id})))
        return {run_id: user_id for run_id, user_id in rows if user_id in allowed}

    def _team_members(self, team):
        """Members of the lead's team, or of the first team of the company."""
        team = team or self.env["crm.team"].search(
            [("company_id", "in", [False, self.env.company.id]), ("member_ids", "!=", False)],
            limit=1,
        )
        return self._workers(team.member_ids.ids)
