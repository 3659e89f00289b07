"""Segments by month, worked out by hand; ratios at every level; books of several companies."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from .common import InvoiceCase
from .common_past import PastMixin


class ReportMixin(PastMixin):
    def rows(self, segmentation, *fields, companies=None):
        """(segment, month) → values of the fields."""
        report = self.env["crm.segment.report"]
        if companies:
            report = report.with_context(allowed_company_ids=companies.ids)
        self.env.flush_all()
        self.env.invalidate_all()
        found = report.search([("segmentation_id", "=", segmentation.id)])
        return {
            (row.segment_id.name, row.month): tuple(row[name] for name in fields) for row in found
        }

    def grouped(self, segmentation, groupby, aggregates, domain=()):
        self.env.flush_all()
        return self.env["crm.segment.report"]._read_group(
            [("segmentation_id", "=", segmentation.id), *domain], groupby, aggregates
        )

    @staticmethod
    def first(day):
        return day.replace(day=1)


@tagged("post_install", "-at_install")
class TestSegmentReport(ReportMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.set_up_past()
        cls.ann, cls.bob, cls.cay = (cls.old_customer(name) for name in ("Ann", "Bob", "Cay"))
        cls.sale(cls.ann, cls.e1 - timedelta(3), 60)
        cls.sale(cls.ann, cls.e2 - timedelta(3), 60)
        cls.sale(cls.ann, cls.e2 - timedelta(3), -20, refund=True)
        cls.sale(cls.bob, cls.e2, 500)
        cls.sale(cls.cay, cls.e3, 40)
        names = {"Ann", "Bob"}
        cls.div = cls.rules(
            {"Big": "[('revenue_total', '>', 99)]", "Small": "[('revenue_total', '>', 0)]"},
            domain=f"[('name', 'in', {sorted(names)}), ('is_crm_customer', '=', True)]",
        )
        cls.div.run()
        cls.div.backfill(3)
        cls.m1, cls.m2, cls.m3, cls.now = map(cls.first, (*cls.ends, cls.today))

    def test_members_and_moves(self):
        found = self.rows(self.div, "members", "joined", "left")
        self.assertEqual(
            {key: value for key, value in found.items() if key[0]},
            {
                # known first is no joining
                ("Small", self.m1): (1, 0, 0), ("Big", self.m1): (0, 0, 0),
                ("Small", self.m2): (0, 0, 1), ("Big", self.m2): (2, 2, 0),
                ("Small", self.m3): (0, 0, 0), ("Big", self.m3): (2, 0, 0),
                # the live stays follow those of the past: nobody moves
                ("Small", self.now): (0, 0, 0), ("Big", self.now): (2, 0, 0),
            },
        )  # fmt: skip

    def test_money(self):
        found = self.rows(self.div, "revenue", "orders", "revenue_all")
        spent = {key: value for key, value in found.items() if any(value[:2])}
        self.assertEqual(
            spent,
            {
                ("Small", self.m1): (60, 1, 60),
                ("Big", self.m2): (540, 2, 540),
                # not in the population, but sold to all the same
                (False, self.m3): (40, 1, 40),
            },
        )

    def test_ratios_at_every_level(self):
        domain = [("month", "<=", self.m2)]
        [(share, members, average)] = self.grouped(
            self.div, [], ["share:avg", "members:avg", "average_purchase:avg"], domain
        )
        self.assertAlmostEqual(share, 1)
        # one in the first month, two in the second
        self.assertAlmostEqual(members, 1.5)
        # 620 of purchases, 3 of them
        self.assertAlmostEqual(average, 620 / 3)
        by_segment = self.grouped(
            self.div, ["segment_id"], ["share:avg", "members:avg", "average_purchase:avg"], domain
        )
        found = {segment.name: tuple(values) for segment, *values in by_segment}
        self.assertAlmostEqual(found["Big"][0], 540 / 600)
        self.assertAlmostEqual(found["Small"][0], 60 / 600)
        self.assertEqual([found[name][1] for name in ("Big", "Small")], [1, 0.5])
        # nothing sold outside, and nothing to divide by
        self.assertEqual(found[False], (0, False, False))

    def test_pins_and_overlap_count(self):
        dot = self.old_customer("Dot")
        big, small = self.div.segment_ids
        self.stay(dot, small, 5, pinned="out", origin="manual")
        self.stay(dot, big, 5, pinned="in", origin="manual")
        found = self.rows(self.div, "members", "joined")
        self.assertEqual(found["Big", self.now], (3, 1))
        self.assertEqual(found["Small", self.now], (0, 0))

    def test_switched_off_is_not_shown(self):
        self.div.enabled = False
        self.assertEqual(self.rows(self.div, "members"), {})

    def test_orders_behind_one_invoice_and_days(self):
        self.company.crm_purchase_unit = "days"
        self.sale(self.ann, self.e2 - timedelta(3), 5)
        self.assertEqual(self.rows(self.div, "orders")["Big", self.m2], (2,))
        self.company.crm_purchase_unit = "documents"
        self.assertEqual(self.rows(self.div, "orders")["Big", self.m2], (3,))
        self.company.crm_purchase_unit = "orders"
        self.assertEqual(self.rows(self.div, "orders")["Big", self.m2], (3,))

    def test_who_may_read(self):
        allowed = {
            "sales_team.group_sale_salesman_all_leads": True,
            "account.group_account_readonly": True,
            "sales_team.group_sale_salesman": False,
            "crm_segments.group_segments_manager": False,
        }
        for index, (group, may) in enumerate(allowed.items()):
            user = new_test_user(self.env, f"report_{index}", groups=group)
            report = self.env["crm.segment.report"].with_user(user)
            with self.subTest(group=group):
                if may:
                    self.assertTrue(report.search([("segmentation_id", "=", self.div.id)]))
                else:
                    with self.assertRaises(AccessError):
                        report.search([])


@tagged("post_install", "-at_install")
class TestReportOfCompanies(ReportMixin, InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_past()
        # a pound of the second company is half a unit of the first
        cls.pound = cls.setup_other_currency("GBP", rates=[("2000-01-01", 2)])
        cls.product_category = cls.product_category.with_env(cls.env)
        cls.second = cls.setup_other_company(name="Second", currency_id=cls.pound.id)["company"]
        cls.env.user.company_ids |= cls.second
        cls.ann = cls.old_customer("Ann")
        cls.invoice(cls.ann, cls.e3, 100)
        cls.invoice(cls.ann, cls.e3, 300, company=cls.second)
        cls.invoice(cls.second.partner_id, cls.e3, 1000)
        cls.div = cls.rules({"Buyer": "[('purchase_count', '>', 0)]"})
        cls.div.run()
        cls.div.backfill(1)

    def test_in_one_currency_without_what_they_sold_each_other(self):
        companies = self.company | self.second
        report = self.env["crm.segment.report"].with_context(allowed_company_ids=companies.ids)
        domain = [("segmentation_id", "=", self.div.id), ("month", "=", self.first(self.e3))]
        found = report._read_group(
            domain, ["company_id", "segment_id"], ["revenue:sum", "members:sum"]
        )
        self.assertEqual(
            {(company, segment.name): tuple(rest) for company, segment, *rest in found},
            {
                (self.company, "Buyer"): (100, 1),
                (self.company, False): (0, False),
                (self.second, "Buyer"): (150, 1),
                (self.second, False): (0, False),
            },
        )
        self.assertEqual(report.search(domain).currency_id, self.company.currency_id)

    def test_one_company_sells_to_the_other(self):
        found = self.rows(self.div, "revenue", companies=self.company)
        self.assertEqual(found[False, self.first(self.e3)], (1000,))
