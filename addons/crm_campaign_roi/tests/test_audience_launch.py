"""Launch: the mailing that never reaches the hold-out, activities, the export."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_audience import AudienceCase


@tagged("post_install", "-at_install")
class TestAudienceLaunch(AudienceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.email = "us@office.example"
        cls.crowd_of_all = cls.crowd(20)

    def recipients(self, mailing):
        return self.env[mailing.mailing_model_real].browse(mailing._get_recipients())

    def test_mailing(self):
        audience = self.audience(control_share=0.3)
        with self.assertRaises(UserError):
            audience.action_launch()
        audience.action_draw()
        self.env.user.email = self.env.company.email = False
        with self.assertRaisesRegex(UserError, "e-mail address"):
            audience.action_launch()
        self.env.user.email = "us@office.example"
        action = audience.action_launch()
        mailing = self.env["mailing.mailing"].browse(action["res_id"])
        self.assertEqual(mailing.campaign_id, self.spring)
        treated = self.customers(audience, audience._treatments())
        self.assertEqual((len(treated), audience.state), (14, "drawn"))
        self.assertEqual(self.recipients(mailing), treated)
        # the domain is edited: the control is still left out, with all of its contacts
        held = self.customers(audience, audience.arm_ids.filtered("is_control"))
        self.env["res.partner"].create(
            {"name": "Late", "parent_id": held[0].id, "email": "late@crowd.example"}
        )
        mailing.mailing_domain = repr([("email", "like", "@crowd.example")])
        self.assertEqual(self.recipients(mailing), treated)
        mailing.body_html = "<p>Hello</p>"
        mailing.action_send_mail()
        self.assertEqual((audience.state, audience.launch_date), ("launched", self.today))
        sent = self.env["mailing.trace"].search([("mass_mailing_id", "=", mailing.id)])
        self.assertEqual(set(sent.mapped("res_id")), set(treated.ids))
        self.assertEqual(audience.action_launch()["res_id"], mailing.id)

    def test_other_mailings_of_the_campaign(self):
        """Leads and mailing contacts of the hold-out get none either; other campaigns may."""
        audience = self.drawn(control_share=0.5)
        held = self.customers(audience, audience.arm_ids.filtered("is_control"))
        treated = self.customers(audience, audience._treatments())
        leads = self.env["crm.lead"].create(
            [{"name": "Lead", "partner_id": one.id} for one in (held[0], treated[0])]
        )
        contacts = self.env["mailing.contact"].create(
            [{"email": one.email} for one in (held[1], treated[1])]
        )
        for model, records in (("crm.lead", leads), ("mailing.contact", contacts)):
            mailing = self.env["mailing.mailing"].create(
                {
                    "subject": model,
                    "campaign_id": self.spring.id,
                    "mailing_model_id": self.env["ir.model"]._get(model).id,
                    "mailing_domain": repr([("id", "in", records.ids)]),
                }
            )
            self.assertEqual(self.recipients(mailing), records[1])
            mailing.campaign_id = self.autumn
            self.assertEqual(self.recipients(mailing), records)

    def test_several_treatments(self):
        """Each mailing goes to its own arm, whatever its domain says."""
        audience = self.audience(
            control_share=0.2,
            arm_ids=[(0, 0, {"name": "Red"}), (0, 0, {"name": "Blue", "weight": 3})],
        )
        audience.action_draw()
        sizes = {arm.name: arm.customer_count for arm in audience.arm_ids}
        self.assertEqual(sizes, {"Hold-out": 4, "Red": 4, "Blue": 12})
        audience.action_launch()
        red, blue = audience._treatments()
        for arm in (red, blue):
            arm.mailing_ids.mailing_domain = repr([("email", "like", "@crowd.example")])
            self.assertEqual(self.recipients(arm.mailing_ids), self.customers(audience, arm))
        self.assertEqual(audience.audit()["differ"], [])

    def test_activities(self):
        audience = self.drawn(channel="activity", control_share=0.25)
        audience.action_launch()
        treated = self.customers(audience, audience._treatments())
        activities = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.crowd_of_all.ids)]
        )
        self.assertEqual(set(activities.mapped("res_id")), set(treated.ids))
        self.assertEqual(audience.state, "launched")
        with self.assertRaises(UserError):
            audience.action_launch()

    def test_export(self):
        division = self.rules({"All": "[('name', 'like', 'Crowd')]"}, enabled=True)
        division.run()
        audience = self.drawn(
            channel="export", control_share=0.25, segment_ids=division.segment_ids.ids
        )
        action = audience.action_launch()
        wizard = self.env["crm.segment.audience"].with_context(**action["context"]).create({})
        self.assertEqual((wizard.emails, wizard.customers), (15, 15))
        wizard.action_download()
        self.assertEqual(audience.state, "launched")
        wizard.crm_audience_arm_ids = audience.arm_ids.filtered("is_control")
        with self.assertRaises(AccessError):
            wizard._audience()
