"""The panel of a campaign: what it cost and brought, and the return under each model."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.crm_segments.models.books import sees_books
from odoo.exceptions import AccessError

from ..lib import ratios
from .attribution_models import ATTRIBUTION_MODELS
from .utm_campaign import FIGURES

_STAGES = ("ordered", "invoiced", "paid", "margin")
_TOTALS = (
    "cost", "leads", "opportunities", "orders", "new_customers", "pipeline", "ordered", "invoiced",
    "paid", "margin", "margin_base", "return_margin", "expected_margin", "lifetime_margin",
)  # fmt: skip
_RATIOS = (
    "roi", "roas", "cost_per_lead", "cost_per_opportunity", "cac", "ltv_cac", "ltv_cac_expected",
)  # fmt: skip
#: what only those with figures read
_HIDDEN = {
    "cost", "margin", "margin_base", "return_margin", "expected_margin", "lifetime_margin",
    *_RATIOS,
}  # fmt: skip


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"  # pylint: disable=consider-merging-classes-inherited

    @api.readonly
    def campaign_return(self, model=None):
        """What the campaign cost and brought in the companies switched on.

        Amounts are in the currency of the current company. What can't be known or may not be
        seen is None.

        :param str model: a model of attribution; None for the company's
        :return: dict of ``currency_id``, ``model``, ``models`` (one dict per model: ``code``,
            ``name``, ``orders``, ``ordered``, ``invoiced``, ``paid``, ``margin``, ``roi``),
            ``totals`` (sums and ratios by name), ``months`` (dicts of ``month``, ``cost``,
            ``margin``, ``balance``, ``budget``), ``payback`` (months or None), ``committed``,
            ``budget``, ``kinds`` (cost by kind), ``sees_figures``, ``sees_books``, and
            ``warnings``, and ``coverage`` (shares of
            ``orders`` and ``cost`` of the companies that have a campaign), ``experiment`` (dict
            of ``margin`` and ``romi`` as [estimate, low, high], None without a hold-out),
            ``evidence`` (grade of ``lib/budget_planner.py``)
        :raises AccessError: for users who don't see the return
        """
        self.ensure_one()
        self.check_access("read")
        report = self.env["crm.campaign.roi.report"]
        if not report.has_access("read"):
            raise AccessError(self.env._("The return is for marketing and accounting."))
        figures = self.env.su or self.env.user.has_group(FIGURES)
        code = self._known_model(model)
        totals = self._return_totals(code, figures)
        months = self._return_months(code, figures)
        answer = {
            "currency_id": self.env.company.currency_id.id,
            "model": code,
            "models": self._return_models(figures),
            "totals": totals,
            "months": months,
            "payback": self._payback(totals["cost"], months),
            "sees_figures": figures,
            "sees_books": sees_books(report.env),
            **self._return_books(figures),
            "coverage": self._return_coverage(code, figures),
            "experiment": self._return_experiment(self._tested_cost(totals, months), figures),
            "evidence": self._evidence(self.env.companies, self)[self.id] if figures else None,
        }
        return {**answer, "warnings": self._return_warnings(answer)}

    def _known_model(self, model):
        names = dict(ATTRIBUTION_MODELS)
        return model if model in names else self.env.company.sudo().crm_roi_model

    def _return_domain(self, *more):
        return [("campaign_id", "in", self.ids), *more]

    def _return_totals(self, code, figures):
        """Sums and ratios of the campaign under a model."""
        names = [name for name in (*_TOTALS, *_RATIOS) if figures or name not in _HIDDEN]
        specs = [f"{name}:{'avg' if name in _RATIOS else 'sum'}" for name in names]
        rows = self.env["crm.campaign.roi.report"]._read_group(
            self._return_domain(("model", "=", code)), [], specs
        )
        found = dict(zip(names, rows[0], strict=True))
        return {name: _number(found.get(name)) for name in (*_TOTALS, *_RATIOS)}

    def _return_models(self, figures):
        """The same campaign under each model, in their order."""
        names = ["orders", "ordered", "invoiced", "paid", *(["margin", "roi"] if figures else [])]
        specs = [f"{name}:{'avg' if name == 'roi' else 'sum'}" for name in names]
        rows = self.env["crm.campaign.roi.report"]._read_group(
            self._return_domain(), ["model"], specs
        )
        found = {row[0]: [_number(value) for value in row[1:]] for row in rows}
        labels = dict(self.env["crm.campaign.roi.report"]._fields["model"]._description_selection(
            self.env))  # fmt: skip
        return [
            {"code": code, "name": labels[code], "margin": None, "roi": None}
            | dict(zip(names, found[code], strict=True))
            for code, _label in ATTRIBUTION_MODELS
            if code in found
        ]

    def _return_months(self, code, figures):
        """Cost, margin and budget by month, and what is left of the cost to earn back."""
        if not figures:
            return []
        rows = self.env["crm.campaign.roi.report"]._read_group(
            self._return_domain(("model", "=", code)),
            ["month:month"],
            ["cost:sum", "return_margin:sum"],
        )
        budgets = self._budget_by_month()
        found = {month: (cost or 0, margin or 0) for month, cost, margin in rows if month}
        months, balance = [], 0
        for month in _all_months({*found, *budgets}):
            cost, margin = found.get(month, (0, 0))
            balance += margin - cost
            months.append(
                {
                    "month": fields.Date.to_string(month),
                    "cost": cost,
                    "margin": margin,
                    "balance": balance,
                    "budget": budgets.get(month),
                }
            )
        return months

    def _tested_cost(self, totals, months):
        """Cost that stands against what the hold-outs of the campaign have shown."""
        measured = self._holdout_months() if months else {}
        part = self._measured_months(self.env.companies, measured).get(self.id)
        if not part:
            return totals["cost"]
        return sum(one["cost"] for one in months if fields.Date.to_date(one["month"]) in part)

    def _payback(self, cost, months):
        """Months from the first cost on until the margin has earned all of it."""
        begun = next((i for i, one in enumerate(months) if one["cost"] > 0), None)
        if begun is None:
            return None
        return ratios.payback(cost, [one["margin"] for one in months[begun:]])

    def _return_coverage(self, code, figures):
        """How much of all orders and marketing cost has a campaign, in money.

        Of cost nothing can be said where the settings name no accounts, vendors or products.
        """
        specs = ["order_coverage:avg", *(["cost_coverage:avg"] if figures else [])]
        orders, *cost = self.env["crm.campaign.roi.report"]._read_group(
            [("model", "=", code)], [], specs
        )[0]
        named = self.env.companies.sudo().filtered(  # sudo: settings, of which nothing is told
            lambda one: (
                one.crm_roi_unallocated_account_ids
                or one.crm_roi_unallocated_partner_ids
                or one.crm_roi_unallocated_product_ids
            )
        )
        return {"orders": _number(orders), "cost": _number(cost[0]) if cost and named else None}

    def _budget_by_month(self):
        """Budget of each month in the current company's currency, at the rate of its first day."""
        # sudo: the figures are shown to those who see cost; companies are those switched on
        budgets = self.env["crm.campaign.budget"].sudo().search(
            [("campaign_id", "in", self.ids), ("company_id", "in", self.env.companies.ids)]
        )  # fmt: skip
        company, found = self.env.company, {}
        for one in budgets:
            amount = one.currency_id._convert(one.amount, company.currency_id, company, one.month)
            found[one.month] = found.get(one.month, 0) + amount
        return found

    def _return_books(self, figures):
        """Committed cost, cost by kind, and the budget, for those who see cost."""
        nothing = {"committed": None, "kinds": [], "budget": None}
        if not figures:
            return nothing
        budget = self._budget_by_month()
        costs = self.env["crm.campaign.cost"]
        return {
            "committed": costs._committed_total(self, self.env.companies),
            "kinds": costs._by_kind(self, self.env.companies),
            "budget": sum(budget.values()) if budget else None,
        }


def _all_months(known):
    """Every month from the first to the last, those where nothing happened among them."""
    month, found = min(known, default=None), []
    while month and month <= max(known):
        found.append(month)
        month += relativedelta(months=1)
    return found


def _number(value):
    """A number as the browser takes it; None where nothing is known."""
    return None if value is None or value is False else float(value)
