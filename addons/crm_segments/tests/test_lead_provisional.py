"""Leads without a customer: stored provisional segments, kept up to date by difference."""

from unittest.mock import patch

import psycopg2
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.crm_lead_provisional import RELATION
from .common import SegmentsCase


@tagged("post_install", "-at_install")
class TestLeadProvisional(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.farm, cls.mine = cls.env["res.partner.industry"].create(
            [{"name": "Farming"}, {"name": "Mining"}]
        )
        cls.div = cls.segmentation(
            "rule",
            {
                "Urgent": {"domain": "[('id', '=', 0)]", "lead_domain": "[('priority', '=', '3')]"},
                "Farmers": {
                    "domain": f"[('industry_id', '=', {cls.farm.id})]",
                    "lead_domain": f"[('industry_id', '=', {cls.farm.id})]",
                },
                "Silent": {"domain": "[('id', '=', 0)]"},
                "Rest": {"is_rest": True},
            },
        )
        cls.urgent, cls.farmers, cls.silent, cls.rest = cls.div.segment_ids
        cls.ann = cls.customer("Ann", industry_id=cls.farm.id)

    @classmethod
    def lead(cls, name="Lead", **values):
        return cls.env["crm.lead"].create({"name": name, "type": "lead", **values})

    def names(self, lead):
        return lead.segment_ids.mapped("name")

    def stored(self, *leads):
        """What stands in the table, whatever is read through it."""
        self.env.flush_all()
        ids = [lead.id for lead in leads]
        self.env.cr.execute(
            f"SELECT r.lead_id, s.name->>'en_US' FROM {RELATION} r JOIN crm_segment s "
            "ON s.id = r.segment_id WHERE %s OR r.lead_id = ANY(%s) ORDER BY 1, s.id",
            (not ids, ids),
        )
        return self.env.cr.fetchall()

    def nightly(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_leads").method_direct_trigger()
        self.env.invalidate_all()

    def found(self, leads, *conditions):
        found = self.env["crm.lead"].search([("id", "in", leads.ids), *conditions])
        return "".join(sorted(found.mapped("name")))

    # placed by the call that saves

    def test_saved_form_shows_the_segment(self):
        spec = {"segment_ids": {"fields": {"display_name": {}}}, "leading_segment_id": {},
                "segments_provisional": {}}  # fmt: skip
        values = {"name": "New", "type": "lead", "industry_id": self.farm.id}
        [record] = self.env["crm.lead"].web_save(values, spec)
        self.assertEqual(
            record["segment_ids"], [{"id": self.farmers.id, "display_name": "Farmers"}]
        )
        self.assertEqual(record["leading_segment_id"], self.farmers.id)
        self.assertTrue(record["segments_provisional"])

    def test_by_somebody_without_rights_on_segments(self):
        user = new_test_user(self.env, login="prov_seller", groups="sales_team.group_sale_salesman")
        lead = self.env["crm.lead"].with_user(user).create(
            {"name": "L", "industry_id": self.farm.id}
        )  # fmt: skip
        self.assertEqual(self.names(lead), ["Farmers"])
        with self.assertRaises(AccessError):
            plain = new_test_user(self.env, login="prov_plain", groups="base.group_user")
            lead.with_user(plain).read(["provisional_segment_ids"])

    def test_changes_move_it(self):
        lead = self.lead(industry_id=self.farm.id)
        lead.priority = "3"
        self.assertEqual(self.names(lead), ["Urgent"])  # exclusive: the first that fits
        lead.write({"priority": "0", "industry_id": self.mine.id})
        self.assertEqual(self.names(lead), [])
        self.assertFalse(self.stored(lead))

    def test_overlapping(self):
        self.div.exclusive = False
        lead = self.lead(industry_id=self.farm.id, priority="3")
        self.assertEqual(self.names(lead), ["Urgent", "Farmers"])

    def test_no_membership_is_written(self):
        lead = self.lead(industry_id=self.farm.id)
        self.assertEqual(self.stored(lead), [(lead.id, "Farmers")])
        self.assertFalse(self.current(self.div).filtered(lambda m: m.partner_id != self.ann))

    def test_what_no_rule_reads_costs_nothing(self):
        lead = self.lead(industry_id=self.farm.id)
        with patch.object(type(self.div), "_place_leads") as placing:
            lead.write({"description": "x"})
            placing.assert_not_called()
            lead.industry_id = self.mine
            placing.assert_called_once_with({lead.id})

    def test_many_leads_by_the_same_number_of_statements(self):
        def statements(count):
            values = {"type": "lead", "industry_id": self.farm.id}
            self.env.flush_all()
            with patch.object(type(self.div), "_place_leads"):
                leads = self.env["crm.lead"].create([{"name": "L", **values}] * count)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.div._place_leads(set(leads.ids))
            self.assertEqual(len(self.stored(*leads)), count)
            return self.env.cr.sql_log_count - before

        statements(1)
        self.assertEqual(statements(5), statements(100))

    def test_hundreds_are_left_to_the_background(self):
        values = {"name": "L", "type": "lead", "industry_id": self.farm.id}
        leads = self.env["crm.lead"].create([values] * 201)
        self.assertFalse(self.stored(*leads))
        self.nightly()
        self.assertEqual(len(self.stored(*leads)), 201)

    def test_a_lead_is_saved_though_placing_fails(self):
        cron = self.env.ref("crm_segments.ir_cron_leads")
        triggers = self.env["ir.cron.trigger"].sudo()
        for error in (psycopg2.errors.LockNotAvailable("locked"), ValueError("broken")):
            triggers.search([("cron_id", "=", cron.id)]).unlink()
            with patch.object(type(self.div), "_write_lead_segments", side_effect=error):
                lead = self.lead(industry_id=self.farm.id)
            self.assertTrue(lead.exists())
            self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))
            self.nightly()
            self.assertEqual(self.names(lead), ["Farmers"])

    @mute_logger("odoo.addons.crm_segments.models.crm_segmentation_leads_apply")
    def test_a_broken_rule_keeps_the_other_segmentations_going(self):
        other = self.segmentation(
            "rule", {"All": {"domain": "[]", "lead_domain": "[(1, '=', 1)]"}}, name="Other"
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_segment SET lead_domain = '[(''gone'', ''='', 1)]' WHERE id = %s",
            (self.farmers.id,),
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        lead = self.lead(industry_id=self.farm.id)
        self.assertEqual(lead.segment_ids, other.segment_ids)
        kept = self.lead()
        kept.provisional_segment_ids = self.silent
        self.nightly()
        self.assertEqual(self.names(kept), ["Silent", "All"])

    # rules

    def test_rules_are_checked(self):
        for rule in ("[('nothing', '=', 1)]", "[('user_id', '=', uid)]", "[('industry_id'",
                     "[('expected_revenue', '>', 'many')]"):  # fmt: skip
            with self.subTest(rule), self.assertRaises(ValidationError):
                self.silent.lead_domain = rule
                self.env.flush_all()

    def test_empty_rules_give_none(self):
        for rule in (False, "", "[]"):
            self.farmers.lead_domain = rule
            self.assertEqual(self.names(self.lead(industry_id=self.farm.id)), [], rule)

    def test_changed_rule_is_followed(self):
        lead = self.lead(industry_id=self.mine.id)
        cron = self.env.ref("crm_segments.ir_cron_rebuild")
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search([]).unlink()
        self.silent.lead_domain = f"[('industry_id', '=', {self.mine.id})]"
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.names(lead), ["Silent"])
        self.silent.lead_domain = False
        self.div.run()
        self.assertEqual(self.names(lead), [])
        self.assertFalse(self.stored(lead))

    def test_only_differences_are_written(self):
        leads = self.lead("A", industry_id=self.farm.id) | self.lead("B", industry_id=self.farm.id)
        self.lead("C", priority="3")
        self.env.flush_all()
        self.env.cr.execute(f"SELECT ctid::text, lead_id, segment_id FROM {RELATION}")
        before = set(self.env.cr.fetchall())
        self.env.cr.execute("UPDATE crm_lead SET priority = '3' WHERE id = %s", leads[0].ids)
        self.env.invalidate_all()
        self.nightly()
        self.env.cr.execute(f"SELECT ctid::text, lead_id, segment_id FROM {RELATION}")
        after = set(self.env.cr.fetchall())
        self.assertEqual({row[1:] for row in before - after}, {(leads[0].id, self.farmers.id)})
        self.assertEqual({row[1:] for row in after - before}, {(leads[0].id, self.urgent.id)})

    # by the value of a field

    def by_field(self, name):
        field = self.env["ir.model.fields"]._get("res.partner", name)
        div = self.segmentation("field", {}, field_id=field.id, name="By field", sequence=99)
        div.run()
        return div

    def test_values_of_fields(self):
        user = new_test_user(self.env, login="prov_u", groups="sales_team.group_sale_salesman")
        poland = self.env.ref("base.pl")
        self.ann.write({"country_id": poland.id, "user_id": user.id, "city": "Radom",
                        "lang": "en_US"})  # fmt: skip
        lang = self.env["res.lang"]._lang_get("en_US")
        for name, values, segment in (
            ("industry_id", {"industry_id": self.farm.id}, "Farming"),
            ("country_id", {"country_id": poland.id}, "Poland"),
            ("user_id", {"user_id": user.id}, user.name),
            ("city", {"city": "Radom"}, "Radom"),
            ("lang", {"lang_id": lang.id}, None),
        ):
            self.farmers.lead_domain = False
            div = self.by_field(name)
            lead = self.lead(**{"user_id": False, **values})
            expected = segment or div.segment_ids.filtered(lambda s: s.value_key == "en_US").name
            with self.subTest(name):
                self.assertEqual(self.names(lead), [expected])
                self.assertFalse(self.names(self.lead(user_id=False)))
            div.unlink()

    def test_a_value_that_no_customer_has_makes_no_segment(self):
        div = self.by_field("industry_id")
        self.assertFalse(self.names(self.lead(industry_id=self.mine.id)))
        self.customer("Bob", industry_id=self.mine.id)
        lead = self.lead(industry_id=self.mine.id)
        self.assertEqual(self.names(lead), ["Mining"])
        self.assertEqual(len(div.segment_ids), 2)

    def test_tags_by_name(self):
        vip, _other = self.env["res.partner.category"].create([{"name": "VIP"}, {"name": "Other"}])
        self.ann.category_id = vip
        self.by_field("category_id")
        tags = self.env["crm.tag"].create([{"name": "vip "}, {"name": "Software x"}])
        lead = self.lead(tag_ids=tags.ids)
        self.assertEqual(self.names(lead), ["VIP"])
        lead.tag_ids = tags[1]
        self.assertEqual(self.names(lead), [])

    def test_other_methods_give_none(self):
        for method in ("tier", "abc", "rfm"):
            draft = self.env["crm.segmentation"].new({"method": method, "name": method})
            lines = getattr(draft, f"_default_segments_{method}", lambda: [{"name": "T"}])()
            self.segmentation(method, {vals["name"]: vals for vals in lines}, name=method).run()
        self.assertEqual(self.names(self.lead(industry_id=self.farm.id)), ["Farmers"])

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
