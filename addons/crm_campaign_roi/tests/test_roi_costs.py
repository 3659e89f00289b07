"""A grid of accounting cases: what each costs a campaign, worked out by hand."""

from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_roi import RoiCase


@tagged("post_install", "-at_install")
class TestRoiCosts(RoiCase):
    def costs(self, *campaigns):
        found = self.figures("cost", campaigns=self.env["utm.campaign"].union(*campaigns))
        return [found.get(one.title, (0,))[0] for one in campaigns]

    def test_bill_credit_note_reset_cancel(self):
        one = self.campaign("One")
        bill = self.bill(100, one)
        self.assertEqual(self.costs(one), [100])
        self.credit_note(bill, amount=30)
        self.assertEqual(self.costs(one), [70])
        kinds = self.env["crm.campaign.cost"]._by_kind(one, self.company)
        found = {kind["kind"]: kind["amount"] for kind in kinds}
        self.assertEqual(found, {"bill": 100, "refund": -30})
        bill.button_draft()
        self.assertEqual(self.costs(one), [-30])
        self.assertEqual(self.committed(one), 100)
        bill.action_post()
        self.assertEqual((self.costs(one), self.committed(one)), ([70], 0))
        other = self.bill(50, one, post=False)
        self.assertEqual((self.costs(one), self.committed(one)), ([70], 50))
        other.button_cancel()
        self.assertEqual((self.costs(one), self.committed(one)), ([70], 0))

    def committed(self, campaign):
        return self.env["crm.campaign.cost"]._committed_total(campaign, self.company)

    def test_currency_at_the_day(self):
        """200 at 2 per unit is 100; at 4 per unit, from April on, 50."""
        currency = self.setup_other_currency("HRK", rates=[("2016-01-01", 2), ("2026-04-01", 4)])
        one = self.campaign("Abroad")
        self.bill(200, one, currency_id=currency.id)
        self.assertEqual(self.costs(one), [100])
        self.bill(200, one, day=date(2026, 4, 5), currency_id=currency.id)
        self.assertEqual(self.costs(one), [150])

    def test_distribution_over_two(self):
        one, two = self.campaign("One"), self.campaign("Two")
        self.bill(250, {one: 60, two: 40})
        self.assertEqual(self.costs(one, two), [150, 100])
        # a draft commits by the same percents
        self.bill(100, {one: 25, two: 75}, post=False)
        self.assertEqual((self.committed(one), self.committed(two)), (25, 75))

    def test_tax_included_and_discount_line(self):
        """115 with 15 % in the price is 100; a discount line of 20 makes 80 of it."""
        tax = self.tax_purchase_a.copy(
            {"name": "15 in", "amount": 15, "price_include_override": "tax_included"}
        )
        one = self.campaign("Taxed")
        bill = self.bill(115, one, post=False, line={"tax_ids": [Command.set(tax.ids)]})
        account = {str(one.crm_analytic_account_id.id): 100}
        bill.invoice_line_ids = [
            Command.create(
                {"name": "Discount", "price_unit": -20, "account_id": self.expense.id,
                 "tax_ids": [Command.clear()], "analytic_distribution": account}
            )
        ]  # fmt: skip
        bill.action_post()
        self.assertEqual(self.costs(one), [80])
        # tax that nobody gives back is booked on the expense account: 10 and 1.50 of it
        lost = self.env["account.tax"].create(
            {"name": "Lost", "amount": 15, "type_tax_use": "purchase"}
        )
        self.bill(10, one, line={"tax_ids": [Command.set(lost.ids)]})
        self.assertEqual(self.costs(one), [91.5])

    def test_entries_and_lines_by_hand(self):
        """An expense report is an entry on an expense account; a sale on the account is no cost."""
        one = self.campaign("Entries")
        account = {str(one.crm_analytic_account_id.id): 100}
        cash = self.company_data["default_journal_cash"].default_account_id
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-03-01",
                "line_ids": [
                    Command.create({"name": "Train", "debit": 60, "account_id": self.expense.id,
                                    "analytic_distribution": account}),
                    Command.create({"name": "Cash", "credit": 60, "account_id": cash.id}),
                ],
            }
        )  # fmt: skip
        entry.action_post()
        self.assertEqual(self.costs(one), [60])
        column = one.crm_analytic_account_id.plan_id._column_name()
        line = {"name": "By hand", "amount": -15, "date": "2026-03-02",
                column: one.crm_analytic_account_id.id, "company_id": self.company.id}  # fmt: skip
        self.env["account.analytic.line"].create(line)
        self.assertEqual(self.costs(one), [75])
        self.company.crm_roi_lines_without_account = False
        self.assertEqual(self.costs(one), [60])
        sold = self.invoice(self.vendor, date(2026, 3, 3), 500, post=False)
        sold.invoice_line_ids.analytic_distribution = account
        sold.action_post()
        self.assertEqual(self.costs(one), [60])

    def test_any_plan(self):
        plan = self.env["account.analytic.plan"].create({"name": "Marketing"})
        self.company.crm_roi_plan_id = plan
        one = self.campaign("On a plan")
        self.assertEqual(one.crm_analytic_account_id.plan_id, plan)
        self.bill(10, one)
        self.assertEqual(self.costs(one), [10])

    def test_other_company(self):
        """What another company books counts there, in its currency unless both are looked at."""
        currency = self.setup_other_currency("HRK", rates=[("2016-01-01", 2)])
        company = self._create_company(name="Sister")
        company.currency_id = currency
        other = self.collect_company_accounting_data(company)
        one = self.campaign("Both")
        one.company_id = one.crm_analytic_account_id.company_id = False
        self.bill(10, one)
        values = {"account_id": other["default_account_expense"].id}
        self.env["account.move"].with_company(company).create(
            {"move_type": "in_invoice", "partner_id": self.vendor.id, "date": "2026-03-10",
             "invoice_date": "2026-03-10", "company_id": company.id,
             "invoice_line_ids": [Command.create(
                 {"name": "A", "price_unit": 80, "tax_ids": [Command.clear()], **values,
                  "analytic_distribution": {str(one.crm_analytic_account_id.id): 100}})]}
        ).action_post()  # fmt: skip
        self.assertEqual(self.costs(one), [10])
        ids = [self.company.id, company.id]
        together = self.report.with_context(allowed_company_ids=ids)
        rows = together._read_group([("campaign_id", "=", one.id)], [], ["cost:sum"])
        self.assertEqual(round(rows[0][0], 2), 50)  # 10 + 80 / 2
        rows = together._read_group([("campaign_id", "=", one.id)], ["company_id"], ["cost:sum"])
        self.assertEqual([round(cost, 2) for _company, cost in rows], [10, 40])

    def test_account_of_one_campaign(self):
        one, two = self.campaign("One"), self.campaign("Two", account=False)
        with self.assertRaisesRegex(Exception, "crm_analytic_account_unique"):
            two.crm_analytic_account_id = one.crm_analytic_account_id
            two.flush_recordset()

    def test_spend_and_bill_of_the_same_month(self):
        """Both count until somebody chooses; then one of them."""
        one = self.campaign("Ads")
        platform = self.env["crm.campaign.platform"].create(
            {"name": "Searchlight", "partner_id": self.vendor.id}
        )
        euro = self.setup_other_currency("HRK", rates=[("2016-01-01", 2)])
        for day, cost, currency in (
            ("2026-03-01", 30, self.company.currency_id), ("2026-03-02", 40, euro),
        ):  # fmt: skip
            self.env["crm.campaign.spend"].create(
                {"platform_id": platform.id, "external_campaign": "X", "campaign_id": one.id,
                 "date": day, "cost": cost, "currency_id": currency.id,
                 "company_id": self.company.id}
            )  # fmt: skip
        self.assertEqual(self.costs(one), [50])  # 30 + 40 / 2
        self.bill(49, one)
        self.bill(9, one, day=date(2026, 5, 1))  # nothing reported in May
        self.assertEqual(self.costs(one), [108])
        overlap = self.env["crm.campaign.spend.overlap"].search([])
        self.assertRecordValues(
            overlap, [{"file_amount": 50, "bill_amount": 49, "month": date(2026, 3, 1),
                       "choice": False}],
        )  # fmt: skip
        self.assertIn("Counted twice: Searchlight", " ".join(one.campaign_return()["warnings"]))
        overlap.action_count_bill()
        self.assertEqual(self.costs(one), [58])
        self.assertFalse(self.env["crm.campaign.spend.overlap"]._open_of(one))
        overlap.action_count_file()
        self.assertEqual(self.costs(one), [59])
        overlap.action_undo()
        self.assertEqual(self.costs(one), [108])

    def test_unallocated_and_the_rule_that_stays(self):
        one = self.campaign("One")
        self.company.crm_roi_unallocated_partner_ids = self.vendor
        part = self.bill(100, {one: 25})
        bill = self.bill(60, {})
        lines = self.env["crm.campaign.unallocated"].search([], order="amount")
        self.assertEqual(lines.mapped("amount"), [60, 75])
        wizard = self.env["crm.campaign.unallocated.assign"].create(
            {"line_ids": lines.line_id.ids, "campaign_id": one.id, "remember": True}
        )
        wizard.action_assign()
        self.assertFalse(self.env["crm.campaign.unallocated"].search([]))
        self.assertEqual(self.costs(one), [160])
        self.assertEqual((part.state, bill.state), ("posted", "posted"))
        rule = self.env["account.analytic.distribution.model"].search(
            [("partner_id", "=", self.vendor.id)]
        )
        account = str(one.crm_analytic_account_id.id)
        self.assertEqual(rule.mapped("analytic_distribution"), [{account: 100}])
        new = self.bill(5, {}, line={"analytic_distribution": rule._get_distribution(
            {"partner_id": self.vendor.id, "company_id": self.company.id})})  # fmt: skip
        self.assertEqual(self.costs(one), [165])
        self.assertTrue(new)

    def test_budget(self):
        one = self.campaign("Budgeted")
        self.env["crm.campaign.budget"].create(
            {"campaign_id": one.id, "month": "2026-03-15", "amount": 100}
        )
        self.bill(90, one)
        self.assertEqual(one.campaign_return()["warnings"], [])
        self.bill(20, one, post=False)
        answer = one.campaign_return()
        self.assertEqual((answer["budget"], answer["committed"]), (100, 20))
        self.assertRegex(answer["warnings"][0], r"Over budget by .*10\.00")
        [month] = answer["months"]
        self.assertEqual(
            (month["month"], month["cost"], month["budget"], month["balance"]),
            ("2026-03-01", 90, 100, -90),
        )

    def test_opening(self):
        one = self.campaign("Opened")
        bill = self.bill(10, one)
        action = one.action_open_return("cost")
        lines = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(lines.move_line_id.move_id, bill)
        draft = self.bill(10, one, post=False)
        action = one.action_open_return("committed")
        self.assertEqual(self.env["account.move"].search(action["domain"]), draft)
        marketer = new_test_user(
            self.env, "roi_marketer", groups="mass_mailing.group_mass_mailing_user",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        with self.assertRaisesRegex(UserError, "Ask accounting"):
            one.with_user(marketer).action_open_return("cost")
