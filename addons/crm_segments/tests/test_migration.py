"""The migration matrix, worked out by hand."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..models import crm_segmentation_today
from .common import SegmentsMixin, UsersMixin


@tagged("post_install", "-at_install")
class TestMigration(UsersMixin, SegmentsMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.set_up_users()
        cls.ann, cls.bob, cls.cay, cls.dot = map(cls.customer, ("Ann", "Bob", "Cay", "Dot"))
        cls.map = cls.rules({"Good": "[]", "Bad": "[]"}, domain="[('id', '=', 0)]")
        cls.good, cls.bad = cls.map.segment_ids
        # Ann went from good to bad, Bob stayed good across a seam, Cay came, Dot left
        cls.stay(cls.ann, cls.good, 100, 50, origin="backfill")
        cls.stay(cls.ann, cls.bad, 50)
        cls.stay(cls.bob, cls.good, 100, 50, origin="backfill")
        cls.stay(cls.bob, cls.good, 50)
        cls.stay(cls.cay, cls.bad, 20)
        cls.stay(cls.dot, cls.good, 100, 30)
        cls.stay(cls.dot, cls.bad, 20, pinned="out", origin="manual")
        cls.sale(cls.ann, 40, 70)
        cls.sale(cls.ann, 500, 1000)
        cls.sale(cls.bob, 90, 30)

    def cells(self, first=80, second=0, login=None):
        """(from, to) → (customers, revenue), segments by name, None for no segment."""
        record = self.as_user(login, self.map) if login else self.map
        found = record.migration(str(self.ago(first)), str(self.ago(second)))
        names = {one["id"]: one["name"] for one in found["segments"]}
        return {
            (names.get(cell["from"]), names.get(cell["to"])): (cell["count"], cell["amount"])
            for cell in found["cells"]
        }

    def test_between_two_days(self):
        self.assertEqual(
            self.cells(),
            {
                ("Good", "Bad"): (1, 70),
                ("Good", "Good"): (1, 30),
                (None, "Bad"): (1, 0),
                ("Good", None): (1, 0),
            },
        )

    def test_a_day_against_itself_is_the_diagonal(self):
        self.assertEqual(self.cells(10, 10), {("Bad", "Bad"): (2, 70), ("Good", "Good"): (1, 30)})

    def test_money_is_that_of_the_year_before_the_second_day(self):
        self.assertEqual(self.cells(95, 60), {("Good", "Good"): (3, 30)})

    def test_totals_are_the_members_of_each_day(self):
        cells = self.cells()
        before = sum(count for (old, _new), (count, _amount) in cells.items() if old)
        after = sum(count for (_old, new), (count, _amount) in cells.items() if new)
        self.assertEqual((before, after), (3, 3))

    def test_other_companies_are_not_counted(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.stay(self.ann, self.bad, 90, company_id=other.id)
        self.assertEqual(self.cells()["Good", "Bad"], (1, 70))

    def test_a_cell_opens_its_customers(self):
        days = str(self.ago(80)), str(self.today)
        for old, new, expected in (
            (self.good.id, self.bad.id, self.ann),
            (0, self.bad.id, self.cay),
            (self.good.id, 0, self.dot),
        ):
            action = self.map.action_open_migration(*days, old, new)
            found = self.env["res.partner"].search(action["domain"])
            self.assertEqual(found, expected)

    def test_a_long_list_says_that_it_is_cut(self):
        self.stay(self.customer("Eve"), self.bad, 20)
        asked = (str(self.ago(80)), str(self.today), 0, self.bad.id)
        for limit, title in ((2, "no segment → Bad"), (1, "no segment → Bad (1 of more)")):
            with self.subTest(limit), patch.object(crm_segmentation_today, "MAX_OPENED", limit):
                action = self.map.action_open_migration(*asked)
                self.assertEqual(action["display_name"], title)
                self.assertEqual(len(action["domain"][0][2]), limit)
                self.assertFalse(action["context"]["active_test"])

    def test_hidden_amounts_are_none(self):
        for login in ("own", "marketer", "reader"):
            with self.subTest(login=login):
                self.assertEqual(self.cells(login=login)["Good", "Bad"], (1, None))
        self.assertEqual(self.cells(login="all")["Good", "Bad"], (1, 70))
        with self.assertRaises(AccessError):
            self.cells(login="plain")

    def test_bad_days(self):
        day = self.today
        for first, second in (
            (str(day), str(day - timedelta(1))), ("soon", str(day)), (False, str(day)),
        ):  # fmt: skip
            with self.subTest(first=first), self.assertRaises(UserError):
                self.map.migration(first, second)

    def test_known_from(self):
        found = self.map.migration(str(self.ago(80)), str(self.today))
        self.assertEqual(found["known_from"], str(self.ago(100)))
