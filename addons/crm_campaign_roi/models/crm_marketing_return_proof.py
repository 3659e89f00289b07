"""What campaigns are known to have caused, and what one unit of cost more would bring."""

from typing import NamedTuple

from odoo import models

from ..lib import budget_planner, lift_reading
from .crm_campaign_matched import WINDOW
from .utm_campaign_experiment import months_of


class Proof(NamedTuple):
    """What a campaign was measured to have caused.

    :ivar list caused: [estimate, low, high] of margin, in the current company's currency
    :ivar set months: first days of the months in which that was measured
    """

    caused: list
    months: set


class CrmMarketingReturn(models.AbstractModel):
    _inherit = "crm.marketing.return"  # pylint: disable=consider-merging-classes-inherited

    def _proofs(self, grades):
        """What each campaign is known to have caused: by that which gives it its grade.

        :param dict grades: campaign id → grade
        :return: dict of campaign id → Proof; none of campaigns that nothing was measured of
        """
        ids = {kind: [one for one, grade in grades.items() if grade == kind]
               for kind in budget_planner.GRADES}  # fmt: skip
        tested = self.env["utm.campaign"].browse(ids["experiment"] + ids["small"])
        months = tested._holdout_months()
        return self._proofs_of_match(ids["matched"]) | {
            one.id: Proof(one._return_experiment(None, True)["margin"], months[one.id])
            for one in tested
        }

    def _proofs_of_match(self, ids):
        found = {}
        # sudo: figures of campaigns for those who see their margin; companies switched on
        rows = self.env["crm.campaign.matched"].sudo().search(
            [("campaign_id", "in", ids), ("company_id", "in", self.env.companies.ids),
             ("margin", "!=", False)]
        )  # fmt: skip
        for one in rows:
            values = [self._converted(one, amount) for amount in
                      (one.margin, one.margin_low, one.margin_high)]  # fmt: skip
            before, months = found.get(one.campaign_id.id, Proof([0, 0, 0], set()))
            found[one.campaign_id.id] = Proof(
                lift_reading.together([before, values]), months | months_of(one.date, WINDOW)
            )
        return found

    def _converted(self, row, amount):
        """In the current company's currency, at the rate of the campaign's first touch."""
        company = self.env.company
        return row.currency_id._convert(amount, company.currency_id, company, row.date)

    def _by_month(self, first, last, proofs):
        """{campaign id: {month: (cost, margin)}}, from the first month on that anything needs."""
        first = min([first, *(month for one in proofs.values() for month in one.months)])
        rows = self.env["crm.campaign.roi.report"]._read_group(
            self._domain(first, last, ("campaign_id", "!=", False)),
            ["campaign_id", "month:month"],
            ["cost:sum", "return_margin:sum"],
        )
        found = {}
        for campaign, month, cost, margin in rows:
            found.setdefault(campaign.id, {})[month] = cost or 0, margin or 0
        return found

    def _proof_costs(self, proofs, months, costs):
        """Cost that stands against what each campaign was measured to have caused.

        :param dict months: campaign id → month → (cost, margin)
        :param dict costs: campaign id → cost of the period
        :return: dict of campaign id → cost
        """
        parts = self.env["utm.campaign"]._measured_months(
            self.env.companies, {one: proof.months for one, proof in proofs.items()}
        )
        return {
            one: sum(months[one][month][0] for month in parts[one] & months[one].keys())
            if one in parts and one in months else costs.get(one)
            for one in proofs
        }  # fmt: skip

    def _marginal(self, months, first, proof):
        """What one unit more would bring: known where the cost varied and its effect is known.

        What was measured is compared with what was credited in the same months, whole ones: the
        credit of a part more than was measured makes the estimate smaller, never larger.

        :param dict months: month → (cost, margin)
        :param date first: of the months whose slope it is
        """
        slope = budget_planner.marginal([pair for month, pair in months.items() if month >= first])
        value = slope.slope
        if value and proof:
            credited = sum(margin for month, (_cost, margin) in months.items()
                           if month in proof.months)  # fmt: skip
            value = budget_planner.calibrated(value, proof.caused, credited)
        return {"state": slope.state, "months": slope.months, "slope": value}
