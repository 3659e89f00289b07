"""Purchases packed at night: what a row holds, when it is read and what happens by day."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models import crm_customer_purchases, crm_segment_kept
from .common import SegmentsCase
from .test_bridge import BEFORE, IN_A, IN_B, A, B, BridgeMixin


@tagged("post_install", "-at_install")
class TestCustomerPurchases(BridgeMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_bridge()
        cls.startClassPatcher(patch.object(crm_customer_purchases, "KEEP_FROM", 2))
        # answers of the bridge itself are another test's
        cls.startClassPatcher(patch.object(crm_segment_kept, "SLOW", 3600))
        cls.startClassPatcher(patch.object(type(cls.env["ir.cron"]), "_commit_progress"))
        cls.purchases = cls.env["crm.customer.purchases"].sudo()
        cls.kept = cls.env["crm.segment.kept"].sudo()
        cls.ann, cls.bob = map(cls.customer, ("Ann", "Bob"))
        for customer, day, amount in ((cls.ann, IN_A, 10), (cls.ann, IN_B, 15), (cls.bob, IN_A, 7)):
            cls.sale(customer, day, amount)

    def night(self):
        self.env.flush_all()
        self.kept._keep_due()

    def rows(self, *names):
        """Customer id → columns of its packed rows in this company."""
        columns = SQL(", ").join(map(SQL.identifier, ("partner_id", *names)))
        found = self.env.execute_query(
            SQL("SELECT %s FROM crm_customer_purchases WHERE company_id = %s ORDER BY id",
                columns, self.company.id)
        )  # fmt: skip
        return {row[0]: row[1:] for row in found}

    def shown(self, *, fresh=False):
        """(start, end, whether they are of the night)."""
        self.env.flush_all()
        found = self.bridge_model.bridge([list(A), list(B)], fresh=fresh)
        return found["start"]["total"], found["end"]["total"], bool(found["read_at"])

    def opened(self, part, *, fresh):
        action = self.bridge_model.action_open_customers([A, B], None, part, None, fresh)
        return self.env["res.partner"].search(action["domain"])

    def test_a_row_by_hand(self):
        """Days in order, and of each measure what it came to with each of them."""
        cup = self.env["product.product"].create({"name": "Cup"})
        eve = self.customer("Eve")
        self.document(eve, IN_B, ("tea", 2, 6), (False, 1, 4), product_id=False)
        self.document(eve, BEFORE, (False, 3, 5), product_id=cup.id)
        self.sale(eve, BEFORE, 20)
        self.sale(eve, IN_A, -1, refund=True)
        self.night()
        [days, *sums] = self.rows("days", "revenue", "bought", "purchases")[eve.id]
        self.assertEqual(days, [BEFORE, IN_A, IN_B])
        self.assertEqual(sums, [[0, 25, 24, 34], [0, 25, 25, 35], [0, 2, 2, 3]])
        line_days, items, quantities, amounts = self.rows(
            "line_days", "items", "quantities", "amounts"
        )[eve.id]
        self.assertEqual((line_days, quantities, amounts), ([BEFORE, IN_B], [3, 2], [5, 6]))
        self.assertEqual(items[0], cup.id)
        self.assertLess(items[1], 0)  # known to its source alone

    def test_days_to_come(self):
        """A document of a later day is in the period that it lies in."""
        later = date(fields.Date.today().year + 2, 3, 1)
        self.sale(self.bob, later, 5)
        self.night()
        periods = [list(A), [str(later), str(later)]]
        found = self.bridge_model.bridge(periods)
        self.assertTrue(found["read_at"])
        self.assertEqual((found["start"]["total"], found["end"]["total"]), (17, 5))

    def test_a_document_of_several_days(self):
        """It is of the day of its first line, the whole of it, whatever is asked."""
        eve = self.customer("Eve")
        self.sale(eve, date(2024, 6, 28), 100, document="long")
        self.sale(eve, date(2024, 7, 3), 50, document="long")
        for periods, expected in (((A, B), (167, 15)), ((("2024-01-01", "2024-01-31"),
                                  ("2024-02-01", "2024-06-30")), (0, 167))):  # fmt: skip
            found = self.bridge(periods=periods)
            self.assertEqual((found["start"]["total"], found["end"]["total"]), expected)

    def test_only_what_changed_is_written(self):
        self.night()
        before = self.rows("id")
        self.night()
        self.assertEqual(self.rows("id"), before)
        self.sale(self.ann, IN_B, 1)
        eve = self.customer("Eve")
        self.sale(eve, IN_B, 1)
        self.night()
        after = self.rows("id", "revenue")
        self.assertEqual(after.keys(), {*before, eve.id})
        self.assertEqual(after[self.bob.id][0], before[self.bob.id][0])
        self.assertEqual(after[self.ann.id][1], [0, 10, 26])
        self.env["crm.sales.history"].sudo().search([("partner_id", "=", eve.id)]).unlink()
        self.night()
        self.assertNotIn(eve.id, self.rows("id"))

    def test_shown_as_of_the_night_until_it_is_read_again(self):
        self.assertEqual(self.shown(), (17, 15, False))
        self.night()
        self.sale(self.bob, IN_B, 9)
        self.assertEqual(self.shown(), (17, 15, True))
        self.assertEqual(self.shown(fresh=True), (17, 24, False))
        # a bar opens the customers that it counts
        self.assertEqual(self.opened("lost", fresh=False), self.bob)
        self.assertFalse(self.opened("lost", fresh=True))
        self.night()
        self.assertEqual(self.shown(), (17, 24, True))

    def test_few_documents_are_read_by_day(self):
        self.night()
        self.assertTrue(self.shown()[2])
        counts = self.purchases._count_documents()
        self.assertEqual(counts[self.company.id], 3)
        with patch.object(crm_customer_purchases, "KEEP_FROM", 4):
            # others of the database may have more: what counts is who is looked at
            self.assertFalse(self.shown()[2])
        with patch.object(crm_customer_purchases, "KEEP_FROM", 10**9):
            self.night()
        self.assertFalse(self.rows("id"))
        self.assertEqual(self.shown(), (17, 15, False))

    def test_holds_no_longer_than_what_it_rests_on(self):
        self.night()
        for name in self.counting_otherwise():
            self.assertFalse(self.shown()[2], name)
        self.assertTrue(self.shown()[2])
        hours = crm_segment_kept.HOURS + 1
        self.kept.search([]).read_at = fields.Datetime.now() - timedelta(hours=hours)
        self.assertFalse(self.shown()[2])

    def test_several_companies(self):
        """All of them are of the night, and its age is that of the oldest."""
        second = self.env["res.company"].create(
            {"name": "Second", "currency_id": self.company.currency_id.id}
        )
        self.env.user.company_ids |= second
        source = self.source.with_company(second).copy({"company_id": second.id})
        self.sale(self.bob, IN_B, 4, source=source)
        self.sale(second.partner_id, IN_B, 1000)
        self.night()
        both = {"allowed_company_ids": (self.company | second).ids}
        self.env = self.env(context={**self.env.context, **both})
        self.bridge_model = self.bridge_model.with_env(self.env)
        self.assertEqual(self.shown(), (17, 19, True))
        self.assertEqual(self.shown(fresh=True), (17, 19, False))
        old = self.kept.search(
            [("model_name", "=", self.purchases._name), ("company_id", "=", second.id)]
        )
        old.read_at = fields.Datetime.now() - timedelta(hours=2)
        found = self.bridge_model.bridge([list(A), list(B)])
        self.assertEqual(found["read_at"], fields.Datetime.to_string(old.read_at))
        old.unlink()
        self.assertEqual(self.shown(), (17, 19, False))

    def test_merged_by_day(self):
        """Two stay two until the night, and whose they are is known."""
        self.night()
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": (self.ann | self.bob).ids, "dst_partner_id": self.ann.id}
        ).action_merge()
        self.env.invalidate_all()
        self.assertEqual(self.shown(), (17, 15, True))
        self.assertEqual(self.opened("lost", fresh=False), self.ann)
        self.night()
        self.assertEqual(self.rows("revenue"), {self.ann.id: ([0, 17, 32],)})
        self.assertEqual(self.shown(), (17, 15, True))
        self.assertFalse(self.opened("lost", fresh=False))

    def test_deleted_customers_take_their_rows_along(self):
        self.night()
        self.env["crm.sales.history"].sudo().search([("partner_id", "=", self.bob.id)]).unlink()
        self.bob.unlink()
        self.assertEqual(self.rows("id").keys(), {self.ann.id})

    def test_a_failed_night_leaves_the_last_one(self):
        self.night()
        self.sale(self.bob, IN_B, 9)
        model = type(self.purchases)
        with (
            patch.object(model, "_insert_sql", lambda *args: SQL("SELECT 1 / 0")),
            mute_logger("odoo.sql_db"),
            self.assertLogs("odoo.addons.crm_segments.models.crm_segment_kept", "ERROR"),
        ):
            self.night()
        self.assertEqual(self.rows("id").keys(), {self.ann.id, self.bob.id})
        self.assertEqual(self.shown(), (17, 15, True))

    def test_documents_that_cannot_be_counted(self):
        """What was packed the night before stays, and the other reports are read."""
        self.night()
        model = type(self.purchases)
        broken = patch.object(model, "_count_sql", lambda *args: SQL("SELECT 1, 1 / 0"))
        with (
            broken, mute_logger("odoo.sql_db"), patch.object(crm_segment_kept, "SLOW", 0),
            self.assertLogs("odoo.addons.crm_segments.models.crm_segment_kept", "ERROR"),
        ):  # fmt: skip
            self.night()
        self.assertEqual(self.shown(), (17, 15, True))
        self.assertEqual(
            set(self.kept.search([]).mapped("model_name")),
            {"crm.customer.purchases", "crm.revenue.bridge", "crm.segment.report"},
        )

    def test_counted_one_way_and_then_back(self):
        """Rows of the night that counted days don't answer for documents."""
        self.sale(self.ann, IN_A, 10)
        self.night()
        self.company.crm_purchase_unit = "days"
        self.night()
        self.company.crm_purchase_unit = "documents"
        self.assertFalse(self.shown()[2])

    def test_an_answer_is_as_old_as_what_it_was_read_from(self):
        """Kept after a night that packed nothing new, it tells the age of the night before."""
        self.night()
        packed = self.kept.search(
            [("model_name", "=", self.purchases._name), ("company_id", "=", self.company.id)]
        )
        packed.read_at = fields.Datetime.now() - timedelta(hours=5)
        own = self.kept.with_company(self.company).with_context(
            allowed_company_ids=self.company.ids
        )
        with patch.object(crm_segment_kept, "SLOW", 0):
            own._keep_answers("crm.revenue.bridge")
        kept = own.search(
            [("model_name", "=", "crm.revenue.bridge"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(set(kept.mapped("read_at")), {packed.read_at})
