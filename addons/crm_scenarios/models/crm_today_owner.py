"""Whose a customer is in 'Today': the salesperson's, else the last order's, else the team's."""

from odoo import models
from odoo.tools import SQL


class CrmToday(models.AbstractModel):
    _inherit = "crm.today"  # pylint: disable=consider-merging-classes-inherited

    def _mine_sql(self, owner=None):
        """Condition on a customer ``p``: the user's, or in the queue of a team of the user's.

        The owner is the salesperson, else whoever took the last order; without one all members
        of the team of that order see the customer, or of the company's first team.

        :param SQL owner: a user who comes before the customer's, such as a lead's
        """
        for model in ("res.partner", "sale.order"):
            self.env[model].flush_model(["user_id", "team_id"] if model == "sale.order" else
                                        ["user_id", "commercial_partner_id"])  # fmt: skip
        return SQL(
            """
            (SELECT CASE WHEN u.user_id IS NOT NULL THEN u.user_id = %(user)s
                         ELSE COALESCE(u.team_id, %(first)s) = ANY(%(teams)s) END
             FROM (SELECT COALESCE(%(owner)s, p.user_id, MAX(o.user_id)) AS user_id,
                          MAX(o.team_id) AS team_id
                   FROM (SELECT s.user_id, s.team_id
                         FROM res_partner c JOIN sale_order s ON s.partner_id = c.id
                         WHERE c.commercial_partner_id = p.id AND s.state = 'sale'
                           AND s.company_id = %(company)s
                         ORDER BY s.date_order DESC LIMIT 1) o) u)
            """,
            user=self.env.uid,
            owner=owner or SQL("NULL::int"),
            first=self._first_team().id or 0,
            teams=self._own_teams().ids,
            company=self.env.company.id,
        )

    def _own_teams(self):
        """Teams of the current company in which the user is a member."""
        # sudo: which teams the user is in is known to the user
        return (
            self.env["crm.team"]
            .sudo()
            .search(
                [
                    ("company_id", "in", [False, self.env.company.id]),
                    ("member_ids", "in", self.env.uid),
                ]
            )
        )

    def _first_team(self):
        """The team that serves who belongs to none."""
        # sudo: only its id is compared
        return (
            self.env["crm.team"]
            .sudo()
            .search(
                [("company_id", "in", [False, self.env.company.id]), ("member_ids", "!=", False)],
                limit=1,
            )
        )
