"""In the browser: a service policy is accepted; the market position with its chart."""

from odoo.tests import HttpCase, tagged

from .test_market import MarketMixin
from .test_service_policy import PolicyMixin


@tagged("post_install", "-at_install")
class TestTourPolicy(PolicyMixin, HttpCase):
    tour = "crm_scenarios_service_policy"

    def test_accept(self):
        self.set_up_segments()
        self.set_up_policy()
        self.start_tour("/odoo/service-policy", self.tour, login="admin")
        policy = self.Policy.search([("segment_id", "=", self.fast_segment.id)])
        self.assertEqual((policy.state, policy.contact_days), ("accepted", 27))


@tagged("post_install", "-at_install")
class TestTourPolicyPhone(TestTourPolicy):
    tour = "crm_scenarios_service_policy_phone"
    browser_size = "375x667"
    touch_enabled = True


@tagged("post_install", "-at_install")
class TestTourMarket(MarketMixin, HttpCase):
    def test_board(self):
        self.set_up_segments()
        self.set_up_market()
        self.market(self.trade, self.year - 1, 2400)
        market = self.market(self.trade, size=3000)
        self.env["crm.market.competitor"].create(
            {"market_id": market.id, "name": "Large", "revenue": 100, "source": "Press",
             "source_date": self.ago(10)}
        )  # fmt: skip
        self.start_tour("/odoo/market-position", "crm_scenarios_market", login="admin")


@tagged("post_install", "-at_install")
class TestTourMarketPhone(TestTourMarket):
    browser_size = "375x667"
    touch_enabled = True
