"""Monthly statement: what was advised, what was followed, and what that was worth."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.crm_segments.models.metric_fields import ALL_FIGURES_GROUPS
from odoo.tools import SQL, formatLang

from ..lib.advice_worth import add_up

_COUNTS = ("shown", "taken", "refused", "products_shown", "products_added")


class CrmAdviceStatement(models.Model):
    """One row per company and month, written by :meth:`_make`.

    The worth is that of scenarios with a hold-out, of runs whose time was over in the month:
    sales per treated customer less those per customer held out, times the treated ones.
    """

    _name = "crm.advice.statement"
    _description = "Monthly Statement of Advice"
    _order = "month desc, company_id"
    _rec_name = "month"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True)
    shown = fields.Integer("Shown in Today", readonly=True)
    taken = fields.Integer(readonly=True)
    refused = fields.Integer(readonly=True)
    products_shown = fields.Integer(readonly=True)
    products_added = fields.Integer("Products Taken", readonly=True)
    customers = fields.Integer(
        "Compared Customers", readonly=True,
        help="Customers who got a scenario, whose time was over in the month, and who can be "
        "compared with a hold-out.",
    )  # fmt: skip
    few = fields.Integer(
        "Too Few to Compare", readonly=True,
        help="Customers who got a scenario with a hold-out, but with fewer than 30 in a group.",
    )  # fmt: skip
    worth = fields.Monetary(readonly=True, groups=ALL_FIGURES_GROUPS)
    worth_low = fields.Monetary("At Least", readonly=True, groups=ALL_FIGURES_GROUPS)
    worth_high = fields.Monetary("At Most", readonly=True, groups=ALL_FIGURES_GROUPS)
    verdict = fields.Text(compute="_compute_verdict")

    _month_uniq = models.UniqueIndex("(company_id, month)")

    @api.depends("customers", "few", "worth", "worth_low", "worth_high")
    @api.depends_context("uid", "lang")
    def _compute_verdict(self):
        visible = self.env.su or self.env.user.has_groups(ALL_FIGURES_GROUPS)
        for statement in self:
            statement.verdict = statement._verdict(visible)

    def _verdict(self, visible):
        if not self.customers:
            return self.env._("Not enough data: no scenario with a hold-out was over for enough "
                              "customers.")  # fmt: skip
        own = self.sudo()  # sudo: the sign is told to all who read it, the amount is not
        if own.worth_low <= 0 <= own.worth_high:
            text = self.env._("No sure difference from the hold-out.")
        elif own.worth > 0:
            text = self.env._("Following the scenarios brought more than the hold-out.")
        else:
            text = self.env._("The hold-out brought more than following the scenarios.")
        if not visible:
            return text
        money = [
            formatLang(self.env, amount, currency_obj=self.currency_id)
            for amount in (own.worth, own.worth_low, own.worth_high)
        ]
        return self.env._(
            "%(text)s %(worth)s, 19 times in 20 between %(low)s and %(high)s.",
            text=text, worth=money[0], low=money[1], high=money[2],
        )  # fmt: skip

    @api.model
    def _cron_make(self):
        """Daily: the statements of all companies, and what was measured of the scenarios."""
        for company in self.env["res.company"].search([]):
            self.with_company(company)._make_recent(company)
            self.env["crm.scenario"].with_company(company)._note_worths(company)

    @api.model
    def _make_recent(self, company):
        """The statements of this and of the last month."""
        month = self.env["crm.segmentation"]._today().replace(day=1)
        for one in (month - relativedelta(months=1), month):
            self._make(company, one)

    def _make(self, company, month):
        """Write the statement of a month; nothing is written where nothing happened."""
        end = month + relativedelta(months=1)
        values = self._counts(company, month, end)
        found = add_up(self._arms(company, month, end))
        worth = {f"worth{name}": found[key] or 0.0
                 for name, key in (("", "worth"), ("_low", "low"), ("_high", "high"))}  # fmt: skip
        values |= {"customers": found["customers"], "few": found["few"], **worth}
        statement = self.search([("company_id", "=", company.id), ("month", "=", month)])
        if statement:
            statement.write(values)
        elif any(values.values()):
            self.create({"company_id": company.id, "month": month, **values})

    def _counts(self, company, month, end):
        """What was shown, taken and refused, in 'Today' and of products."""
        domain = [("company_id", "=", company.id), ("date", ">=", month), ("date", "<", end)]
        advice = dict(self.env["crm.advice"]._read_group(domain, ["kind"], ["__count"]))
        products = dict(
            self.env["crm.recommendation.feedback"]._read_group(domain, ["kind"], ["__count"])
        )
        keys = (advice, "shown"), (advice, "taken"), (advice, "refused")
        keys += (products, "shown"), (products, "added")
        return {
            name: found.get(kind, 0) for name, (found, kind) in zip(_COUNTS, keys, strict=True)
        }

    def _arms(self, company, month, end):
        """Arms of the versions with a hold-out whose runs were over in the month."""
        versions = self.env["crm.scenario.version"].search([("holdout", ">", 0)])
        window = SQL("r.date_deadline >= %s AND r.date_deadline < %s", month, end)
        found = []
        for version in versions:
            scenario = version.scenario_id.with_context(allowed_company_ids=company.ids)
            rows = {row[0]: row for row in scenario._arm_rows(version, window)}
            if len(rows) == 2:
                found.append(
                    tuple(float(value or 0) for name in ("treated", "control")
                          for value in (rows[name][1], rows[name][3], rows[name][4]))
                )  # fmt: skip
        return found
