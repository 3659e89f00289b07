"""The report of segments by month as it was read at night."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..models import crm_segment_kept as kept
from .test_segment_report import ReportMixin

FIELDS = (
    "company_id", "currency_id", "is_leading", "members", "joined", "left", "revenue", "orders",
    "purchase_money", "revenue_all", "share", "average_purchase",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestSegmentReportKept(ReportMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.set_up_past()
        cls.startClassPatcher(patch.object(kept, "SLOW", 0))
        cls.startClassPatcher(patch.object(type(cls.env["ir.cron"]), "_commit_progress"))
        cls.ann, cls.bob = cls.old_customer("Ann"), cls.old_customer("Bob")
        cls.sale(cls.ann, cls.e1 - timedelta(3), 60.05)
        cls.sale(cls.bob, cls.e2, 33.33)
        cls.sale(cls.ann, cls.e2, -20, refund=True)
        cls.div = cls.rules(
            {"Big": "[('revenue_total', '>', 50)]", "Small": "[('revenue_total', '>', 0)]"},
            domain=f"[('id', 'in', {(cls.ann | cls.bob).ids}), ('is_crm_customer', '=', True)]",
        )
        cls.div.run()
        cls.div.backfill(3)

    def keep(self):
        self.env["crm.segment.kept"]._keep_due()
        self.env.invalidate_all()

    def revenue(self):
        [(total,)] = self.grouped(self.div, [], ["revenue:sum"])
        return round(total, 2)

    def test_equals_what_the_documents_say(self):
        live = self.rows(self.div, *FIELDS)
        self.assertGreater(len(live), 6)
        self.keep()
        self.assertTrue(self.env["crm.segment.kept"]._find(
            "crm.segment.report", self.env["crm.segment.report"]._question()))  # fmt: skip
        self.assertEqual(self.rows(self.div, *FIELDS), live)

    def test_stands_until_it_is_read_again(self):
        self.assertEqual(self.revenue(), 73.38)
        self.keep()
        self.sale(self.bob, self.e3, 7)
        self.assertEqual(self.revenue(), 73.38)
        [(read,)] = self.grouped(self.div, [], ["read_at:min"])
        self.assertEqual(read, self.env["crm.segment.kept"].search([], limit=1).read_at)
        # who compares with the books isn't shown last night's
        wizard = self.env["crm.segment.reconciliation"].create(
            {"segmentation_id": self.div.id, "date_from": self.first(self.e3),
             "date_to": self.e3}
        )  # fmt: skip
        wizard.action_compare()
        ours = wizard.line_ids.filtered(lambda line: line.reason in ("segments", "outside"))
        self.assertEqual(sum(ours.mapped("amount")), 7)
        self.env["crm.segment.report"].action_read_again()
        self.assertEqual(self.revenue(), 80.38)

    def second_company(self, currency, amount):
        """A company that sold to Bob, and its source."""
        second = self.env["res.company"].create({"name": "Second", "currency_id": currency.id})
        self.env.user.company_ids = self.env["res.company"].search([])
        source = self.source.with_company(second).copy({"company_id": second.id})
        self.sale(self.bob, self.e2, amount, source=source)
        own = self.div.with_context(allowed_company_ids=second.ids)
        own.run()
        own.backfill(3)
        return second, source

    def together(self, main, company):
        """Revenue of a company where all are switched on and ``main`` is the current one."""
        others = self.env["res.company"].search([]) - main
        report = self.env["crm.segment.report"].with_context(
            allowed_company_ids=[main.id, *others.ids]
        )
        domain = [("segmentation_id", "=", self.div.id), ("company_id", "=", company.id)]
        self.env.flush_all()
        [(total,)] = report._read_group(domain, [], ["revenue:sum"])
        return round(total, 2)

    def test_all_companies_together(self):
        """Whichever is the current one."""
        second, source = self.second_company(self.company.currency_id, 90)
        before = [self.together(main, second) for main in (self.company, second)]
        self.keep()
        self.sale(self.bob, self.e2, 8, source=source)
        after = [self.together(main, second) for main in (self.company, second)]
        self.assertEqual(before + after, [90] * 4)
        self.assertEqual(self.together(self.company, self.company), 73.38)
        self.keep()
        self.assertEqual(self.together(second, second), 98)

    def test_reading_one_company_again_leaves_the_others(self):
        second, source = self.second_company(self.company.currency_id, 90)
        self.keep()
        self.sale(self.bob, self.e2, 8, source=source)
        self.sale(self.bob, self.e3, 7)
        report = self.env["crm.segment.report"].with_context(
            allowed_company_ids=self.company.ids
        )
        report.action_read_again()
        self.env.flush_all()
        [(alone,)] = report._read_group(
            [("segmentation_id", "=", self.div.id)], [], ["revenue:sum"]
        )
        self.assertEqual(round(alone, 2), 80.38)
        self.assertEqual(self.together(self.company, second), 90)

    def test_all_companies_together_in_several_currencies(self):
        """In that of the current one, at its rates."""
        pound = self.env["res.currency"].with_context(active_test=False).create(
            {"name": "XPP", "symbol": "P", "rounding": 0.01}
        )  # fmt: skip
        second, source = self.second_company(pound, 100)
        self.env["res.currency.rate"].create(
            [{"currency_id": pound.id, "rate": 4, "name": "2000-01-01", "company_id": one.id}
             for one in (self.company, second)]
        )  # fmt: skip
        before = [self.together(main, second) for main in (self.company, second)]
        self.keep()
        self.sale(self.bob, self.e2, 8, source=source)
        after = [self.together(main, second) for main in (self.company, second)]
        self.assertEqual(before + after, [25, 100] * 2)
        others = self.env["res.company"].search([]) - second
        self.env["crm.segment.report"].with_company(second).with_context(
            allowed_company_ids=[second.id, *others.ids]
        ).action_read_again()
        self.assertEqual(self.together(second, second), 108)

    def test_a_division_that_came_into_use_is_not_missing(self):
        self.keep()
        other = self.rules({"All": "[]"}, name="Later")
        other.run()
        self.assertTrue(self.rows(other, "members"))

    def test_a_deleted_segment_is_gone(self):
        self.keep()
        small = self.div.segment_ids[1]
        self.assertIn(small.name, {name for name, _month in self.rows(self.div, "members")})
        small.unlink()
        self.assertNotIn("Small", {name for name, _month in self.rows(self.div, "members")})

    def test_not_for_everybody(self):
        user = new_test_user(self.env, "kept_reader", groups="crm_segments.group_segments_user")
        with self.assertRaises(AccessError):
            self.env["crm.segment.report"].with_user(user).action_read_again()
        with self.assertRaises(AccessError):
            self.env["crm.segment.kept"].with_user(user).search([])
