"""Does a division earn its place: planted effects, no leak of the future, rights, companies."""

import random
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from ..lib.worth_split import BUCKETS, bucket, finished_ends, split_ends
from .common import SegmentsCase, UsersMixin

CUSTOMERS = 320
JUDGE = "odoo.addons.crm_segments.models.crm_segmentation_judge"


class WorthMixin:
    """Customers with sales after five month-ends, divided by what drives them and by chance."""

    @classmethod
    def set_up_worth(cls):
        cls.ends = finished_ends(cls.today)[-5:]
        cls.categories = cls.env["product.category"].create([{"name": "X"}, {"name": "Y"}])
        cls.products = cls.env["product.product"].create(
            [{"name": one.name, "categ_id": one.id} for one in cls.categories]
        )
        cls.people = cls.env["res.partner"].create(
            [{"name": f"P{n}", "is_company": True} for n in range(CUSTOMERS)]
        )
        draw = random.Random(11)
        cls.kinds = [draw.randrange(3) for _one in cls.people]
        cls.driver = cls.divided(["Low", "High", "High too"], cls.kinds)
        cls.chance = cls.divided(["Odd", "Even"], [draw.randrange(2) for _one in cls.people])
        cls.sell(draw)

    @classmethod
    def divided(cls, names, places, day_from=None, **values):
        """A segmentation with the stays of everybody in the segment of that place."""
        division = cls.rules(dict.fromkeys(names, "[('id', '=', 0)]"), **values)
        cls.env["crm.segment.membership"].sudo().create(
            [
                {
                    "partner_id": partner.id,
                    "segment_id": division.segment_ids[place].id,
                    "segmentation_id": division.id,
                    "company_id": cls.env.company.id,
                    "date_from": cls.ago(day_from) if day_from else cls.ends[0],
                }
                for partner, place in zip(cls.people, places, strict=True)
            ]
        )
        return division

    @classmethod
    def sell(cls, draw):
        """Most buy after each month-end: the high ones tenfold, each kind in its proportion."""
        rows = []
        for partner, kind in zip(cls.people, cls.kinds, strict=True):
            for end in cls.ends:
                if draw.random() < 0.8:
                    product = cls.products[draw.random() < (0.9 if kind == 0 else 0.3)]
                    amount = round((20, 200, 200)[kind] * draw.lognormvariate(0, 0.7), 2)
                    rows.append((partner, end + timedelta(5 + draw.randrange(20)), amount, product))
        cls.env["crm.sales.history"].sudo().create(
            [
                {
                    "source_id": cls.source.id,
                    "company_id": cls.env.company.id,
                    "partner_id": partner.id,
                    "date": day,
                    "document": f"W{number}",
                    "position": 1,
                    "currency_id": cls.source.currency_id.id,
                    "amount_untaxed": amount,
                    "amount_company": amount,
                    "product_id": product.id,
                }
                for number, (partner, day, amount, product) in enumerate(rows)
            ]
        )

    def compared(self, told):
        """Name of the segmentation → its row."""
        return {row["name"]: row for row in told["others"]}


