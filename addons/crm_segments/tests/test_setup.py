"""The set-up page: what it counts, what it proposes, what accepting does, who may."""


from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..lib.setup_choice import (
    Attribute,
    Buyers,
    Documents,
    choose_attribute,
    choose_basis,
    choose_behaviour,
    choose_unit,
)
from .common import InvoiceCase, UsersMixin


@tagged("post_install", "-at_install")
class TestSetup(UsersMixin, InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a company of its own: what others have doesn't count
        cls.setup = cls.env["crm.segment.setup"]
        cls.ann = cls.customer("Ann", company_id=cls.company.id, vat="BE0477472701")
        cls.bob = cls.customer("Bob", company_id=cls.company.id)
        cls.cat = cls.customer("Cat", company_id=cls.company.id)

    def page(self, user=None):
        setup = self.setup.with_user(user) if user else self.setup
        return setup.browse(setup.action_open()["res_id"])

    def gap(self, page, code):
        return page.gap_ids.filtered(lambda gap: gap.code == code)

    def test_counts_and_money_of_a_gap(self):
        industry = self.env["res.partner.industry"].search([], limit=1)
        before = self.gap(self.page(), "industry")
        self.ann.industry_id = industry
        self.invoice(self.ann, 10, 100)
        self.invoice(self.bob, 10, 40)
        self.invoice(self.bob, 400, 7)  # money of a customer is that of all years
        self.invoice(self.cat, 10, 3, "out_refund")
        gap = self.gap(self.page(), "industry")
        self.assertEqual(gap.lacking_count, before.lacking_count - 1)
        self.assertEqual(gap.total_count, before.total_count)
        self.assertEqual(gap.amount - before.amount, 44)
        self.assertAlmostEqual(gap.amount_share, gap.amount / (gap.amount + 100))

    def test_every_gap_opens_what_it_counts(self):
        self.invoice(self.ann, 10, 100)
        self.sale(self.bob, 30, 50)
        self.order(self.cat, 20)
        self.env["crm.lead"].create({"name": "No source", "company_id": self.company.id})
        gone = self.customer("Gone")
        self.invoice(gone, 20, 5)
        gone.active = False
        self.customer("Person", is_company=False)
        page = self.page()
        for gap in page.gap_ids:
            with self.subTest(gap=gap.code):
                self.assertTrue(gap.name)
                self.assertTrue(gap.lacking_count)
                action = gap.action_open()
                records = self.env[action["res_model"]].with_context(**action["context"]).search(
                    action["domain"]
                )  # fmt: skip
                if gap.code == "history":
                    # lines are counted, and their sources opened
                    self.assertEqual((gap.lacking_count, gap.amount), (1, 50))
                    self.assertIn(self.source, records)
                else:
                    self.assertEqual(len(records), gap.lacking_count)
        self.assertEqual(self.gap(page, "not_invoiced").lacking_count, 1)
        self.assertEqual(self.gap(page, "not_invoiced").amount, 60)

    def order(self, partner, amount, day=5, confirm=True):
        product = self.env["product.product"].create({"name": "Thing", "invoice_policy": "order"})
        lines = [
            Command.create({"product_id": product.id, "price_unit": 3 * amount, "tax_ids": []})
        ]
        order = self.env["sale.order"].create(
            {"partner_id": partner.id, "company_id": self.company.id, "order_line": lines}
        )
        if confirm:
            order.action_confirm()
            order.date_order = self.ago(day)
        return order

    def test_sold_lines_without_cost(self):
        page = self.page()
        self.invoice(self.ann, 10, 100)
        after = self.page()
        self.assertEqual(
            self.gap(after, "no_cost").amount, self.gap(page, "no_cost").amount + 100
        )
        self.invoice(self.ann, 500, 100)  # longer than a year ago
        self.assertEqual(self.gap(self.page(), "no_cost").amount, self.gap(after, "no_cost").amount)

    def test_no_sale_yet_needs_no_figures(self):
        """Marketing managers see no figures, but may open who never bought."""
        self.invoice(self.ann, 10, 100)
        child = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.bob.id})
        self.order(child, 10)
        self.set_up_users()
        partners = self.as_user("marketer", self.env["res.partner"])
        ours = [("id", "in", (self.ann | self.bob | self.cat).ids)]
        found = partners.search([*ours, ("crm_sales_found", "=", "none")])
        self.assertEqual(found.mapped("name"), ["Cat"])
        found = partners.search([*ours, ("crm_sales_found", "=", "some")])
        self.assertEqual(found.mapped("name"), ["Ann", "Bob"])
        self.assertFalse(partners.search([*ours, ("crm_sales_found", "=", False)]))

    def test_money_only_for_whoever_may_see_it(self):
        self.invoice(self.ann, 10, 98765)
        self.set_up_users()
        manager = self.users["marketer"]
        manager.write(
            {"company_ids": [Command.link(self.company.id)], "company_id": self.company.id}
        )
        page = self.page(manager)
        text = f"{page.basis_reason} {page.unit_reason} {page.choice_ids.mapped('reason')}"
        self.assertNotIn("98,765", text)
        self.assertTrue(page.gap_ids.mapped("lacking_count"))
        with self.assertRaises(AccessError):
            page.gap_ids.read(["amount"])
        self.assertFalse(any(page.gap_ids.sudo().mapped("amount")))
        self.assertIn("98,765", self.page().basis_reason)

    def test_accepting_starts_the_first_run(self):
        self.order(self.ann, 100)
        self.order(self.bob, 50)
        page = self.page()
        self.assertEqual(page.sales_basis, "order")
        self.assertEqual(len(page.choice_ids), 2)
        with self.enter_registry_test_mode():
            page.action_accept()
        self.assertEqual(self.company.crm_sales_basis, "order")
        chosen = page.choice_ids.segmentation_id
        self.assertEqual(chosen.mapped("enabled"), [True, True])
        self.assertEqual(page.progress()["done"], 0)
        self.assertTrue(page.progress()["waiting"])
        chosen.run()
        after = page.progress()
        self.assertEqual((after["total"], after["done"], after["failed"]), (2, 2, 0))
        self.assertFalse(after["running"])

    def test_a_segmentation_by_a_field_is_made_once(self):
        page = self.page()
        values = {"setup_id": page.id, "code": "country_id", "name": "By country"}
        choice = page.choice_ids.create(values)
        choice._switch_on()
        made = choice.segmentation_id
        self.assertEqual((made.method, made.field_id.name), ("field", "country_id"))
        self.assertEqual(page._existing("country_id", self.company), made)

    def test_a_page_of_another_company_is_refused(self):
        self.set_up_users()
        other = self.env["res.company"].create({"name": "Not theirs"})
        setup = self.as_user("marketer", self.setup)
        vals = {"company_id": other.id, "sales_basis": "order", "purchase_unit": "days"}
        with self.assertRaises(AccessError):
            setup.create(vals)
        page = self.setup.create(vals)
        with self.assertRaises(AccessError):
            self.as_user("marketer", page).action_accept()
        self.assertEqual(other.crm_sales_basis, "invoice")

    def test_others_may_not(self):
        for groups in ("sales_team.group_sale_salesman_all_leads", "account.group_account_invoice"):
            user = new_test_user(self.env, login=groups, groups=groups)
            with self.assertRaises(AccessError):
                self.setup.with_user(user).action_open()

    # names that stand for many

    def crowd(self):
        """60 documents of a walk-in customer, one of each other."""
        walk_in = self.customer("Walk-in", company_id=self.company.id)
        for index in range(60):
            self.sale(walk_in, 10 + index, 5, document=f"W{index}")
        for partner in (self.ann, self.bob, self.cat):
            self.sale(partner, 10, 100)
        return walk_in

    def test_catch_all_is_found_and_left_out(self):
        walk_in = self.crowd()
        page = self.page()
        row = page.catch_all_ids
        self.assertEqual(row.partner_id, walk_in)
        self.assertEqual((row.document_count, row.amount, row.leave_out), (60, 300, True))
        self.assertAlmostEqual(row.document_share, 60 / 63)
        self.assertAlmostEqual(row.amount_share, 0.5)
        division = self.rules({"All": "[]"}, company_id=self.company.id)
        self.run_done(division)
        self.assertIn("Walk-in", self.placed(division))
        row.action_leave_out()
        self.assertTrue(row.is_excluded)
        self.assertNotIn("Walk-in", self.placed(division))
        self.run_done(division)
        self.assertNotIn("Walk-in", self.placed(division))
        self.assertIn("Ann", self.placed(division))
        row.action_take_in()
        self.assertIn("Walk-in", self.placed(division))

    def test_large_account_is_listed_but_not_left_out(self):
        walk_in = self.crowd()
        walk_in.vat = "BE0477472701"
        row = self.page().catch_all_ids
        self.assertEqual((row.partner_id, row.leave_out), (walk_in, False))

    def test_the_reason_is_told(self):
        division = self.rules({"All": "[]"})
        self.env["crm.segment.exclusion"].create(
            {"partner_id": self.ann.id, "company_id": self.company.id}
        )
        told = str(division.segment_ids.explain(self.ann.id))
        self.assertIn("Not left out of the segments", told)
        self.assertNotIn("Not left out", str(division.segment_ids.explain(self.bob.id)))

    def test_left_out_in_one_company_only(self):
        other = self.env["res.company"].create({"name": "Another"})
        division = self.rules({"All": "[]"})
        dan = self.customer("Dan")
        self.env["crm.segment.exclusion"].create(
            {"partner_id": dan.id, "company_id": self.company.id}
        )
        division.run()
        self.assertNotIn("Dan", self.placed(division, company=self.company))
        self.assertIn("Dan", self.placed(division, company=other))

    def test_merge_keeps_what_holds_for_the_one_that_stays(self):
        exclusion = self.env["crm.segment.exclusion"]
        for partner in (self.ann, self.bob):
            exclusion.create({"partner_id": partner.id, "company_id": self.company.id})
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.ann | self.bob).ids, self.ann)
        self.assertEqual(exclusion.search([("partner_id", "=", self.ann.id)]).partner_id, self.ann)
        wizard._merge((self.cat | self.ann).ids, self.cat)
        self.assertFalse(exclusion.search([("partner_id", "=", self.cat.id)]))


