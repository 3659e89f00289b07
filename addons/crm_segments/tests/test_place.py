"""Customers and leads are placed in the call that touched them, or by the queue."""

from unittest.mock import patch

import psycopg2
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import SegmentsCase

SEGMENTS = {
    "Winner": "[('won_count', '>', 0)]",
    "Loser": "[('lost_count', '>', 0)]",
    "Talks": "[('opportunity_open_count', '>', 0)]",
    "Buyer": "[('purchase_count', '>', 0)]",
    "Warsaw": "[('city', '=', 'Warsaw')]",
}


@tagged("post_install", "-at_install")
class TestPlace(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.div = cls.segmentation(
            "rule",
            {**{name: {"domain": text} for name, text in SEGMENTS.items()},
             "Rest": {"is_rest": True}},
        )  # fmt: skip
        cls.ann = cls.customer("Ann")

    def place(self, partner):
        """The current segment as the form shows it, from the database."""
        return partner.segment_ids.mapped("name")

    def process(self):
        """Let the cron work the queue."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_queue").method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(self.queued())

    def lead(self, partner, **values):
        return self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "partner_id": partner.id, **values}
        )

    def test_saved_form_shows_the_segment(self):
        [record] = self.env["res.partner"].web_save(
            {"name": "New", "is_company": True, "city": "Warsaw"},
            {"segment_ids": {"fields": {"display_name": {}}}, "leading_segment_id": {}},
        )
        warsaw = self.segment(self.div, "Warsaw")
        self.assertEqual(record["segment_ids"], [{"id": warsaw.id, "display_name": "Warsaw"}])
        self.assertEqual(record["leading_segment_id"], warsaw.id)

    def test_a_person_without_rights_on_segments_places_too(self):
        user = new_test_user(
            self.env, login="clerk_p", groups="base.group_user,base.group_partner_manager"
        )
        partner = self.env["res.partner"].with_user(user).create({"name": "X", "city": "Warsaw"})
        self.assertEqual(self.place(partner.sudo()), ["Warsaw"])

    def test_changed_customer(self):
        self.assertEqual(self.place(self.ann), ["Rest"])
        self.ann.city = "Warsaw"
        self.assertEqual(self.place(self.ann), ["Warsaw"])
        self.ann.city = False
        self.assertEqual(self.place(self.ann), ["Rest"])
        self.assertFalse(self.queued())

    def test_what_no_rule_reads_costs_nothing(self):
        with patch.object(type(self.div), "_place_touched") as placing:
            self.ann.write({"comment": "x", "phone": "1"})
            self.assertFalse(placing.called)
            self.ann.city = "x"
            self.assertTrue(placing.called)

    def test_archived_and_back(self):
        self.ann.active = False
        self.assertEqual(self.stays(self.div, self.ann), [])
        self.ann.active = True
        self.assertEqual(self.place(self.ann), ["Rest"])

    def test_contact_inherits(self):
        contact = self.customer("Contact", is_company=False, parent_id=self.ann.id)
        self.ann.city = "Warsaw"
        self.assertEqual(self.place(contact), ["Warsaw"])
        self.assertEqual(self.placed(self.div, self.ann | contact), {"Ann": "Warsaw"})

    def test_moved_to_another_parent(self):
        """A customer that becomes a contact leaves the segments; its documents move along."""
        person = self.customer("Person", is_company=False)
        self.sale(person, 5, 100)
        self.metrics.refresh(person)
        self.div._place(person.ids)
        self.assertEqual(self.place(person), ["Buyer"])
        person.parent_id = self.ann
        self.assertEqual(self.placed(self.div, self.ann | person), {"Ann": "Buyer"})
        self.assertFalse(self.metrics.search([("partner_id", "=", person.id)]))
        self.assertEqual((self.ann.revenue_total, person.revenue_total), (100, 100))
        person.parent_id = False
        self.assertEqual(
            self.placed(self.div, self.ann | person), {"Ann": "Rest", "Person": "Buyer"}
        )
        self.assertEqual((self.ann.revenue_total, person.revenue_total), (0, 100))

    def test_many_at_once_go_to_the_queue(self):
        partners = self.env["res.partner"].create(
            [{"name": f"N{n}", "city": "Warsaw"} for n in range(60)]
        )
        self.assertEqual(self.placed(self.div, partners), {})
        self.assertEqual(self.queued(), partners)
        self.process()
        self.assertEqual(set(self.placed(self.div, partners).values()), {"Warsaw"})
        self.assertEqual(len(self.placed(self.div, partners)), 60)

    def test_fifty_are_placed_at_once(self):
        partners = self.env["res.partner"].create([{"name": f"N{n}"} for n in range(50)])
        self.assertEqual(len(self.placed(self.div, partners)), 50)
        self.assertFalse(self.queued())

    def test_queue_of_deleted_and_doubled_customers(self):
        gone = self.customer("Gone")
        queue = self.env["crm.segment.queue"].sudo()
        queue._push((self.ann | gone).ids + self.ann.ids)
        queue._push([])
        gone.unlink()
        self.assertEqual(queue.search([]).partner_id, self.ann)
        self.sale(self.ann, 5, 100)
        self.process()
        self.assertEqual(self.place(self.ann), ["Buyer"])

    def test_queue_in_batches(self):
        partners = self.env["res.partner"].create([{"name": f"N{n}"} for n in range(60)])
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["crm.segment.queue"]._process(batch=25)
        self.env.invalidate_all()
        self.assertFalse(self.queued())
        self.assertEqual(len(self.placed(self.div, partners)), 60)

    def test_nightly_rebuild(self):
        other = self.rules({"All": "[]"}, enabled=False)
        self.sale(self.ann, 5, 100)
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_rebuild").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.place(self.ann), ["Buyer"])
        run = self.div.last_run_id
        self.assertEqual((run.origin, run.state), ("cron", "done"))
        self.assertFalse(other.run_ids)

    def test_failing_to_place_does_not_fail_the_customer(self):
        for error in (psycopg2.errors.LockNotAvailable("locked"), ValueError("broken")):
            self.env["crm.segment.queue"].sudo().search([]).unlink()
            with patch.object(type(self.div), "_place", side_effect=error):
                partner = self.customer("Saved")
            self.assertTrue(partner.exists())
            self.assertEqual(self.queued(), partner)

    def test_nothing_is_placed_when_the_call_fails(self):
        from ..models.touched import collect_touched

        def fail():
            with collect_touched(self.env):
                self.customer("Never")
                raise ValueError("stop")

        with patch.object(type(self.div), "_place_touched") as placing:
            self.assertRaises(ValueError, fail)
            self.assertFalse(placing.called)
            self.customer("After")
            self.assertEqual(placing.call_count, 1)

    def test_leads_place_their_customer(self):
        contact = self.customer("Contact", is_company=False, parent_id=self.ann.id)
        lead = self.lead(contact)
        self.assertEqual(self.place(self.ann), ["Talks"])
        lead.action_set_won()
        self.assertEqual(self.place(self.ann), ["Winner"])
        lead.stage_id = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        lead.probability = 20
        self.assertEqual(self.place(self.ann), ["Talks"])
        lead.action_set_lost()
        self.assertEqual(self.place(self.ann), ["Loser"])
        lead.action_unarchive()
        self.assertEqual(self.place(self.ann), ["Talks"])
        lead.unlink()
        self.assertEqual(self.place(self.ann), ["Rest"])
        self.assertFalse(self.queued())

    def test_rules_on_contacts_follow_the_contacts(self):
        """Every part of a path is followed, and what stands inside of an 'any'."""
        bob = self.customer("Bob", is_company=False, parent_id=self.ann.id)
        branch = self.customer("Branch", parent_id=self.ann.id)
        for number, rule in enumerate((
            "[('child_ids.function', '=', 'CEO')]",
            "[('child_ids', 'any', [('function', '=', 'CEO')])]",
            "['!', ('child_ids', 'not any', [('parent_id.child_ids.function', '=', 'CEO')])]",
        )):  # fmt: skip
            div = self.rules({"Led": rule, "Else": "[]"}, name=f"D{number}")
            for contact in (bob, branch):
                contact.function = "CEO"
                with self.subTest(rule, contact=contact.name):
                    self.assertEqual(self.placed(div, self.ann), {"Ann": "Led"})
                contact.function = "CFO"
                self.assertEqual(self.placed(div, self.ann), {"Ann": "Else"})
            bob.function = "CEO"
            div.enabled = False
            bob.function = False
        div.enabled = True
        bob.function = "CEO"
        self.assertEqual(self.placed(div, self.ann), {"Ann": "Led"})
        bob.unlink()
        self.assertEqual(self.placed(div, self.ann), {"Ann": "Else"})
        self.assertFalse(self.queued())

    def test_rules_on_leads_follow_the_leads(self):
        rules = {
            "Urgent": "[('opportunity_ids.priority', '=', '3')]",
            "Named": "[('opportunity_ids', 'any', [('name', '=', 'Big deal')])]",
            "Else": "[]",
        }
        div = self.rules(rules, name="By leads")
        self.assertEqual(self.placed(div, self.ann), {})
        lead = self.lead(self.ann)
        self.assertEqual(self.placed(div, self.ann), {"Ann": "Else"})
        lead.priority = "3"
        self.assertEqual(self.placed(div, self.ann), {"Ann": "Urgent"})
        lead.write({"priority": "0", "name": "Big deal"})
        self.assertEqual(self.placed(div, self.ann), {"Ann": "Named"})
        lead.unlink()
        self.assertEqual(self.placed(div, self.ann), {"Ann": "Else"})
        lead = self.lead(self.ann, priority="3")
        self.assertEqual(self.placed(div, self.ann), {"Ann": "Urgent"})
        with patch.object(type(div), "_place_touched") as placing:
            lead.description = "no rule reads this"
            self.assertFalse(placing.called)

    def test_lead_moved_to_another_customer(self):
        zoe = self.customer("Zoe")
        lead = self.lead(self.ann)
        lead.partner_id = zoe
        self.assertEqual((self.place(self.ann), self.place(zoe)), (["Rest"], ["Talks"]))

    def test_lead_makes_a_supplier_a_customer(self):
        supplier = self.customer("Supplier", supplier_rank=1)
        self.assertEqual(self.place(supplier), [])
        lead = self.lead(supplier, type="lead")
        self.assertEqual(self.place(supplier), ["Rest"])
        lead.convert_opportunity(supplier)
        self.assertEqual(self.place(supplier), ["Talks"])

    @mute_logger("odoo.sql_db")
    def test_deferred_placing_is_left_to_the_caller(self):
        partner = self.env["res.partner"].with_context(segments_defer=True).create({"name": "D"})
        self.assertEqual(self.place(partner), [])
        self.assertFalse(self.queued())

    def test_a_change_that_no_rule_reads_evaluates_nothing(self):
        partner = self.customer("Quiet")
        with patch.object(type(self.div), "_place_together") as run:
            partner.comment = "Called on Monday"
        run.assert_not_called()

    def test_a_rule_on_a_computed_field_follows_what_it_is_computed_from(self):
        named = self.rules({"Shops": "[('complete_name', 'ilike', 'shop')]"}, name="By name")
        partner = self.customer("Tea room")
        self.assertEqual(self.placed(named, partner), {})
        partner.name = "Tea shop"
        self.assertEqual(self.placed(named, partner), {"Tea shop": "Shops"})
