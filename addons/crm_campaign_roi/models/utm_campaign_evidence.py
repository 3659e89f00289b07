"""How sure the return on a campaign is: the best evidence that it has."""

from odoo import api, models
from odoo.tools import SQL

from ..lib import budget_planner


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _evidence(self, companies, campaigns=None):
        """The grade of evidence of campaigns, from all that is known in these companies.

        The one rule, for every screen and print. It looks at no period, whatever period a screen
        shows: an experiment of two years ago still says what the campaign does, and a campaign
        that is graded by the year on one screen and as a whole on the next would have two grades.
        Nor does it depend on what its reader may see: a grade is not a figure.

        :param companies: res.company records
        :param campaigns: utm.campaign records, None for all that have any evidence
        :return: dict of campaign id → grade (``lib/budget_planner.py: GRADES``)
        """
        domain = [("company_id", "in", companies.ids)]
        if campaigns is not None:
            domain.append(("campaign_id", "in", campaigns.ids))
        tested, small = self._evidence_of_holdouts(domain)
        # sudo: which campaigns have a comparison or a claim, not what these say
        compared = self.env["crm.campaign.matched"].sudo().search(
            [*domain, ("margin", "!=", False)]
        )  # fmt: skip
        claims = self.env["crm.campaign.spend"].sudo()._read_group(
            [*domain, ("conversions", ">", 0)], ["campaign_id"]
        )  # fmt: skip
        matched = {one.campaign_id.id for one in compared}
        claimed = {campaign.id for (campaign,) in claims}
        credited = self._evidence_of_credit(companies, campaigns)
        known = tested | small | matched | claimed | credited
        return {
            one: budget_planner.grade(
                one in tested, one in matched, one in credited, one in claimed, one in small
            )
            for one in (known if campaigns is None else campaigns.ids)
        }

    def _evidence_of_holdouts(self, domain):
        """Ids of campaigns that are measured by an experiment, and by too small ones only."""
        # sudo: which campaigns, not how much
        audiences = self.env["crm.campaign.audience"].sudo().search(
            [*domain, ("incremental_margin", "!=", False)]
        )  # fmt: skip
        tested = {one.campaign_id.id for one in audiences if one.verdict != "small"}
        return tested, set(audiences.campaign_id.ids) - tested

    def _evidence_of_credit(self, companies, campaigns):
        """Ids of campaigns that any order is credited to."""
        self.env["crm.campaign.credit"].flush_model(["campaign_id", "company_id"])
        some = SQL("AND campaign_id = ANY(%s)", campaigns.ids) if campaigns is not None else SQL()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT campaign_id FROM crm_campaign_credit"
                " WHERE campaign_id IS NOT NULL AND company_id = ANY(%s) %s",
                companies.ids,
                some,
            )
        )
        return {campaign_id for (campaign_id,) in rows}
