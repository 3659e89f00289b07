"""Recommended products on quotations."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_recommendations import RecommendationsCase


@tagged("post_install", "-at_install")
class TestRecommendationOrders(RecommendationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.customer("Shop")
        for day in (400, 300, 200):
            cls.bought(cls.shop, cls.anchor, day, 3)
        cls.learn()
        cls.order = cls.env["sale.order"].create({"partner_id": cls.shop.id})

    def line(self, product, quantity=1, list_="new"):
        return {"product_id": product.id, "quantity": quantity, "list": list_}

    def test_add_several(self):
        ids = self.order.add_recommended(
            [self.line(self.anchor, 3, "again"), self.line(self.friend, 6)]
        )
        lines = self.order.order_line
        self.assertEqual(lines.ids, ids)
        self.assertEqual(lines.product_id, self.anchor + self.friend)
        self.assertEqual(lines.mapped("product_uom_qty"), [3, 6])
        self.assertEqual(lines.mapped("price_unit"), [10, 20])
        self.assertEqual(lines[0].name, "Anchor")
        noted = self.env["crm.recommendation.feedback"].sudo().search([("kind", "=", "added")])
        self.assertEqual(noted.order_line_id, lines)
        self.assertEqual(set(noted.mapped("list")), {"again", "new"})
        self.assertNotListed(self.recommend(self.order), self.anchor, self.friend)

    def test_quantity_on_top(self):
        """What stands on the quotation gets the quantity on top, in the unit of the line."""
        dozen = self.env.ref("uom.product_uom_dozen")
        self.order.order_line = [
            Command.create(
                {"product_id": self.friend.id, "product_uom_qty": 1, "product_uom_id": dozen.id}
            )
        ]
        self.order.add_recommended([self.line(self.friend, 6)])
        self.assertEqual(len(self.order.order_line), 1)
        self.assertEqual(self.order.order_line.product_uom_qty, 1.5)
        self.order.add_recommended([self.line(self.anchor, 2), self.line(self.anchor, 3)])
        self.assertEqual(self.order.order_line[1].product_uom_qty, 5)

    def test_refused(self):
        for lines in (
            [],
            "lines",
            [{"product_id": self.friend.id}],
            [self.line(self.friend, 0)],
            [self.line(self.friend, -1)],
            [self.line(self.friend, "2")],
            [{**self.line(self.friend), "list": "other"}],
        ):
            with self.assertRaises(UserError):
                self.order.add_recommended(lines)
        self.friend.sale_ok = False
        with self.assertRaises(UserError):
            self.order.add_recommended([self.line(self.friend)])
        self.order.add_recommended([self.line(self.anchor)])
        self.order.action_confirm()
        with self.assertRaises(UserError):
            self.order.add_recommended([self.line(self.anchor)])
        self.assertFalse(self.recommend(self.order)["about"]["open"])

    def test_new_quotation_of_a_customer(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.shop.id})
        action = self.env["sale.order"].new_with_recommended(
            [self.line(self.friend, 6)], partner_id=contact.id
        )
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(order.partner_id, contact)
        self.assertEqual(order.order_line.product_uom_qty, 6)
        self.assertEqual(action["views"], [(False, "form")])

    def test_new_quotation_of_a_lead(self):
        """Campaign and team of the lead are taken over, as by the host's own button."""
        campaign = self.env["utm.campaign"].create({"title": "Autumn"})
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "campaign_id": campaign.id}
        )
        new = self.env["sale.order"].new_with_recommended
        with self.assertRaises(UserError):
            new([self.line(self.friend)], lead_id=lead.id)
        lead.partner_id = self.shop
        action = new([self.line(self.friend)], lead_id=lead.id)
        order = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual((order.opportunity_id, order.campaign_id), (lead, campaign))
        self.assertEqual(order.partner_id, self.shop)
