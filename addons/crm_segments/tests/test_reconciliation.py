"""Ours and the host's Invoice Analysis: every difference has its reason."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..wizard import crm_segment_reconciliation_steps
from .common import InvoiceCase
from .common_past import PastMixin


@tagged("post_install", "-at_install")
class TestReconciliation(PastMixin, InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_past()
        # a pound was half a unit until a week ago, and is a quarter since
        cls.pound = cls.setup_other_currency("GBP", rates=[("2000-01-01", 2)])
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.pound.id, "name": cls.ago(7), "rate": 4,
                "company_id": cls.company.id,
            }
        )  # fmt: skip
        cls.product_category = cls.product_category.with_env(cls.env)
        cls.second = cls.setup_other_company(name="Second", currency_id=cls.pound.id)["company"]
        cls.env.user.company_ids |= cls.second
        cls.ann, cls.out = cls.old_customer("Ann"), cls.old_customer("Outsider")
        cls.day = cls.e3 - timedelta(1)
        cls.invoice(cls.ann, cls.day, 100)
        cls.invoice(cls.ann, cls.day, 20, move_type="out_refund")
        cls.invoice(cls.out, cls.day, 7)
        cls.invoice(cls.ann, cls.day, 3, move_type="out_receipt")
        cls.sale(cls.ann, cls.day, 1000)
        cls.invoice(cls.ann, cls.day, 1, post=False)
        cls.div = cls.rules(
            {"Buyer": "[('purchase_count', '>', 0)]"},
            domain=f"[('id', '!=', {cls.out.id}), ('is_crm_customer', '=', True)]",
        )
        cls.div.run()
        cls.div.backfill(1)

    def compare(self, companies=None, **values):
        """Reason → amount, after the comparison of last month."""
        companies = companies or self.company
        self.env.flush_all()
        wizard = self.env["crm.segment.reconciliation"].with_context(
            allowed_company_ids=companies.ids
        ).create(
            {
                "segmentation_id": self.div.id, "date_from": self.e3.replace(day=1),
                "date_to": self.e3, **values,
            }
        )  # fmt: skip
        wizard.action_compare()
        self.assertEqual(wizard.unexplained, 0)
        self.assertEqual(sum(wizard.line_ids.mapped("amount")), wizard.host_total)
        return wizard

    def amounts(self, wizard):
        return {line.reason: line.amount for line in wizard.line_ids}

    def line(self, wizard, reason):
        return wizard.line_ids.filtered(lambda line: line.reason == reason)

    def test_reasons(self):
        wizard = self.compare()
        # the host: 100 - 20 + 7
        self.assertEqual(wizard.host_total, 87)
        self.assertEqual(
            self.amounts(wizard),
            {"segments": 1083, "outside": 7, "history": -1000, "receipts": -3},
        )
        outside = wizard.line_ids.filtered(lambda line: line.reason == "outside")
        self.assertEqual((outside.count, outside.res_ids), (1, self.out.ids))
        receipts = wizard.line_ids.filtered(lambda line: line.reason == "receipts")
        opened = receipts.action_open()
        moves = self.env[opened["res_model"]].search(opened["domain"])
        self.assertEqual(moves.mapped("move_type"), ["out_receipt"])

    def test_sales_from_other_systems_open_the_lines_that_are_counted(self):
        """Not those that a cut-over or an overlap takes out, and not those of other months."""
        self.source.cutover_date = self.today
        twice = self.sale(self.ann, self.day, 30)
        twice.not_counted = True
        self.sale(self.ann, self.e2 - timedelta(1), 5)
        after = self.env["crm.sales.source"].create({"name": "Old", "cutover_date": self.day})
        self.sale(self.ann, self.day, 70, source=after)
        second = self.sale(self.ann, self.day, 200, document="of two lines")
        second |= self.sale(self.ann, self.day, 11, document="of two lines")
        line = self.line(self.compare(), "history")
        self.assertEqual((line.count, line.amount), (3, -1211))
        opened = line.action_open()
        lines = self.env[opened["res_model"]].search(opened["domain"])
        self.assertEqual(sorted(lines.mapped("amount_company")), [11, 200, 1000])
        self.assertLessEqual(second, lines)

    def test_a_long_list_says_that_it_is_cut(self):
        for _time in range(2):
            self.invoice(self.ann, self.day, 1, move_type="out_receipt")
        with patch.object(crm_segment_reconciliation_steps, "MAX_OPENED", 2):
            line = self.line(self.compare(), "receipts")
        opened = line.action_open()
        self.assertEqual((line.count, len(opened["domain"][0][2])), (3, 2))
        self.assertEqual(opened["name"], "Sales receipts (2 of 3)")

    def test_invoice_without_a_customer(self):
        """Such as one from before the host asked for it: it is in nobody's segment."""
        lost = self.invoice(self.ann, self.day, 13)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET partner_id = NULL, commercial_partner_id = NULL WHERE id = %s",
            lost.ids,
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET partner_id = NULL WHERE move_id = %s", lost.ids
        )
        self.env.invalidate_all()
        wizard = self.compare()
        self.assertEqual(wizard.host_total, 87 + 13)
        line = self.line(wizard, "no_customer")
        self.assertEqual((line.amount, line.count, line.res_ids), (13, 1, lost.ids))

    def test_customers_left_out_are_a_reason_of_their_own(self):
        walk_in = self.old_customer("Walk-in")
        self.invoice(walk_in, self.day, 40)
        for company in (self.company, self.second):
            self.env["crm.segment.exclusion"].create(
                {"partner_id": walk_in.id, "company_id": company.id}
            )
        wizard = self.compare()
        amounts = self.amounts(wizard)
        self.assertEqual((amounts["excluded"], amounts["outside"]), (40, 7))
        line = wizard.line_ids.filtered(lambda one: one.reason == "excluded")
        self.assertEqual((line.count, line.res_ids), (1, walk_in.ids))
        self.assertEqual(wizard.host_total, 87 + 40)

    def test_months_without_history(self):
        self.invoice(self.ann, self.e2 - timedelta(1), 50)
        wizard = self.compare(date_from=self.e2.replace(day=1))
        self.assertEqual(self.amounts(wizard)["before"], 50)
        self.assertEqual(wizard.host_total, 137)

    def test_rates_and_sales_between_companies(self):
        both = self.company | self.second
        self.invoice(self.ann, self.day, 400, company=self.second)
        self.invoice(self.second.partner_id, self.day, 11)
        self.div.run()
        self.div.backfill(1)
        wizard = self.compare(both)
        amounts = self.amounts(wizard)
        # 400 pounds: 200 on that day, 100 today
        self.assertEqual(amounts["segments"], 1083 + 200)
        self.assertEqual(amounts["rate"], -100)
        self.assertEqual(amounts["intercompany"], 11)
        self.assertEqual(wizard.host_total, 87 + 100 + 11)

    def test_foreign_invoice_of_one_company(self):
        """The ledger keeps the rate of the day: nothing to convert."""
        self.invoice(self.ann, self.day, 90, currency_id=self.pound.id)
        amounts = self.amounts(self.compare())
        self.assertEqual(amounts["segments"], 1083 + 45)
        self.assertNotIn("rate", amounts)

    def test_lines_that_are_no_products(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "To 5", "rounding": 5, "strategy": "add_invoice_line",
                "rounding_method": "UP",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )  # fmt: skip
        self.invoice(self.ann, self.day, 52, invoice_cash_rounding_id=rounding.id)
        wizard = self.compare()
        self.assertEqual(self.amounts(wizard)["lines"], -3)
        self.assertEqual(wizard.host_total, 87 + 52)

    def test_company_that_counts_orders(self):
        product = self.env["product.product"].create({"name": "Thing", "taxes_id": False})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.ann.id,
                "order_line": [Command.create({"product_id": product.id, "price_unit": 60,
                                               "tax_ids": False})],
            }
        )  # fmt: skip
        order.action_confirm()
        order.date_order = self.day
        self.company.crm_sales_basis = "order"
        amounts = self.amounts(self.compare())
        self.assertEqual(
            amounts, {"segments": 1060, "history": -1000, "orders": -60, "basis": 87}
        )
        line = self.line(self.compare(), "orders")
        self.assertEqual((line.count, line.res_ids), (1, order.ids))

    def test_bad_periods(self):
        wizard = self.compare()
        for first, last in ((self.today, self.e1), (self.today + timedelta(40),) * 2):
            wizard.write({"date_from": first, "date_to": last})
            with self.subTest(first=first), self.assertRaises(UserError):
                wizard._compare()

    def test_who_may_compare(self):
        user = new_test_user(self.env, "cmp_sales", groups="sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.env["crm.segment.reconciliation"].with_user(user).action_open()
        auditor = new_test_user(self.env, "cmp_books", groups="account.group_account_readonly")
        self.company.crm_reporting_segmentation_id = self.div
        auditor.company_ids = auditor.company_id = self.company
        action = self.env["crm.segment.reconciliation"].with_user(auditor).with_context(
            allowed_company_ids=self.company.ids
        ).action_open()  # fmt: skip
        self.assertEqual(action["res_model"], "crm.segment.reconciliation")