@tagged("post_install", "-at_install")
class TestWorth(UsersMixin, WorthMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.div.enabled = False
        cls.set_up_worth()
        cls.driver.name, cls.chance.name = "Driver", "Chance"

    def test_the_driver_explains_and_chance_does_not(self):
        self.driver.judge()
        told = self.driver.worth()
        self.assertEqual(told["missing"], [])
        self.assertEqual((told["customers"], told["compared"]), (CUSTOMERS, 3))
        self.assertGreater(told["revenue"]["low"], 0.05)
        self.assertGreater(told["mix"]["low"], 0.05)
        rows = self.compared(told)  # judged along, on the same months
        self.assertTrue(rows["Driver"]["best"])
        self.assertLess(abs(rows["Chance"]["revenue"]["share"]), 0.03)
        self.assertLessEqual(rows["Chance"]["revenue"]["low"], 0)
        self.assertLess(rows["Chance"]["difference"]["high"], 0)
        alone = self.chance.worth()
        self.assertGreater(self.compared(alone)["Driver"]["difference"]["low"], 0)

    def test_chance_alone_is_not_crowned(self):
        self.driver.enabled = False
        self.chance.judge()
        told = self.chance.worth()
        self.assertEqual([row["best"] for row in told["others"]], [False])

    def test_segments_that_do_not_differ_are_named(self):
        (self.driver | self.chance).judge()
        [pair] = self.driver.worth()["pairs"]
        self.assertEqual(set(pair["names"]), {"High", "High too"})
        self.assertGreater(min(pair["revenue_p"], pair["mix_p"]), 0.05)
        self.assertTrue(all(120 < mean < 600 for mean in pair["means"]))
        [pair] = self.chance.worth()["pairs"]
        self.assertEqual(set(pair["names"]), {"Odd", "Even"})

    def test_the_bucket_has_a_twin(self):
        Worth = self.env["crm.segmentation.worth"]
        rows = self.env.execute_query(
            SQL("SELECT n, %s FROM generate_series(1, 500) n", Worth._bucket_sql(SQL("n")))
        )
        self.assertEqual([found for _n, found in rows], [bucket(n) for n, _found in rows])
        self.assertLess(max(found for _n, found in rows), BUCKETS)

    # the future doesn't leak

    def counted(self, division, learnt=None, judged=None):
        """Segment name → (customers × months, revenue) of the months that judge."""
        Worth = self.env["crm.segmentation.worth"]
        learnt, judged = learnt or [self.ends[0]], judged or [self.ends[-1]]
        with Worth._facts(division, self.company, learnt + judged):
            rows = Worth._counts(division, self.company, learnt, judged)
        names = {one.id: one.name for one in division.segment_ids}
        found = {}
        for row in rows:
            if row.judged:
                name = "+".join(names[key] for key in row.cell)
                n, y = found.get(name, (0, 0))
                found[name] = (n + row.n, y + row.y)
        return found

    def test_revenue_starts_after_the_day_and_ends_after_90(self):
        end = self.ends[-1]
        ann = self.customer("Ann")
        division = self.rules({"All": "[]"}, domain="[('id', '=', 0)]")
        self.stay(ann, division.segment_ids, 900)
        for days, amount in ((0, 1), (1, 10), (90, 100), (91, 1000)):
            self.sale(ann, end + timedelta(days), amount)
        self.sale(ann, end + timedelta(2), -5, refund=True)
        self.assertEqual(self.counted(division), {"All": (1, 105)})

    def test_more_returned_than_bought_is_nothing(self):
        ann = self.customer("Ann")
        division = self.rules({"All": "[]"}, domain="[('id', '=', 0)]")
        self.stay(ann, division.segment_ids, 900)
        self.sale(ann, self.ends[-1] + timedelta(2), -50, refund=True)
        self.assertEqual(self.counted(division), {"All": (1, 0)})

    def test_members_are_those_of_the_day(self):
        """Who joins because of what was bought after the month-end explains nothing of it."""
        end = self.ends[-1]
        ann, bob, cay = map(self.customer, ("Ann", "Bob", "Cay"))
        division = self.rules({"A": "[]", "B": "[]"}, domain="[('id', '=', 0)]")
        a, b = division.segment_ids
        day, later = (self.today - end).days, (self.today - end).days - 1
        self.stay(ann, a, 900, later)  # the last day in A is the month-end
        self.stay(ann, b, later)
        self.stay(bob, a, 900, day)  # left on the month-end
        self.stay(bob, b, day)
        self.stay(cay, b, later)  # came too late, and is in no other
        for partner, amount in ((ann, 1), (bob, 10), (cay, 100)):
            self.sale(partner, end + timedelta(9), amount)
        self.assertEqual(self.counted(division), {"A": (1, 1), "B": (1, 10)})

    def test_a_division_by_what_follows_explains_nothing(self):
        """Sorted by the revenue after the judged day, but from the day after that only."""
        ends = self.ends
        learnt, judged = split_ends(ends)
        high = {
            row.partner_id.id
            for row in self.env["crm.sales.history"].search([("date", ">", judged[0])])
            if row.amount_company > 100
        }
        places = [int(partner.id in high) for partner in self.people]
        after = (self.today - judged[-1]).days - 1
        cheat = self.divided(["Little", "Much"], places, day_from=after)
        draw = random.Random(5)
        for partner in self.people:
            place = draw.randrange(2)
            self.stay(partner, cheat.segment_ids[place], (self.today - ends[0]).days, after)
        cheat.judge()
        told = cheat.worth()
        self.assertEqual(told["judged"], [str(day) for day in judged])
        self.assertLess(told["revenue"]["share"], 0.03)

    def test_months_do_not_share_days(self):
        self.driver.judge()
        told = self.driver.worth()
        learnt, judged = split_ends(self.ends)
        self.assertEqual(told["learnt"], [str(day) for day in learnt])
        self.assertEqual(told["judged"], [str(day) for day in judged])
        self.assertTrue(all(one + timedelta(90) <= judged[0] for one in learnt))

    # what there is too little of

    def test_never_judged(self):
        told = self.driver.worth()
        self.assertEqual((told["date"], told["revenue"], told["missing"]), (False, None, []))
        self.assertTrue(told["may_judge"])

    def test_no_history(self):
        young = self.rules({"All": "[]"}, domain="[('id', '=', 0)]")
        self.stay(self.people[0], young.segment_ids, 20)
        young.judge()
        told = young.worth()
        self.assertIn("there are 0", told["missing"][0])
        self.assertIsNone(told["revenue"])

    def test_few_customers(self):
        few = self.rules({"A": "[]", "B": "[]"}, domain="[('id', '=', 0)]")
        self.stay(self.people[0], few.segment_ids[0], 900)
        (self.driver | self.chance).enabled = False
        few.judge()
        self.assertIn("there were 1", few.worth()["missing"][0])

    def test_no_products(self):
        self.env.cr.execute("UPDATE crm_sales_history SET product_id = NULL")
        self.driver.judge()
        told = self.driver.worth()
        self.assertIsNone(told["mix"])
        self.assertIn("there are 0", told["mix_missing"][0])
        self.assertGreater(told["revenue"]["low"], 0.05)

    def test_fields_taken_as_today_are_named(self):
        self.env.cr.execute(
            """UPDATE crm_segment_membership SET evidence = '{"today_fields": ["industry_id"]}'
            WHERE segmentation_id = %s""",
            [self.driver.id],
        )
        self.driver.judge()
        self.assertEqual(len(self.driver.worth()["today_fields"]), 1)

    # when it is judged anew

    def test_a_changed_definition_is_told(self):
        self.driver.judge()
        self.assertFalse(self.driver.worth()["outdated"])
        self.driver.segment_ids[0].domain = "[('id', '=', 1)]"
        self.assertTrue(self.driver.worth()["outdated"])

    def test_only_what_is_due(self):
        everybody = self.driver | self.chance
        self.assertEqual(everybody._to_judge(self.company), everybody)
        self.driver.judge()
        self.assertFalse(everybody._to_judge(self.company))
        self.chance.segment_ids[0].domain = "[('id', '=', 1)]"
        self.assertEqual(everybody._to_judge(self.company), self.chance)

    def test_many_customers_are_judged_in_the_background(self):
        self.assertFalse(self.driver.action_judge())
        with patch(f"{JUDGE}.AT_ONCE", 10):
            self.assertEqual(self.driver.action_judge()["tag"], "display_notification")
        self.assertEqual((self.driver | self.chance)._to_judge(self.company), self.driver)

    def test_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_judge").method_direct_trigger()
        self.assertGreater(self.driver.worth()["revenue"]["low"], 0.05)

    # overlapping, rights, companies

    def test_overlapping_segments(self):
        division = self.divided(["A", "B"], [0] * CUSTOMERS, exclusive=False)
        for partner, kind in zip(self.people, self.kinds, strict=True):
            if kind:
                self.stay(partner, division.segment_ids[1], (self.today - self.ends[0]).days)
        found = self.counted(division)
        self.assertEqual(found["A"][0], self.kinds.count(0))
        self.assertEqual(found["A+B"][0], CUSTOMERS - self.kinds.count(0))
        division.judge()
        self.assertGreater(division.worth()["revenue"]["low"], 0.05)

    def test_amounts_are_for_those_who_may_see_them(self):
        self.driver.judge()
        for login in ("own", "marketer", "reader"):
            told = self.as_user(login, self.driver).worth()
            self.assertEqual([pair["means"] for pair in told["pairs"]], [None], login)
            self.assertGreater(told["revenue"]["share"], 0.05)
        [pair] = self.as_user("all", self.driver).worth()["pairs"]
        self.assertGreater(min(pair["means"]), 100)
        for login, may in (("own", False), ("marketer", True)):
            self.assertEqual(self.as_user(login, self.driver).worth()["may_judge"], may)
        for login in ("own", "all", "reader", "plain"):
            with self.assertRaises(AccessError):
                self.as_user(login, self.driver).judge()
        with self.assertRaises(AccessError):
            self.as_user("plain", self.driver).worth()
        for login in ("own", "all", "marketer", "reader"):
            with self.assertRaises(AccessError):
                self.as_user(login, self.env["crm.segmentation.worth"]).search([])

    def test_companies_are_judged_apart(self):
        """What one company sells explains nothing of the other, nor is it told there."""
        other = self.env["res.company"].create({"name": "Other"})
        self.driver.judge()
        there = self.driver.with_company(other)
        self.assertFalse(there.worth()["date"])
        there.judge()
        self.assertIn("there are 0", there.worth()["missing"][0])
        self.assertGreater(self.driver.worth()["revenue"]["low"], 0.05)
        self.driver.company_id = self.company
        self.assertNotIn("Driver", self.compared(self.chance.with_company(other).worth()))
