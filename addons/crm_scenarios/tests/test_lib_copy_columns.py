"""Reading a binary COPY, and counting buyers, without a database."""

import doctest
import io
import struct

import numpy as np
from odoo.tests import TransactionCase, tagged

from ..lib import copy_columns, copy_rows, product_counts
from ..lib.product_baskets import Baskets

COLUMNS = [("product", "int32"), ("quantity", "float64")]


def binary(rows):
    """What PostgreSQL sends for rows of (int4, float8)."""
    body = b"".join(struct.pack(">hiiid", 2, 4, product, 8, qty) for product, qty in rows)
    return copy_columns.COPY_HEADER + body + struct.pack(">h", -1)


@tagged("post_install", "-at_install")
class TestCopyColumns(TransactionCase):
    def test_doctests(self):
        for module in (copy_columns, copy_rows, product_counts):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertEqual(result.failed, 0)

    def test_any_split(self):
        """Wherever the bytes are cut, the columns are the same."""
        data = binary([(1, 0.5), (-2, 3.0), (7, 1e9)])
        for size in (1, 5, 26, 1000):
            reader = copy_columns.CopyColumns(COLUMNS)
            for start in range(0, len(data), size):
                reader.write(data[start : start + size])
            found = reader.columns()
            self.assertEqual(found["product"].tolist(), [1, -2, 7])
            self.assertEqual(found["quantity"].tolist(), [0.5, 3.0, 1e9])

    def test_chunks(self):
        self.patch(copy_columns, "CHUNK", 40)
        reader = copy_columns.CopyColumns(COLUMNS)
        rows = [(number, number / 2) for number in range(50)]
        data = binary(rows)
        for start in range(0, len(data), 64):
            reader.write(data[start : start + 64])
        self.assertEqual(reader.columns()["product"].tolist(), list(range(50)))

    def test_nothing_and_broken(self):
        reader = copy_columns.CopyColumns(COLUMNS)
        reader.write(binary([]))
        self.assertEqual(len(reader.columns()["product"]), 0)
        reader = copy_columns.CopyColumns(COLUMNS)
        reader.write(binary([(1, 2.0)])[:-5])
        with self.assertRaises(ValueError):
            reader.columns()
        reader = copy_columns.CopyColumns(COLUMNS)
        with self.assertRaises(ValueError):
            reader.write(b"no copy at all, but long enough")

    def test_from_postgres(self):
        found = copy_columns.CopyColumns(COLUMNS).receive(
            self.env.cr._obj,
            "SELECT n::int4, (n * 0.25)::float8 FROM generate_series(1, 1000) n",
        )
        self.assertEqual(found["product"].sum(), 500500)
        self.assertEqual(found["quantity"].sum(), 125125.0)

    def test_to_postgres(self):
        """Whole numbers, floats to the last digit, truth values, arrays; and no row at all."""
        columns = [
            np.array([-1, 2**31 - 1], np.int32), np.array([0.1 + 0.2, np.nan]),
            np.array([True, False]), np.array([[1, 2, 3], [4, 5, 6]], np.int32),
        ]  # fmt: skip
        cr = self.env.cr
        cr.execute("CREATE TEMPORARY TABLE copied (a int4, b float8, c bool, d int4[])")
        for some in (columns, [one[:0] for one in columns]):
            cr.copy_expert(
                "COPY copied FROM STDIN (FORMAT binary)", io.BytesIO(copy_rows.copy_rows(some))
            )
        cr.execute("SELECT a, b::text, c, d FROM copied")
        self.assertEqual(
            cr.fetchall(),
            [(-1, "0.30000000000000004", True, [1, 2, 3]), (2**31 - 1, "NaN", False, [4, 5, 6])],
        )

    def test_buyers(self):
        """Even and odd numbers of baskets; an item twice on a day is one basket of the sum."""
        baskets = Baskets.from_lines(
            ["a", "a", "b", "c", "c"], [1, 1, 1, 1, 2], [5, 5, 5, 6, 6], [1, 2, 7, 4, 10]
        )
        self.assertEqual(product_counts.buyers(baskets), [(1, 3, 4.0), (2, 1, 10.0)])
        self.assertEqual(product_counts.buyers(baskets.only(baskets.item < 0)), [])
        some = baskets.only(np.isin(baskets.customer, [0, 1]))
        self.assertEqual(product_counts.buyers(some), [(1, 2, 5.0)])
