"""What the reader of a campaign's figures should know, in words."""

from odoo import models
from odoo.tools import SQL
from odoo.tools.misc import format_datetime, formatLang


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"  # pylint: disable=consider-merging-classes-inherited

    def _return_warnings(self, answer):
        """Sentences, the heaviest first.

        :param dict answer: of :meth:`campaign_return`, without the warnings
        """
        totals = answer["totals"]
        if not answer["sees_figures"]:
            return []
        found = [
            self._warn_budget(answer),
            self._warn_twice(),
            self._warn_unknown_cost(totals),
            self._warn_expected(totals),
            self._warn_kept(),
        ]
        return [text for text in found if text]

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.env.company.currency_id)

    def _warn_budget(self, answer):
        """Cost and what is committed are more than the budget."""
        if answer["budget"] is None:
            return None
        spent = (answer["totals"]["cost"] or 0) + answer["committed"]
        if spent <= answer["budget"]:
            return None
        return self.env._(
            "Over budget by %(over)s: %(spent)s spent or committed of %(budget)s.",
            over=self._money(spent - answer["budget"]),
            spent=self._money(spent),
            budget=self._money(answer["budget"]),
        )

    def _warn_twice(self):
        """A platform's file and its bills tell of the same month, and nobody has chosen."""
        overlaps = self.env["crm.campaign.spend.overlap"]._open_of(self)
        if not overlaps:
            return None
        names = ", ".join(sorted(set(overlaps.platform_id.mapped("name"))))
        return self.env._(
            "Counted twice: %(platforms)s reported spend that a vendor bill holds as well. "
            "Choose bill or file under Ad Spend.",
            platforms=names,
        )

    def _warn_unknown_cost(self, totals):
        """Part of the invoiced money has no cost of goods."""
        invoiced, known = totals["invoiced"] or 0, totals["margin_base"] or 0
        if invoiced <= 0 or known >= invoiced * 0.995:
            return None
        return self.env._(
            "The cost of goods is known for %(share)s %% of the invoiced money; the rest counts "
            "as margin in full, the sales history not at all. Cost is %(cost)s.",
            share=round(100 * max(known, 0) / invoiced),
            cost=self._cost_source(),
        )

    def _cost_source(self):
        if self.env["crm.campaign.result"]._keeps_cost():
            return self.env._("that of the order line, else today's cost of the product")
        return self.env._("today's cost of the product")

    def _warn_expected(self, totals):
        if not totals["expected_margin"] or self.env.company.sudo().crm_roi_count_expected:
            return None
        return self.env._(
            "%(margin)s of the margin is of repeat orders within the customer's usual interval: "
            "expected anyway, and not counted in the return.",
            margin=self._money(totals["expected_margin"]),
        )

    def _warn_kept(self):
        """Results are those of a moment that is over."""
        companies = self.env.companies.sudo()  # sudo: a setting, of which the time is told
        days = [one.crm_roi_kept_date for one in companies if one.crm_roi_keep_results]
        if not all(days) or not days:
            return None
        return self.env._("Results as of %s.", format_datetime(self.env, min(days)))

    def host_figures(self):
        """The host's own figures of the campaign, and why they differ from ours.

        :return: list of dicts of ``name``, ``value`` (text), ``why``; empty for users who don't
            see them
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            return []
        cancelled, bills = self._host_difference()
        return [
            {
                "name": self.env._("Quotations"),
                "value": str(self.quotation_count),
                "why": self.env._(
                    "Counts every quotation, %(cancelled)s cancelled ones among them; we count "
                    "confirmed orders, by their share of the credit.",
                    cancelled=cancelled,
                ),
            },
            {
                "name": self.env._("Revenues"),
                "value": self._money(self.invoiced_amount),
                "why": self.env._(
                    "Goes by the campaign on the invoice, of which a grouped one keeps the first "
                    "order's; takes %(bills)s off for vendor bills; adds all companies without "
                    "conversion. We go by the order of each line.",
                    bills=self._money(bills),
                ),
            },
        ]

    def _host_difference(self):
        """Cancelled quotations, and the vendor bills that bear the campaign."""
        self.env["sale.order"].flush_model(["campaign_id", "state"])
        self.env["account.move"].flush_model(["campaign_id", "state", "move_type"])
        return self.env.execute_query(
            SQL(
                """
                SELECT (SELECT COUNT(*) FROM sale_order
                        WHERE campaign_id = %(id)s AND state = 'cancel'),
                       (SELECT COALESCE(-SUM(amount_untaxed_signed), 0)::float FROM account_move
                        WHERE campaign_id = %(id)s AND state = 'posted'
                          AND move_type IN ('in_invoice', 'in_refund', 'in_receipt'))
                """,
                id=self.id,
            )
        )[0]
