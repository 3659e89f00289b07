"""Segments as a dimension of the host's reports: totals stay those of the host."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import InvoiceCase


@tagged("post_install", "-at_install")
class TestHostReports(InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product_category = cls.product_category.with_env(cls.env)
        cls.second = cls.setup_other_company(name="Second")["company"]
        cls.env.user.company_ids |= cls.second
        cls.both = cls.company | cls.second
        cls.ann, cls.bob, cls.cay = (cls.customer(name) for name in ("Ann", "Bob", "Cay"))
        cls.desk = cls.env["res.partner"].create({"name": "Desk", "parent_id": cls.ann.id})
        cls.invoice(cls.desk, 10, 100)
        cls.invoice(cls.ann, 9, 30, move_type="out_refund")
        cls.invoice(cls.bob, 8, 7)
        cls.invoice(cls.ann, 7, 500, company=cls.second)
        cls.invoice(cls.cay, 6, 11)
        cls.order(cls.desk, 40)
        cls.order(cls.bob, 5)
        customers = cls.ann | cls.bob
        named = f"[('id', 'in', {customers.ids})]"
        cls.div = cls.rules(
            {"Big": "[('revenue_total', '>', 50)]", "Small": "[]"}, domain=named
        )
        cls.other = cls.rules({"Even": "[]", "Odd": "[]"}, exclusive=False, domain=named)
        (cls.div | cls.other).run()
        cls.both.crm_reporting_segmentation_id = cls.div

    @classmethod
    def order(cls, partner, amount):
        product = cls.env["product.product"].create({"name": "Thing", "taxes_id": False})
        line = {"product_id": product.id, "price_unit": amount, "tax_ids": False}
        order = cls.env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [Command.create(line)]}
        )
        order.action_confirm()
        return order

    def report(self, model, companies=None):
        self.env.flush_all()
        self.env.invalidate_all()
        companies = companies or self.company
        return self.env[model].with_context(allowed_company_ids=companies.ids)

    def groups(self, model, groupby, companies=None):
        """Name of the group → untaxed total of the test's customers."""
        domain = [("partner_id", "in", (self.ann | self.bob | self.cay | self.desk).ids)]
        report = self.report(model, companies)
        found = report._read_group(domain, groupby, ["price_subtotal:sum"])
        return {key[0].display_name if key else None: total for *key, total in found}

    def test_totals_are_those_of_the_host(self):
        total = self.groups("account.invoice.report", [])[None]
        self.assertEqual(total, 100 - 30 + 7 + 11)
        by_segment = self.groups("account.invoice.report", ["leading_segment_id"])
        self.assertEqual(by_segment, {"Big": 70, "Small": 7, False: 11})
        self.assertEqual(sum(by_segment.values()), total)

    def test_every_segment_shows_its_own(self):
        """By all segments a row counts once in each; nobody adds that up."""
        found = self.groups("account.invoice.report", ["segment_ids"])
        names = {key and key.rpartition(" ")[2]: total for key, total in found.items()}
        self.assertEqual(
            names, {"Big": 70, "Small": 7, "Even": 77, "Odd": 77, False: 11}
        )

    def test_each_row_by_the_segment_in_its_own_company(self):
        found = self.groups("account.invoice.report", ["leading_segment_id"], self.both)
        # in the second company only Ann has bought
        self.assertEqual(found, {"Big": 570, "Small": 7, False: 11})
        lines = self.report("account.invoice.report", self.both)
        domain = [("partner_id", "=", self.ann.id), ("leading_segment_id", "=", "Big")]
        rows = lines.search(domain)
        self.assertEqual(rows.company_id, self.both)
        self.assertEqual(set(rows.mapped("leading_segment_id.name")), {"Big"})
        # Bob is 'Small' in both, but has rows in one only; the second has its own leading one
        self.second.crm_reporting_segmentation_id = self.rules({"Solo": "[]"}).sudo()
        self.second.crm_reporting_segmentation_id.run()
        found = self.groups("account.invoice.report", ["leading_segment_id"], self.both)
        self.assertEqual(found, {"Big": 70, "Small": 7, "Solo": 500, False: 11})

    def test_filters(self):
        report = self.report("account.invoice.report")
        customers = [("partner_id", "in", (self.ann | self.bob | self.cay | self.desk).ids)]
        for domain, total in (
            ([("leading_segment_id", "=", "Big")], 70),
            ([("leading_segment_id", "=", False)], 11),
            ([("leading_segment_id", "!=", False)], 77),
            ([("segment_ids", "in", self.other.segment_ids[0].ids)], 77),
            ([("segment_ids", "in", self.div.segment_ids[1].ids)], 7),
        ):
            with self.subTest(domain=domain):
                [(found,)] = report._read_group([*customers, *domain], [], ["price_subtotal:sum"])
                self.assertEqual(found, total)

    def test_orders(self):
        self.assertEqual(
            self.groups("sale.report", ["leading_segment_id"]), {"Big": 40, "Small": 5}
        )
        self.assertEqual(self.groups("sale.report", []), {None: 45})

    def test_nothing_is_joined_unasked(self):
        for model in ("sale.report", "account.invoice.report"):
            with self.subTest(model=model):
                text = self.report(model)._table_query
                self.assertNotIn("crm_segment", getattr(text, "code", text))

    def test_who_may_not_see_segments_sees_the_report_as_before(self):
        clerk = new_test_user(self.env, "clerk", groups="account.group_account_readonly")
        clerk.company_ids = clerk.company_id = self.company
        report = self.report("account.invoice.report").with_user(clerk)
        if clerk.has_group("crm_segments.group_segments_user"):
            self.skipTest("accountants see segments")
        self.assertTrue(report._read_group([], [], ["price_subtotal:sum"]))
        with self.assertRaises(AccessError):
            report._read_group([], ["leading_segment_id"], ["price_subtotal:sum"])
