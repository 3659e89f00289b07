"""Win curves in a database, and what the chart of a cell is told."""

from odoo.addons.crm_segments.tests.common import UsersMixin
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..lib.win_curve import win_curve
from .common_prices import PriceCase


@tagged("post_install", "-at_install")
class TestPriceCurve(UsersMixin, PriceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.env["sale.order"].search([]).unlink()
        cls.Curve = cls.env["crm.price.curve"]
        cls.fresh = cls.env["product.product"].create(
            {"name": "Fresh", "list_price": 100, "categ_id": cls.categ.id,
             "taxes_id": [Command.clear()]}
        )  # fmt: skip

    @classmethod
    def quotations(cls, number, price, partner=None, **values):
        return cls.env["sale.order"].create(
            [
                {
                    "partner_id": (partner or cls.shop).id,
                    "order_line": [
                        Command.create({"product_id": cls.fresh.id, "price_unit": price})
                    ],
                    **values,
                }
            ]
            * number
        )

    def curve(self, segment=None, categ=None):
        return self.Curve.search(
            [("company_id", "=", self.company.id), ("segment_id", "=", segment and segment.id),
             ("categ_id", "=", categ and categ.id)]
        )  # fmt: skip

    def test_won_and_lost(self):
        """Of 60 at 100 a third is won, of 60 at 80 all but ten; expired ones are lost too."""
        self.quotations(20, 100).action_confirm()
        self.quotations(40, 100)._action_cancel()
        self.quotations(50, 80).action_confirm()
        self.quotations(10, 80, validity_date=self.ago(3))
        self.quotations(5, 80)  # undecided
        # in another unit and currency the discount is the same; a hotel's
        self.quotations(1, 70, self.hotel).action_confirm()
        self.fresh.list_price = 500  # kept is what it was
        self.Guidance._rebuild(self.company)
        curve = self.curve(self.shops, self.categ)
        self.assertEqual((curve.won_count, curve.lost_count), (70, 50))
        expected = win_curve([0.0] * 20 + [0.2] * 50, [0.0] * 40 + [0.2] * 10)
        self.assertEqual(curve.verdict, "rising")
        self.assertEqual([row[2:4] for row in curve.bins], [[20, 60], [50, 60]])
        self.assertAlmostEqual(curve.bins[1][5], expected.bins[1].rate_low, 5)
        self.assertEqual(self.curve(self.hotels, self.categ).verdict, "few")
        everybody = self.curve(None, None)
        self.assertEqual((everybody.won_count, everybody.lost_count), (71, 50))
        told = self.Curve._told(self.company, self.hotels, self.categ)
        self.assertEqual((told["name"], told["verdict"]), (f"All customers: {self.categ.name}",
                                                          "rising"))  # fmt: skip
        before = self.Curve.search([]).ids
        self.Guidance._rebuild(self.company)
        self.assertEqual(self.Curve.search([]).ids, before)

    def test_chart(self):
        """The distribution is that of the lines; money only for who may see it."""
        self.quotations(3, 100).action_confirm()
        self.Guidance._rebuild(self.company)
        cell = self.cell(self.shops, self.product)
        for login, money in (("all", True), ("own", False), ("marketer", False)):
            found = self.as_user(login, cell).chart()
            self.assertEqual(sum(one["count"] for one in found["cell"]["bins"]), 30)
            self.assertEqual(bool(found["cell"]["prices"]), money, login)
            self.assertEqual(found["curve"]["verdict"], "few")
            self.assertIn("Not enough data", found["curve"]["text"])
        reference = self.cell(None, self.product).reference
        for one in found["cell"]["bins"]:
            inside = [
                price for price in self.paid[self.shop]
                if one["low"] <= round(1 - price / reference, 9) < one["high"]
            ]  # fmt: skip
            self.assertEqual(one["count"], len(inside))
        for login in ("reader", "plain", "portal"):
            with self.assertRaises(AccessError):
                self.as_user(login, cell).chart()
            with self.assertRaises(AccessError):
                self.as_user(login, self.curve()).chart()
        action = cell.action_open_chart()
        self.assertEqual(action["params"], {"model": "crm.price.guidance", "id": cell.id})
        for login in self.users:
            curve = self.as_user(login, self.Curve)
            self.assertEqual(curve.has_access("read"), login in {"own", "all", "marketer"})
            self.assertFalse(curve.has_access("write"))

    def test_another_company(self):
        """What is learnt stays in its company; a company that is switched off says nothing."""
        other = self.env["res.company"].create({"name": "Other"})
        self.Guidance._rebuild(other)
        self.assertFalse(self.Guidance.search([("company_id", "=", other.id)]))
        seller = self.as_user("all", self.Guidance)
        seller.env.user.sudo().company_ids |= other
        seen = seller.with_context(allowed_company_ids=other.ids)
        self.assertFalse(seen.search([]))
        curves = seen.env["crm.price.curve"].search([])
        self.assertEqual((curves.company_id, curves.verdict), (other, "few"))
        self.assertFalse(seen.env["crm.price.dispersion"].search([]))
