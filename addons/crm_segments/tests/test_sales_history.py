"""Import of sales history: engine and wizard, with values worked out by hand."""

import base64
import gzip
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

HEADER = "Invoice,Date,Customer code,Customer name,VAT,Reference,Email,SKU,Description,Qty,Price"


class SalesHistoryCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.source = cls.env["crm.sales.source"].create({"name": "Old shop"})
        cls.engine = cls.env["crm.sales.history.import.engine"]

    def run_import(self, *lines, source=None, header=HEADER, **options):
        content = "\n".join([header, *lines]).encode()
        result = self.engine._run(source or self.source, content, **options)
        self.env.invalidate_all()
        return result

    def history(self, source=None):
        domain = [("source_id", "=", (source or self.source).id)]
        return self.env["crm.sales.history"].search(domain, order="document, position")

    def amounts(self, source=None):
        return [
            (line.document, line.position, line.amount_untaxed) for line in self.history(source)
        ]


@tagged("post_install", "-at_install")
class TestSalesHistoryEngine(SalesHistoryCase):
    def test_lines_and_customer_are_made(self):
        result = self.run_import(
            "A1,2011-02-03,17,Ann,,,ann@x.example,P1,Pen,3,2.50",
            "A1,2011-02-03,17,Ann,,,ann@x.example,P2,Ink,1,10",
        )
        self.assertEqual(self.amounts(), [("A1", 1, 7.5), ("A1", 2, 10)])
        line = self.history()[0]
        self.assertEqual(line.date, date(2011, 2, 3))
        self.assertEqual((line.product_ref, line.product_name, line.quantity), ("P1", "Pen", 3))
        self.assertEqual((line.partner_id.name, line.partner_id.ref), ("Ann", "17"))
        self.assertEqual(line.partner_id.email, "ann@x.example")
        self.assertFalse(line.product_id)
        self.assertEqual(result["revenue"], 17.5)
        self.assertEqual(result["partners"], line.partner_id)
        self.assertTrue(self.source.last_import_date)
        self.assertEqual((self.source.line_count, self.source.customer_count), (2, 1))

    def test_customers_are_placed_at_once(self):
        division = self.env["crm.segmentation"].create({"name": "Buyers", "segment_ids": [
            Command.create({"name": "Once", "domain": "[('purchase_count', '=', 1)]"}),
            Command.create({"name": "Often", "domain": "[('purchase_count', '>', 1)]"}),
        ]})  # fmt: skip
        self.run_import(
            "A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50",
            "A2,2011-02-04,17,Ann,,,,P1,Pen,1,2.50",
            "B1,2011-02-04,18,Bob,,,,P1,Pen,1,2.50",
        )
        placed = {
            partner.name: partner.segment_ids.filtered(
                lambda segment: segment.segmentation_id == division
            ).name
            for partner in self.history().partner_id
        }
        self.assertEqual(placed, {"Ann": "Often", "Bob": "Once"})

    def test_customer_without_name(self):
        self.run_import("A1,2011-02-03,17,,,,,P1,Pen,3,2.50")
        self.assertEqual(self.history().partner_id.name, "Customer 17")

    def test_imported_twice_nothing_doubles(self):
        lines = ["A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50", "A2,2011-02-04,18,Bob,,,,P1,Pen,1,2.50"]
        self.run_import(*lines)
        before, partners = self.history().ids, self.history().partner_id
        result = self.run_import(*lines)
        self.assertEqual((result["lines_new"], result["lines_changed"]), (0, 0))
        self.assertEqual(self.history().ids, before)
        self.assertEqual(result["matched"]["external"], 2)
        self.assertEqual(self.env["res.partner"].search([("ref", "in", ("17", "18"))]), partners)

    def test_corrected_file_corrects(self):
        self.run_import("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50", "A1,2011-02-03,17,,,,,P2,Ink,1,9")
        ann, ids = self.history().partner_id, self.history().ids
        result = self.run_import(
            "A1,2011-02-03,18,Bob,,,,P1,Pen,4,2.50", "A1,2011-02-03,17,,,,,P2,Ink,1,9"
        )
        self.assertEqual((result["lines_new"], result["lines_changed"]), (0, 1))
        self.assertEqual(self.amounts(), [("A1", 1, 10), ("A1", 2, 9)])
        self.assertEqual(self.history().ids, ids)
        # Ann, who lost a line, is counted anew too.
        self.assertEqual(result["partners"], self.history().partner_id | ann)

    def test_rejected_line_filled_in_later_moves_nothing(self):
        self.run_import("A1,2011-02-03,,,,,,P1,Pen,3,2.50", "A1,2011-02-03,17,,,,,P2,Ink,1,9")
        self.assertEqual(self.amounts(), [("A1", 2, 9)])
        self.run_import("A1,2011-02-03,17,,,,,P1,Pen,3,2.50", "A1,2011-02-03,17,,,,,P2,Ink,1,9")
        self.assertEqual(self.amounts(), [("A1", 1, 7.5), ("A1", 2, 9)])

    def test_same_product_twice_on_one_document(self):
        self.run_import(*["A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50"] * 2)
        self.assertEqual(self.amounts(), [("A1", 1, 7.5), ("A1", 2, 7.5)])

    def test_credit_notes_and_negative_lines(self):
        result = self.run_import(
            "1,2011-02-03,17,Ann,,,,P1,Pen,10,2",
            "1,2011-02-03,17,Ann,,,,D,Discount,-1,5",
            "C2,2011-02-04,17,Ann,,,,P1,Pen,-2,2",
            "3,2011-02-05,17,Ann,,,,P1,Pen,1,0",
        )
        self.assertEqual(self.history().mapped("is_refund"), [False, True, False, True])
        # 20 - 5 - 4 + 0; one document with a positive total that is no credit note
        self.assertEqual((result["revenue"], result["purchases"], result["documents"]), (11, 1, 3))

    def test_cut_over(self):
        self.source.cutover_date = date(2011, 2, 4)
        result = self.run_import(
            "A1,2011-02-03,17,Ann,,,,P1,Pen,3,2", "A2,2011-02-04,17,Ann,,,,P1,Pen,3,2"
        )
        self.assertEqual((result["lines_accepted"], result["lines_not_counted"]), (2, 1))

    def test_cut_over_moved_counts_anew(self):
        self.run_import("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2")
        Metrics = type(self.env["crm.customer.metrics"])
        with patch.object(Metrics, "refresh") as refresh:
            self.source.cutover_date = date(2011, 1, 1)
        refresh.assert_called_once_with(self.history().partner_id, self.company)

    def test_amounts_lose_no_digits(self):
        """Three lines of 0.015 are 0.045: 0.05 for the document, not 0.06."""
        result = self.run_import(*["A1,2011-02-03,17,Ann,,,,P1,Pen,5,0.003"] * 3)
        self.assertAlmostEqual(result["revenue"], 0.045, places=9)

    def test_shift(self):
        self.run_import(
            "A1,2011-02-03,17,Ann,,,,P1,Pen,3,2",
            "A2,2011-02-05,17,Ann,,,,P1,Pen,3,2",
            shift_to=date(2024, 1, 10),
        )
        self.assertEqual(self.history().mapped("date"), [date(2024, 1, 8), date(2024, 1, 10)])

    def test_products(self):
        pen = self.env["product.product"].create({"name": "Our pen", "default_code": "P1"})
        self.source.create_products = True
        result = self.run_import(
            "A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50",
            "A1,2011-02-03,17,Ann,,,,P2,Ink,1,10",
            "A1,2011-02-03,17,Ann,,,,POST,Postage,1,4",
        )
        self.assertEqual(result["products_created"], 2)
        _pen, ink, post = self.history().product_id
        self.assertEqual(_pen, pen)
        self.assertEqual((ink.name, ink.default_code, ink.lst_price), ("Ink", "P2", 10))
        self.assertEqual((ink.sale_ok, post.sale_ok, post.type), (True, False, "service"))

    def test_missing_products_are_left_out_of_the_catalogue(self):
        result = self.run_import("A1,2011-02-03,17,Ann,,,,P2,Ink,1,10")
        self.assertEqual(result["products_missing"], 1)
        self.assertFalse(self.env["product.product"].search([("default_code", "=", "P2")]))

    def test_countries(self):
        header = "Invoice,Date,Customer code,Country,Total"
        self.run_import(
            "1,2011-02-03,1,EIRE,1",
            "2,2011-02-03,2,United Kingdom,1",
            "3,2011-02-03,3,Channel Islands,1",
            "4,2011-02-03,4,de,1",
            header=header,
        )
        codes = [line.partner_id.country_id.code for line in self.history()]
        self.assertEqual(codes, ["IE", "GB", False, "DE"])

    def test_error_leaves_nothing(self):
        Engine = type(self.engine)
        partners = self.env["res.partner"].with_context(active_test=False).search_count([])
        with (
            self.assertRaises(ZeroDivisionError),
            patch.object(Engine, "_upsert", side_effect=ZeroDivisionError),
            self.env.cr.savepoint(),
        ):
            self.run_import("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50")
        self.assertFalse(self.history())
        self.assertFalse(
            self.env["crm.sales.identity"].search([("source_id", "=", self.source.id)])
        )
        after = self.env["res.partner"].with_context(active_test=False).search_count([])
        self.assertEqual(after, partners)

    def test_deleting_the_source_takes_the_lines_back(self):
        self.run_import("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50")
        partner, source_id = self.history().partner_id, self.source.id
        self.source.unlink()
        self.assertFalse(self.env["crm.sales.history"].search([("source_id", "=", source_id)]))
        self.assertTrue(partner.exists())


