"""Import of sales history: what is written, with values worked out by hand."""

from datetime import date
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common_history import HEADER, SalesHistoryCase


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

    def test_list_price_and_cost(self):
        """Kept per unit; a file without these columns says nothing about them."""
        header = f"{HEADER},List Price,Unit Cost"
        self.run_import(
            "A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50,4,1.25",
            "A1,2011-02-03,17,Ann,,,,P2,Ink,1,9,,n/a",
            header=header,
        )
        self.assertEqual(
            [(line.list_price, line.cost) for line in self.history()], [(4, 1.25), (0, 0)]
        )
        again = self.run_import("A1,2011-02-03,17,Ann,,,,P1,Pen,3,2.50,5,1.25", header=header)
        self.assertEqual((again["lines_new"], again["lines_changed"]), (0, 1))
        self.assertEqual(self.history()[0].list_price, 5)

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
