"""Plan against actual: by phase and vendor, in the books, and who may see it."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_programme_actual import ProgrammeActualCase

BOOKED = ("committed", "actual", "actual_hours", "remaining")


@tagged("post_install", "-at_install")
class TestProgrammeActual(ProgrammeActualCase):
    def test_plan(self):
        """The plan is kept, whatever becomes of the estimates."""
        self.a1.write({"effort_high": 90, "effort_likely": 80})
        self.a2.cost_ids.unit_price = 5
        self.assertEqual(
            self.rows("planned_hours", "planned"),
            {("A", ""): (40, 4000), ("A", "Systems Ltd"): (20, 3050), ("B", ""): (80, 8000),
             ("", ""): (10, 1000)},
        )  # fmt: skip
        # running costs beside: what was kept on steps is the same plan
        kept = sum(self.work.step_ids.mapped("planned_cost"))
        self.assertEqual((kept, self.work.planned), (16000, 16050))
        self.assertEqual((self.one.planned, self.one.planned_hours), (7050, 40))
        kinds = self.env["crm.programme.actual"]._read_group(
            [("programme_id", "=", self.work.id)], ["kind"], ["planned:sum"]
        )
        self.assertEqual(dict(kinds), {"work": 15000, "purchase": 1000, "running": 50})

    def test_books_are_read_once(self):
        """Totals, phases and the warning of a form take one reading of the books."""
        self.bill(6000, self.one.account_id)
        self.bill(70, self.work.account_id)
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.registry["crm.programme.actual"]
        with patch.object(report, "_by_phase", autospec=True, side_effect=report._by_phase) as read:
            self.assertEqual((self.work.actual, self.work.unphased), (6070, 70))
            self.assertEqual((self.one.actual, self.two.actual), (6000, 0))
            self.assertIn("85 %", self.work.money_warning)
        self.assertEqual(read.call_count, 1)

    def test_plan_stays(self):
        for item in (self.a1, self.a2.cost_ids[0], self.two):
            with self.assertRaisesRegex(UserError, "compared with"):
                item.unlink()
        new = self.step(self.work, "Forgotten", 5, phase_id=self.one.id)
        new.unlink()

    def test_books(self):
        """Bills in two currencies, shared, with pieces; hours in hours, days and without unit."""
        plan = self.env["account.analytic.plan"].create({"name": "Projects of IT"})
        self.two.account_id.plan_id = plan  # another column of the lines
        one, two, all_of_it = self.one.account_id, self.two.account_id, self.work.account_id
        currency = self.setup_other_currency("HRK", rates=[("2016-01-01", 2)])
        other = self.env["res.partner"].create({"name": "Abroad", "is_company": True})
        contact = self.env["res.partner"].create({"name": "Ann", "parent_id": other.id})
        self.bill(1500, one)
        self.bill(300, two, currency_id=currency.id, partner_id=contact.id)  # 150
        self.bill(400, one, two, post=False)  # 200 each
        self.bill(800, two, post=False, currency_id=currency.id, partner_id=other.id)  # 400
        self.bill(10, all_of_it, line={"quantity": 5})
        self.hours(one, 6, 600, product_uom_id=self.hour.id)
        self.hours(one, 2, 1600, product_uom_id=self.day.id)
        self.hours(two, 3, 300)
        pieces = self.env.ref("uom.product_uom_unit")
        self.hours(two, 4, 20, product_uom_id=pieces.id, partner_id=self.customer.id)
        self.assertEqual(
            self.rows("committed", "actual", "actual_hours"),
            {
                ("A", ""): (0, 2200, 22), ("A", "Systems Ltd"): (200, 1500, 0),
                ("B", ""): (0, 320, 3), ("B", "Abroad"): (400, 150, 0),
                ("B", "Systems Ltd"): (200, 0, 0),
                ("", ""): (0, 0, 0), ("", "Systems Ltd"): (0, 50, 0),
            },
        )  # fmt: skip
        self.assertEqual(self.rows("remaining")["A", "Systems Ltd"], (3050 - 200 - 1500,))
        self.assertEqual(self.work.unphased, 50)
        lines = self.env[self.work.action_open_unphased()["res_model"]].search(
            self.work.action_open_unphased()["domain"]
        )
        self.assertEqual(lines.mapped("amount"), [-50])

    def test_what_is_cost(self):
        """What is bought as an asset counts once, not again when it is written off; sales never."""
        account = self.one.account_id
        asset, written_off = self.env["account.account"].create(
            [
                {"name": "Servers", "code": "100777", "account_type": "asset_fixed"},
                {"name": "Written off", "code": "600777", "account_type": "expense_depreciation"},
            ]
        )
        self.bill(700, account, line={"account_id": asset.id})
        entry = self.env["account.move"].create(
            {"move_type": "entry", "date": "2026-06-01", "line_ids": [
                Command.create({"name": "x", "debit": 100, "account_id": written_off.id,
                                "analytic_distribution": {str(account.id): 100}}),
                Command.create({"name": "x", "credit": 100, "account_id": asset.id})]}
        )  # fmt: skip
        entry.action_post()
        sold = self.invoice(self.customer, self.today, 5000, post=False)
        sold.invoice_line_ids.analytic_distribution = {str(account.id): 100}
        sold.action_post()
        refund = self.bill(50, account, move_type="in_refund")
        self.assertEqual(refund.state, "posted")
        self.assertEqual(self.rows("actual")["A", "Systems Ltd"], (650,))

    def test_phase(self):
        """A: 7,050 planned; 2,100 and 22 hours booked, 400 ordered; half of A1 is done."""
        self.bill(1500, self.one.account_id)
        self.bill(400, self.one.account_id, post=False)
        self.hours(self.one.account_id, 6, 600)
        self.a1.write({"state": "begun", "progress": 0.5})
        self.env.flush_all()
        self.env.invalidate_all()
        one = self.one
        self.assertAlmostEqual(one.progress, 20 / 60)
        self.assertAlmostEqual(one.earned, 2350)
        self.assertEqual((one.committed, one.actual), (400, 2100))
        self.assertAlmostEqual(one.forecast, 2100 + 7050 - 2350)
        self.assertAlmostEqual(one.variance, 250)
        self.assertAlmostEqual(one.spent_share, 2100 / 7050)
        # own people: 40 h planned, 20 of them done with 6
        self.assertEqual((one.actual_hours, one.forecast_hours), (6, 26))
        self.assertEqual((self.work.actual, self.work.committed), (2100, 400))
        self.assertAlmostEqual(self.work.forecast, 6800 + 8000 + 1000)
        self.assertAlmostEqual(self.work.variance, 250)

    def test_board(self):
        """The same numbers as the phases; without the books, the plan alone."""
        self.bill(1500, self.one.account_id)
        self.bill(30, self.work.account_id)
        self.a1.write({"state": "begun", "progress": 0.5})
        self.work.user_id = self.seller
        self.env.flush_all()
        self.env.invalidate_all()
        board = self.work.plan_and_actual()
        one, two, loose = board["rows"]
        self.assertEqual((one["name"], two["name"], loose["name"]), ("A", "B", ""))
        for name in ("planned", "committed", "actual", "forecast", "variance", "spent_share",
                     "planned_hours", "actual_hours", "forecast_hours", "earned"):  # fmt: skip
            self.assertAlmostEqual(one[name], self.one[name])
        self.assertEqual((loose["planned"], loose["actual"]), (1000, 30))
        total = board["total"]
        for name in ("planned", "actual", "forecast", "variance"):
            self.assertAlmostEqual(total[name], self.work[name])
            self.assertAlmostEqual(total[name], sum(row[name] for row in board["rows"]))
        self.assertAlmostEqual(total["spent_share"], 1530 / 16050)
        self.assertEqual((total["planned_hours"], total["forecast_hours"]), (130, 110))
        board = self.work.with_env(self.env(user=self.seller, su=False)).plan_and_actual()
        self.assertEqual(
            set(board["rows"][0]), {"name", "done", "warned", "planned", "earned", "planned_hours"}
        )
        self.assertEqual(set(board["total"]), set(board["rows"][0]) - {"name"})
        self.work.user_id = self.env.user
        self.env.flush_all()
        with self.assertRaises(AccessError):
            self.work.with_env(self.env(user=self.seller, su=False)).plan_and_actual()

    def test_rights(self):
        """Nobody writes the report; only sellers and managers of segments read it."""
        groups = {
            "sales_team.group_sale_salesman": True, "crm_segments.group_segments_manager": True,
            "crm_segments.group_segments_user": False, "base.group_user": False,
            "account.group_account_invoice": False,
        }  # fmt: skip
        for number, (group, reads) in enumerate(groups.items()):
            user = new_test_user(self.env, f"programme_{number}", group)
            report = self.env["crm.programme.actual"].with_user(user)
            self.assertEqual(report.has_access("read"), reads, group)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(report.has_access(operation), group)

    def test_one_query_for_all(self):
        """Twelve phases take as many statements as two."""

        def read(phases):
            phases.invalidate_recordset()
            phases.mapped("forecast")

        def statements(phases):
            read(phases)
            before = self.env.cr.sql_log_count
            read(phases)
            return self.env.cr.sql_log_count - before

        few = statements(self.one | self.two)
        more = self.env["crm.programme.phase"].create(
            [{"programme_id": self.work.id, "name": str(number)} for number in range(10)]
        )
        self.assertEqual(statements(self.one | self.two | more), few)

    def test_access(self):
        """Without the books: the plan, and no row, sum or export of anything else."""
        self.bill(1500, self.one.account_id, partner_id=self.customer.create({"name": "X"}).id)
        self.work.user_id = self.seller
        self.seller.group_ids += self.env.ref("base.group_allow_export")
        self.env.flush_all()
        self.env.invalidate_all()
        mine = self.env(user=self.seller, su=False)
        report = mine["crm.programme.actual"]
        rows = report.search([("programme_id", "=", self.work.id)])
        self.assertEqual(sum(rows.mapped("planned")), 16050)
        self.assertNotIn("X", rows.vendor_id.mapped("name"))
        for name in BOOKED:
            for ask in (
                lambda name=name: rows.read([name]),
                lambda name=name: report._read_group([], [], [f"{name}:sum"]),
                lambda name=name: report.search([(name, ">", 0)]),
                lambda name=name: report.formatted_read_group([], [], [f"{name}:sum"]),
            ):
                with self.subTest(name=name), self.assertRaises(AccessError):
                    ask()
        phases, work = self.one.with_env(mine), self.work.with_env(mine)
        self.assertEqual(phases.planned, 7050)
        for record, names in (
            (phases, ("committed", "actual", "forecast", "variance", "spent_share",
                      "actual_hours", "forecast_hours")),
            (work, ("committed", "actual", "forecast", "variance", "unphased")),
        ):  # fmt: skip
            for name in names:
                with self.subTest(name=name), self.assertRaises(AccessError):
                    record.read([name])
                with self.subTest(name=name), self.assertRaises(AccessError):
                    record.with_user(self.seller).export_data([name])
        with self.assertRaises(AccessError):
            work.action_open_unphased()

    def test_books_and_sales(self):
        """Who sells and keeps the books sees both, of their own programmes only."""
        both = new_test_user(
            self.env, "programme_books",
            "sales_team.group_sale_salesman,account.group_account_invoice",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        self.bill(1500, self.one.account_id)
        self.work.user_id = both
        self.env.flush_all()
        theirs = self.env(user=both, su=False)
        self.assertEqual(self.rows("actual", env=theirs)["A", "Systems Ltd"], (1500,))
        self.assertEqual(self.one.with_env(theirs).read(["actual"])[0]["actual"], 1500)
        self.work.user_id = self.seller
        self.assertEqual(self.rows("actual", env=theirs), {})

    def test_second_company(self):
        """Its programmes are its own: not seen from the first, nor mixed with it."""
        self.bill(1500, self.one.account_id)
        other = self._create_company(name="Sister")
        there = (
            self.env["crm.programme"]
            .with_company(other)
            .create({"name": "There", "company_id": other.id, "date_start": "2026-05-04"})
        )
        self.step(there, "Only", 10)
        there.action_start()
        user = new_test_user(
            self.env, "programme_all", "sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id, company_ids=[Command.set((self.company | other).ids)],
        )  # fmt: skip
        self.env.flush_all()
        for company, programme in ((self.company, self.work), (other, there)):
            rows = self.env["crm.programme.actual"].with_user(user).with_context(
                allowed_company_ids=company.ids
            ).search([])  # fmt: skip
            self.assertIn(programme, rows.programme_id)
            self.assertEqual(rows.company_id, company)

    def test_purchase_orders(self):
        """Three of ten are on a draft bill: seven are ordered, three drafted."""
        if "purchase.order" not in self.env:
            self.skipTest("the purchase module is not installed")
        currency = self.setup_other_currency("HRK", rates=[("2016-01-01", 2)])
        product = self.env["product.product"].create(
            {"name": "Server", "purchase_method": "purchase",
             "supplier_taxes_id": [Command.clear()]}
        )  # fmt: skip
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id, "currency_id": currency.id,
                "company_id": self.company.id,
                "order_line": [Command.create(
                    {"product_id": product.id, "product_qty": 10, "price_unit": 100,
                     "analytic_distribution": {str(self.two.account_id.id): 100}})],
            }
        )  # fmt: skip
        self.assertNotIn(("B", "Systems Ltd"), self.rows("committed"))
        order.button_confirm()
        self.assertEqual(self.rows("committed")["B", "Systems Ltd"], (500,))
        order.action_create_invoice()
        order.invoice_ids.invoice_line_ids.quantity = 3
        self.assertEqual(self.rows("committed")["B", "Systems Ltd"], (500,))
        order.invoice_ids.write({"invoice_date": self.today})
        order.invoice_ids.action_post()
        self.assertEqual(self.rows("committed", "actual")["B", "Systems Ltd"], (350, 150))