@tagged("post_install", "-at_install")
class TestSalesHistoryMatching(SalesHistoryCase):
    def partner(self, name, **values):
        return self.env["res.partner"].create({"name": name, **values})

    def test_keys_in_order(self):
        Partner = self.env["res.partner"].with_context(no_vat_validation=True)
        by_vat = Partner.create({"name": "V", "vat": "BE0477472701"})
        by_ref = self.partner("R", ref="R-1")
        by_mail = self.partner("M", email="Info <Mail@X.example>")
        known = self.partner("K")
        self.env["crm.sales.identity"].create(
            {"source_id": self.source.id, "external_id": "1", "partner_id": known.id}
        )
        result = self.run_import(
            "1,2011-02-03,1,,BE0477472701,R-1,mail@x.example,P,Pen,1,1",
            "2,2011-02-03,2,,be 0477.472.701,R-1,mail@x.example,P,Pen,1,1",
            "3,2011-02-03,3,,,r-1 ,mail@x.example,P,Pen,1,1",
            "4,2011-02-03,4,,,,MAIL@x.example,P,Pen,1,1",
            "5,2011-02-03,5,New,,,,P,Pen,1,1",
        )
        found = [line.partner_id for line in self.history()]
        self.assertEqual(found[:4], [known, by_vat, by_ref, by_mail])
        expected = {"external": 1, "vat": 1, "reference": 1, "email": 1, "new": 1, "ambiguous": 0}
        forecast = {key: result["matched"].get(key, 0) for key in expected}
        # After creation the new one has been found, too: only the dry run says 'new'.
        self.assertEqual(forecast, expected)
        identities = self.env["crm.sales.identity"].search([("source_id", "=", self.source.id)])
        self.assertEqual(sorted(identities.mapped("external_id")), list("12345"))

    def test_contact_stands_for_its_company(self):
        company = self.partner("Works", is_company=True)
        self.partner("Ann", parent_id=company.id, email="ann@x.example")
        self.run_import("1,2011-02-03,1,,,,ann@x.example,P,Pen,1,1")
        self.assertEqual(self.history().partner_id, company)

    def test_ambiguous_is_not_guessed(self):
        twins = self.partner("A", ref="R-1") | self.partner("B", ref="R-1")
        result = self.run_import("1,2011-02-03,1,New,,R-1,,P,Pen,1,1", dry_run=True)
        self.assertEqual((result["matched"]["ambiguous"], result["matched"]["new"]), (1, 1))
        twins[1].active = False
        self.run_import("1,2011-02-03,1,New,,R-1,,P,Pen,1,1")
        self.assertEqual(self.history().partner_id, twins[0])

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "B"})
        theirs = self.partner("T", ref="R-1", company_id=other.id)
        self.run_import("1,2011-02-03,1,New,,R-1,,P,Pen,1,1")
        self.assertNotEqual(self.history().partner_id, theirs)
        with self.assertRaises(ValidationError):
            self.env["crm.sales.identity"].create(
                {"source_id": self.source.id, "external_id": "9", "partner_id": theirs.id}
            )

    def test_customer_moved_to_another_company(self):
        self.run_import("1,2011-02-03,1,New,,,,P,Pen,1,1", "2,2011-02-03,2,Two,,,,P,Pen,1,1")
        other = self.env["res.company"].create({"name": "B"})
        self.history()[0].partner_id.company_id = other
        result = self.run_import("1,2011-02-03,1,New,,,,P,Pen,2,1", "2,2011-02-03,2,,,,,P,Pen,2,1")
        self.assertEqual(dict(result["reasons"]), {"other_company": 1})
        self.assertEqual(self.amounts(), [("1", 1, 1), ("2", 1, 2)])


