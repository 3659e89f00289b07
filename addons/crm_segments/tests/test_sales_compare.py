"""Sources side by side: customers and values, and who may see and decide."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_compare import CompareCase
from .common_history import SalesHistoryCase

HEADER = "Invoice,Date,Customer code,Customer name,VAT,Email,Phone,City,Country,Industry,Total"


@tagged("post_install", "-at_install")
class TestSourceValues(SalesHistoryCase):
    """What a source says of its customers is kept."""

    def identity(self, code):
        return self.env["crm.sales.identity"].search(
            [("source_id", "=", self.source.id), ("external_id", "=", code)]
        )

    def test_values_are_kept(self):
        line = "A1,2011-02-03,17,Ann Ltd,,ann@old.test,+32 1,Ghent,Belgium,Retail,10"
        self.run_import(line, header=HEADER)
        kept = self.identity("17")
        self.assertEqual(
            [kept[name] for name in ("customer_name", "email", "phone", "city", "industry")],
            ["Ann Ltd", "ann@old.test", "+32 1", "Ghent", "Retail"],
        )
        self.assertEqual((kept.partner_id.city, kept.partner_id.phone), ("Ghent", "+32 1"))

    def test_later_file_corrects_but_does_not_forget(self):
        self.run_import("A1,2011-02-03,17,Ann,,a@old.test,,,,,10", header=HEADER)
        self.run_import("A2,2011-02-04,17,Ann B,,,,,,,10", header=HEADER)
        kept = self.identity("17")
        self.assertEqual((kept.customer_name, kept.email), ("Ann B", "a@old.test"))

    def test_the_privacy_look_up_finds_the_row(self):
        """It skips links that cascade, and looks for stored fields of this name."""
        field = self.env["crm.sales.identity"]._fields["email"]
        self.assertTrue(field.store)
        self.assertFalse(field.related)


@tagged("post_install", "-at_install")
class TestCompare(CompareCase):
    def test_customers_and_money_of_a_pair(self):
        self.invoice(self.ann, 300, 1000)
        self.invoice(self.cat, 300, 500)
        self.sale(self.ann, 40, 70)
        self.sale(self.bob, 40, 30)
        self.sale(self.cat, 40, 11, source=self.shop)
        page = self.page()
        self.assertEqual(len(page.pair_ids), 3)
        pair = self.pair(page, self.old)
        found = pair.matched_count, pair.only_count, pair.other_only_count
        self.assertEqual(found, (1, 1, 1))
        money = pair.matched_amount, pair.other_matched_amount
        self.assertEqual(money, (70, 1000))
        self.assertEqual((pair.only_amount, pair.other_only_amount), (30, 500))
        between = self.pair(page, self.old, self.shop)
        found = between.matched_count, between.only_count, between.other_only_count
        self.assertEqual(found, (0, 2, 1))
        for method, names in (
            ("action_open_matched", ["Ann"]),
            ("action_open_only", ["Bob"]),
            ("action_open_other_only", ["Cat"]),
        ):
            action = getattr(pair, method)()
            found = self.env["res.partner"].search(action["domain"])
            self.assertEqual(found.mapped("name"), names)

    def test_no_source_nothing_to_compare(self):
        (self.old | self.shop).unlink()
        self.assertFalse(self.page().pair_ids)

    # values

    def test_values_in_conflict(self):
        belgium = self.env.ref("base.be")
        self.ann.write(
            {"vat": "BE0477472701", "email": "Ann@Test.example", "country_id": belgium.id,
             "phone": "+32 470 11 22 33"}
        )  # fmt: skip
        self.identity(
            self.old, self.ann, customer_name=" ann ", vat="BE 0477.472.701", country="Belgium",
            email="other@test.example", city="Ghent", phone="0470/11 22 33",
        )  # fmt: skip
        self.identity(self.shop, self.ann, customer_name="Anna", city="GHENT")
        found = {
            (row.source_id.name, row.other_source_id.name, row.field, row.kind)
            for row in self.env["crm.sales.conflict"].search([("partner_id", "=", self.ann.id)])
        }
        old, shop = self.old.name, self.shop.name
        self.assertEqual(
            found,
            {
                (old, False, "email", "differs"),
                (old, False, "city", "missing"),
                (shop, False, "name", "differs"),
                (shop, False, "city", "missing"),
                (old, shop, "name", "differs"),
            },
        )
        pair = self.pair(self.page(), self.old)
        self.assertEqual((pair.conflict_count, pair.missing_count), (1, 1))

    def test_taking_over_the_values_of_the_leading_source(self):
        self.ann.city = "Bruges"
        self.identity(self.old, self.ann, city="Ghent", country="EIRE", email="x@old.test")
        self.identity(self.old, self.bob, city="Namur", country="Atlantis")
        self.identity(self.old, self.cat, city="Mons")
        self.identity(self.old, self.cat, city="Liège", suffix="2")
        page = self.page()
        city, country = self.line(page, "city"), self.line(page, "country")
        with self.assertRaises(UserError):
            page.action_take_over()
        city.source_id = country.source_id = self.old
        self.assertEqual((city.missing_count, city.differs_count, city.ambiguous_count), (1, 1, 1))
        page.action_take_over()
        self.assertEqual(self.ann.city, "Ghent")
        self.assertEqual(self.bob.city, "Namur")
        self.assertFalse(self.cat.city)
        self.assertEqual(self.ann.country_id, self.env.ref("base.ie"))
        self.assertFalse(self.ann.email)  # this database leads there
        self.assertEqual((city.missing_count, city.differs_count), (0, 0))
        self.assertIn("before 4, now 1", page.result)
        # the choice is kept for the next time
        again = self.page()
        self.assertEqual(self.line(again, "city").source_id, self.old)
        self.line(again, "city").source_id = False
        self.assertFalse(self.line(self.page(), "city").source_id)

    def test_a_refused_value_does_not_stop_the_others(self):
        self.identity(self.old, self.ann, city="Refused")
        self.identity(self.old, self.bob, city="Namur")
        page = self.page()
        self.line(page, "city").source_id = self.old
        host = type(self.ann).write

        def write(partner, vals):
            if vals.get("city") == "Refused":
                raise ValidationError(vals["city"])  # as a check of the tax number does
            return host(partner, vals)

        with patch.object(type(self.ann), "write", write):
            page.action_take_over()
        self.assertEqual((self.bob.city, self.ann.city), ("Namur", False))
        self.assertIn("refused: 1;", page.result)

    def test_takes_over_only_where_the_user_may(self):
        self.set_up_users()
        user = self.users["marketer"]
        user.write({"company_ids": [Command.link(self.company.id)], "company_id": self.company.id})
        self.identity(self.old, self.ann, city="Ghent")
        page = self.page(user)
        self.line(page, "city").source_id = self.old
        page.action_take_over()
        self.assertFalse(self.ann.city)
        user.group_ids += self.env.ref("base.group_partner_manager")
        page.action_take_over()
        self.assertEqual(self.ann.city, "Ghent")

    # who may

    def test_marketing_sees_no_money(self):
        self.set_up_users()
        self.sale(self.ann, 40, 100, "A")
        self.sale(self.ann, 40, 100, "S", source=self.shop)
        user = self.users["marketer"]
        user.write({"company_ids": [Command.link(self.company.id)], "company_id": self.company.id})
        page = self.page(user)
        pair = self.pair(page, self.old, self.shop)
        self.assertEqual(pair.overlap_count, 1)
        for name in ("matched_amount", "overlap_amount"):
            with self.assertRaises(AccessError):
                pair.read([name])
        self.assertFalse(pair.sudo().matched_amount)
        pair.action_count_other()
        self.assertEqual(self.marked(), ["A"])
        for login in ("own", "all", "accountant", "plain"):
            with self.assertRaises(AccessError):
                self.as_user(login, self.overlaps.search([], limit=1)).action_both_real()
            with self.assertRaises(AccessError):
                self.as_user(login, self.env["crm.sales.compare"]).action_open()

    def test_the_page_as_a_form(self):
        self.identity(self.old, self.ann, city="Ghent")
        page = self.page()
        with Form(page) as form, form.field_ids.edit(7) as line:
            self.assertEqual(line.field, "city")
            line.source_id = self.old
        leading = self.env["crm.sales.leading"].search([("company_id", "=", self.company.id)])
        self.assertEqual((leading.field, leading.source_id), ("city", self.old))
