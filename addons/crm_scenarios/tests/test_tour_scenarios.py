"""In the browser: a scenario is made and started; 'Today' on a phone."""

from odoo.tests import HttpCase, new_test_user, tagged

from .common_scenarios import ScenariosMixin


@tagged("post_install", "-at_install")
class TestTourScenarios(ScenariosMixin, HttpCase):
    def test_start(self):
        self.start_tour("/odoo/scenarios", "crm_scenarios_start", login="admin")
        scenario = self.env["crm.scenario"].search([("name", "=", "Tour scenario")])
        self.assertEqual((scenario.state, scenario.template_ids.summary), ("running", "Tour call"))
        self.assertEqual(scenario.template_ids.responsible_type, "salesperson")
        self.assertFalse(scenario.plan_id.active)


@tagged("post_install", "-at_install")
class TestTourToday(ScenariosMixin, HttpCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_today_on_phone(self):
        self.set_up_segments()
        seller = new_test_user(
            self.env, login="today_tour", password="today_tour",
            groups="sales_team.group_sale_salesman",
        )  # fmt: skip
        shop, cafe = (
            self.customer(name, user_id=seller.id, phone="+44 20 7946 0958")
            for name in ("Tour shop", "Tour cafe")
        )
        for partner in (shop, cafe):
            for day in (160, 130, 100, 70, 40):
                self.sale(partner, day, 200)
        self.metrics.refresh(shop | cafe, self.env.company)
        self.start_tour("/odoo/today", "crm_scenarios_today_phone", login="today_tour")
        activity = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", shop.id)]
        )
        self.assertEqual((activity.date_deadline - self.today).days, 3)
        refused = self.env["crm.advice"].search([("kind", "=", "refused")])
        self.assertEqual((refused.partner_id, refused.reason), (cafe, "wrong"))
