"""The planner: where to move money, and the experiment that costs least."""

from odoo import models

from ..lib import budget_planner
from .crm_marketing_return import MONTHS, STEP


class CrmMarketingReturn(models.AbstractModel):
    _inherit = "crm.marketing.return"  # pylint: disable=consider-merging-classes-inherited

    def _plan(self, campaigns, amount, chosen=(None, None)):
        """Where to move money, and the cheapest experiment where nothing is proven.

        :param chosen: ids of two campaigns between which somebody asks to move it
        :return: dict as of ``lib/budget_planner.py: propose``, with ``experiment`` (id of the
            campaign whose experiment costs least; of that with the most money on weak evidence
            where that isn't known), ``trial`` (:meth:`_trial`) and ``chosen`` (as of
            ``lib/budget_planner.py: move``, None where nobody asks) beside
        """
        total = sum(one["cost"] or 0 for one in campaigns)
        asked = amount if amount and amount > 0 else STEP * total / MONTHS
        known = [{**one, "marginal": one["marginal"]["slope"]} for one in campaigns]
        weak = [one for one in campaigns if one["grade"] not in budget_planner.SURE and one["cost"]]
        trial = self._trial(weak, *self._period())
        named = trial or (weak[0] if weak else {"id": None})
        source, target = ({one["id"]: one for one in known}.get(ident) for ident in chosen)
        return {
            **budget_planner.propose(known, asked),
            "asked": asked,
            "experiment": named["id"],
            "trial": trial,
            "chosen": source and target and budget_planner.move(source, target, asked),
        }

    def _trial(self, weak, first, last):
        """The cheapest experiment for the effect that audiences look for.

        :param list weak: campaigns (:meth:`_campaigns`) without proof
        :return: dict as of ``lib/budget_planner.py: cheapest``, with ``effect``, and ``pooled``
            (there too) where the company hasn't so many customers; None where no campaign says
            what reaching a customer costs
        """
        reached = self._reached(weak, first, last)
        usual = self.env["crm.campaign.audience"].default_get(["effect", "window_days"])
        # sudo: how many there are, not who
        customers = self.env["res.partner"].sudo().search_count([("is_crm_customer", "=", True)])
        found = budget_planner.cheapest(
            [{**one, "contacts": reached.get(one["id"], 0)} for one in weak],
            usual["effect"],
            customers=customers,
        )
        return found and {
            **found,
            "effect": usual["effect"],
            "pooled": budget_planner.pooled(found, customers, usual["window_days"]),
        }

    def _reached(self, campaigns, first, last):
        """{campaign id: customers who had a touch of it}"""
        # sudo: how many were reached, not who
        rows = self.env["crm.touchpoint"].sudo()._read_group(
            [("campaign_id", "in", [one["id"] for one in campaigns]), ("date", ">=", first),
             ("date", "<=", last), ("company_id", "in", [*self.env.companies.ids, False])],
            ["campaign_id"], ["partner_id:count_distinct"],
        )  # fmt: skip
        return {campaign.id: count for campaign, count in rows}
