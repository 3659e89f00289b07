"""Leads: their industry, the segments of their customer, and the form."""

from odoo.tests import Form, new_test_user, tagged

from .common import SegmentsCase


@tagged("post_install", "-at_install")
class TestLead(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.farm, cls.mine = cls.env["res.partner.industry"].create(
            [{"name": "Farming"}, {"name": "Mining"}]
        )
        cls.ann, cls.bob = cls.customer("Ann", industry_id=cls.farm.id), cls.customer("Bob")
        cls.contact = cls.customer("Contact", is_company=False, parent_id=cls.ann.id)
        cls.div = cls.rules({"Farmers": f"[('industry_id', '=', {cls.farm.id})]", "Others": "[]"})
        cls.farmers, cls.others = cls.div.segment_ids
        cls.div.run()
        cls.leads = cls.env["crm.lead"].create(
            [
                {"name": name, "type": "opportunity", "partner_id": partner and partner.id}
                for name, partner in (
                    ("A", cls.ann),
                    ("B", cls.bob),
                    ("C", cls.contact),
                    ("D", None),
                )
            ]
        )

    def found(self, *conditions):
        leads = self.env["crm.lead"].search([("id", "in", self.leads.ids), *conditions])
        return "".join(sorted(leads.mapped("name")))

    def test_segments_of_the_customer(self):
        self.assertEqual(
            [lead.segment_ids.name for lead in self.leads], ["Farmers", "Others", "Farmers", False]
        )
        self.assertEqual(self.leads.mapped("leading_segment_id.name"), ["Farmers", "Others"])

    def test_segments_follow_the_customer(self):
        self.bob.industry_id = self.farm
        self.assertEqual(self.leads[1].segment_ids, self.farmers)
        self.leads[0].partner_id = self.customer("Zoe")
        self.assertEqual(self.leads[0].segment_ids, self.others)

    def test_search(self):
        for condition, names in (
            (("segment_ids", "in", self.farmers.ids), "AC"),
            (("segment_ids", "not in", self.farmers.ids), "BD"),
            (("segment_ids", "=", False), "D"),
            (("segment_ids", "!=", False), "ABC"),
            (("segment_ids", "ilike", "farm"), "AC"),
            (("leading_segment_id", "=", self.others.id), "B"),
            (("leading_segment_id.name", "=", "Farmers"), "AC"),
            (("partner_id.segment_ids", "in", self.farmers.ids), "AC"),
        ):
            with self.subTest(condition):
                self.assertEqual(self.found(condition), names)

    def test_group(self):
        self.leads.expected_revenue = 10
        for name in ("segment_ids", "leading_segment_id"):
            groups = self.env["crm.lead"].formatted_read_group(
                [("id", "in", self.leads.ids)], [name], ["expected_revenue:sum", "__count"]
            )
            with self.subTest(name):
                # segments of several segmentations stand side by side: each names its own
                prefix = "Test: " if name == "segment_ids" else ""
                self.assertEqual(
                    {group[name] and group[name][1]: group["expected_revenue:sum"]
                     for group in groups},
                    {f"{prefix}Farmers": 20, f"{prefix}Others": 10, False: 10},
                )  # fmt: skip
                for group in groups:
                    self.assertEqual(
                        len(self.found(*group["__extra_domain"])), group["__count"], group
                    )

    def test_group_keeps_the_stages(self):
        """Two group-bys, one the host's, and the kanban's own call."""
        result = self.env["crm.lead"].web_read_group(
            [("id", "in", self.leads.ids)], ["stage_id", "segment_ids"], ["__count"]
        )
        self.assertEqual(sum(group["__count"] for group in result["groups"]), 4)

    def test_industry_is_carried_to_the_new_customer(self):
        lead = self.env["crm.lead"].create(
            {"name": "L", "type": "lead", "partner_name": "New Ltd", "contact_name": "Joe",
             "industry_id": self.farm.id}
        )  # fmt: skip
        lead._handle_partner_assignment(create_missing=True)
        lead.convert_opportunity(lead.partner_id)
        company = lead.partner_id.commercial_partner_id
        self.assertEqual((company.name, lead.partner_id.name), ("New Ltd", "Joe"))
        self.assertEqual(company.industry_id, self.farm)
        self.assertEqual(lead.segment_ids, self.farmers)

    def test_industry_is_carried_by_the_conversion_wizard(self):
        lead = self.env["crm.lead"].create(
            {"name": "L", "type": "lead", "contact_name": "Joe", "email_from": "joe@x.example",
             "industry_id": self.mine.id}
        )  # fmt: skip
        wizard = self.env["crm.lead2opportunity.partner"].with_context(
            active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
        ).create({"name": "convert", "action": "create"})  # fmt: skip
        wizard.action_apply()
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.partner_id.industry_id, self.mine)

    def test_industry_of_a_known_customer_is_not_overwritten(self):
        lead = self.env["crm.lead"].create(
            {"name": "L", "type": "lead", "partner_id": self.ann.id, "industry_id": self.mine.id}
        )
        lead.convert_opportunity(self.ann)
        self.assertEqual(self.ann.industry_id, self.farm)

    def test_form(self):
        seller = new_test_user(self.env, login="seller_l", groups="sales_team.group_sale_salesman")
        with Form(
            self.env["crm.lead"].with_user(seller).with_context(default_type="opportunity"),
            view="crm.crm_lead_view_form",
        ) as form:
            form.name = "Typed"
            self.assertFalse(form.segment_ids)
            form.partner_id = self.contact
            self.assertEqual(form.industry_id, self.farm)
            self.assertEqual(form.segment_ids[:], self.farmers)
            form.partner_id = self.bob  # without industry: what was typed stays
            self.assertEqual(form.industry_id, self.farm)
            form.industry_id = self.mine
        lead = form.save()
        self.assertEqual((lead.industry_id, lead.partner_id), (self.mine, self.bob))

    def test_form_of_the_customer(self):
        groups = "sales_team.group_sale_salesman,base.group_partner_manager"
        seller = new_test_user(self.env, login="seller_c", groups=groups)
        with Form(self.env["res.partner"].with_user(seller)) as form:
            form.name = "Typed"
        partner = form.save()
        self.assertEqual(partner.segment_ids, self.others)

    def test_button_opens_the_memberships_of_the_entity(self):
        action = self.leads[2].action_view_segments()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.partner_id, self.ann)
        self.assertEqual(self.leads[2].segment_membership_count, 1)