@tagged("post_install", "-at_install")
class TestSalesHistoryErrors(SalesHistoryCase):
    def fails(self, content, text, **options):
        with self.assertRaisesRegex(UserError, text):
            self.engine._run(self.source, content, **options)
        self.assertFalse(self.history())

    def test_wrong_encoding(self):
        content = (HEADER + "\n1,2011-02-03,1,Hélène,,,,P,Pen,1,1\n").encode("latin-1")
        self.fails(content, "not written in the encoding utf-8", mapping={"encoding": "utf-8"})

    def test_missing_column(self):
        self.fails(b"Invoice,Customer\n1,2\n", "no column for: Date, Untaxed amount")

    def test_unknown_column(self):
        mapping = {"columns": {"customer_id": "Kunde"}}
        self.fails(HEADER.encode(), "no column Kunde", mapping=mapping)

    def test_no_table(self):
        self.fails(b"%PDF\x00\x00\x00", "neither CSV nor XLSX")
        self.fails(gzip.compress(b"a,b\n" * 10_000)[:60], "damaged")

    def test_unreadable_date_is_rejected_with_its_row(self):
        result = self.run_import("1,2011-02-03,1,,,,,P,Pen,1,1", "2,yesterday,1,,,,,P,Pen,1,1")
        [line] = result["rejected"]
        self.assertEqual((line.row, line.reason, line.value), (3, "bad_date", "yesterday"))
        self.assertEqual(result["lines_read"], 2)

    def test_currencies(self):
        header = "Invoice,Date,Customer,Total,Currency"
        line = (header + "\n1,2011-02-03,1,5,%s\n").encode()
        self.fails(line.replace(b"%s", b"XYZ"), "XYZ is not a currency of this database")
        foreign = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.company.currency_id.id)], limit=1)
        )
        foreign.active = False
        content = line.replace(b"%s", foreign.name.encode())
        self.fails(content, f"{foreign.name} is switched off")
        foreign.active = True
        (foreign | self.company.currency_id).rate_ids.unlink()
        self.fails(content, f"no exchange rate from {foreign.name}")

    def test_conversion_at_the_day_of_the_sale(self):
        foreign = self.env["res.currency"].create({"name": "QQQ", "symbol": "q"})
        for day, rate in (("2011-01-01", 2), ("2011-03-01", 4)):
            self.env["res.currency.rate"].create(
                {"currency_id": foreign.id, "name": day, "rate": rate, "company_id": False}
            )
        self.company.currency_id.rate_ids.unlink()
        result = self.run_import(
            "1,2010-12-01,1,8,QQQ",
            "2,2011-02-28,1,8,qqq",
            "3,2011-03-01,1,8,QQQ",
            "4,2011-03-01,1,8,",
            header="Invoice,Date,Customer,Total,Currency",
        )
        # before the first rate the oldest holds, as in the host
        self.assertEqual(self.history().mapped("amount_company"), [4, 4, 2, 8])
        self.assertEqual(self.history().mapped("amount_untaxed"), [8, 8, 8, 8])
        self.assertEqual(result["revenue"], 18)
        self.assertEqual(result["totals"][0][:2], (foreign.id, 3))
        with self.assertRaises(UserError):
            foreign.unlink()


