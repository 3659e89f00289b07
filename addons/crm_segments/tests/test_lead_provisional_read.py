"""Provisional segments leave nothing behind, and are read together with those of customers."""

from odoo.tests import new_test_user, tagged

from .common_leads import ProvisionalCase


@tagged("post_install", "-at_install")
class TestLeadProvisionalRead(ProvisionalCase):
    # what is left behind: nothing

    def test_a_lead_that_gets_a_customer(self):
        lead = self.lead(industry_id=self.mine.id, priority="3")
        lead.partner_id = self.ann
        self.assertEqual(self.names(lead), ["Farmers"])
        self.assertFalse(self.stored(lead))
        lead.partner_id = False
        self.assertEqual(self.names(lead), ["Urgent"])

    def test_archived_deleted_merged_copied_leads(self):
        leads = self.env["crm.lead"].create(
            [{"name": name, "type": "lead", "industry_id": self.farm.id} for name in "ABC"]
        )
        leads[0].active = False
        self.assertEqual(self.stored(*leads), [(lead.id, "Farmers") for lead in leads[1:]])
        leads[0].active = True
        self.assertEqual(len(self.stored(*leads)), 3)
        head = leads.merge_opportunity()
        self.assertEqual(self.stored(*leads), [(head.id, "Farmers")])
        copied = head.copy()
        self.assertEqual(self.names(copied), ["Farmers"])  # placed, not copied
        copied.unlink()
        head.action_set_lost()
        self.assertFalse(self.stored(*leads))

    def test_segments_out_of_use(self):
        lead = self.lead(industry_id=self.farm.id)
        for switch in (lambda: self.farmers.write({"active": False}),
                       lambda: self.div.write({"enabled": False}),
                       lambda: self.div.write({"active": False})):  # fmt: skip
            self.farmers.active = True
            self.div.write({"active": True, "enabled": True})
            self.div.run()
            self.assertEqual(self.names(lead), ["Farmers"])
            switch()
            self.assertEqual(self.names(lead), [])
            self.assertFalse(self.stored(lead))

    def test_deleted_segments_and_changed_methods(self):
        lead = self.lead(industry_id=self.farm.id, priority="3")
        self.urgent.unlink()
        self.assertFalse(self.stored(lead))
        self.div.run()
        self.assertEqual(self.names(lead), ["Farmers"])
        self.silent.threshold = 5
        self.div.write({"method": "field", "field_id": self.env["ir.model.fields"]._get(
            "res.partner", "zip").id})  # fmt: skip
        self.nightly()
        self.assertFalse(self.stored(lead))
        self.div.unlink()
        self.assertEqual(self.names(lead), [])

    # read, searched and grouped together with the leads of customers

    def four(self):
        return self.env["crm.lead"].create(
            [
                {"name": "A", "type": "lead", "partner_id": self.ann.id},
                {"name": "B", "type": "lead", "industry_id": self.farm.id},
                {"name": "C", "type": "lead", "priority": "3"},
                {"name": "D", "type": "lead"},
            ]
        )

    def test_search(self):
        leads = self.four()
        for condition, names in (
            (("segment_ids", "in", self.farmers.ids), "AB"),
            (("segment_ids", "not in", self.farmers.ids), "CD"),
            (("segment_ids", "=", False), "D"),
            (("segment_ids", "!=", False), "ABC"),
            (("segment_ids", "ilike", "urg"), "C"),
            (("segment_ids", "=", "Farmers"), "AB"),
            (("segment_ids.name", "=", "Farmers"), "AB"),
            (("segment_ids.segmentation_id", "=", self.div.id), "ABC"),
            (("leading_segment_id", "=", self.farmers.id), "AB"),
            (("leading_segment_id", "=", False), "D"),
            (("leading_segment_id.name", "in", ["Urgent"]), "C"),
            (("partner_id.segment_ids", "in", self.farmers.ids), "A"),
        ):
            with self.subTest(condition):
                self.assertEqual(self.found(leads, condition), names)

    def test_group(self):
        leads = self.four()
        leads.expected_revenue = 10
        user = new_test_user(self.env, login="prov_all",
                             groups="sales_team.group_sale_salesman_all_leads")  # fmt: skip
        for env in (self.env, self.env(user=user)):
            for name in ("segment_ids", "leading_segment_id"):
                groups = env["crm.lead"].formatted_read_group(
                    [("id", "in", leads.ids)], [name], ["expected_revenue:sum", "__count"]
                )
                prefix = "Test: " if name == "segment_ids" else ""
                self.assertEqual(
                    {group[name] and group[name][1]: group["expected_revenue:sum"]
                     for group in groups},
                    {f"{prefix}Farmers": 20, f"{prefix}Urgent": 10, False: 10},
                )  # fmt: skip
                for group in groups:
                    found = self.found(leads, *group["__extra_domain"])
                    self.assertEqual(len(found), group["__count"], group)

    def test_group_by_stage_and_segment(self):
        leads = self.four()
        result = self.env["crm.lead"].web_read_group(
            [("id", "in", leads.ids)], ["stage_id", "segment_ids"], ["__count"]
        )
        self.assertEqual(sum(group["__count"] for group in result["groups"]), 4)

    def test_companies(self):
        second = self.env["res.company"].create({"name": "Second"})
        self.env.user.company_ids |= second
        own = self.segmentation(
            "rule",
            {"Theirs": {"domain": "[]", "lead_domain": "[('priority', '=', '3')]"}},
            company_id=second.id,
            name="Second only",
        )
        shared = self.lead("S", priority="3", user_id=False, company_id=False)
        theirs = self.lead("T", priority="3", user_id=False, company_id=second.id)
        ours = self.lead("O", priority="3", user_id=False, company_id=self.company.id)
        leads = shared | theirs | ours
        there = {"allowed_company_ids": second.ids}
        self.assertEqual(
            self.stored(*leads),
            [(shared.id, "Urgent"), (shared.id, "Theirs"), (theirs.id, "Urgent"),
             (theirs.id, "Theirs"), (ours.id, "Urgent")],
        )  # fmt: skip
        self.assertEqual(self.names(shared), ["Urgent"])
        self.assertEqual(self.names(shared.with_context(**there)), ["Urgent", "Theirs"])
        condition = [("segment_ids", "in", own.segment_ids.ids), ("id", "in", leads.ids)]
        self.assertFalse(self.env["crm.lead"].search(condition))
        found = self.env["crm.lead"].with_context(**there).search(condition)
        self.assertEqual(set(found.ids), set((shared | theirs).ids))
        counts = self.env["crm.lead"]._read_group(
            [("id", "in", leads.ids)], ["segment_ids"], ["__count"]
        )
        self.assertEqual(counts, [(self.urgent, 3)])

    # the mark

    def test_provisional_until_the_first_purchase(self):
        seller = new_test_user(self.env, login="prov_own", groups="sales_team.group_sale_salesman")
        stranger = new_test_user(self.env, login="prov_x", groups="sales_team.group_sale_salesman")
        self.ann.user_id = stranger
        contact = self.customer("Contact", is_company=False, parent_id=self.ann.id)
        lead = self.lead(partner_id=contact.id, user_id=seller.id).with_user(seller)
        self.assertTrue(lead.segments_provisional)
        self.assertTrue(contact.with_user(seller).segments_provisional)
        self.sale(self.ann, 3, 100)
        self.metrics.refresh(self.ann)
        self.env.invalidate_all()
        # no figure is told, only that it is no longer provisional
        self.assertFalse(lead.partner_id.purchase_count)
        self.assertFalse(lead.segments_provisional)
        self.assertFalse(contact.with_user(seller).segments_provisional)
        second = self.env["res.company"].create({"name": "Second"})
        self.assertTrue(
            lead.sudo().with_context(allowed_company_ids=second.ids).segments_provisional
        )
