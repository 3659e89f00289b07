"""Deals in the browser."""

from datetime import timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from .common_deals import DealsMixin


class DealTourCase(DealsMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.set_up_deals()
        cls.env["crm.deal.study"].search([]).unlink()
        source = cls.env["utm.source"].create({"name": "Rare"})
        cls.meetings(cls.deals(50, won=40), 95)
        cls.deals(50, won=10)
        cls.deals(12, won=6, source_id=source.id)
        cls.deals(12, won=6, source_id=cls.env["utm.source"].create({"name": "Rarer"}).id)
        cls.env["crm.deal.norm"].search([]).unlink()
        deal = cls.Lead.create({"type": "opportunity", "name": "Fresh deal", "user_id": False})
        deal.activity_schedule("mail.mail_activity_data_todo", summary="Send samples")
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET create_date = %s WHERE id = %s",
                cls.now - timedelta(days=5), deal.id,
            )
        )  # fmt: skip
        cls.meetings(deal, 2)


@tagged("post_install", "-at_install")
class TestTourDeals(DealTourCase):
    def test_patterns(self):
        self.start_tour("/odoo/deal-patterns", "crm_scenarios_deal_patterns", login="admin")


@tagged("post_install", "-at_install")
class TestTourDealsPhone(DealTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_patterns_on_phone(self):
        self.start_tour("/odoo/deal-patterns", "crm_scenarios_deal_patterns_phone", login="admin")
