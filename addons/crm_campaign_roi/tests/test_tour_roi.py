"""The campaign's panel down to the entries, and an audience from its definition to its launch."""

from odoo.tests import HttpCase, tagged

from .common_touch import TouchMixin


class RoiTourCase(TouchMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_touches()
        cls.env.company.write({"crm_roi_contact_cap": 0, "email": "us@tour.example"})
        cls.spring.title = "Spring of the tour"
        cls.spring.action_create_analytic_account()
        cls.env["account.analytic.line"].create(
            {"name": "Fair stand", "amount": -40, "date": cls.ago(40),
             cls.spring.crm_analytic_account_id.plan_id._column_name():
             cls.spring.crm_analytic_account_id.id}
        )  # fmt: skip
        cls.crowd = cls.env["res.partner"].create(
            [
                {"name": f"Tour {n}", "is_company": True, "email": f"t{n}@tour.example"}
                for n in range(12)
            ]
        )
        cls.touch(cls.crowd[0], 30, cls.spring, kind="fair")
        cls.order(cls.crowd[0], 20, 300)
        cls.touches._refresh()
        cls.audience = cls.env["crm.campaign.audience"].create(
            {
                "name": "Tour audience",
                "campaign_id": cls.spring.id,
                "domain": repr([("email", "like", "@tour.example")]),
                "control_share": 0.25,
            }
        )


@tagged("post_install", "-at_install")
class TestTourRoi(RoiTourCase):
    def test_panel_to_the_entries(self):
        self.start_tour(f"/odoo/utm.campaign/{self.spring.id}", "crm_campaign_roi_panel",
                        login="admin")  # fmt: skip

    def test_audience_to_its_launch(self):
        self.start_tour(f"/odoo/utm.campaign/{self.spring.id}", "crm_campaign_roi_audience",
                        login="admin")  # fmt: skip
        self.assertEqual(self.audience.customer_count, 12)
        self.assertEqual(self.audience._treatments().mailing_ids.campaign_id, self.spring)
        held = self.audience.arm_ids.filtered("is_control")
        self.assertEqual(held.customer_count, 3)


@tagged("post_install", "-at_install")
class TestTourRoiPhone(RoiTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_audience_on_phone(self):
        self.start_tour(
            f"/odoo/campaign-audiences/{self.audience.id}", "crm_campaign_roi_audience_phone",
            login="admin",
        )  # fmt: skip
