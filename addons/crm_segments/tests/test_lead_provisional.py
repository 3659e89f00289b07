"""Leads without a customer are placed when they are saved, at night, and by changed rules."""

from unittest.mock import patch

import psycopg2
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.crm_lead_provisional import RELATION
from .common_leads import ProvisionalCase


@tagged("post_install", "-at_install")
class TestLeadProvisional(ProvisionalCase):
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
        cron = self.env.ref("crm_segments.ir_cron_leads")
        triggers = self.env["ir.cron.trigger"].sudo()
        triggers.search([]).unlink()
        self.silent.lead_domain = f"[('industry_id', '=', {self.mine.id})]"
        self.assertEqual(triggers.search([]).cron_id, cron)  # the customers are left alone
        self.nightly()
        self.assertEqual(self.names(lead), ["Silent"])
        self.silent.lead_domain = False
        self.div.run()
        self.assertEqual(self.names(lead), [])
        self.assertFalse(self.stored(lead))

    def test_the_rebuild_of_everybody_ends_with_the_leads(self):
        lead = self.lead(industry_id=self.mine.id)
        self.silent.lead_domain = f"[('industry_id', '=', {self.mine.id})]"
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_rebuild").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.names(lead), ["Silent"])

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
