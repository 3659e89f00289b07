"""Import of sales history: customers found again, files and currencies refused."""

import gzip

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_history import HEADER, SalesHistoryCase


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

    def test_no_line_below_the_header(self):
        for content in (HEADER, HEADER + "\n\n", "Sales of 2011\n" + HEADER + "\n,,,,,,,,,,\n"):
            self.fails(content.encode(), "no line below its header")
            self.fails(content.encode(), "no line below its header", dry_run=True)

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
