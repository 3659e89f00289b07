"""Approval of discounts: who asks whom, what is refused, and what a salesperson can't do."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_prices import PriceCase


@tagged("post_install", "-at_install")
class TestDiscountApproval(PriceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.crm_price_approval = True
        cls.seller = new_test_user(cls.env, "app_own", groups="sales_team.group_sale_salesman")
        cls.leader = new_test_user(
            cls.env, "app_leader", groups="sales_team.group_sale_salesman_all_leads"
        )
        cls.team = cls.env["crm.team"].create(
            {"name": "Shops", "user_id": cls.leader.id, "crm_discount_limit": 10}
        )
        cls.fresh = cls.env["product.product"].create(
            {"name": "Fresh", "list_price": 100, "categ_id": cls.categ.id,
             "taxes_id": [Command.clear()]}
        )  # fmt: skip

    def quotation(self, price, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id, "user_id": self.seller.id, "team_id": self.team.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.fresh.id, "product_uom_qty": 1, "price_unit": price,
                         **values}
                    )
                ],
            }
        )  # fmt: skip
        return order.with_user(self.seller).sudo(False)

    def test_flow(self):
        """10 % is free; more is refused in words, asked for, approved, and then confirmed."""
        self.quotation(90).action_confirm()
        order = self.quotation(80)
        self.assertTrue(order.crm_approval_needed)
        self.assertFalse(order.crm_may_approve)
        with self.assertRaisesRegex(UserError, "discount of 20 %, the limit .* is 10 %"):
            order.action_confirm()
        order.action_request_approval()
        activity = order.sudo().activity_ids
        self.assertEqual((activity.user_id, order.crm_approval_state), (self.leader, "requested"))
        self.assertIn("20 %", activity.summary)
        for name in ("action_approve_discount", "action_refuse_discount"):
            with self.assertRaises(AccessError):
                getattr(order, name)()
        order.with_user(self.leader).action_refuse_discount()
        self.assertEqual(order.crm_approval_state, "refused")
        self.assertFalse(order.sudo().activity_ids)
        with self.assertRaises(UserError):
            order.action_confirm()
        order.action_request_approval()
        order.with_user(self.leader).action_approve_discount()
        self.assertAlmostEqual(order.crm_approved_discount, 0.2)
        order.order_line.price_unit = 75
        with self.assertRaises(UserError, msg="more than was approved"):
            order.action_confirm()
        order.order_line.price_unit = 80
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_another_currency(self):
        """Two of the other currency are one of ours: 160 there are 80, 20 % off 100."""
        currency = self.env["res.currency"].create(
            {"name": "ZZA", "symbol": "z", "rate_ids": [Command.create(
                {"name": "2016-01-01", "rate": 2, "company_id": self.company.id})]}
        )  # fmt: skip
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": currency.id, "company_id": self.company.id}
        )
        order = self.quotation(160)
        order.sudo().write({"pricelist_id": pricelist.id, "currency_id": currency.id})
        order.order_line.price_unit = 160
        self.assertEqual((order.currency_id, order.currency_rate), (currency, 2))
        self.assertTrue(order.crm_approval_needed)
        with self.assertRaisesRegex(UserError, "discount of 20 %, the limit .* is 10 %"):
            order.action_confirm()
        order.order_line.price_unit = 180
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        # the light takes 16 there for the 8 that they are here
        own, other = (
            self.quotation(8, product_id=self.product.id).sudo().order_line for _turn in range(2)
        )
        other.order_id.currency_id = currency
        other.price_unit = 16
        self.assertGreater(own.crm_price_given, 0.1)
        self.assertAlmostEqual(other.crm_price_given, own.crm_price_given, 4)
        self.assertEqual(other.crm_price_light, own.crm_price_light)

    def test_ways_round(self):
        """Nobody approves for themselves by writing, creating, another team or another line."""
        order = self.quotation(50)
        for values in ({"crm_approval_state": "approved"}, {"crm_approved_discount": 1}):
            with self.assertRaises(AccessError):
                order.write(values)
        with self.assertRaises(AccessError):
            order.env["sale.order"].with_context(default_crm_approval_state="approved").create(
                {"partner_id": self.shop.id}
            )
        order.team_id = False
        self.assertTrue(order._excessive_discount())
        whole = self.quotation(100)
        whole.order_line = [
            Command.create({"product_id": self.rare.id, "price_unit": -40, "product_uom_qty": 1})
        ]
        self.assertTrue(whole._excessive_discount())
        by_field = self.quotation(120, discount=50)
        self.assertTrue(by_field._excessive_discount())
        self.assertFalse(self.quotation(100)._excessive_discount())
        with self.assertRaises(UserError):
            self.quotation(100).action_request_approval()
        copied = order.copy()
        self.assertFalse(copied.crm_approval_state)
        # the customer who signs is asked only when it may be confirmed
        order.sudo().write({"require_signature": True, "state": "sent"})
        self.assertFalse(order._has_to_be_signed())

    def test_managers_and_off(self):
        manager = new_test_user(self.env, "app_manager", groups="sales_team.group_sale_manager")
        order = self.quotation(50)
        order.action_request_approval()
        order.with_user(manager).action_confirm()
        self.assertEqual((order.state, order.crm_approval_state), ("sale", "approved"))
        self.assertFalse(order.sudo().activity_ids)
        self.company.crm_price_approval = False
        free = self.quotation(50)
        self.assertFalse(free.crm_approval_needed)
        free.action_confirm()
        self.company.crm_price_approval = True
        self.team.crm_discount_limit = 0
        self.quotation(1).action_confirm()
        alone = self.team.copy({"user_id": False, "crm_discount_limit": 10})
        order = self.quotation(50)
        order.team_id = alone
        order.action_request_approval()
        self.assertTrue(
            order.sudo().activity_ids.user_id.has_group("sales_team.group_sale_manager")
        )
