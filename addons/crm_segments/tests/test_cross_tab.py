"""Two segmentations against each other, worked out by hand."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..lib import crosstab
from .common import SegmentsMixin, UsersMixin


@tagged("post_install", "-at_install")
class TestCrossTab(UsersMixin, SegmentsMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        """Ann X P, Bob X P Q, Cay X, Dot Y Q, Eve Q; the second segmentation overlaps."""
        super().setUpClass()
        cls.set_up_segments()
        cls.set_up_users()
        cls.first = cls.rules({"X": "[]", "Y": "[]", "Z": "[]"}, domain="[('id', '=', 0)]")
        cls.second = cls.rules(
            {"P": "[]", "Q": "[]"}, domain="[('id', '=', 0)]", exclusive=False, name="Other"
        )
        cls.x, cls.y, cls.z = cls.first.segment_ids
        cls.p, cls.q = cls.second.segment_ids
        names = ("Ann", "Bob", "Cay", "Dot", "Eve")
        cls.ann, cls.bob, cls.cay, cls.dot, cls.eve = map(cls.customer, names)
        stays = {
            cls.ann: (cls.x, cls.p), cls.bob: (cls.x, cls.p, cls.q), cls.cay: (cls.x,),
            cls.dot: (cls.y, cls.q), cls.eve: (cls.q,),
        }  # fmt: skip
        for (partner, segments), amount in zip(stays.items(), (70, 30, 10, 5, 2), strict=True):
            for segment in segments:
                cls.stay(partner, segment, 20)
            cls.sale(partner, 30, amount)
            cls.sale(partner, 500, 1000)  # not of the last twelve months
        # neither the past nor who is pinned out counts
        cls.stay(cls.ann, cls.y, 90, 20)
        cls.stay(cls.cay, cls.q, 20, pinned="out", origin="manual")
        cls.metrics.refresh()

    def table(self, login=None, first=None, second=None):
        """(cells, rows, columns, answer), by names; figures as (customers, revenue)."""
        first, second = first or self.first, second or self.second
        found = (self.as_user(login, first) if login else first).cross_tab(second.id)
        sides = {
            side: {one["id"]: one["name"] for one in found[side]["segments"]}
            for side in ("rows", "columns")
        }
        cells = {
            (sides["rows"][cell["row"]], sides["columns"][cell["column"]]): cell
            for cell in found["cells"]
        }
        totals = [
            {one["name"]: (one["count"], one["amount"]) for one in found[side]["segments"]}
            for side in ("rows", "columns")
        ]
        return cells, *totals, found

    def test_counts_and_money(self):
        cells, rows, columns, found = self.table()
        self.assertEqual(
            {key: (cell["count"], cell["amount"]) for key, cell in cells.items()},
            {
                ("X", "P"): (2, 100),
                ("X", "Q"): (1, 30),
                ("X", "No segment"): (1, 10),
                ("Y", "Q"): (1, 5),
                ("No segment", "Q"): (1, 2),
            },
        )
        self.assertEqual(rows, {"X": (3, 110), "Y": (1, 5), "Z": (0, 0), "No segment": (1, 2)})
        self.assertEqual(columns, {"P": (2, 100), "Q": (3, 37), "No segment": (1, 10)})
        self.assertEqual(found["total"], {"count": 5, "amount": 117})

    def test_totals_are_the_members(self):
        _cells, rows, columns, _found = self.table()
        for segment in self.first.segment_ids | self.second.segment_ids:
            with self.subTest(segment=segment.name):
                count, _amount = (rows | columns)[segment.name]
                self.assertEqual(count, segment.member_count)

    def test_index_is_among_those_in_both(self):
        """In both: Ann, Bob, Dot. X 2, Y 1; P 2, Q 2. (X, P): 2 where 2·2/3 are expected."""
        cells, _rows, _columns, found = self.table()
        self.assertEqual(found["both"], 3)
        for key, expected, index in (
            (("X", "P"), 4 / 3, 150), (("X", "Q"), 4 / 3, 75), (("Y", "Q"), 2 / 3, 150),
        ):  # fmt: skip
            self.assertAlmostEqual(cells[key]["expected"], expected)
            self.assertAlmostEqual(cells[key]["index"], index)
            self.assertEqual(cells[key]["verdict"], "few")
        self.assertIsNone(cells["X", "No segment"]["index"])

    def test_an_empty_cell_where_some_are_expected(self):
        """Twenty are X and P, twenty Y and Q: ten would be expected in each of four cells."""
        first = self.rules({"X": "[]", "Y": "[]"}, domain="[('id', '=', 0)]")
        second = self.rules({"P": "[]", "Q": "[]"}, domain="[('id', '=', 0)]")
        for n in range(40):
            partner = self.customer(f"C{n}")
            for segmentation in (first, second):
                self.stay(partner, segmentation.segment_ids[n % 2], 20)
        cells = self.table(first=first, second=second)[0]
        self.assertEqual(
            {key: (one["count"], one["index"], one["verdict"]) for key, one in cells.items()},
            {
                ("X", "P"): (20, 200, "more"),
                ("X", "Q"): (0, 0, "less"),
                ("Y", "P"): (0, 0, "less"),
                ("Y", "Q"): (20, 200, "more"),
            },
        )

    def test_against_itself(self):
        """The cells of an overlapping segmentation are its overlaps."""
        cells = self.table(first=self.second, second=self.second)[0]
        self.assertEqual(
            {key: cell["count"] for key, cell in cells.items()},
            {("P", "P"): 2, ("Q", "Q"): 3, ("P", "Q"): 1, ("Q", "P"): 1},
        )

    def test_a_cell_opens_its_customers(self):
        for row, column, expected in (
            (self.x.id, self.p.id, self.ann | self.bob),
            (self.x.id, 0, self.cay),
            (0, self.q.id, self.eve),
        ):
            action = self.first.action_open_cross_tab(self.second.id, row, column)
            self.assertEqual(self.env["res.partner"].search(action["domain"]), expected)
        self.assertEqual(action["display_name"], "no segment of Test × Q")

    def test_archived_customers_are_not_counted(self):
        self.ann.active = False
        cells, rows, _columns, _found = self.table()
        self.assertEqual((cells["X", "P"]["count"], rows["X"]), (1, (2, 40)))

    def test_nobody_in_either(self):
        empty = self.rules({"X": "[]"}, domain="[('id', '=', 0)]")
        cells, rows, _columns, found = self.table(first=empty, second=empty)
        self.assertEqual((cells, rows, found["total"]["count"]), ({}, {"X": (0, 0)}, 0))

    def test_other_companies_are_not_counted(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.stay(self.cay, self.q, 5, company_id=other.id)
        self.assertEqual(self.table()[0]["X", "No segment"]["count"], 1)
        self.env.user.company_ids |= other
        found = self.first.with_company(other).cross_tab(self.second.id)
        self.assertEqual(
            [(one["name"], one["count"]) for one in found["columns"]["segments"]],
            [("P", 0), ("Q", 1)],
        )

    def test_hidden_amounts_are_none(self):
        for login in ("own", "marketer", "reader"):
            with self.subTest(login=login):
                cells, rows, columns, found = self.table(login)
                self.assertEqual({cell["amount"] for cell in cells.values()}, {None})
                amounts = {amount for _count, amount in [*rows.values(), *columns.values()]}
                self.assertEqual((amounts, found["total"]["amount"]), ({None}, None))
                self.assertEqual(cells["X", "P"]["count"], 2)
        self.assertEqual(self.table("all")[0]["X", "P"]["amount"], 100)
        for login in ("plain", "accountant", "portal"):
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.table(login)

    def test_a_segmentation_of_another_company_is_refused(self):
        """Also as the other side of one that may be read."""
        other = self.env["res.company"].create({"name": "Other"})
        self.second.company_id = other
        with self.assertRaises(AccessError):
            self.table("all")
        with self.assertRaises(AccessError):
            self.as_user("all", self.first).action_open_cross_tab(self.second.id, 0, self.q.id)

    def test_one_that_is_gone(self):
        gone = self.rules({"X": "[]"})
        gone_id = gone.id
        gone.unlink()
        with self.assertRaises(UserError):
            self.first.cross_tab(gone_id)

    def test_same_queries_for_few_and_many(self):
        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.first.cross_tab(self.second.id)
            return self.env.cr.sql_log_count - before

        statements()  # what is looked up once
        few = statements()
        for n in range(50):
            partner = self.customer(f"C{n}")
            self.stay(partner, self.first.segment_ids[n % 3], 5)
            self.stay(partner, self.q, 5)
        self.assertEqual(statements(), few)


@tagged("post_install", "-at_install")
class TestCrossTabArithmetic(TransactionCase):
    def test_table_of_haberman(self):
        """30 of 40 × 50 in 100: e = 20; (30 − 20) / √(20 · 0.6 · 0.5) = 10 / √6 = 4.0825."""
        self.assertEqual(crosstab.expected(40, 50, 100), 20)
        self.assertAlmostEqual(crosstab.residual(30, 40, 50, 100), 10 / 6**0.5)
        cell = crosstab.compare_cell(30, 40, 50, 100, 1)
        self.assertEqual(cell, {"expected": 20, "index": 150, "verdict": "more"})

    def test_its_square_is_chi_square_of_a_fourfold_table(self):
        """Pearson's χ² of [[30, 10], [20, 40]] is n (ad − bc)² / products of margins."""
        chi = 100 * (30 * 40 - 10 * 20) ** 2 / (40 * 60 * 50 * 50)
        self.assertAlmostEqual(crosstab.residual(30, 40, 50, 100) ** 2, chi)

    def test_verdicts(self):
        for case, verdict in (
            ((10, 40, 50, 100, 1), "less"),  # residual −4.08
            ((24, 40, 50, 100, 1), "chance"),  # 4 / √6 = 1.63
            ((25, 40, 50, 100, 1), "more"),  # 5 / √6 = 2.04 > 1.96
            ((25, 40, 50, 100, 10), "chance"),  # of ten cells looked at: < 2.81
            ((4, 10, 40, 100, 1), "few"),  # 4 expected
            ((40, 40, 100, 100, 1), "only"),  # the column is everybody
            ((0, 0, 5, 0, 1), "few"),
        ):
            with self.subTest(case=case):
                self.assertEqual(crosstab.compare_cell(*case)["verdict"], verdict)
