"""Files of ad spend: no database. Values are those that stand in the files."""

import doctest
import io
import time
import unittest
import zipfile
from datetime import date, datetime
from decimal import Decimal

from odoo.addons.crm_segments.lib.tabular import TabularError

from ..lib import spend_currency, spend_format, spend_period
from ..lib.spend_file import SpendFile
from ..lib.spend_rows import Reading
from . import spend_files


def read(content, mapping=None):
    reading = Reading(SpendFile(content, mapping))
    return list(reading), reading


class TestSpendFile(unittest.TestCase):
    def test_each_platform(self):
        for name, (content, code, currency, count, total, stated) in spend_files.GOOD.items():
            with self.subTest(name):
                rows, reading = read(content)
                self.assertEqual(reading._file.format.code, code)
                self.assertEqual(reading.problems, [])
                self.assertEqual(reading.currencies, {currency})
                self.assertEqual((len(rows), reading.count), (count, count))
                self.assertEqual(reading.total, Decimal(total))
                self.assertEqual(reading.file_total, stated and Decimal(stated))

    def test_google(self):
        """A campaign called 'Total …' is none; what the account spent beside is another total."""
        rows, reading = read(spend_files.GOOGLE.encode())
        self.assertEqual(
            rows[0][1:],
            (date(2025, 10, 1), date(2025, 10, 1), "", "111", "Brand", "EUR", Decimal("1024.50"),
             1024071, 350, Decimal("2.50")),
        )  # fmt: skip
        self.assertEqual(rows[2].campaign, "Total Control")
        self.assertEqual(reading.file_totals, [Decimal("1124.75")] * 2 + [Decimal(1500)])
        self.assertEqual(reading.difference, 0)

    def test_period_instead_of_days(self):
        rows, reading = read(spend_files.GOOGLE_RU.encode("utf-16"))
        self.assertEqual((rows[0].first, rows[0].last), (date(2025, 10, 1), date(2025, 10, 31)))
        self.assertEqual(reading.several_days, 2)
        self.assertEqual(rows[0].cost, Decimal("12340.50"))

    def test_days_of_american_files(self):
        for content in (spend_files.LINKEDIN.encode("utf-16"), spend_files.MICROSOFT.encode()):
            rows, _reading = read(content)
            self.assertEqual(rows[0].first, date(2025, 10, 1))
        self.assertEqual(rows[0].account, "Our account")

    def test_yandex(self):
        """The total stands above the rows; amounts hold VAT."""
        rows, reading = read(spend_files.YANDEX.encode("cp1251"))
        self.assertIs(reading._file.vat, True)
        self.assertEqual(reading._file.table.encoding, "cp1251")
        self.assertEqual([row.first.day for row in rows], [1, 13])
        self.assertEqual(rows[1].cost, Decimal("634.70"))

    def test_all_time_has_no_period(self):
        text = spend_files.GOOGLE_RU.replace(
            "1 октября 2025 г. - 31 октября 2025 г.", "За все время"
        )
        rows, reading = read(text.encode())
        self.assertEqual((rows[0].first, reading.undated), (None, 2))

    def test_wrong_total(self):
        _rows, reading = read(spend_files.META.replace("100.00", "120.00").encode())
        self.assertEqual(reading.difference, Decimal("-20.00"))

    def test_two_header_lines(self):
        """Groups of columns above the header; the header once more in the middle."""
        head, *rest = spend_files.META.splitlines(keepends=True)
        _rows, reading = read(("Campaign,,,,Money,,,\n" + head + "".join(rest)).encode())
        self.assertEqual((reading.count, reading.total), (2, 100))
        _rows, reading = read((head + rest[0] + head + "".join(rest[1:])).encode())
        self.assertEqual((reading.count, reading.difference), (2, 0))

    def test_any_table_with_a_mapping(self):
        with self.assertRaises(TabularError) as caught:
            SpendFile(spend_files.OTHER.encode())
        self.assertEqual(caught.exception.code, "no_header")
        rows, reading = read(spend_files.OTHER.encode(), {"columns": spend_files.OTHER_COLUMNS})
        self.assertEqual((reading.total, rows[1].first), (200, date(2025, 2, 28)))
        self.assertEqual(reading._file.mapping()["columns"], spend_files.OTHER_COLUMNS)

    def test_workbook(self):
        content = spend_files.workbook(
            [["Day", "Campaign", "Campaign ID", "Cost", "Currency code"],
             [datetime(2025, 10, 1), "=1+1", 111.0, 10.5, "EUR"],
             [datetime(2025, 10, 2), "B", 222, 20, "EUR"]]
        )  # fmt: skip
        rows, reading = read(content)
        self.assertEqual((reading.total, rows[1].campaign_id), (Decimal("30.5"), "222"))

    def test_broken(self):
        for name, (content, code) in spend_files.BROKEN.items():
            with self.subTest(name):
                _rows, reading = read(content)
                self.assertIn(code, [problem.code for problem in reading.problems])


class TestHostile(unittest.TestCase):
    def assertRefused(self, content, *codes):
        start = time.monotonic()
        with self.assertRaises(TabularError) as caught:
            read(content)
        self.assertIn(caught.exception.code, codes)
        self.assertLess(time.monotonic() - start, 10)

    def test_refused_at_once(self):
        head = b"Campaign,Cost\n"
        self.assertRefused(head + b"x" * (10 << 20) + b",1\n", "bad_row", "too_long")
        self.assertRefused(b",".join(b"c%d" % i for i in range(10000)) + b"\n1\n", "too_wide")
        self.assertRefused(b"\0" * 1000, "not_table")
        self.assertRefused(b"", "empty")
        self.assertRefused(b"PK\x03\x04broken", "damaged")
        self.assertRefused(b"\xd0\xcf\x11\xe0old", "old_excel")
        self.assertRefused(b"Campaign,Cost\n", "no_lines")

    def test_zip_bomb(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b" " * (40 << 20))
        self.assertRefused(stream.getvalue(), "too_large")


class TestSpread(unittest.TestCase):
    def test_to_the_cent(self):
        parts = spend_period.spread(Decimal("100"), date(2024, 2, 28), date(2024, 3, 1))
        self.assertEqual([day.day for day, _part in parts], [28, 29, 1])
        self.assertEqual([str(part) for _day, part in parts], ["33.33", "33.34", "33.33"])
        self.assertEqual(sum(part for _day, part in parts), 100)

    def test_examples(self):
        for module in (spend_currency, spend_format, spend_period):
            self.assertEqual(doctest.testmod(module).failed, 0)
