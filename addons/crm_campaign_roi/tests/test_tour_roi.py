"""The panel of a campaign in the browser."""

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common_roi import RoiCase


@tagged("post_install", "-at_install")
class TestTourRoi(RoiCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls.campaign("Spring")
        cls.bill(50, cls.one)
        cls.invoiced(cls.order(cls.one, 100))
        cls.rebuild()
        new_test_user(
            cls.env, "roi_tour", password="roi_tour_pw",
            groups="sales_team.group_sale_manager,account.group_account_manager",
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )  # fmt: skip

    def url(self):
        action = self.env.ref("utm.utm_campaign_action").id
        return f"/odoo/action-{action}/{self.one.id}"

    def test_return(self):
        self.start_tour(self.url(), "campaign_return", login="roi_tour")
