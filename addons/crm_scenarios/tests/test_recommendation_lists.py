"""The two lists: what stands in them and why, what never does, and what it costs."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_recommendations import RecommendationsCase


@tagged("post_install", "-at_install")
class TestRecommendationLists(RecommendationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.customer("Shop")
        for day in (400, 300, 200):
            cls.bought(cls.shop, cls.anchor, day, 3)
        cls.learn()

    def test_new_by_hand(self):
        """The reason has the counts of the pair; the shop itself is the thirteenth buyer."""
        found = self.recommend(self.shop)
        line = self.line_of(found, "new", self.friend)
        self.assertEqual((line["support"], line["cases"]), (8, 13))
        self.assertEqual(line["quantity"], 6)
        self.assertIn("8 of 13", line["reason"])
        self.assertIn("Anchor", line["reason"])
        # 8 of 13 against 3 of 18
        self.assertAlmostEqual(line["lift"], 8 / 13 / (3 / 18), 1)
        # Wilson's interval of 8 of 13
        self.assertIn("36–82 %", line["certainty"])
        self.assertNotListed({**found, "again": []}, self.anchor)

    def test_again_by_hand(self):
        line = self.line_of(self.recommend(self.shop), "again", self.anchor)
        self.assertEqual((line["support"], line["quantity"]), (3, 3))
        self.assertIn("3 days", line["reason"])
        self.assertIn("last 200 days ago", line["reason"])
        self.assertNotIn("row", line)

    def test_just_bought_is_not_due(self):
        """Bought every hundred days, the last time yesterday: not yet."""
        self.bought(self.shop, self.anchor, 1, 3)
        found = self.recommend(self.shop)
        self.assertFalse(found["again"])
        self.assertIn("Nothing is due", found["about"]["why"]["again"])

    def test_never_what_cannot_be_sold(self):
        blocked = {
            "archived": {"active": False},
            "unsaleable": {"sale_ok": False},
            "foreign": {"company_id": self.env["res.company"].create({"name": "Other"}).id},
        }
        for name, values in blocked.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.friend.product_tmpl_id.write(values)
                self.anchor.product_tmpl_id.write(values)
                self.assertNotListed(self.recommend(self.shop), self.friend, self.anchor)
                newcomer = self.customer("Newcomer")
                self.assertNotListed(self.recommend(newcomer), self.friend, self.anchor)
                savepoint.rollback()
        self.assertListed(self.recommend(self.shop), "new", self.friend)

    def test_variants(self):
        """Of a template's variants one is new, and none if the customer has another one."""
        attribute = self.env["product.attribute"].create(
            {"name": "Colour", "value_ids": [Command.create({"name": n}) for n in ("red", "blue")]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Shirt",
                "list_price": 10,
                "taxes_id": False,
                "attribute_line_ids": [
                    Command.create(
                        {"attribute_id": attribute.id,
                         "value_ids": [Command.set(attribute.value_ids.ids)]}
                    )
                ],
            }
        )  # fmt: skip
        red, blue = template.product_variant_ids
        red.product_template_attribute_value_ids.price_extra = 5
        for partner in self.crowd[:10]:
            self.bought(partner, red, 50)
            self.bought(partner, blue, 40)
        self.learn()
        self.env.flush_all()
        self.env.invalidate_all()
        found = {line["product_id"]: line for line in self.recommend(self.shop)["new"]}
        self.assertEqual(len(found.keys() & {red.id, blue.id}), 1)
        asked = [{"product_id": one.id, "quantity": 1} for one in (red, blue)]
        prices = self.env["crm.recommendation"].prices(asked, partner_id=self.shop.id)
        self.assertEqual([line["price"] for line in prices], [15, 10])
        for product, name, price in ((red, "Shirt (red)", 15), (blue, "Shirt (blue)", 10)):
            line = found.get(product.id, {"name": name, "price": price})
            self.assertEqual((line["name"], line["price"]), (name, price))
        self.bought(self.shop, red, 150)
        listed = {line["product_id"] for line in self.recommend(self.shop)["new"]}
        self.assertFalse(listed & {red.id, blue.id})

    def test_newcomer_gets_best_sellers_with_reason(self):
        found = self.recommend(self.customer("Newcomer"))
        self.assertFalse(found["again"] or found["new"])
        self.assertEqual(found["sellers"][0]["product_id"], self.other.id)
        self.assertIn("30 of 31 customers buy this", found["sellers"][0]["reason"])
        self.assertIn("not bought anything", found["about"]["why"]["again"])
        self.assertIn("industry", found["about"]["why"]["new"])

    def test_newcomer_gets_what_the_segment_buys(self):
        """All ten of the trade buy it and nobody else does: it leads the newcomer's list."""
        trade = self.env["res.partner.industry"].create({"name": "Trade"})
        special = self.make_product("Special")
        self.crowd[:10].industry_id = trade
        for partner in self.crowd[:10]:
            self.bought(partner, special, 30, 5)
        division = self.segmentation(
            "field", {}, field_id=self.env.ref("base.field_res_partner__industry_id").id
        )
        self.run_done(division)
        self.learn()
        newcomer = self.customer("Newcomer", industry_id=trade.id)
        found = self.recommend(newcomer)
        line = found["new"][0]
        self.assertEqual(line["product_id"], special.id)
        self.assertEqual((line["support"], line["cases"], line["quantity"]), (10, 10, 5))
        self.assertIn("10 of 10 customers in “Trade”", line["reason"])
        lead = self.env["crm.lead"].create({"name": "Lead", "industry_id": trade.id})
        if division.segment_ids & lead.provisional_segment_ids:
            self.assertListed(self.recommend(lead), "new", special)

    def test_limit_and_nonsense(self):
        service = self.env["crm.recommendation"]
        self.assertEqual(len(service.recommend(partner_id=self.shop.id, limit=1)["again"]), 1)
        for arguments in (
            {},
            {"partner_id": "1"},
            {"partner_id": True},
            {"partner_id": self.shop.id, "limit": 0},
            {"partner_id": self.shop.id, "limit": "ten"},
            {"partner_id": 2**31 - 1},
        ):
            with self.assertRaises(UserError):
                service.recommend(**arguments)

    def test_before_anything_is_learnt(self):
        self.learner.search([]).unlink()
        found = self.recommend(self.shop)
        self.assertFalse(found["again"] or found["new"] or found["sellers"])
        self.assertIn("Nothing has been learnt", found["about"]["why"]["again"])

    def test_a_company_without_sales(self):
        self.env["crm.sales.history"].sudo().search([]).unlink()
        model = self.learn()
        self.assertEqual((model.state, model.customers), ("done", 0))
        found = self.recommend(self.shop)
        self.assertFalse(found["again"] or found["new"] or found["sellers"])
        self.assertIn("not sold any product", found["about"]["why"]["new"])

    def test_nobody_bought_twice(self):
        """Of six customers who bought once each something can be learnt too."""
        self.env["crm.sales.history"].sudo().search([]).unlink()
        for partner in self.crowd[:6]:
            self.bought(partner, self.anchor, 200, 2)
            self.bought(partner, self.friend, 200, 3)
        self.assertEqual(self.learn().customers, 6)
        self.assertListed(self.recommend(self.customer("Newcomer")), "sellers", self.friend)

    def test_statements_do_not_grow_with_lines(self):
        """Twenty products more in the lists, and not one statement more."""
        for number in range(20):
            product = self.make_product(f"More {number}")
            for partner in self.crowd[:9]:
                self.bought(partner, product, 70 + number, 2)
        self.learn()
        counts = []
        for limit in (1, 20):
            self.recommend(self.shop, limit=limit)  # warms what is read once per process
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self.recommend(self.shop, limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertGreater(len(found["new"]), 15)
        self.assertLessEqual(counts[1], counts[0])


@tagged("post_install", "-at_install")
class TestRecommendationPrices(RecommendationsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").write(
            {"implied_ids": [Command.link(cls.env.ref("product.group_product_pricelist").id)]}
        )
        cls.foreign = cls.env["res.currency"].create(
            {"name": "XAA", "symbol": "x", "rounding": 0.01,
             "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2.0})]}
        )  # fmt: skip
        rate = cls.env.company.currency_id.rate_ids
        rate.filtered(
            lambda one: one.company_id in (cls.env.company, one.company_id.browse())
        ).unlink()
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Foreign, five at half",
                "currency_id": cls.foreign.id,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": 50, "min_quantity": 5}
                    )
                ],
            }
        )
        cls.shop = cls.customer("Shop", property_product_pricelist=cls.pricelist.id)
        cls.bought(cls.shop, cls.anchor, 200, 3)
        cls.friend.standard_price = 4
        cls.learn()

    def test_price_at_quantity_and_currency(self):
        """Six friends at half of 20, at two foreign a unit: 20; three anchors at full price: 20."""
        found = self.recommend(self.shop)
        friend = self.line_of(found, "new", self.friend)
        self.assertEqual((friend["quantity"], friend["price"]), (6, 20.0))
        self.assertEqual(friend["currency_id"], self.foreign.id)
        # cost 4 at two foreign a unit is 8 of 20
        self.assertAlmostEqual(friend["margin"], 0.6, 6)
        anchor = self.line_of(found, "again", self.anchor)
        self.assertEqual((anchor["quantity"], anchor["price"]), (3, 20.0))
        self.assertIsNone(anchor["margin"], "a product without a cost has no margin")

    def test_price_is_that_of_the_line(self):
        order = self.env["sale.order"].create({"partner_id": self.shop.id})
        found = self.recommend(order)
        lines = found["again"] + found["new"]
        order.add_recommended(
            [{name: line[name] for name in ("product_id", "quantity", "list")} for line in lines]
        )
        placed_by = {one.product_id.id: one for one in order.order_line}
        for line in lines:
            placed = placed_by[line["product_id"]]
            self.assertEqual(placed.currency_id.id, line["currency_id"])
            self.assertAlmostEqual(placed._get_discounted_price(), line["price"], 2)

    def test_other_quantity(self):
        service = self.env["crm.recommendation"]
        asked = [{"product_id": self.friend.id, "quantity": quantity} for quantity in (4, 5)]
        few, many = service.prices(asked, partner_id=self.shop.id)
        self.assertEqual((few["price"], many["price"]), (40.0, 20.0))

    def test_taxes_in_the_price(self):
        """A price with 20 % tax inside loses it where the fiscal position takes the tax away."""
        tax = self.env["account.tax"].create(
            {"name": "20 % inside", "amount": 20, "price_include_override": "tax_included"}
        )
        none = self.env["account.fiscal.position"].create({"name": "Abroad"})
        abroad = self.env["account.tax"].create(
            {"name": "0 %", "amount": 0, "fiscal_position_ids": none.ids,
             "original_tax_ids": tax.ids}
        )  # fmt: skip
        self.assertTrue(abroad)
        self.friend.taxes_id = tax
        self.shop.property_account_position_id = none
        line = self.line_of(self.recommend(self.shop), "new", self.friend)
        self.assertAlmostEqual(line["price"], 20 / 1.2, 2)
