"""Audiences: who is in, who is left out and why, the draw, and that nothing changes after it."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_audience import AudienceCase


@tagged("post_install", "-at_install")
class TestAudienceDraw(AudienceCase):
    def test_segments_in_and_out_and_condition(self):
        one, two, three, four = self.crowd(4)
        four.category_id = False
        first = self.rules({"A": "[('name', 'like', 'Crowd')]"}, enabled=True)
        second = self.rules({"B": "[('name', '=', 'Crowd 1')]"}, enabled=True)
        (first | second).run()
        audience = self.audience(
            segment_ids=first.segment_ids.ids, excluded_segment_ids=second.segment_ids.ids
        )
        audience.action_check()
        self.assertEqual((audience.state, audience.customer_count), ("draft", 2))
        self.assertFalse(self.members.search([("audience_id", "=", audience.id)]))
        audience.action_draw()
        self.assertEqual(set(self.arms(audience)), {one, three})

    def test_refused_addresses(self):
        """Blacklisted, opted out of a list, no address: left out, each with its reason."""
        good, black, out, none, contacted = self.crowd(5)
        none.email = False
        self.env["mail.blacklist"].create({"email": black.email})
        contact = self.env["mailing.contact"].create({"email": out.email})
        mailing_list = self.env["mailing.list"].create({"name": "News"})
        self.env["mailing.subscription"].create(
            {"contact_id": contact.id, "list_id": mailing_list.id, "opt_out": True}
        )
        self.env.company.crm_roi_contact_cap = 2
        metrics = self.metrics.search([("partner_id", "=", contacted.id)])
        if not metrics:
            self.sale(contacted, 10, 5)
            self.metrics.refresh(contacted)
            metrics = self.metrics.search([("partner_id", "=", contacted.id)])
        metrics.contacts_30d = 2
        audience = self.drawn()
        self.assertEqual(
            self.reasons(audience),
            {black.name: "blacklisted", out.name: "opted_out", none.name: "unreachable",
             contacted.name: "cap"},
        )  # fmt: skip
        self.assertEqual((audience.customer_count, audience.left_cap), (1, 1))
        held = audience.action_open_held_back()
        self.assertEqual(self.members.search(held["domain"]).partner_id, contacted)
        self.assertIn(good, self.arms(audience))

    def test_consent(self):
        """What is missing counts like an opt-out."""
        one, two, three = self.crowd(3)
        agreed = self.env["res.partner.category"].create({"name": "Agreed"})
        one.category_id += agreed
        company = self.env.company
        with self.assertRaises(ValidationError):
            company.crm_roi_consent = "category"
        company.write({"crm_roi_consent": "category", "crm_roi_consent_category_id": agreed.id})
        audience = self.drawn()
        self.assertEqual(self.reasons(audience), {two.name: "no_consent", three.name: "no_consent"})
        self.assertIn("Agreed", audience.consent)
        news = self.env["mailing.list"].create({"name": "News"})
        contacts = self.env["mailing.contact"].create(
            [{"email": one.email}, {"email": two.email, "list_ids": news.ids}]
        )
        self.assertTrue(contacts)
        company.write({"crm_roi_consent": "list", "crm_roi_consent_list_ids": news.ids})
        other = self.drawn()
        self.assertEqual(self.reasons(other), {one.name: "no_consent", three.name: "no_consent"})

    def test_which_contacts(self):
        """By job position, the most recently active first, and no more than asked for."""
        customer, plain = self.crowd(2)
        head, buyer, helper = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": customer.id, "email": f"{name}@crowd.example",
                 "function": function}
                for name, function in (("head", "Director"), ("buyer", "Head of Purchasing"),
                                       ("helper", "purchasing clerk"))
            ]
        )  # fmt: skip
        self.order(helper, 3)
        audience = self.drawn(contacts="function", function="Purchas", holdout="none")
        recipients = self.env["crm.campaign.audience.recipient"]
        found = recipients.search([("arm_id.audience_id", "=", audience.id)])
        self.assertEqual(found.partner_id, helper)
        self.assertEqual(self.reasons(audience), {plain.name: "no_contact"})
        two = self.drawn(contacts="function", function="Purchas", contacts_most=2, holdout="none")
        found = recipients.search([("arm_id.audience_id", "=", two.id)])
        self.assertEqual(found.partner_id, helper + buyer)
        main = self.drawn(holdout="none")
        found = recipients.search([("arm_id.audience_id", "=", main.id)])
        self.assertEqual(found.partner_id, customer + plain)
        self.assertNotIn(head, found.partner_id)

    def test_duplicates_share_an_arm(self):
        """Customers with an address in common are one unit, written to once."""
        crowd = self.crowd(40)
        for one, other in zip(crowd[:20], crowd[20:], strict=True):
            other.email = one.email
        audience = self.drawn(control_share=0.5)
        self.assertEqual((audience.customer_count, audience.merged_count), (20, 20))
        self.assertEqual(audience.contact_count, 20)
        arms = self.arms(audience)
        self.assertEqual([arms[one] for one in crowd[:20]], [arms[one] for one in crowd[20:]])
        self.assertEqual(sorted(audience.arm_ids.mapped("customer_count")), [10, 10])

    def test_frozen_and_audited(self):
        crowd = self.crowd(30)
        audience = self.drawn(control_share=0.2)
        control = audience.arm_ids.filtered("is_control")
        self.assertEqual((control.customer_count, audience.customer_count), (6, 30))
        self.assertEqual(audience.audit(), {"customers": 30, "differ": [], "missing": 0})
        for values in ({"domain": "[]"}, {"control_share": 0.5}, {"seed": "x"}):
            with self.assertRaises(UserError):
                audience.write(values)
        with self.assertRaises(UserError):
            audience.action_draw()
        with self.assertRaises(UserError):
            audience.arm_ids.write({"weight": 3})
        with self.assertRaises(UserError):
            audience.arm_ids.create({"audience_id": audience.id, "name": "Late"})
        with self.assertRaises(UserError):
            control.unlink()
        # whoever tampers with the rows is found
        member = self.members.search([("arm_id", "=", control.id)], limit=1)
        member.arm_id = audience._treatments()
        self.assertEqual(audience.audit()["differ"], member.partner_id.ids)
        member.arm_id = control
        # a customer that is deleted counts as it was assigned, a merged one is missing
        self.customers(audience, audience._treatments())[0].unlink()
        self.assertEqual(audience.audit(), {"customers": 30, "differ": [], "missing": 0})
        member.unlink()
        self.assertEqual(audience.audit(), {"customers": 29, "differ": [], "missing": 1})
        audience._mark_launched()
        with self.assertRaises(UserError):
            audience.unlink()
        self.assertTrue(crowd)

    def test_strata(self):
        """Of each segment and value tier the share is met within one."""
        crowd = self.crowd(40)
        division = self.rules({"Even": "[('name', 'like', '%0')]"}, enabled=True, exclusive=True)
        division.run()
        self.env.company.crm_reporting_segmentation_id = division
        self.sell(crowd[:20], 20)
        self.metrics.refresh(crowd)
        audience = self.drawn(control_share=0.25)
        rows = self.members._read_group(
            [("audience_id", "=", audience.id)],
            ["segment_id", "tier"],
            ["__count"],
        )
        for segment, tier, count in rows:
            held = self.members.search_count(
                [("audience_id", "=", audience.id), ("segment_id", "=", segment.id),
                 ("tier", "=", tier), ("arm_id.is_control", "=", True)]
            )  # fmt: skip
            self.assertLessEqual(abs(held - count / 4), 1)
        self.assertEqual(audience.arm_ids.filtered("is_control").customer_count, 10)
        self.assertGreater(len(rows), 3)

    def test_wanted_effect_and_advice(self):
        """Of 40 customers nobody sees two points; the advice says how many it takes."""
        crowd = self.crowd(40)
        self.sell(crowd[:10], 5)
        audience = self.audience(holdout="effect", effect=0.02)
        audience.action_check()
        self.assertAlmostEqual(audience.baseline_rate, 0.25)
        self.assertGreater(audience.detectable_rate, 0.02)
        self.assertIn("too small", audience.advice)
        wide = self.audience(holdout="effect", effect=0.6)
        wide.action_check()
        self.assertIn("enough", wide.advice)
        none = self.audience(holdout="none")
        none.action_check()
        self.assertIn("Without a hold-out", none.advice)

    def test_never_contacted(self):
        """About the share of them, always the same ones, in no audience and no mailing."""
        crowd = self.crowd(200)
        self.env.company.crm_roi_universal_share = 0.25
        audience = self.drawn(holdout="none")
        kept = {name for name, reason in self.reasons(audience).items() if reason == "universal"}
        self.assertTrue(25 <= len(kept) <= 75, len(kept))
        again = self.drawn(holdout="none")
        self.assertEqual(kept, set(self.reasons(again)))
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "To all",
                "mailing_model_id": self.env["ir.model"]._get("res.partner").id,
                "mailing_domain": repr([("category_id", "in", self.mark.ids)]),
            }
        )
        reached = self.env["res.partner"].browse(mailing._get_recipients())
        self.assertEqual(set((crowd - reached).mapped("name")), kept)

    def test_overlap_and_money(self):
        crowd = self.crowd(12)
        self.sell(crowd, 20, 10)
        self.metrics.refresh(crowd)
        first = self.drawn(name="First")
        first._mark_launched()
        second = self.audience(name="Second")
        second.action_check()
        self.assertIn("12 customers: Spring, First", second.overlap)
        self.assertEqual(second.revenue_12m, 120)
        few = self.audience(domain=repr([("id", "in", crowd[:3].ids)]))
        few.action_check()
        self.assertFalse(few.revenue_12m, "of three customers the sum would tell too much")

    @mute_logger("odoo.sql_db")
    def test_bad_input(self):
        with self.assertRaises(ValidationError):
            self.audience(domain="[('no_such_field', '=', 1)]")
        with self.assertRaises(ValidationError):
            self.audience(contacts="function", function=" ")
        with self.assertRaises(UserError):
            self.audience(domain="[('name', '=', 'Nobody at all')]").action_draw()

    def test_statements_do_not_grow(self):
        """As many statements for 200 customers as for 20."""
        self.crowd(20)
        counts = []
        for _turn in range(2):
            audience = self.audience()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            audience.action_draw()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.crowd(180, name="More")
        self.assertLessEqual(counts[1], counts[0] + 3)
