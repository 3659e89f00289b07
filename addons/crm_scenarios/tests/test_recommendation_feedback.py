"""Feedback is stored, respected and counted."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_recommendations import RecommendationsCase


@tagged("post_install", "-at_install")
class TestRecommendationFeedback(RecommendationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.customer("Shop")
        for day in (400, 300, 200):
            cls.bought(cls.shop, cls.anchor, day, 3)
        cls.learn()
        cls.feedback = cls.env["crm.recommendation.feedback"].sudo()
        cls.report = cls.env["crm.recommendation.report"].sudo()

    def said(self, kind, day, product=None, partner=None, list_="new", **values):
        return self.feedback.create(
            {
                "company_id": self.company.id,
                "partner_id": (partner or self.shop).id,
                "product_id": (product or self.friend).id,
                "kind": kind,
                "list": list_,
                "date": self.ago(day),
                "user_id": self.env.uid,
                **values,
            }
        )

    def offers(self, product=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.report.search([("product_id", "=", (product or self.friend).id)], order="date")

    def ordered(self, day, product=None, state="sale"):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id,
                "order_line": [Command.create({"product_id": (product or self.friend).id})],
            }
        )
        order.write({"state": state, "date_order": self.ago(day)})
        return order

    def test_shown_once_a_day(self):
        lines = [{"product_id": self.friend.id, "list": "new"}]
        for _again in range(2):
            self.feedback.note_shown(lines, partner_id=self.shop.id)
        rows = self.feedback.search([("partner_id", "=", self.shop.id)])
        self.assertEqual([(row.kind, row.list, row.date) for row in rows],
                         [("shown", "new", self.today)])  # fmt: skip
        self.feedback.note_shown([{**lines[0], "list": "sellers"}], partner_id=self.shop.id)
        self.assertEqual(self.feedback.search_count([("partner_id", "=", self.shop.id)]), 2)

    def test_segment_at_that_time(self):
        division = self.rules({"All": "[]"})
        self.run_done(division)
        self.company.crm_reporting_segmentation_id = division
        self.feedback.note_shown(
            [{"product_id": self.friend.id, "list": "new"}], partner_id=self.shop.id
        )
        self.assertEqual(
            self.feedback.search([("partner_id", "=", self.shop.id)]).segment_id,
            division.segment_ids,
        )

    def test_dismissed_for_as_long_as_the_reason_says(self):
        """Not now: 30 days. Does not need it: 365 days; 0 is for ever."""
        for reason, day, hidden in (
            ("later", 29, True),
            ("later", 30, False),
            ("stocked", 31, False),
            ("unfit", 364, True),
            ("elsewhere", 365, False),
        ):
            row = self.said("dismissed", day, reason=reason)
            listed = self.line_of(self.recommend(self.shop), "new", self.friend)
            self.assertEqual(not listed, hidden, (reason, day))
            row.unlink()
        self.said("dismissed", 3000, reason="unfit")
        self.company.crm_recommendation_never_days = 0
        self.assertNotListed(self.recommend(self.shop), self.friend)

    def test_dismiss_and_restore(self):
        line = {"product_id": self.friend.id, "list": "new"}
        self.feedback.dismiss(line, "unfit", partner_id=self.shop.id)
        self.assertNotListed(self.recommend(self.shop), self.friend)
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.shop.id})
        self.assertNotListed(self.recommend(contact), self.friend)
        self.assertListed(self.recommend(self.crowd[9]), "new", self.friend)
        self.feedback.restore(self.friend.id, partner_id=self.shop.id)
        self.assertListed(self.recommend(self.shop), "new", self.friend)
        with self.assertRaises(UserError):
            self.feedback.dismiss(line, "bored", partner_id=self.shop.id)
        with self.assertRaises(UserError):
            self.feedback.note_shown([{"product_id": "1", "list": "new"}], partner_id=self.shop.id)

    def test_lead_without_customer(self):
        """What a lead dismissed holds for it, and for the customer that it becomes."""
        lead = self.env["crm.lead"].create({"name": "Lead", "type": "opportunity"})
        self.assertListed(self.recommend(lead), "sellers", self.other)
        line = {"product_id": self.other.id, "list": "sellers"}
        self.feedback.dismiss(line, "unfit", lead_id=lead.id)
        self.assertNotListed(self.recommend(lead), self.other)
        lead.partner_id = self.customer("Converted")
        self.assertNotListed(self.recommend(lead), self.other)
        self.assertEqual(self.offers(self.other).partner_id, lead.partner_id)

    def test_offers_by_hand(self):
        """Shown on days 100, 90 and 10: two offers; an order on day 70 belongs to the first."""
        for day in (100, 90, 10):
            self.said("shown", day)
        self.said("added", 90)
        self.ordered(70)
        first, second = self.offers()
        self.assertEqual((first.date, first.shown, first.added), (self.ago(100), 2, 1))
        self.assertEqual((first.ordered, first.closed), (1, 1))
        self.assertEqual((second.shown, second.added, second.ordered, second.closed), (1, 0, 0, 0))

    def test_when_an_order_counts(self):
        """From the day of showing to thirty days after the last; confirmed, of this product."""
        self.said("shown", 100)
        for day, product, state, expected in (
            (101, None, "sale", 0),
            (69, None, "sale", 0),
            (80, None, "draft", 0),
            (80, self.other, "sale", 0),
            (70, None, "sale", 1),
        ):
            order = self.ordered(day, product, state)
            self.assertEqual(self.offers().ordered, expected, (day, state))
            order.state = "cancel"

    def test_conversion_is_sum_over_sum(self):
        """Of three closed offers one was ordered; the open one doesn't count yet."""
        partners = [self.shop, *self.crowd[:3]]
        for partner, day in zip(partners, (100, 100, 100, 5), strict=True):
            self.said("shown", day, partner=partner)
        self.ordered(90)
        self.env.flush_all()
        [(offered, ordered, conversion)] = self.report._read_group(
            [("product_id", "=", self.friend.id)],
            aggregates=["offered:sum", "ordered:sum", "conversion:avg"],
        )
        self.assertEqual((offered, ordered), (4, 1))
        self.assertAlmostEqual(conversion, 100 / 3)
        [(none,)] = self.report._read_group(
            [("partner_id", "=", partners[3].id)], aggregates=["conversion:avg"]
        )
        self.assertFalse(none)

    def test_merge_keeps_feedback(self):
        double = self.customer("Double")
        for partner in (self.shop, double):
            self.said("shown", 5, partner=partner)
        self.said("dismissed", 5, partner=double, reason="unfit")
        self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": (self.shop + double).ids, "dst_partner_id": self.shop.id}
        ).action_merge()
        self.env.invalidate_all()
        self.assertFalse(double.exists())
        kinds = self.feedback.search([("partner_id", "=", self.shop.id)]).mapped("kind")
        self.assertEqual(sorted(kinds), ["dismissed", "shown"])
        self.assertNotListed(self.recommend(self.shop), self.friend)
