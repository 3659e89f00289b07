"""Figures as fields of the customer: filter, sort, group, sum, on whoever is asked."""

from odoo.tests import tagged

from .common import SegmentsCase


@tagged("post_install", "-at_install")
class TestMetricsFields(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob, cls.zoe = (cls.customer(name) for name in ("Ann", "Bob", "Zoe"))
        cls.contact = cls.customer("Contact", is_company=False, parent_id=cls.ann.id)
        cls.sale(cls.ann, 400, 100)
        cls.sale(cls.ann, 20, 200)
        cls.sale(cls.contact, 10, 50)
        cls.sale(cls.bob, 5, 80)
        cls.sale(cls.bob, 4, -80, refund=True)
        cls.metrics.refresh()
        cls.ours = cls.ann | cls.bob | cls.zoe
        cls.domain = [("id", "in", (cls.ours | cls.contact).ids)]

    def found(self, *conditions, order="name"):
        partners = self.env["res.partner"].search([*self.domain, *conditions], order=order)
        return " ".join(partners.mapped("name"))

    def test_read(self):
        self.assertRecordValues(
            self.ours | self.contact,
            [
                {"revenue_total": 350, "revenue_12m": 250, "purchase_count": 3,
                 "purchase_count_12m": 2, "first_purchase_date": self.ago(400)},
                {"revenue_total": 0, "revenue_12m": 0, "purchase_count": 1,
                 "purchase_count_12m": 1, "first_purchase_date": self.ago(5)},
                {"revenue_total": 0, "revenue_12m": 0, "purchase_count": 0,
                 "purchase_count_12m": 0, "first_purchase_date": False},
                {"revenue_total": 350, "revenue_12m": 250, "purchase_count": 3,
                 "purchase_count_12m": 2, "first_purchase_date": self.ago(400)},
            ],
        )  # fmt: skip

    def test_no_purchases_read_as_zero(self):
        for condition, names in (
            (("revenue_total", "=", 0), "Bob Zoe"),
            (("revenue_total", "=", False), "Bob Zoe"),
            (("revenue_total", "!=", 0), "Ann Contact"),
            (("revenue_total", "<", 1), "Bob Zoe"),
            (("revenue_total", ">=", 0), "Ann Bob Contact Zoe"),
            (("revenue_total", ">", -1), "Ann Bob Contact Zoe"),
            (("purchase_count", "in", [0, 1]), "Bob Zoe"),
            (("purchase_count", "not in", [0, 1]), "Ann Contact"),
            (("refund_rate", "=", 1), "Bob"),
            (("last_purchase_date", "=", False), "Zoe"),
            (("last_purchase_date", "!=", False), "Ann Bob Contact"),
            (("last_purchase_date", "=", str(self.ago(5))), "Bob"),
            (("last_purchase_date", "!=", str(self.ago(5))), "Ann Contact Zoe"),
            (("last_purchase_date", "<", "-7d"), "Ann Contact"),
            (("last_purchase_date", "in", [False, str(self.ago(5))]), "Bob Zoe"),
        ):
            with self.subTest(condition):
                self.assertEqual(self.found(condition), names)

    def test_negated(self):
        for conditions, names in (
            (["!", ("revenue_total", ">", 0)], "Bob Zoe"),
            (["!", ("last_purchase_date", "<", "-7d")], "Bob Zoe"),
            (["!", "&", ("revenue_total", ">", 0), ("parent_id", "=", False)], "Bob Contact Zoe"),
            ([("parent_id.revenue_total", ">", 0)], "Contact"),
        ):
            with self.subTest(conditions):
                self.assertEqual(self.found(*conditions), names)

    def test_sort(self):
        for order, names in (
            ("revenue_12m desc, name", "Ann Contact Bob Zoe"),
            ("revenue_12m, name", "Bob Zoe Ann Contact"),
            ("last_purchase_date desc, name", "Bob Ann Contact Zoe"),
            ("last_purchase_date, name", "Ann Contact Bob Zoe"),
        ):
            with self.subTest(order):
                self.assertEqual(self.found(order=order), names)

    def test_totals_count_each_customer_once(self):
        groups = self.env["res.partner"].formatted_read_group(
            self.domain, [], ["revenue_total:sum", "purchase_count:sum", "__count"]
        )
        self.assertEqual(
            {key: groups[0][key] for key in ("revenue_total:sum", "purchase_count:sum", "__count")},
            {"revenue_total:sum": 350, "purchase_count:sum": 4, "__count": 4},
        )

    def test_group_by_segment_with_totals_and_order(self):
        div = self.rules({"Rich": "[('revenue_total', '>', 0)]", "Poor": "[]"})
        self.run_done(div)
        groups = self.env["res.partner"]._read_group(
            self.domain, ["leading_segment_id"], ["revenue_total:sum", "__count"],
            order="revenue_total:sum desc",
        )  # fmt: skip
        self.assertEqual(
            [(segment.name, total, count) for segment, total, count in groups],
            [("Rich", 350, 2), ("Poor", 0, 2)],
        )

    def test_group_by_overlapping_segments(self):
        div = self.rules({"Rich": "[('revenue_total', '>', 0)]", "All": "[]"}, exclusive=False)
        self.run_done(div)
        groups = self.env["res.partner"].formatted_read_group(
            self.domain, ["segment_ids"], ["__count"]
        )
        self.assertEqual(
            {group["segment_ids"][1]: group["__count"] for group in groups},
            {"Test: Rich": 2, "Test: All": 4},
        )
        for group in groups:  # a click on the group finds what it counted
            found = self.env["res.partner"].search_count(self.domain + group["__extra_domain"])
            self.assertEqual(found, group["__count"])

    def test_group_by_figures(self):
        groups = self.env["res.partner"].formatted_read_group(
            self.domain, ["purchase_count"], ["__count"]
        )
        self.assertEqual(
            {group["purchase_count"]: group["__count"] for group in groups}, {0: 1, 1: 1, 3: 2}
        )
        groups = self.env["res.partner"].formatted_read_group(
            self.domain, ["last_purchase_date:day"], ["__count"]
        )
        self.assertEqual(sorted(group["__count"] for group in groups), [1, 1, 2])

    def test_search_by_segment(self):
        div = self.rules({"Rich": "[('revenue_total', '>', 0)]", "Buyer":
                          "[('purchase_count', '>', 0)]"})  # fmt: skip
        self.run_done(div)
        rich, buyer = div.segment_ids
        for condition, names in (
            (("segment_ids", "in", rich.ids), "Ann Contact"),
            (("segment_ids", "=", rich.id), "Ann Contact"),
            (("segment_ids", "not in", rich.ids), "Bob Zoe"),
            (("segment_ids", "=", False), "Zoe"),
            (("segment_ids", "!=", False), "Ann Bob Contact"),
            (("segment_ids", "in", [False, buyer.id]), "Bob Zoe"),
            (("segment_ids", "ilike", "ric"), "Ann Contact"),
            (("segment_ids", "not ilike", "ric"), "Bob Zoe"),
            (("segment_ids.name", "=", "Buyer"), "Bob"),
            (("segment_ids.segmentation_id", "=", div.id), "Ann Bob Contact"),
            (("leading_segment_id", "=", buyer.id), "Bob"),
            (("leading_segment_id", "=", False), "Zoe"),
            (("leading_segment_id.name", "like", "Ri"), "Ann Contact"),
        ):
            with self.subTest(condition):
                self.assertEqual(self.found(condition), names)

    def test_new_record_reads_as_zero(self):
        new = self.env["res.partner"].new({"name": "New"})
        self.assertEqual((new.revenue_total, new.last_purchase_date), (0, False))
        self.assertFalse(new.segment_ids)

    def test_figures_are_not_copied_nor_stored(self):
        self.assertEqual(self.ann.copy().revenue_total, 0)
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'res_partner'"
        )
        columns = {name for (name,) in self.env.cr.fetchall()}
        self.assertFalse(columns & {*self.metrics._fields} - {*self.host_columns()})

    def host_columns(self):
        return ("id", "company_id", "create_uid", "create_date", "write_uid", "write_date")

    def test_archived_stand_in_no_list(self):
        div = self.rules({"All": "[]"})
        self.run_done(div)
        self.bob.active = False
        self.assertEqual(self.found(("segment_ids", "in", div.segment_ids.ids)), "Ann Contact Zoe")
        self.assertEqual(self.bob.purchase_count, 1)

    def test_ratios_of_groups_are_ratios_of_sums(self):
        """Ann and her contact: 350 in 3 purchases; Bob: 80 in 1, all of it refunded.

        Average purchase 430 / 4 = 107.50 (the mean of means would be 65.56);
        refund rate 80 / 430 (mean of rates: 1/3).
        """
        [(average, refunds, won)] = self.env["res.partner"]._read_group(
            self.domain, [], ["average_purchase:avg", "refund_rate:avg", "win_rate:avg"]
        )
        self.assertAlmostEqual(average, 107.5)
        self.assertAlmostEqual(refunds, 80 / 430)
        self.assertFalse(won, "no opportunity was closed: there is no rate")
