"""Columns and rows of sales files: no database."""

import datetime
import unittest
from decimal import Decimal

from ..lib.history_charges import is_charge
from ..lib.history_columns import MissingColumns, choose, recognise
from ..lib.history_file import HistoryFile
from ..lib.history_rows import RowReader

RETAIL = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice"]
RETAIL += ["CustomerID", "Country"]


class TestColumns(unittest.TestCase):
    def test_online_retail(self):
        expected = {
            "document": 0,
            "product_ref": 1,
            "product_name": 2,
            "quantity": 3,
            "date": 4,
            "price": 5,
            "customer_id": 6,
            "country": 7,
        }
        self.assertEqual(recognise(RETAIL), expected)

    def test_russian(self):
        header = [
            "Номер документа",
            "Дата",
            "Контрагент",
            "ИНН",
            "Номенклатура",
            "Кол-во",
            "Сумма без НДС",
        ]
        found = recognise(header)
        names = ["document", "date", "customer_name", "vat", "product_name", "quantity", "amount"]
        self.assertEqual([found[name] for name in names], list(range(7)))

    def test_choice_goes_before_recognition(self):
        header = ["Invoice", "Date", "Customer", "Old code", "Total"]
        found = choose(header, {"customer_id": "old code", "customer_name": ""})
        self.assertEqual(found, {"document": 0, "date": 1, "customer_id": 3, "amount": 4})

    def test_unknown_column(self):
        with self.assertRaises(MissingColumns) as caught:
            choose(["a"], {"date": "Tag"})
        self.assertEqual(caught.exception.code, "unknown_columns")

    def test_missing_columns(self):
        with self.assertRaises(MissingColumns) as caught:
            HistoryFile(b"Invoice,Price\n1,2\n")
        self.assertEqual(caught.exception.params["missing"], ["date", "customer", "amount"])
        self.assertEqual(caught.exception.params["header"], ["Invoice", "Price"])

    def test_header_below_a_title(self):
        file = HistoryFile(b"Sales of May;;;\n;;;\nInvoice;Date;Client;Total\n1;2011-05-01;A;5\n")
        self.assertEqual(file.header_row, 3)
        self.assertEqual([line.row for line in file.lines()], [4])


