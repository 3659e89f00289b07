"""What a salesperson does in the browser: a new customer, a quotation, a dismissal."""

from odoo.tests import HttpCase, tagged

from .common_recommendations import RecommendationsMixin


class RecommendationTourCase(RecommendationsMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.user_admin").group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.set_up_segments()
        cls.set_up_recommendations()
        trade = cls.env["res.partner.industry"].create({"name": "Tour trade"})
        cls.crowd[:10].industry_id = trade
        cls.special = cls.make_product("Tour special", 7)
        for partner in cls.crowd[:10]:
            cls.bought(partner, cls.special, 30, 5)
        division = cls.segmentation(
            "field", {}, field_id=cls.env.ref("base.field_res_partner__industry_id").id
        )
        division.run()
        cls.shop = cls.customer("Tour shop")
        for day in (400, 300, 200):
            cls.bought(cls.shop, cls.anchor, day, 3)
        cls.learn()


@tagged("post_install", "-at_install")
class TestTourRecommendations(RecommendationTourCase):
    def test_new_customer_to_quotation(self):
        self.start_tour("/odoo/contacts/new", "crm_scenarios_new_customer_quotation", login="admin")
        customer = self.env["res.partner"].search([("name", "=", "Brand new trader")])
        order = self.env["sale.order"].search([("partner_id", "=", customer.id)])
        self.assertEqual(order.order_line.product_id, self.special)
        self.assertEqual(order.order_line.product_uom_qty, 6)
        kinds = self.env["crm.recommendation.feedback"].search([
            ("partner_id", "=", customer.id), ("product_id", "=", self.special.id)
        ]).mapped("kind")  # fmt: skip
        self.assertEqual(set(kinds), {"shown", "added"})

    def test_recommend_and_dismiss(self):
        order = self.env["sale.order"].create({"partner_id": self.shop.id})
        self.start_tour(f"/odoo/sales/{order.id}", "crm_scenarios_recommend_dismiss", login="admin")
        self.assertEqual(order.order_line.product_id, self.anchor)
        dismissed = self.env["crm.recommendation.feedback"].search([
            ("partner_id", "=", self.shop.id), ("kind", "=", "dismissed")
        ])  # fmt: skip
        self.assertEqual((dismissed.product_id, dismissed.reason), (self.friend, "unfit"))

    def test_replay_and_predicted_value(self):
        """What a new user runs first; then the model of value says what it lacks."""
        self.env["crm.value.model"].sudo().search([]).unlink()
        self.env["crm.replay"].search([]).unlink()
        self.env["crm.segmentation"].search([]).enabled = False
        self.env.ref("base.user_admin").group_ids += self.env.ref(
            "crm_segments.group_segments_manager"
        )
        self.start_tour("/odoo/replay", "crm_scenarios_replay_and_value", login="admin")
        replay = self.env["crm.replay"].search([])
        self.assertEqual((replay.state, replay.days), ("done", 30))


@tagged("post_install", "-at_install")
class TestTourRecommendationsPhone(RecommendationTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_recommend_on_phone(self):
        order = self.env["sale.order"].create({"partner_id": self.shop.id})
        self.start_tour(f"/odoo/sales/{order.id}", "crm_scenarios_recommend_phone", login="admin")
        self.assertEqual(order.order_line.product_id, self.anchor + self.friend)
