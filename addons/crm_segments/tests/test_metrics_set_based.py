"""The figures come from one statement, whatever the number of customers."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import SegmentsCase


@tagged("post_install", "-at_install")
class TestMetricsSetBased(SegmentsCase):
    def buyers(self, count):
        """So many customers with two purchases each."""
        partners = self.env["res.partner"].create(
            [{"name": f"Buyer {n}", "is_company": True} for n in range(count)]
        )
        for partner in partners:
            self.sale(partner, 40, 100)
            self.sale(partner, 10, 50)
        return partners

    def count_queries(self, function):
        """Number of queries of ``function``, with caches as cold each time."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    def test_same_queries_for_10_and_100(self):
        segmentations = self.rules(
            {"Buyers": "[('revenue_total', '>', 0)]", "Others": "[]"}, minimum_stay_days=3
        )
        segmentations |= self.segmentation("abc", {"A": {"threshold": 80}})
        segmentations |= self.segmentation(
            "tier", {"Big": {"threshold": 10}, "Rest": {"is_rest": True}}
        )
        segmentations |= self.env.ref("crm_segments.segmentation_rfm").sudo()
        industry = self.env["res.partner.industry"].create({"name": "One"})
        by_field = self.env.ref("crm_segments.segmentation_industry").sudo()
        company = self.company

        def refresh():
            self.metrics._refresh_company(company)

        def run():
            for one in segmentations | by_field:
                one._run_company(company)

        counts = {}
        for number in (10, 100):
            partners = self.buyers(number)
            partners.with_context(segments_defer=True).industry_id = industry
            refresh()  # writes the rows; what follows rebuilds them from the same documents
            run()  # the segment of a new value is made once, caches of the registry are filled
            self.env["crm.segment.membership"].sudo().search([]).unlink()
            self.metrics.search([]).unlink()
            counts[number] = [self.count_queries(refresh), self.count_queries(run)]
        self.assertEqual(counts[10], counts[100])
        self.assertEqual(len(self.current(segmentations[0])), self.expected_customers())

    def expected_customers(self):
        return self.env["res.partner"].search_count(
            [("is_crm_customer", "=", True), ("company_id", "in", [False, self.company.id])]
        )

    def test_reading_100_customers_takes_as_many_queries_as_10(self):
        partners = self.buyers(100)
        self.metrics._refresh_company(self.company)
        segmentation = self.rules({"All": "[]"})
        self.run_done(segmentation)
        names = ["revenue_total", "last_purchase_date", "segment_ids", "leading_segment_id"]
        partners[:1].read(names)  # what the registry remembers is remembered

        def cost(some):
            return self.count_queries(lambda: some.read(names))

        self.assertEqual(cost(partners[:10]), cost(partners))

    def test_only_changed_rows_are_written(self):
        partners = self.buyers(3)
        self.assertLessEqual(set(partners.ids), self.metrics._refresh_company(self.company))
        self.assertEqual(self.metrics._refresh_company(self.company), set())
        self.sale(partners[1], 5, 7)
        self.assertEqual(self.metrics._refresh_company(self.company), set(partners[1].ids))
        self.assertEqual(partners.mapped("revenue_total"), [150, 157, 150])

    def test_refresh_of_some_leaves_the_others(self):
        partners = self.buyers(2)
        contact = self.customer("Contact", is_company=False, parent_id=partners[0].id)
        self.assertEqual(self.metrics.refresh(contact, self.company), set(partners[0].ids))
        self.assertEqual(partners.mapped("revenue_total"), [150, 0])
        self.assertEqual(self.metrics.refresh(self.env["res.partner"]), set())

    def test_gone_rows_go(self):
        partner = self.buyers(1)
        self.metrics.refresh()
        self.env["crm.sales.history"].sudo().search([("partner_id", "=", partner.id)]).unlink()
        self.assertEqual(self.metrics.refresh(), set(partner.ids))
        self.assertFalse(self.metrics.search([("partner_id", "=", partner.id)]))
        self.assertEqual(partner.purchase_count, 0)

    def test_history_counts_up_to_the_cut_over(self):
        ann = self.customer("Ann")
        self.sale(ann, 30, 100, document="A")
        self.sale(ann, 30, 20, document="A")  # a second line of the same document
        self.sale(ann, 20, -30, document="B", refund=True)
        self.sale(ann, 10, 50, document="C")
        self.source.cutover_date = self.ago(10)
        self.metrics.refresh()
        self.assertRecordValues(
            ann,
            [{
                "purchase_count": 1, "revenue_total": 90, "average_purchase": 120,
                "refund_total": 30, "refund_rate": 0.25, "last_purchase_date": self.ago(30),
            }],
        )  # fmt: skip

    def test_archived_keep_their_figures(self):
        partner = self.buyers(1)
        partner.active = False
        self.metrics.refresh()
        self.assertEqual(partner.revenue_total, 150)

    def test_refresh_is_for_managers(self):
        for login, group, allowed in (
            ("seller", "sales_team.group_sale_salesman_all_leads", False),
            ("clerk", "account.group_account_invoice", False),
            ("reader", "crm_segments.group_segments_user", False),
            ("plain", "base.group_user", False),
            ("visitor", "base.group_portal", False),
            ("marketer", "crm_segments.group_segments_manager", True),
        ):
            user = new_test_user(self.env, login=f"x_{login}", groups=group)
            with self.subTest(login):
                metrics = self.env["crm.customer.metrics"].with_user(user)
                if allowed:
                    metrics.refresh()
                else:
                    self.assertRaises(AccessError, metrics.refresh)