@tagged("post_install", "-at_install")
class TestSetupChoice(InvoiceCase):
    """The limits of the choices, on both sides."""

    def test_basis(self):
        def basis(invoices, orders, open_orders):
            return choose_basis(*(Documents(n, n * 10.0) for n in (invoices, orders, open_orders)))

        self.assertEqual(basis(0, 0, 0), ("invoice", "nothing"))
        self.assertEqual(basis(5, 0, 0), ("invoice", "no_orders"))
        self.assertEqual(basis(0, 5, 5), ("order", "no_invoices"))
        self.assertEqual(basis(49, 100, 51), ("order", "not_invoiced"))
        self.assertEqual(basis(50, 100, 51), ("invoice", "invoiced"))
        self.assertEqual(basis(49, 100, 50), ("invoice", "invoiced"))

    def test_unit(self):
        self.assertEqual(choose_unit("invoice", 0, 0, 0, 0), ("documents", "nothing"))
        self.assertEqual(choose_unit("invoice", 100, 20, 0, 100), ("orders", "collective"))
        self.assertEqual(choose_unit("invoice", 100, 19, 20, 100), ("orders", "partial"))
        self.assertEqual(choose_unit("invoice", 100, 19, 19, 80), ("days", "same_day"))
        self.assertEqual(choose_unit("order", 100, 50, 50, 81), ("documents", "one_each"))

    def test_behaviour(self):
        self.assertEqual(choose_behaviour(Buyers(90, 9, 9, 0.1))[0], "lifecycle")
        self.assertEqual(choose_behaviour(Buyers(90, 49, 40, 0.1))[0], "lifecycle")
        self.assertEqual(choose_behaviour(Buyers(90, 50, 13, 0.8))[0], "rfm")
        self.assertEqual(choose_behaviour(Buyers(90, 50, 13, 0.81))[0], "lifecycle")
        self.assertEqual(choose_behaviour(Buyers(900, 500, 49, 0.9))[0], "volume")

    def test_attribute(self):
        def pick(*attributes):
            chosen = choose_attribute([Attribute(*one) for one in attributes])
            return chosen and chosen.name

        industry = ("industry_id", 0.49, 9, 5, 0.5)
        self.assertEqual(pick(industry, ("country_id", 0.5, 9, 2, 0.9)), "country_id")
        self.assertIsNone(pick(industry, ("country_id", 0.9, 9, 2, 0.91)))
        self.assertIsNone(pick(("country_id", 0.9, 9, 1, 1.0)))
