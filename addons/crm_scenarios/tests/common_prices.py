"""What the tests of prices share: two segments, and what they paid."""

import numpy as np
from odoo.addons.crm_segments.tests.common import SegmentsCase, SegmentsMixin
from odoo.fields import Command

from ..lib.price_guidance import Guide, quantile_ranks


class PriceMixin(SegmentsMixin):
    """Shops and hotels that pay different prices for a cup."""

    @classmethod
    def set_up_prices(cls):
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


class PriceCase(PriceMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_prices()

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
