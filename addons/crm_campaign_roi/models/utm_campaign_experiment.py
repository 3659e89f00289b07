"""What the campaign is known to have brought: against its hold-outs."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.tools import SQL

from ..lib import lift_reading, ratios
from ..lib.budget_planner import LEAST_MONTHS


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"  # pylint: disable=consider-merging-classes-inherited

    def _return_experiment(self, cost, figures):
        """Incremental margin of the audiences that were read, and the return on it.

        :param float cost: of the campaign, in the currency of the current company
        :return: dict of ``margin`` and ``romi`` ([estimate, low, high], the latter None without
            cost) and ``small`` (none of them could tell), None where nothing is known or may
            be seen
        """
        audiences = figures and self._holdouts()
        if not audiences:
            return None
        names = ("incremental_margin", "incremental_low", "incremental_high")
        margin = lift_reading.together(
            [[self._at_launch(one, one[name]) for name in names] for one in audiences]
        )
        small = all(one.verdict == "small" for one in audiences)
        return {"margin": margin, "romi": ratios.romi(margin, cost), "small": small}

    def _holdouts(self):
        """Audiences of the campaign that were read against a hold-out."""
        # sudo: figures of the campaign, for those who see its margin; companies switched on
        return self.env["crm.campaign.audience"].sudo().search(
            [
                ("campaign_id", "in", self.ids),
                ("company_id", "in", self.env.companies.ids),
                ("incremental_margin", "!=", False),
            ]
        )  # fmt: skip

    def _holdout_months(self):
        """{campaign id: first days of the months in which it was measured against a hold-out}"""
        found = {}
        for one in self._holdouts():
            months = found.setdefault(one.campaign_id.id, set())
            months |= months_of(one.launch_date, one.window_days)
        return found

    @api.model
    def _measured_months(self, companies, measured):
        """Of campaigns that go on and on, the months whose cost stands against what was measured.

        A few weeks with a hold-out don't have to earn the cost of a whole year. Campaigns with
        cost in fewer months than the planner asks for aren't in it: all their cost led to what
        was measured, that of the work before the launch too. Nor are those without cost then.

        :param dict measured: campaign id → first days of the months in which it was measured
        :return: the same, of some of them
        """
        if not measured:
            return {}
        costs, paid = self.env["crm.campaign.cost"], {}
        costs._flush_cost()
        for campaign, month in self.env.execute_query(
            SQL(
                "SELECT campaign_id, date_trunc('month', day)::date FROM (%s) x"
                " WHERE campaign_id = ANY(%s) GROUP BY 1, 2 HAVING SUM(amount) > 0",
                costs._cost_sql(companies),
                list(measured),
            )
        ):
            paid.setdefault(campaign, set()).add(month)
        return {
            campaign: months
            for campaign, months in measured.items()
            if len(paid.get(campaign, ())) >= LEAST_MONTHS and paid[campaign] & months
        }

    def _at_launch(self, audience, amount):
        company = self.env.company
        return audience.currency_id._convert(
            amount, company.currency_id, company, audience.launch_date
        )


def months_of(first, days):
    """First days of the months that a time of so many days touches."""
    last, month, found = first + timedelta(days=days - 1), first.replace(day=1), set()
    while month <= last:
        found.add(month)
        month += relativedelta(months=1)
    return found