class TestRows(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.reader = RowReader(recognise(RETAIL))

    def parse(self, *cells):
        return self.reader.parse(1, list(cells))

    def test_line(self):
        line = self.parse(
            "536365", "85123A", " HOLDER ", "6", "2010-12-01 08:26:00", "2.55", "17850", "EIRE"
        )
        self.assertEqual(line.amount, Decimal("15.30"))
        self.assertEqual(line.date, datetime.date(2010, 12, 1))
        self.assertEqual((line.customer, line.product_name, line.position), ("17850", "HOLDER", 1))
        self.assertFalse(line.is_refund)

    def test_position_counts_rejected_lines_too(self):
        first = self.parse("1", "A", "", "1", "2011-01-01", "1", "", "")
        second = self.parse("1", "A", "", "1", "2011-01-01", "1", "7", "")
        other = self.parse("2", "A", "", "1", "2011-01-01", "1", "7", "")
        self.assertEqual(first.reason, "no_customer")
        self.assertEqual((second.position, other.position), (2, 1))

    def test_credit_notes(self):
        credit = self.parse("C536379", "D", "Discount", "-1", "2010-12-01", "27.50", "14527", "")
        self.assertTrue(credit.is_refund)
        self.assertEqual(credit.amount, Decimal("-27.50"))
        free = self.parse("C7", "A", "", "-1", "2010-12-01", "0", "14527", "")
        self.assertTrue(free.is_refund)
        self.assertFalse(self.parse("C8", "A", "", "1", "2010-12-01", "2", "1", "").is_refund)
        self.assertFalse(self.parse("9", "A", "", "1", "2010-12-01", "0", "1", "").is_refund)

    def test_credit_by_document_type(self):
        header = ["Invoice", "Date", "Client", "Total", "Type"]
        line = RowReader(recognise(header)).parse(1, ["1", "2011-01-01", "A", "5", "Credit note"])
        self.assertEqual((line.amount, line.is_refund), (Decimal(-5), True))

    def test_list_price_and_cost(self):
        """Optional; what is no price above zero is unknown, and rejects nothing."""
        header = ["Invoice", "Date", "Client", "Total", "List Price", "Cost"]
        reader = RowReader(recognise(header))
        for cells, found in (
            (["12.50", "7"], (Decimal("12.50"), Decimal(7))),
            (["0", "-1"], (None, None)),
            (["", "n/a"], (None, None)),
        ):
            line = reader.parse(1, ["1", "2011-01-01", "A", "5", *cells])
            self.assertEqual((line.list_price, line.cost), found)
        self.assertEqual(self.parse("1", "A", "", "1", "2011-01-01", "1", "7", "").cost, None)

    def test_reasons(self):
        cases = [
            (["", "A", "", "1", "2011-01-01", "1", "7", ""], "no_document", ""),
            (["1", "A", "", "1", "2011-01-01", "1", "", ""], "no_customer", ""),
            (["1", "A", "", "1", "", "1", "7", ""], "no_date", ""),
            (["1", "A", "", "1", "2011-02-30", "1", "7", ""], "bad_date", "2011-02-30"),
            (["1", "A", "", "x", "2011-01-01", "1", "7", ""], "bad_number", "x"),
            (["1", "A", "", "1", "2011-01-01", "", "7", ""], "no_amount", ""),
            (["1"], "no_customer", ""),
        ]
        for cells, reason, value in cases:
            with self.subTest(reason=reason):
                rejected = self.parse(*cells)
                self.assertEqual((rejected.reason, rejected.value), (reason, value))

    def test_codes_from_spreadsheets(self):
        line = self.parse(536365, 22423.0, "", 2, datetime.datetime(2011, 1, 1), 0.5, 17850.0, None)
        self.assertEqual(
            (line.document, line.product_ref, line.customer), ("536365", "22423", "17850")
        )
        self.assertEqual(line.amount, Decimal("1.0"))

    def test_key_of_a_customer_without_code(self):
        header = ["Invoice", "Date", "Total", "VAT", "Email", "Client"]
        reader = RowReader(recognise(header))
        for cells, key in [
            (["BE04", "a@b.c", "Ann"], "vat:be04"),
            (["", "A@b.c", "Ann"], "email:a@b.c"),
            (["", "", "Ann"], "name:ann"),
        ]:
            self.assertEqual(reader.parse(1, ["1", "2011-01-01", "5", *cells]).customer, key)

    def test_whole_file(self):
        content = "Счет;Дата;Клиент;Сумма\n1;01.02.2011;Ромашка;1 234,50\n2;13.02.2011;Лютик;2,5\n"
        file = HistoryFile(content.encode("cp1251"))
        self.assertEqual((file.decimal, file.order, file.table.encoding), (",", "dmy", "cp1251"))
        self.assertEqual(
            [line.amount for line in file.lines()], [Decimal("1234.50"), Decimal("2.5")]
        )

    def test_order_of_dates_is_looked_for_in_the_whole_file(self):
        rows = "".join(f"{n},01/02/2011,A,5\n" for n in range(3000)) + "x,01/13/2011,A,5\n"
        self.assertEqual(HistoryFile(("Invoice,Date,Client,Total\n" + rows).encode()).order, "mdy")

    def test_charges(self):
        for code, name in [("POST", "POSTAGE"), ("BANK CHARGES", "Bank Charges"), ("", "Доставка")]:
            self.assertTrue(is_charge(code, name), code)
        for code, name in [("22423", "DISCOUNT TIN"), ("PADS", "PADS TO MATCH"), (None, None)]:
            self.assertFalse(is_charge(code, name), code)