@tagged("post_install", "-at_install")
class TestSalesHistoryWizard(SalesHistoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "hist-manager", groups="base.group_user,crm_segments.group_segments_manager"
        )
        cls.user = new_test_user(
            cls.env, "hist-user", groups="base.group_user,crm_segments.group_segments_user"
        )

    def wizard(self, *lines, header=HEADER, user=None):
        Wizard = self.env["crm.sales.history.import"].with_user(user or self.manager)
        form = Form(Wizard.with_context(default_source_id=self.source.id))
        form.file = base64.b64encode("\n".join([header, *lines]).encode())
        return form

    def test_columns_are_shown(self):
        form = self.wizard("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50")
        with form.column_ids.edit(2) as line:
            self.assertEqual(
                (line.name, line.role, line.example), ("Customer code", "customer_id", "17")
            )

    def test_dry_run_writes_nothing(self):
        wizard = self.wizard(
            "A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50",
            "A2,2011-02-03,,,,,,P1,Pen,3,2.50",
            "A3,never,17,Ann,,,,P1,Pen,3,2.50",
        ).save()
        tables = ("res.partner", "crm.sales.history", "crm.sales.identity", "product.product")
        counts = [self.env[name].search_count([]) for name in tables]
        wizard.action_check()
        self.assertEqual([self.env[name].search_count([]) for name in tables], counts)
        self.assertFalse(self.source.mapping)
        self.assertEqual((wizard.lines_read, wizard.lines_new, wizard.lines_rejected), (3, 1, 2))
        self.assertEqual((wizard.customers, wizard.matched_new), (1, 1))
        self.assertEqual(wizard.total_ids.mapped("amount"), [7.5])
        self.assertEqual(
            sorted((line.name, line.count, line.rows) for line in wizard.reject_ids),
            [("No customer", 1, "3"), ("Unreadable date", 1, "4")],
        )
        content = base64.b64decode(wizard.rejected_file).decode("utf-8-sig")
        self.assertEqual(
            content.splitlines(), ["Row,Reason,Value", "3,No customer,", "4,Unreadable date,never"]
        )

    def test_import_and_mapping_saved(self):
        """A manager of segments without sales rights imports; the next file needs no mapping."""
        header = "Beleg,Tag,Kunde,Summe"
        form = self.wizard("A1,2011-02-03,17,5", header=header)
        for index, role in enumerate(("document", "date", "customer_id", "amount")):
            with form.column_ids.edit(index) as line:
                line.role = role
        wizard = form.save()
        wizard.action_check()
        action = wizard.action_import()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.amounts(), [("A1", 1, 5)])
        self.assertEqual(self.source.mapping["columns"]["customer_id"], "Kunde")
        self.run_import("A2,2011-02-04,17,6", header=header)
        self.assertEqual(self.amounts(), [("A1", 1, 5), ("A2", 1, 6)])

    def test_layout_changed_is_recognised_anew(self):
        self.source.mapping = {"columns": {"customer_id": "Kunde"}}
        self.run_import("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50")
        self.assertEqual(self.amounts(), [("A1", 1, 7.5)])

    def test_unreadable_file_warns(self):
        form = self.wizard()
        with self.assertLogs("odoo.tests.form", "WARNING") as logs:
            form.file = base64.b64encode(b"%PDF\x00\x00\x00")
        self.assertIn("neither CSV nor XLSX", logs.output[0])

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_users_do_not_import(self):
        with self.assertRaises(AccessError):
            self.env["crm.sales.history.import"].with_user(self.user).create(
                {"source_id": self.source.id, "file": base64.b64encode(b"a")}
            )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_source_of_another_company(self):
        other = self.env["res.company"].create({"name": "B"})
        wizard = self.wizard("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50").save()
        self.source.company_id = other
        with self.assertRaises(AccessError):
            wizard.action_import()

    def test_who_sees_the_money(self):
        self.run_import(
            "A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50", "A2,2011-02-03,18,Bob,,,,P1,Pen,1,1"
        )
        own = new_test_user(self.env, "hist-own", groups="sales_team.group_sale_salesman")
        everyone = new_test_user(
            self.env, "hist-all", groups="sales_team.group_sale_salesman_all_leads"
        )
        self.history()[0].partner_id.user_id = everyone
        History = self.env["crm.sales.history"]
        domain = [("source_id", "=", self.source.id)]
        self.assertEqual(History.with_user(own).search(domain).mapped("document"), ["A2"])
        self.assertEqual(History.with_user(everyone).search_count(domain), 2)
        with self.assertRaises(AccessError):
            History.with_user(self.manager).search(domain)
