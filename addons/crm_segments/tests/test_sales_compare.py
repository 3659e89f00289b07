"""Sources side by side: customers, values, documents that two of them have."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import InvoiceCase, UsersMixin
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
class TestCompare(UsersMixin, InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.source
        cls.shop = cls.env["crm.sales.source"].create({"name": "Shop of the test"})
        cls.overlaps = cls.env["crm.sales.overlap"]
        cls.ann, cls.bob, cls.cat = (cls.customer(name) for name in ("Ann", "Bob", "Cat"))

    def identity(self, source, partner, **values):
        return self.env["crm.sales.identity"].create(
            {
                "source_id": source.id,
                "external_id": f"{partner.name}{values.pop('suffix', '')}",
                "partner_id": partner.id,
                **values,
            }
        )

    def page(self, user=None):
        compare = self.env["crm.sales.compare"]
        compare = compare.with_user(user) if user else compare
        return compare.browse(compare.action_open()["res_id"])

    def pair(self, page, one, two=None):
        two = two or self.env["crm.sales.source"]
        return page.pair_ids.filtered(
            lambda pair: (pair.source_id, pair.other_source_id) == (one, two)
        )

    def line(self, page, name):
        return page.field_ids.filtered(lambda line: line.field == name)

    # customers

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

    # documents

    def found(self):
        self.overlaps._find(self.company)
        rows = self.overlaps.search([("company_id", "=", self.company.id)])
        return {
            (one.source_id.name, one.document, one.other_source_id.name, one.other_document): one
            for one in rows
        }

    def test_documents_alike(self):
        old, shop = self.old.name, self.shop.name
        invoice = self.invoice(self.ann, 40, 100)
        self.sale(self.ann, 37, 100, "near")
        self.sale(self.ann, 60, 5, invoice.name.lower())  # same number, else different
        self.sale(self.ann, 36, 100, "far")
        self.sale(self.bob, 40, 100, "of another")
        self.sale(self.ann, 40, 100.01, "dearer")
        self.sale(self.bob, 40, 100, "twin", source=self.shop)
        found = {key: one.kind for key, one in self.found().items()}
        self.assertEqual(
            found,
            {
                (old, invoice.name.lower(), False, invoice.name): "number",
                (old, "of another", shop, "twin"): "day",
            },
        )

    def test_near_in_time_and_one_twin_each(self):
        first, second = self.invoice(self.ann, 40, 100), self.invoice(self.ann, 39, 100)
        self.sale(self.ann, 40, 100, "A")
        found = self.found()
        self.assertEqual([key[3] for key in found], [first.name])
        self.sale(self.ann, 37, 100, "B")
        kinds = {key[1:4:2]: one.kind for key, one in self.found().items()}
        self.assertEqual(kinds, {("A", first.name): "day", ("B", second.name): "near"})

    def test_after_the_cut_over_nothing_counts_twice(self):
        self.invoice(self.ann, 40, 100)
        self.sale(self.ann, 40, 100, "A")
        self.old.cutover_date = self.ago(41)
        self.assertFalse(self.found())

    def test_decisions_decide_what_counts(self):
        self.invoice(self.ann, 40, 100)
        self.sale(self.ann, 40, 100, "A")
        self.sale(self.ann, 39, 20, "B")
        product = self.env["product.product"].create({"name": "Thing"})
        line = self.env["crm.sales.history"].search([("document", "=", "A")])
        line.product_id = product
        self.metrics.refresh(self.ann)
        self.assertEqual(self.revenue(self.ann), 220)
        [overlap] = self.found().values()
        with self.assertRaises(UserError):
            overlap.action_count_source()  # the books can't leave it out
        self.assertIn((self.ann.id, product.id), self.bought())
        overlap.action_count_other()
        self.assertTrue(line.not_counted)
        self.assertEqual(self.revenue(self.ann), 120)
        self.assertNotIn((self.ann.id, product.id), self.bought())
        documents = self.env.execute_query_dict(
            self.metrics._documents_sql(self.company, self.today)
        )
        own = [row["amount"] for row in documents if row["partner_id"] == self.ann.id]
        self.assertEqual(sorted(own), [20, 100])
        self.assertEqual(list(self.found().values()), [overlap])  # the decision is kept
        overlap.action_both_real()
        self.assertFalse(line.not_counted)
        self.assertEqual(self.revenue(self.ann), 220)

    def test_decided_between_two_sources(self):
        self.sale(self.ann, 40, 100, "A")
        self.sale(self.ann, 40, 100, "S", source=self.shop)
        pair = self.pair(self.page(), self.old, self.shop)
        self.assertEqual((pair.overlap_count, pair.open_count, pair.overlap_amount), (1, 1, 100))
        pair.action_count_source()
        self.assertEqual(self.marked(), ["S"])
        overlap = self.overlaps.search([("document", "=", "A")])
        overlap.action_count_other()
        self.assertEqual(self.marked(), ["A"])
        overlap.action_undo()
        self.assertEqual(self.marked(), [])
        overlap.action_count_other()
        self.shop.unlink()  # what it would count instead is gone
        self.assertEqual(self.marked(), [])

    def test_cancelled_invoice_lets_the_history_count_again(self):
        invoice = self.invoice(self.ann, 40, 100)
        self.sale(self.ann, 40, 100, "A")
        [overlap] = self.found().values()
        overlap.action_count_other()
        self.assertEqual(self.marked(), ["A"])
        invoice.button_draft()
        self.assertEqual(self.found(), {})
        self.assertEqual(self.marked(), [])

    def test_lines_imported_later_follow_the_decision(self):
        engine = self.env["crm.sales.history.import.engine"]
        head = b"Invoice,Date,Customer code,Total\n"
        self.identity(self.old, self.ann)
        engine._run(self.old, head + b"A,2024-03-01,Ann,100\n")
        self.sale(self.ann, self.env["crm.sales.history"].search([("document", "=", "A")]).date,
                  100, "S", source=self.shop)  # fmt: skip
        [overlap] = self.found().values()
        overlap.action_count_other()
        self.env.invalidate_all()  # an import is a transaction of its own
        engine._run(self.old, head + b"A,2024-03-01,Ann,100\nA,2024-03-01,Ann,7\n")
        lines = self.env["crm.sales.history"].search([("document", "=", "A")])
        self.assertEqual(lines.mapped("not_counted"), [True, True])

    def marked(self):
        self.env.invalidate_all()
        return self.env["crm.sales.history"].search([("not_counted", "=", True)]).mapped("document")

    def revenue(self, partner):
        self.env.invalidate_all()
        return partner.revenue_total

    def bought(self):
        self.env.flush_all()
        return self.env.execute_query(self.metrics._bought_sql(self.company))

    def test_other_companies_stay_apart(self):
        other = self.env["res.company"].create({"name": "Other of the test"})
        theirs = self.env["crm.sales.source"].create({"name": "Theirs", "company_id": other.id})
        self.sale(self.ann, 40, 100, "A")
        self.sale(self.ann, 40, 100, "T", source=theirs)
        self.assertFalse(self.found())
        self.assertNotIn(theirs, self.page().pair_ids.source_id)

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
