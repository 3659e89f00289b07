"""Two companies, a branch and two currencies: each sees its own figures and segments."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import InvoiceCase


@tagged("post_install", "-at_install")
class TestMultiCompany(InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # one unit of the first company's currency is 2 pounds
        cls.pound = cls.setup_other_currency("GBP", rates=[("2000-01-01", 2)])
        cls.first = cls.company
        cls.product_category = cls.product_category.with_env(cls.env)
        cls.second = cls.setup_other_company(name="Second", currency_id=cls.pound.id)["company"]
        cls.env.user.company_ids |= cls.second
        cls.ann, cls.bob = cls.customer("Ann"), cls.customer("Bob")
        cls.invoice(cls.ann, 10, 100)
        cls.invoice(cls.ann, 20, 300, company=cls.second)
        cls.invoice(cls.ann, 30, 300, company=cls.second)
        cls.invoice(cls.bob, 10, 700, company=cls.second)
        cls.div = cls.rules({"Big": "[('revenue_total', '>', 250)]", "Buyer":
                             "[('purchase_count', '>', 0)]", "None": "[]"})  # fmt: skip

    def in_company(self, company, record, companies=None):
        """The record as one sees it who works in ``company``."""
        ids = (companies or company).ids
        ids.sort(key=lambda one: one != company.id)
        self.env.invalidate_all()
        return record.with_context(allowed_company_ids=ids)

    def placed_in(self, company):
        return self.placed(self.div, self.ann | self.bob, company)

    def test_each_its_own_figures_and_segments(self):
        runs = self.div.run()
        self.assertEqual(runs.company_id & (self.first | self.second), self.first | self.second)
        for company, figures, currency, segment in (
            (self.first, (100, 1), self.first.currency_id, "Buyer"),
            (self.second, (600, 2), self.pound, "Big"),
        ):
            # with both companies switched on, it is the current one that counts
            for companies in (company, self.first | self.second):
                ann = self.in_company(company, self.ann, companies)
                with self.subTest(company=company.name, companies=companies.ids):
                    self.assertEqual((ann.revenue_total, ann.purchase_count), figures)
                    self.assertEqual(ann.metrics_currency_id, currency)
                    self.assertEqual(ann.segment_ids.mapped("name"), [segment])
                    self.assertEqual(ann.leading_segment_id.name, segment)
        self.assertEqual(self.placed_in(self.first), {"Ann": "Buyer", "Bob": "None"})
        self.assertEqual(self.placed_in(self.second), {"Ann": "Big", "Bob": "Big"})

    def test_search_sort_and_totals_follow_the_company(self):
        self.div.run()
        domain = [("id", "in", (self.ann | self.bob).ids)]
        big = self.segment(self.div, "Big")
        for company, over, order, total, members in (
            (self.first, "", "Ann Bob", 100, ""),
            (self.second, "Ann Bob", "Bob Ann", 1300, "Ann Bob"),
        ):
            partners = self.in_company(company, self.env["res.partner"], self.first | self.second)
            with self.subTest(company.name):
                found = partners.search([*domain, ("revenue_total", ">", 250)], order="name")
                self.assertEqual(" ".join(found.mapped("name")), over)
                ordered = partners.search(domain, order="revenue_total desc")
                self.assertEqual(" ".join(ordered.mapped("name")), order)
                [(revenue,)] = partners._read_group(domain, [], ["revenue_total:sum"])
                self.assertEqual(revenue, total)
                found = partners.search([*domain, ("segment_ids", "in", big.ids)], order="name")
                self.assertEqual(" ".join(found.mapped("name")), members)
                self.assertEqual(self.in_company(company, big).member_count, len(members.split()))

    def test_users_see_rows_of_their_companies_only(self):
        self.div.run()
        user = new_test_user(
            self.env, login="first_only", groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.first.id, company_ids=[(6, 0, self.first.ids)],
        )  # fmt: skip
        env = self.env(user=user, su=False, context={"allowed_company_ids": self.first.ids})
        for model in ("crm.customer.metrics", "crm.segment.membership", "crm.segmentation.run"):
            with self.subTest(model):
                rows = env[model].search([])
                self.assertEqual(rows.company_id, self.first)
        other = self.metrics.search([("company_id", "=", self.second.id)])
        with self.assertRaises(AccessError):
            other.with_env(env).read(["revenue_total"])
        # asking for a company that is not theirs
        with self.assertRaises(AccessError):
            self.ann.with_env(env).with_company(self.second).read(["revenue_total"])

    def test_segmentation_of_one_company(self):
        own = self.rules({"Mine": "[]"}, company_id=self.second.id, name="Own")
        runs = own.run()
        self.assertEqual(runs.company_id, self.second)
        self.assertEqual(self.placed(own, self.ann, self.second), {"Ann": "Mine"})
        self.assertEqual(self.placed(own, self.ann, self.first), {})
        new = self.in_company(self.second, self.env["res.partner"]).create({"name": "New"})
        self.assertEqual(self.placed(own, new, self.second), {"New": "Mine"})
        self.assertEqual(self.placed(own, new, self.first), {})
        manager = new_test_user(
            self.env, login="first_manager", groups="crm_segments.group_segments_manager",
            company_id=self.first.id, company_ids=[(6, 0, self.first.ids)],
        )  # fmt: skip
        env = self.env(user=manager, su=False, context={"allowed_company_ids": self.first.ids})
        self.assertFalse(env["crm.segmentation"].search([("id", "=", own.id)]))
        self.assertFalse(env["crm.segment"].search([("segmentation_id", "=", own.id)]))
        with self.assertRaises(AccessError):
            own.with_env(env).run()

    def test_customers_of_one_company_are_divided_there_only(self):
        theirs = self.customer("Theirs", company_id=self.second.id)
        self.div.run()
        self.assertEqual(self.placed(self.div, theirs, self.first), {})
        self.assertEqual(self.placed(self.div, theirs, self.second), {"Theirs": "None"})
        theirs.company_id = self.first
        self.assertEqual(self.placed(self.div, theirs, self.first), {"Theirs": "None"})
        self.assertEqual(self.placed(self.div, theirs, self.second), {})

    def test_rules_mean_the_same_whoever_runs_them(self):
        """Started from either company, with either switched on, the result is one."""
        self.div.run()
        before = self.placed_in(self.first), self.placed_in(self.second)
        for company in (self.first, self.second):
            self.in_company(company, self.div).run()
            self.assertEqual((self.placed_in(self.first), self.placed_in(self.second)), before)

    def test_leading_segmentation_per_company(self):
        own = self.rules({"Mine": "[]"}, company_id=self.second.id, name="Own", sequence=99)
        (self.div | own).run()
        self.second.crm_reporting_segmentation_id = own
        self.assertEqual(self.in_company(self.second, self.ann).leading_segment_id.name, "Mine")
        self.assertEqual(self.in_company(self.first, self.ann).leading_segment_id.name, "Buyer")

    def test_an_archived_leading_segmentation_leads_no_more(self):
        own = self.rules({"Mine": "[]"}, name="Own", sequence=99)
        (self.div | own).run()
        self.first.crm_reporting_segmentation_id = own
        self.assertEqual(self.in_company(self.first, self.ann).leading_segment_id.name, "Mine")
        own.active = False
        self.assertEqual(self.in_company(self.first, self.ann).leading_segment_id.name, "Buyer")
        own.write({"active": True, "company_id": self.second.id})
        self.assertEqual(self.first._leading_segmentation(), self.div)

    def test_branch(self):
        """A branch has figures of its own and reads the segmentations of its parent."""
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.first.id})
        shared = self.customer("Shared", company_id=self.first.id)
        own = self.rules({"Mine": "[]"}, company_id=self.first.id, name="Own")
        (self.div | own).run()
        self.assertEqual(self.placed(self.div, shared, branch), {"Shared": "None"})
        self.assertEqual(self.placed(self.div, self.ann, branch), {"Ann": "None"})
        user = new_test_user(
            self.env, login="branch", groups="sales_team.group_sale_salesman_all_leads",
            company_id=branch.id, company_ids=[(6, 0, branch.ids)],
        )  # fmt: skip
        env = self.env(user=user, su=False, context={"allowed_company_ids": branch.ids})
        self.assertIn(own, env["crm.segmentation"].search([]))
        self.assertEqual(env["crm.segment.membership"].search([]).company_id, branch)
        self.assertEqual(self.ann.with_env(env).revenue_total, 0)

    def test_opportunities_without_company_count_in_each(self):
        self.env["crm.lead"].create(
            [{"name": "x", "type": "opportunity", "partner_id": self.bob.id, "company_id": company}
             for company in (False, self.first.id)]
        )  # fmt: skip
        self.metrics.refresh()
        self.assertEqual(self.in_company(self.first, self.bob).opportunity_open_count, 2)
        self.assertEqual(self.in_company(self.second, self.bob).opportunity_open_count, 1)
