"""Segments side by side, worked out by hand."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..lib import contrast
from .common import SegmentsMixin, UsersMixin


@tagged("post_install", "-at_install")
class TestCompare(UsersMixin, SegmentsMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        """Six good customers, six bad ones, nobody in the third segment.

        Good: 100 fifty days ago and 100 twenty days ago, a lantern and a rope each, a won
        deal. Bad: 40 ten days ago, a rope, a lost deal; one of them gave back 24.
        """
        super().setUpClass()
        cls.set_up_segments()
        cls.map = cls.rules(
            {"Good": "[]", "Bad": "[]", "Nobody": "[]"}, domain="[('id', '=', 0)]", name="Map"
        )
        cls.good, cls.bad, cls.nobody = cls.map.segment_ids
        lights = cls.env["product.category"].create({"name": "Lights"})
        cls.lantern, cls.rope = cls.env["product.product"].create(
            [{"name": "Lantern", "categ_id": lights.id}, {"name": "Rope", "categ_id": False}]
        )
        for n in range(6):
            good, bad = cls.customer(f"Good {n}"), cls.customer(f"Bad {n}")
            cls.stay(good, cls.good, 20)
            cls.stay(bad, cls.bad, 20)
            cls.bought(good, 50, 100, cls.lantern)
            cls.bought(good, 20, 100, cls.rope)
            cls.bought(bad, 10, 40, cls.rope)
            cls.deal(good).action_set_won()
            cls.deal(bad).action_set_lost()
        cls.sale(bad, 5, -24, refund=True)
        cls.metrics.refresh()

    @classmethod
    def bought(cls, partner, day, amount, product):
        cls.sale(partner, day, amount)
        cls.env["crm.sales.history"].sudo().search(
            [("partner_id", "=", partner.id), ("date", "=", cls.ago(day))]
        ).product_id = product

    @classmethod
    def deal(cls, partner):
        return cls.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "partner_id": partner.id}
        )

    def figures(self, *segments):
        """key → ([(value, n, verdict) per segment], reference)."""
        found = self.good.browse([one.id for one in segments]).compare_profiles()["figures"]
        return {
            row["key"]: (
                [(one["value"], one["n"], one["verdict"]) for one in row["values"]],
                row["reference"],
            )
            for row in found
        }

    def test_figures(self):
        """All: revenue 6·200 + 6·40 − 24 = 1416; purchases 12 + 6, their money 1440."""
        found = self.figures(self.good, self.bad)
        self.assertEqual(found["customers"], ([(6, 6, "part"), (6, 6, "part")], 12))
        self.assertEqual(found["revenue"], ([(1200, 6, "part"), (216, 6, "part")], 1416))
        self.assertEqual(found["revenue_each"], ([(200, 6, "more"), (36, 6, "less")], 118))
        self.assertEqual(found["average"], ([(100, 6, "more"), (40, 6, "less")], 80))
        self.assertEqual(found["interval"], ([(30, 6, "same"), (None, 0, "unknown")], 30))
        self.assertEqual(found["recency"], ([(20, 6, "more"), (10, 6, "less")], 15))
        self.assertEqual(found["win_rate"], ([(1, 6, "more"), (0, 6, "less")], 0.5))
        (good, bad), all_ = found["refunds"]
        self.assertEqual((good, bad[1:]), ((0, 6, "less"), (6, "more")))
        self.assertAlmostEqual(bad[0], 24 / 240)
        self.assertAlmostEqual(all_, 24 / 1440)

    def test_a_segment_without_customers_has_no_figures(self):
        found = self.figures(self.good, self.nobody)
        self.assertEqual(found["customers"][0][1], (0, 0, "part"))
        for key in ("revenue_each", "average", "recency", "refunds", "win_rate"):
            with self.subTest(key=key):
                self.assertEqual(found[key][0][1], (None, 0, "unknown"))

    def test_few_are_not_compared(self):
        few = self.rules({"Few": "[]"}, domain="[('id', '=', 0)]").segment_ids
        for stay in self.current(self.map).filtered(lambda one: one.segment_id == self.good)[:4]:
            self.stay(stay.partner_id, few, 5)
        values, _reference = self.figures(self.bad, few)["average"]
        self.assertEqual(values[1], (100, 4, "few"))

    def test_who_never_bought_counts_and_chance_is_no_difference(self):
        """Three good ones, two bad ones, one idle: 680 / 6; 3 of 5 deals won, 0.23 to 0.88."""
        mixed = self.rules({"Mixed": "[]"}, domain="[('id', '=', 0)]").segment_ids
        names = {"Good 0", "Good 1", "Good 2", "Bad 0", "Bad 1"}
        partners = self.current(self.map).partner_id.filtered(lambda one: one.name in names)
        for partner in partners | self.customer("Idle"):
            self.stay(partner, mixed, 5)
        found = self.figures(self.good, mixed)
        (_good, each), all_each = found["revenue_each"]
        self.assertAlmostEqual(each[0], 680 / 6)
        self.assertAlmostEqual(all_each, 1416 / 13)
        self.assertEqual(found["win_rate"][0][1], (0.6, 5, "same"))

    def test_all_customers_of_two_segmentations_count_once(self):
        other = self.rules({"Other": "[]"}, domain="[('id', '=', 0)]").segment_ids
        for stay in self.current(self.map).filtered(lambda one: one.segment_id == self.bad):
            self.stay(stay.partner_id, other, 5)
        self.stay(self.customer("New"), other, 5)
        self.assertEqual(
            self.figures(self.good, other)["customers"], ([(6, 6, "part"), (7, 7, "part")], 13)
        )

    def test_the_profile_says_the_same(self):
        """What the strip of a segment and the comparison both tell."""
        found = self.figures(self.good, self.bad)
        for index, segment in enumerate((self.good, self.bad)):
            strip = {one["key"]: (one["value"], one["reference"]) for one in segment.profile}
            for key in ("customers", "average", "interval", "refunds"):
                with self.subTest(segment=segment.name, key=key):
                    values, reference = found[key]
                    self.assertEqual((values[index][0], reference), strip[key])

    def test_products(self):
        """A lantern: 6 of 6 here, 6 of 12 in all → lift 2; nobody of the other six."""
        found = (self.good | self.bad).compare_profiles()["products"]
        self.assertEqual([(row["name"], row["category"]) for row in found], [("Lantern", "Lights")])
        good, bad = found[0]["values"]
        self.assertEqual((good["count"], good["buyers"], good["lift"], good["verdict"]),
                         (6, 6, 2, "more"))  # fmt: skip
        self.assertEqual((bad["count"], bad["buyers"], bad["lift"], bad["verdict"]),
                         (0, 6, 0, "less"))  # fmt: skip
        self.assertEqual((good["all_count"], good["all_buyers"]), (6, 12))

    def test_products_are_those_of_the_segment(self):
        [listed] = self.good.product_lift
        [row] = (self.good | self.bad).compare_profiles()["products"]
        self.assertEqual(listed["product_id"], row["product_id"])
        for own, compared in (("customers", "count"), ("lift", "lift"), ("low", "low")):
            self.assertEqual(listed[own], row["values"][0][compared])
        self.assertFalse(self.bad.product_lift)

    def test_products_stand_by_category(self):
        """One without a category stands under words of its own, between A… and Z…."""
        buckets = self.env["product.category"].create([{"name": "Zinc"}, {"name": "Apples"}])
        names = (("Pail", buckets[0].id), ("Cider", buckets[1].id), ("Bolt", False))
        products = self.env["product.product"].create(
            [{"name": name, "categ_id": category} for name, category in names]
        )
        stays = self.current(self.map)
        for partner in stays.filtered(lambda one: one.segment_id == self.bad).partner_id:
            for day, product in enumerate(products, 60):
                self.bought(partner, day, 5, product)
        found = (self.good | self.bad).compare_profiles()["products"]
        self.assertEqual(
            [(row["category"], row["name"]) for row in found],
            [("Apples", "Cider"), ("Lights", "Lantern"), ("No category", "Bolt"), ("Zinc", "Pail")],
        )

    def test_two_to_four(self):
        five = self.map.segment_ids | self.rules({"A": "[]", "B": "[]"}).segment_ids
        for segments in (self.good, five, self.good.browse()):
            with self.subTest(count=len(segments)):
                for ask in (segments.compare_profiles, segments.action_compare):
                    with self.assertRaises(UserError):
                        ask()
        action = five[:4].action_compare()
        self.assertEqual(action["params"], {"segment_ids": five[:4].ids})
        self.assertEqual(action["tag"], "crm_segments.compare")
        self.assertEqual(self.good.action_compare_with()["params"]["segment_ids"], self.good.ids)

    def test_from_the_list(self):
        action = self.env.ref("crm_segments.crm_segment_action_compare")
        chosen = (self.good | self.bad).ids
        found = action.with_context(active_model="crm.segment", active_ids=chosen).run()
        self.assertEqual(found["params"], {"segment_ids": chosen})

    def test_who_sees_what(self):
        self.set_up_users()
        both = self.good | self.bad
        for login in ("own", "marketer", "reader"):
            with self.subTest(login=login):
                found = self.as_user(login, both).compare_profiles()
                self.assertEqual([row["key"] for row in found["figures"]], ["customers"])
                self.assertEqual((found["products"], found["visible"]), ([], False))
        found = self.as_user("all", both).compare_profiles()
        self.assertEqual((len(found["figures"]), len(found["products"])), (8, 1))
        for login in ("plain", "accountant", "portal"):
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.as_user(login, both).compare_profiles()

    def test_other_companies_are_not_counted(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        found = (self.good | self.bad).with_company(other).compare_profiles()
        values = {row["key"]: [one["value"] for one in row["values"]] for row in found["figures"]}
        self.assertEqual((values["customers"], values["average"]), ([0, 0], [None, None]))
        self.assertEqual((found["products"], found["currency_id"]), ([], other.currency_id.id))

    def test_same_queries_for_few_and_many(self):
        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            (self.good | self.bad).compare_profiles()
            return self.env.cr.sql_log_count - before

        statements()  # what is looked up once
        few = statements()
        for n in range(40):
            partner = self.customer(f"C{n}")
            self.stay(partner, self.map.segment_ids[n % 2], 5)
            self.sale(partner, n + 1, 10)
        self.metrics.refresh()
        self.assertEqual(statements(), few)


@tagged("post_install", "-at_install")
class TestContrast(TransactionCase):
    def test_figures(self):
        for case, verdict in (
            ((110, 100, 5), "more"),
            ((109, 100, 5), "same"),
            ((90, 100, 5), "less"),
            ((500, 100, 4), "few"),
            ((None, 100, 50), "unknown"),
            ((5, None, 50), "unknown"),
            ((5, 0, 50), "unknown"),
            ((0.9, 0.5, 50, False), "same"),
            ((0.52, 0.5, 5000, True), "more"),
        ):
            with self.subTest(case=case):
                self.assertEqual(contrast.contrast(*case)["verdict"], verdict)
        self.assertEqual(contrast.contrast(150, 100, 5)["factor"], 1.5)

    def test_shares(self):
        """Wilson's interval of 20 in 30 is 0.488 to 0.808."""
        for reference, differs in ((0.48, True), (0.5, False), (0.8, False), (0.82, True)):
            with self.subTest(reference=reference):
                self.assertEqual(contrast.share_differs(20, 30, reference), differs)
        self.assertFalse(contrast.share_differs(0, 0, 0.5))
        self.assertFalse(contrast.share_differs(5, 6, None))

    def test_bought(self):
        for case, verdict in (
            ((40, 60, 100, 1000), "more"),  # 40 % against 6 %
            ((4, 4, 100, 1000), "few"),
            ((0, 300, 100, 1000), "less"),  # 0 to 3.7 % against 30 %
            ((30, 300, 100, 1000), "same"),
            ((0, 300, 4, 1000), "few"),
            ((0, 0, 100, 1000), "few"),
        ):
            with self.subTest(case=case):
                self.assertEqual(contrast.bought(*case)["verdict"], verdict)
