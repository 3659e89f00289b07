"""A lead without a customer enters, and leaves, by the segments it has provisionally."""

from odoo.tests import tagged

from .common_scenarios import ScenariosCase


@tagged("post_install", "-at_install")
class TestScenarioLeadSegments(ScenariosCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bakers, cls.smiths = cls.env["res.partner.industry"].create(
            [{"name": "Bakers"}, {"name": "Smiths"}]
        )
        # a customer of each makes the segments
        for industry in cls.bakers | cls.smiths:
            cls.customer(f"One of the {industry.name}", industry_id=industry.id)
        field = cls.env.ref("base.field_res_partner__industry_id")
        trades = cls.segmentation("field", {}, field_id=field.id)
        trades.run()
        cls.segment = trades.segment_ids.filtered(lambda one: one.name == "Bakers")
        cls.watch = cls.scenario(
            applies_to="crm.lead", trigger="lead", goal="won", segment_ids=cls.segment.ids,
            end_on_leave=True,
        )  # fmt: skip

    def lead(self, industry):
        return self.env["crm.lead"].create(
            {"name": "New", "type": "opportunity", "partner_name": "Newcomer",
             "industry_id": industry.id, "user_id": self.env.user.id}
        )  # fmt: skip

    def test_enters_by_its_provisional_segment(self):
        lead, other = self.lead(self.bakers), self.lead(self.smiths)
        self.assertEqual(lead.provisional_segment_ids, self.segment)
        self.process()
        run = self.runs(self.watch)
        self.assertEqual((run.lead_id, run.partner_id.ids, run.state), (lead, [], "running"))
        self.assertEqual(self.planned(other), [])

    def test_stays_while_the_lead_or_its_customer_is_there(self):
        lead = self.lead(self.bakers)
        self.process()
        run = self.runs(self.watch)
        lead._handle_partner_assignment(create_missing=True)
        self.env.flush_all()
        self.assertEqual(lead.partner_id.commercial_partner_id.segment_ids, self.segment)
        self.assertFalse(lead.provisional_segment_ids)
        self.process()
        self.assertEqual(run.state, "running")
        lead.partner_id.commercial_partner_id.industry_id = self.smiths
        self.process()
        self.assertEqual(run.state, "left")

    def test_leaves_when_the_lead_changes(self):
        lead = self.lead(self.bakers)
        self.process()
        lead.industry_id = self.smiths
        self.process()
        self.assertEqual(self.runs(self.watch).state, "left")
        self.assertEqual(self.planned(lead), [])
