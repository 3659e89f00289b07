"""The reader of tables: no database."""

import ast
import datetime
import doctest
import gzip
import io
import unittest
from decimal import Decimal
from pathlib import Path

import openpyxl

from ..lib import history_charges, history_columns, tabular_values
from ..lib.tabular import Table, UnreadableFile, WrongEncoding
from ..lib.tabular_values import day, number, sniff_decimal, sniff_order

RUSSIAN = "Документ;Дата;Клиент;Сумма\nА-1;01.02.2011;Ромашка;1 234,50\n"
FRENCH = "Facture;Client;Montant\n1;Hélène Çà et là;12,50\n"


def rows(content, **options):
    return [cells for _number, cells in Table(content, **options).rows()]


class TestTable(unittest.TestCase):
    def test_encodings_are_recognised(self):
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"):
            with self.subTest(encoding=encoding):
                self.assertEqual(rows(RUSSIAN.encode(encoding))[1][2], "Ромашка")
        self.assertEqual(rows(FRENCH.encode("latin-1"))[1][1], "Hélène Çà et là")

    def test_accent_in_last_line(self):
        content = ("a,b\n" + "1,2\n" * 50_000).encode() + "é,2\n".encode("cp1252")
        self.assertEqual(rows(content)[-1], ["é", "2"])

    def test_wrong_encoding_is_an_error(self):
        with self.assertRaises(WrongEncoding) as caught:
            rows(FRENCH.encode("latin-1"), encoding="utf-8-sig")
        self.assertEqual(caught.exception.params, {"encoding": "utf-8-sig"})

    def test_delimiters(self):
        for delimiter in ",;\t|":
            with self.subTest(delimiter=delimiter):
                content = f'a{delimiter}b\n"1{delimiter}x"{delimiter}2\n'.encode()
                self.assertEqual(rows(content)[1], [f"1{delimiter}x", "2"])

    def test_decimal_commas_do_not_win_over_semicolons(self):
        self.assertEqual(rows(b"a;b;c\n1,5;2,5;3,5\n")[1], ["1,5", "2,5", "3,5"])

    def test_excel_hint_is_no_row(self):
        self.assertEqual(list(Table(b"sep=;\na;b\n1;2\n").rows())[0], (2, ["a", "b"]))

    def test_rows_are_numbered_as_in_a_spreadsheet(self):
        numbers = [number for number, _cells in Table(b'a,b\n\n"1\n1",2\n3,4\n').rows()]
        self.assertEqual(numbers, [1, 3, 4])

    def test_gzip_and_path(self):
        content = gzip.compress(b"a,b\n1,2\n")
        self.assertEqual(rows(content)[1], ["1", "2"])

    def test_workbook(self):
        stream, book = io.BytesIO(), openpyxl.Workbook()
        book.active.append(["No", "Date", "Amount"])
        book.active.append([17850, datetime.datetime(2011, 2, 3), 12.5])
        book.save(stream)
        for content in (stream.getvalue(), gzip.compress(stream.getvalue())):
            found = rows(content)[1]
            self.assertEqual(list(found), [17850, datetime.datetime(2011, 2, 3), 12.5])

    def test_what_is_no_table(self):
        cut = gzip.compress(b"a,b\n" * 10_000)[:60]
        cases = {
            b"": "empty",
            b" \n": "empty",
            b"\xd0\xcf\x11\xe0rest": "old_excel",
            b"%PDF\x00\x01\x02\x00binary": "not_table",
            b"PK\x03\x04broken": "damaged",
            cut: "damaged",
        }
        for content, code in cases.items():
            with self.subTest(code=code), self.assertRaises(UnreadableFile) as caught:
                rows(content)
            self.assertEqual(caught.exception.code, code)


class TestValues(unittest.TestCase):
    def test_numbers(self):
        cases = [
            ("1,234.50", ".", "1234.50"),
            ("1.234,50", ",", "1234.50"),
            ("1\u00a0234,5 ₽", ",", "1234.5"),
            ("EUR 12.30", ".", "12.30"),
            ("(5.00)", ".", "-5.00"),
            ("5-", ".", "-5"),
            ("-0.001", ".", "-0.001"),
            ("1'000", ".", "1000"),
            (7, ",", "7"),
            (0.1, ".", "0.1"),
        ]
        for text, mark, expected in cases:
            with self.subTest(text=text):
                self.assertEqual(number(text, mark), Decimal(expected))

    def test_no_numbers(self):
        for text in ("abc", "1,2,3", "12,50", "nan", "inf", "1-2", "12 pcs of 3", "1e999", True):
            with self.subTest(text=text), self.assertRaises(ValueError):
                number(text, ".")
        self.assertIsNone(number("", "."))

    def test_decimal_mark(self):
        self.assertEqual(sniff_decimal(["1,234", "0.5"]), ".")
        self.assertEqual(sniff_decimal(["1.234", "12,50"]), ",")
        self.assertEqual(sniff_decimal(["1.234,50"]), ",")
        self.assertEqual(sniff_decimal(["1,234"], default=","), ",")

    def test_days(self):
        expected = datetime.date(2011, 2, 3)
        for text, order in [
            ("2011-02-03", "mdy"),
            ("2011-02-03T10:00:00Z", "dmy"),
            ("20110203", "dmy"),
            ("3.2.2011", "dmy"),
            ("03/02/11 8:26", "dmy"),
            ("2/3/2011", "mdy"),
            ("3 Feb 2011", "dmy"),
            ("3 февраля 2011", "dmy"),
            ("Feb 3, 2011", "dmy"),
            (40577, "dmy"),
            (datetime.datetime(2011, 2, 3, 9), "dmy"),
        ]:
            with self.subTest(text=text):
                self.assertEqual(day(text, order), expected)

    def test_no_days(self):
        for text in ("2011-02-30", "31.13.2011", "soon", "3 Foo 2011", "0001-01-01", 5):
            with self.subTest(text=text), self.assertRaises(ValueError):
                day(text, "dmy")

    def test_order(self):
        self.assertEqual(sniff_order(["01/02/2011", "13/02/2011"]), "dmy")
        self.assertEqual(sniff_order(["01/02/2011", "02/13/2011"]), "mdy")
        self.assertIsNone(sniff_order(["01/02/2011", "2011-13-40"]))


class TestPurity(unittest.TestCase):
    def test_lib_does_not_import_odoo(self):
        for path in (Path(__file__).parents[1] / "lib").glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module]
                self.assertFalse([one for one in names if one.split(".")[0] == "odoo"], path.name)

    def test_doctests(self):
        for module in (tabular_values, history_columns, history_charges):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)
