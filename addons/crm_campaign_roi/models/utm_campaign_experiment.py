"""What the campaign is known to have brought: against its hold-outs."""

from odoo import models

from ..lib import lift_reading, ratios


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"  # pylint: disable=consider-merging-classes-inherited

    def _return_experiment(self, cost, figures):
        """Incremental margin of the audiences that were read, and the return on it.

        :param float cost: of the campaign, in the currency of the current company
        :return: dict of ``margin`` and ``romi`` ([estimate, low, high], the latter None without
            cost) and ``small`` (none of them could tell), None where nothing is known or may
            be seen
        """
        if not figures:
            return None
        # sudo: figures of the campaign, for those who see its margin; companies switched on
        audiences = self.env["crm.campaign.audience"].sudo().search(
            [
                ("campaign_id", "in", self.ids),
                ("company_id", "in", self.env.companies.ids),
                ("incremental_margin", "!=", False),
            ]
        )  # fmt: skip
        if not audiences:
            return None
        names = ("incremental_margin", "incremental_low", "incremental_high")
        margin = lift_reading.together(
            [[self._at_launch(one, one[name]) for name in names] for one in audiences]
        )
        small = all(one.verdict == "small" for one in audiences)
        return {"margin": margin, "romi": ratios.romi(margin, cost), "small": small}

    def _at_launch(self, audience, amount):
        company = self.env.company
        return audience.currency_id._convert(
            amount, company.currency_id, company, audience.launch_date
        )
