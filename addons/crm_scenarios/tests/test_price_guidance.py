"""Price guidance in a database: against numpy, shrunk cells, the light on a quotation line."""

import numpy as np
from odoo.addons.crm_segments.tests.common import UsersMixin
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..lib.price_guidance import Guide, shrink
from .common_prices import PriceCase


@tagged("post_install", "-at_install")
class TestPriceGuidance(PriceCase):
    def test_against_numpy(self):
        """Reference 9.9…: the 90th percentile of all 38 unit prices; the small cell is pulled."""
        prices = self.paid[self.shop] + self.paid[self.hotel]
        reference = float(np.quantile(prices, 0.9))
        common = self.cell(None, self.product)
        self.assertAlmostEqual(common.reference, reference, 4)
        self.assertEqual(common.reference_kind, "estimated")
        everybody = self.expected(prices, reference)
        self.assert_guide(common, everybody)
        np.testing.assert_allclose(
            (common.target_low, common.target_high), everybody[3:5], atol=1e-4
        )
        shops = self.expected(self.paid[self.shop], reference)
        self.assert_guide(self.cell(self.shops, self.product), shrink(shops, everybody))
        hotels = self.expected(self.paid[self.hotel], reference)
        cell = self.cell(self.hotels)
        self.assert_guide(cell, shrink(hotels, everybody))
        self.assertEqual((cell.shrunk_to, self.cell(None).shrunk_to), ("all", "none"))
        self.assertLessEqual(cell.discount_stretch, cell.discount_target)
        self.assertLessEqual(cell.discount_target, cell.discount_floor)
        self.assertAlmostEqual(common.price_target, reference * (1 - common.discount_target), 2)

    def test_what_counts(self):
        """Four lines are an anecdote; given away, refunded, without product: no price."""
        for _line in range(4):
            self.sold(self.shop, 5, 100)
        self.Guidance._rebuild(self.company)
        self.assertFalse(self.cell(self.shops, quantity=50))
        self.sold(self.shop, 5, 100)
        self.sold(self.shop, 0, 100)
        self.sold(self.shop, 1, 100, is_refund=True)
        self.Guidance._rebuild(self.company)
        cell = self.cell(self.shops, quantity=50)
        self.assertEqual((cell.sample_count, cell.quantity_max), (5, 250))
        kept = self.cell(None, self.product)
        self.Guidance._rebuild(self.company)
        self.assertEqual(self.cell(None, self.product), kept)

    def test_list_price_of_the_day(self):
        """At confirmation the list price is kept: later changes leave the discount alone."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.rare.id, "product_uom_qty": 1, "price_unit": price}
                    )
                    for price in (8, 8.5, 9, 9.5, 10)
                ],
            }
        )
        self.rare.standard_price = 6
        order.action_confirm()
        self.assertEqual(set(order.order_line.mapped("crm_list_price")), {10})
        self.assertEqual(set(order.order_line.mapped("crm_cost")), {6})
        self.rare.list_price = 20
        self.Guidance._rebuild(self.company)
        cell = self.cell(None, self.rare)
        self.assertEqual((cell.reference, cell.reference_kind), (10, "kept"))
        self.assertAlmostEqual(
            cell.discount_target,
            shrink(Guide(0.05, 0.1, 0.15, None, None, 5), self.guide()).target,
            4,
        )

    def test_facts_of_the_day(self):
        """Per unit of the product, untaxed, in the company's currency; also added later."""
        currency = self.env["res.currency"].create({"name": "TST", "symbol": "T", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2020-01-01", "rate": 4, "company_id": False}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "In T", "currency_id": currency.id}
        )
        tax = self.env["account.tax"].create(
            {"name": "In the price", "amount": 25, "price_include_override": "tax_included"}
        )
        self.rare.write({"taxes_id": [Command.set(tax.ids)], "standard_price": 3})
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id, "pricelist_id": pricelist.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.rare.id, "product_uom_qty": 1,
                         "product_uom_id": dozen.id, "price_unit": 400, "tax_ids": False}
                    )
                ],
            }
        )  # fmt: skip
        order.action_confirm()
        line = order.order_line
        self.assertAlmostEqual(line.crm_list_price, 8)
        self.assertEqual(line.crm_cost, 3)
        [cut] = self.lines_of(self.rare)
        self.assertEqual(cut["quantity"], 12)
        self.assertAlmostEqual(cut["price"], 400 / 4 / 12)
        self.assertEqual((cut["list_price"], cut["cost"]), (8, 3))
        added = self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.product.id}
        )
        self.assertEqual(added.crm_list_price, 10)
        # given up: kept as well, for the comparison of won and lost ones
        lost = order.copy()
        self.assertFalse(lost.order_line[0].crm_list_price)
        lost._action_cancel()
        self.assertEqual(lost.order_line[0].crm_list_price, 8)

    def lines_of(self, product):
        columns = self.Guidance._read_lines(self.company, self.today)
        rows = zip(*(column.tolist() for column in columns.values()), strict=True)
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        return [row for row in found if row["product"] == product.id]

    def test_without_category(self):
        """Products without a category stand together."""
        (self.product | self.rare).categ_id = False
        for price in (8, 8.5, 9, 9.5, 10):
            self.sold(self.hotel, price, 1, product=self.rare)
        self.Guidance._rebuild(self.company)
        domain = [("company_id", "=", self.company.id), ("categ_id", "=", False)]
        wide = self.Guidance.search(
            [*domain, ("product_id", "=", False), ("segment_id", "=", False)]
        )
        self.assertEqual((wide.sample_count, wide.shrunk_to), (43, "none"))
        rare = self.Guidance.search(
            [*domain, ("product_id", "=", self.rare.id), ("segment_id", "=", False)]
        )
        self.assertEqual(rare.shrunk_to, "category")
        line = self.env["sale.order"].create(
            {"partner_id": self.shop.id,
             "order_line": [Command.create({"product_id": self.rare.id, "price_unit": 9})]}
        ).order_line  # fmt: skip
        self.assertTrue(line.crm_price_hint)

    def test_floor_never_below_cost(self):
        """No cost: no floor, no margin. With one: never below it and the minimum margin."""
        cell = self.cell(None, self.product)
        self.assertEqual((cell.floor_kind, cell.price_floor, cell.margin_count), ("none", 0, 0))
        self.product.standard_price = 8.1
        self.company.crm_price_margin = 10
        self.Guidance._rebuild(self.company)
        cell.invalidate_recordset()
        self.assertEqual(cell.floor_kind, "cost")
        self.assertAlmostEqual(cell.price_floor, 9, 3)  # 8.1 / 0.9
        self.assertLessEqual(cell.discount_target, cell.discount_floor)
        self.product.standard_price = 1
        self.Guidance._rebuild(self.company)
        cell.invalidate_recordset()
        self.assertEqual(cell.floor_kind, "discount")
        for values in ({"crm_price_stretch": 60}, {"crm_price_margin": 100}):
            with self.assertRaises(ValidationError):
                self.company.write(values)
        self.company.crm_price_floor = 90
        before = cell.discount_floor
        self.Guidance._rebuild(self.company)
        cell.invalidate_recordset()
        self.assertGreater(cell.discount_floor, before)

    def test_history_with_list_price_and_cost(self):
        for price in (8, 8.5, 9, 9.5, 10):
            self.sold(self.shop, price, 1, product=self.rare, list_price=10, cost=6)
        self.Guidance._rebuild(self.company)
        cell = self.cell(None, self.rare)
        self.assertEqual((cell.reference, cell.reference_kind), (10, "kept"))
        self.assertAlmostEqual(cell.margin_target, 1 - 6 / 9, 4)
        self.assertEqual((cell.margin_count, cell.cost), (5, 6))

    def test_rebates_are_spread(self):
        """A credit note without product over 10 % of what the shop bought."""
        sold = sum(2 * price for price in self.paid[self.shop])
        self.sale(self.shop, 5, -sold / 10, refund=True)
        self.Guidance._rebuild(self.company)
        cell = self.cell(self.shops, self.product)
        reference = self.cell(None, self.product).reference
        middle = np.median([1 - price * 0.9 / reference for price in self.paid[self.shop]])
        self.assertAlmostEqual(cell.pocket_target, middle, 4)
        hotel = self.cell(self.hotels, self.product)
        middle = np.median([1 - price / reference for price in self.paid[self.hotel]])
        self.assertAlmostEqual(hotel.pocket_target, middle, 4)

    def test_only_differences_are_written(self):
        self.env.cr.execute("SELECT id, xmin::text FROM crm_price_guidance ORDER BY id")
        before = self.env.cr.fetchall()
        self.env.cr.execute("SELECT id FROM crm_price_dispersion ORDER BY id")
        far = self.env.cr.fetchall()
        self.Guidance._rebuild(self.company)
        self.env.cr.execute("SELECT id, xmin::text FROM crm_price_guidance ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)
        self.env.cr.execute("SELECT id FROM crm_price_dispersion ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), far)

    def test_dispersion(self):
        """Three shops pay 10, one 8 for four pieces: 8.00 at stake."""
        shops = [self.customer(f"Shop {index}") for index in range(4)]
        for shop, price in zip(shops, (10, 10, 10, 8), strict=True):
            self.stay(shop, self.shops, 500)
            for _line in range(2):
                self.sold(shop, price, 2, product=self.rare)
        self.Guidance._rebuild(self.company)
        row = self.env["crm.price.dispersion"].search([("product_id", "=", self.rare.id)])
        self.assertEqual((row.partner_id, row.segment_id), (shops[3], self.shops))
        self.assertEqual((row.middle, row.price, row.line_count, row.sample_count), (10, 8, 2, 8))
        self.assertAlmostEqual(row.share, -0.2)
        self.assertAlmostEqual(row.at_stake, 8)
        found = self.env["crm.sales.history"].search(row.action_open_history()["domain"])
        self.assertEqual(len(found), 2)

    def guide(self):
        wide = self.cell(None)
        return Guide(
            wide.discount_stretch, wide.discount_target, wide.discount_floor, None, None,
            wide.sample_count,
        )  # fmt: skip


@tagged("post_install", "-at_install")
class TestPriceLight(UsersMixin, PriceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()

    def quotation(self, *prices, partner=None, quantity=1, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": (partner or self.shop).id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "price_unit": price,
                         "product_uom_qty": quantity, **values}
                    )
                    for price in prices
                ],
            }
        )  # fmt: skip

    def test_light(self):
        lines = self.quotation(9.5, 8.2, 6).order_line
        self.assertEqual(lines.mapped("crm_price_light"), ["good", "fair", "low"])
        self.assertIn("typical for this segment", lines[0].crm_price_hint)
        self.assertIn("(30 lines)", lines[0].crm_price_hint)
        # the discount field counts like a lower price
        line = self.quotation(12, discount=50).order_line
        self.assertEqual(line.crm_price_light, "low")
        stranger = self.quotation(9, partner=self.customer("New")).order_line
        self.assertIn("(38 lines)", stranger.crm_price_hint)
        self.assertNotIn("segment", stranger.crm_price_hint)
        self.assertFalse(self.quotation(9, quantity=60).order_line.crm_price_light)

    def test_two_queries_more(self):
        """To open a quotation of a hundred lines costs at most two queries more."""
        goods = self.env["product.product"].create(
            [{"name": f"Good {n}", "categ_id": self.categ.id, "list_price": 9} for n in range(99)]
        )
        order = self.quotation(9)
        order.order_line = [Command.create({"product_id": one.id}) for one in goods]
        for one in goods[:50]:  # with list prices kept, and with costs
            one.standard_price = 4
            for _line in range(5):
                self.sold(self.shop, 8, 1, product=one, list_price=9)
        self.Guidance._rebuild(self.company)
        name = {"fields": {"display_name": {}}}
        relations = ("product_id", "product_template_id", "product_uom_id", "tax_ids")
        plain = ("name", "display_type", "product_uom_qty", "qty_delivered", "qty_invoiced",
                 "customer_lead", "price_unit", "discount", "price_subtotal")  # fmt: skip
        line = {**dict.fromkeys(plain, {}), **dict.fromkeys(relations, name)}
        lights = dict.fromkeys(
            ("crm_price_light", "crm_price_hint", "crm_price_given", "crm_price_cell"), {}
        )
        # what the host's form reads
        head = dict.fromkeys(("state", "date_order", "tax_totals", "expected_date"), {})
        head |= dict.fromkeys(("partner_id", "currency_id", "pricelist_id", "company_id"), name)
        host = {**head, "order_line": {"fields": line}}
        ours = {**head, "order_line": {"fields": {**line, **lights}}}
        for login in ("all", "own"):
            order.user_id = self.users[login]
            self.env.company.invalidate_recordset()
            seen, counts = self.as_user(login, order), []
            for spec in (host, ours, host, ours):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                [found] = seen.web_read(spec)
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len([one for one in found["order_line"] if one["crm_price_light"]]),
                             100)  # fmt: skip
            self.assertLessEqual(counts[3] - counts[2], 2, counts)

    def test_who_sees(self):
        line = self.quotation(9).order_line
        for login in self.users:
            guidance = self.as_user(login, self.Guidance)
            with self.subTest(login=login):
                readers = {"own", "all", "marketer"}
                self.assertEqual(guidance.has_access("read"), login in readers)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(guidance.has_access(operation))
                if login != "marketer":
                    with self.assertRaises(AccessError):
                        guidance.action_rebuild()
        self.as_user("marketer", self.Guidance).action_rebuild()
        guidance = self.cell(None, self.product)
        for login, money in (("own", False), ("all", True), ("marketer", False)):
            seen = self.as_user(login, guidance)
            self.assertTrue(seen.discount_target)
            for name in ("reference", "price_target", "cost", "margin_target"):
                if money:
                    seen.read([name])
                else:
                    with self.assertRaises(AccessError):
                        seen.read([name])
            far = self.as_user(login, self.env["crm.price.dispersion"])
            self.assertEqual(far.has_access("read"), money)
        line.order_id.user_id = self.users["own"]
        self.assertTrue(self.as_user("own", line).crm_price_hint)
