"""Figures that the goals of programmes may name: the one place where they are registered.

A figure is an entry of ``_kpis`` and a method ``_kpi_<name>(company, today)`` that returns its
value and of how many cases it is; value None: not enough data.
"""

from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.addons.crm_segments.models.metric_fields import ALL_FIGURES_GROUPS
from odoo.tools import SQL

#: who sees figures about all customers that tell no money
COUNT_GROUPS = f"crm_segments.group_segments_manager,{ALL_FIGURES_GROUPS}"
#: of fewer cases a share says nothing
LEAST_CASES = 20
#: days that advice and activities are looked at
LOOK_BACK = 90


class Kpi(NamedTuple):
    """``unit``: percent, days or money; ``more``: whether more is better; ``groups`` see it."""

    label: str
    unit: str
    more: bool
    groups: str


class CrmProgrammeKpi(models.AbstractModel):
    _name = "crm.programme.kpi"
    _description = "Figures That Goals of Programmes Name"

    @api.model
    def _kpis(self):
        """Name → Kpi."""
        return {
            "win_rate": Kpi(self.env._("Won of the decided opportunities, 12 months"),
                            "percent", True, COUNT_GROUPS),
            "contact_days": Kpi(self.env._("Days to the first contact, four in five deals"),
                                "days", False, COUNT_GROUPS),
            "order_days": Kpi(self.env._("Days from quotation to order, four in five deals"),
                              "days", False, COUNT_GROUPS),
            "repeat_share": Kpi(self.env._("Buyers of 12 months who bought before"),
                                "percent", True, COUNT_GROUPS),
            "revenue_12m": Kpi(self.env._("Revenue of 12 months"),
                               "money", True, ALL_FIGURES_GROUPS),
            "overdue_share": Kpi(self.env._("Overdue part of what customers owe"),
                                 "percent", False, ALL_FIGURES_GROUPS),
            "industry_share": Kpi(self.env._("Customers with an industry"),
                                  "percent", True, COUNT_GROUPS),
            "advice_share": Kpi(self.env._("Advice that was followed, 90 days"),
                                "percent", True, COUNT_GROUPS),
            "activities_share": Kpi(self.env._("Activities done in time, 90 days"),
                                    "percent", True, COUNT_GROUPS),
        }  # fmt: skip

    @api.model
    def _selection(self):
        return [(name, kpi.label) for name, kpi in self._kpis().items()]

    @api.model
    def _visible(self, name):
        """Whether the user may see the figure, wherever it is shown."""
        return self.env.su or self.env.user.has_groups(self._kpis()[name].groups)

    @api.model
    def _measure(self, name, company):
        """(value or None, number of cases), of all of the company's records.

        For code that keeps the value from whoever may not see it (:meth:`_visible`).
        """
        # sudo: the figure of the company, not of what the user may see of it
        model = self.sudo().with_company(company).with_context(
            allowed_company_ids=company.ids, active_test=True
        )
        model.env.flush_all()
        return getattr(model, f"_kpi_{name}")(company, self.env["crm.segmentation"]._today())

    def _share(self, part, whole, least=LEAST_CASES):
        """Per cent, or None of too few cases."""
        return (100.0 * part / whole if whole >= max(least, 1) else None), whole

    def _kpi_win_rate(self, company, today):
        leads = self.env["crm.lead"].with_context(active_test=False)
        counts = dict(
            leads._read_group(
                [("type", "=", "opportunity"), ("company_id", "in", [False, company.id]),
                 ("won_status", "in", ["won", "lost"]),
                 ("date_closed", ">", str(today - relativedelta(years=1)))],
                ["won_status"], ["__count"],
            )
        )  # fmt: skip
        return self._share(counts.get("won", 0), sum(counts.values()))

    def _kpi_contact_days(self, company, _today):
        return self._norm(company, "contact")

    def _kpi_order_days(self, company, _today):
        return self._norm(company, "order")

    def _norm(self, company, step):
        """The norm of deal control, which has its own least number of deals."""
        norm = self.env["crm.deal.norm"].search(
            [("company_id", "=", company.id), ("segment_id", "=", False), ("step", "=", step)],
            limit=1,
        )
        return (norm.days if norm else None), norm.completed

    def _kpi_repeat_share(self, company, _today):
        metrics = self.env["crm.customer.metrics"]
        domain = [("company_id", "=", company.id), ("purchase_count_12m", ">", 0)]
        repeat = metrics.search_count([*domain, ("purchase_count", ">", 1)])
        return self._share(repeat, metrics.search_count(domain))

    def _kpi_revenue_12m(self, company, _today):
        [[revenue, buyers]] = self.env["crm.customer.metrics"]._read_group(
            [("company_id", "=", company.id), ("purchase_count_12m", ">", 0)],
            [], ["revenue_12m:sum", "__count"],
        )  # fmt: skip
        return (revenue if buyers else None), buyers

    def _kpi_overdue_share(self, company, today):
        [[due, whole, cases]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(amount_residual) FILTER (WHERE date_maturity < %(today)s), 0),
                       COALESCE(SUM(amount_residual), 0), COUNT(*)
                FROM account_move_line l JOIN account_account a ON a.id = l.account_id
                WHERE l.company_id = %(company)s AND l.parent_state = 'posted'
                  AND a.account_type = 'asset_receivable' AND NOT l.reconciled
                  AND l.amount_residual > 0
                """,
                today=today,
                company=company.id,
            )
        )
        return (100.0 * float(due) / float(whole) if whole else None), cases

    def _kpi_industry_share(self, company, _today):
        partners = self.env["res.partner"]
        customers = self.env["crm.segment.setup"]._customer_domain(company)
        known = partners.search_count([*customers, ("industry_id", "!=", False)])
        return self._share(known, partners.search_count(customers), least=1)

    def _kpi_advice_share(self, company, today):
        counts = dict(
            self.env["crm.advice"]._read_group(
                [("company_id", "=", company.id), ("kind", "in", ["shown", "taken"]),
                 ("date", ">", str(today - relativedelta(days=LOOK_BACK)))],
                ["kind"], ["__count"],
            )
        )  # fmt: skip
        return self._share(counts.get("taken", 0), counts.get("shown", 0))

    def _kpi_activities_share(self, company, today):
        """Of activities of the company's users that were done."""
        [[timely, done]] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE a.date_done <= a.date_deadline), COUNT(*)
                FROM mail_activity a JOIN res_company_users_rel c
                  ON c.user_id = a.user_id AND c.cid = %(company)s
                WHERE a.date_done > %(since)s
                """,
                company=company.id,
                since=today - relativedelta(days=LOOK_BACK),
            )
        )
        return self._share(timely, done)
