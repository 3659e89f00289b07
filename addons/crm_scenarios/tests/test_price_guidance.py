"""Price guidance in a database: against numpy, shrunk cells, the light on a quotation line."""

import numpy as np
from odoo.addons.crm_segments.tests.common import SegmentsCase, UsersMixin
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..lib.price_guidance import Guide, quantile_ranks, shrink


class PriceCase(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.sales.history"].search([]).unlink()
        cls.env["sale.order"].search([("state", "=", "sale")])._action_cancel()
        cls.Guidance = cls.env["crm.price.guidance"]
        cls.categ = cls.env["product.category"].create({"name": "Goods"})
        cls.product, cls.rare = cls.env["product.product"].create(
            [
                {"name": name, "categ_id": cls.categ.id, "list_price": 10,
                 "taxes_id": [Command.clear()]}
                for name in ("Cup", "Jug")
            ]
        )  # fmt: skip
        cls.shop, cls.hotel = cls.customer("Shop"), cls.customer("Hotel")
        cls.div = cls.rules(
            {"Shops": "[('name', '=', 'Shop')]", "Hotels": "[('name', '=', 'Hotel')]"}
        )
        cls.div.enabled = True
        cls.company.crm_reporting_segmentation_id = cls.div
        cls.shops, cls.hotels = cls.div.segment_ids
        cls.env["crm.segment.membership"].search([]).unlink()
        cls.stay(cls.shop, cls.shops, 500)
        cls.stay(cls.hotel, cls.hotels, 500)
        # 30 prices of shops from 7.10 to 10, 8 of hotels from 9.3 to 10
        cls.paid = {
            cls.shop: [10 - index / 10 for index in range(30)],
            cls.hotel: [10 - index / 10 for index in range(8)],
        }
        for partner, prices in cls.paid.items():
            for index, price in enumerate(prices):
                cls.sold(partner, price, 2, day=10 + index)
        cls.Guidance._rebuild(cls.company)

    @classmethod
    def sold(cls, partner, price, quantity, day=10, product=None, **values):
        product = product or cls.product
        return cls.sale(partner, day, price * quantity).write(
            {"product_id": product.id, "quantity": quantity, **values}
        )

    def cell(self, segment, product=None, quantity=0):
        return self.Guidance.search(
            [
                ("company_id", "=", self.company.id), ("categ_id", "=", self.categ.id),
                ("segment_id", "=", segment and segment.id),
                ("product_id", "=", product and product.id), ("quantity_min", "=", quantity),
            ]
        )  # fmt: skip

    def expected(self, prices, reference):
        given = np.sort([(reference - price) / reference for price in prices])
        ranks = quantile_ranks(len(given), 0.5)
        low, high = (given[ranks[0]], given[ranks[1]]) if ranks else (None, None)
        return Guide(*np.quantile(given, [0.25, 0.5, 0.75]), low, high, len(given))

    def assert_guide(self, cell, guide):
        found = cell.discount_stretch, cell.discount_target, cell.discount_floor
        np.testing.assert_allclose(found, guide[:3], atol=1e-4)
        self.assertEqual(cell.sample_count, guide.n)


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

    def test_one_query_however_many_lines(self):
        counts = []
        for number in (1, 50):
            lines = self.quotation(*[9] * number).order_line
            self.env.flush_all()
            lines.mapped(lambda line: (line.price_subtotal, line.product_uom_id.factor))
            lines._price_cells()
            before = self.env.cr.sql_log_count
            lines.invalidate_recordset(["crm_price_light", "crm_price_hint"], flush=False)
            lines.mapped("crm_price_light")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], 2)
        self.assertEqual(*counts)

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
        line.order_id.user_id = self.users["own"]
        self.assertTrue(self.as_user("own", line).crm_price_hint)
