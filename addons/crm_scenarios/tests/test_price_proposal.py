"""From guidance to a pricelist: the draft, its comparison, and who gets the prices."""

from odoo.addons.crm_segments.tests.common import UsersMixin
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_prices import PriceCase


@tagged("post_install", "-at_install")
class TestPriceProposal(UsersMixin, PriceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        pricelists = cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids |= pricelists
        # the host takes the first one there is as everybody's
        cls.env["product.pricelist"].create({"name": "Standard", "sequence": 0})
        cls.users["manager"] = new_test_user(
            cls.env, "prop_manager", groups="sales_team.group_sale_manager"
        )

    def test_draft_compare_apply(self):
        """30 lines of 2 within a year: 60 pieces, 510.00 + 0.00 paid."""
        segment = self.as_user("manager", self.shops)
        action = segment.action_draft_pricelist()
        proposal = segment.env[action["res_model"]].browse(action["res_id"])
        cell = self.cell(self.shops, self.product)
        self.assertEqual((proposal.line_count, proposal.changed_count), (1, 1))
        line = proposal.line_ids
        self.assertEqual((line.quantity, line.present), (60, 10))
        self.assertAlmostEqual(line.price, round(cell.price_target, 2))
        self.assertAlmostEqual(proposal.amount_paid, 2 * sum(self.paid[self.shop]), 2)
        self.assertAlmostEqual(proposal.amount_present, 600)
        self.assertAlmostEqual(proposal.effect, 60 * (line.price - 10), 2)
        # nothing silently
        pricelist = proposal.pricelist_id
        self.assertFalse(pricelist.active)
        before = self.shop.property_product_pricelist
        self.assertFalse(self.shops.pricelist_id)
        proposal.action_apply()
        self.env.invalidate_all()
        self.assertTrue(pricelist.active)
        contact = self.shop.create({"name": "Buyer", "parent_id": self.shop.id})
        for partner, expected in (
            (self.shop, pricelist), (contact, pricelist), (self.hotel, before),
        ):  # fmt: skip
            self.assertEqual(partner.property_product_pricelist, expected, partner.name)
        order = self.env["sale.order"].create({"partner_id": self.shop.id})
        self.assertEqual(order.pricelist_id, pricelist)
        # a pricelist of one's own goes before; another company has none
        own = pricelist.copy({"name": "Own"})
        self.shop.property_product_pricelist = own
        self.env.invalidate_all()
        self.assertEqual(self.shop.property_product_pricelist, own)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.shops.with_company(other).pricelist_id)
        self.shop.specific_property_product_pricelist = False  # its contacts follow
        self.assertEqual(contact.property_product_pricelist, pricelist)
        self.as_user("manager", self.shops).action_assign_pricelist()
        self.env.invalidate_all()
        self.assertEqual(contact.property_product_pricelist, before)

    def test_sold_to_the_segment_within_a_year(self):
        """Neither hotels nor what is older than a year: 30 lines of 2; in ours, whatever currency.

        An order of 5 at 18 of another currency, two of which are one of ours, is 5 at 9.
        """
        self.sold(self.shop, 9, 100, day=400)
        action = self.as_user("manager", self.shops).action_draft_pricelist()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        paid = sum(2 * price for price in self.paid[self.shop])
        [(place, (quantity, amount))] = wizard._sold().items()
        self.assertEqual((place[0], quantity), (self.product.id, 60))
        self.assertAlmostEqual(amount, paid, 2)
        currency = self.env["res.currency"].create(
            {"name": "ZZP", "symbol": "z", "rate_ids": [(0, 0, {
                "name": "2016-01-01", "rate": 2, "company_id": self.company.id})]}
        )  # fmt: skip
        order = self.env["sale.order"].create(
            {"partner_id": self.shop.id, "currency_id": currency.id, "order_line": [(0, 0, {
                "product_id": self.product.id, "product_uom_qty": 5, "price_unit": 18})]}
        )  # fmt: skip
        order.currency_id = currency
        order.order_line.price_unit = 18
        order.action_confirm()
        quantity, amount = map(sum, zip(*wizard._sold().values(), strict=True))
        self.assertEqual(quantity, 65)
        self.assertAlmostEqual(amount, paid + 45, 2)

    def test_discard_and_nothing_known(self):
        segment = self.as_user("manager", self.shops)
        action = segment.action_draft_pricelist()
        proposal = segment.env[action["res_model"]].browse(action["res_id"])
        pricelist = proposal.pricelist_id
        proposal.action_discard()
        self.assertFalse(pricelist.exists())
        with self.assertRaises(UserError):
            self.as_user("manager", self.big).action_draft_pricelist()

    def test_who_may(self):
        for login in self.USERS:
            segment = self.as_user(login, self.shops)
            for name in ("action_draft_pricelist", "action_assign_pricelist"):
                with self.assertRaises(AccessError, msg=login):
                    getattr(segment, name)()
            for model in ("crm.price.proposal", "crm.price.proposal.line"):
                self.assertFalse(self.as_user(login, self.env[model]).has_access("read"))
