"""Service policy: what is learnt, what is decided, what it drives, who sees it."""

from datetime import timedelta

from odoo.addons.crm_segments.tests.common import InvoiceCase, SegmentsCase, UsersMixin
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common_deals import DealsMixin
from .common_scenarios import ScenariosMixin


class PolicyMixin(ScenariosMixin, DealsMixin):
    @classmethod
    def set_up_policy(cls):
        """Twelve customers who buy every 20 days, twelve who buy every 60."""
        cls.set_up_scenarios()
        cls.set_up_deals()
        cls.seller = new_test_user(
            cls.env, login="policy_seller", groups="sales_team.group_sale_salesman"
        )
        cls.fast, cls.slow = (
            [cls.customer(f"{name} {index}", user_id=cls.seller.id) for index in range(12)]
            for name in ("Fast", "Slow")
        )
        for group, gap, amount in ((cls.fast, 20, 100), (cls.slow, 60, 500)):
            for partner in group:
                for turn in range(4):
                    cls.sale(partner, 5 + turn * gap, amount)
        everybody = cls.env["res.partner"].union(*cls.fast, *cls.slow)
        cls.metrics.refresh(everybody, cls.company)
        cls.div = cls.rules(
            {"Slow": "[('average_purchase', '>', 300)]", "Fast": "[('purchase_count', '>', 0)]"}
        )
        cls.slow_segment, cls.fast_segment = cls.div.segment_ids
        cls.company.crm_reporting_segmentation_id = cls.div
        cls.div.run()
        cls.Policy = cls.env["crm.service.policy"]
        cls.Policy.search([]).unlink()

    @classmethod
    def learn(cls):
        """Policies of the company by segment (False: all)."""
        cls.env.flush_all()
        cls.env.invalidate_all()
        found = cls.Policy._rebuild(cls.company)
        return {policy.segment_id.name: policy for policy in found}

    def lines(self, policy):
        return {line.item: line for line in policy.line_ids}


@tagged("post_install", "-at_install")
class TestServicePolicy(PolicyMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_policy()

    def test_cadence(self):
        """36 gaps of 20 and 36 of 60 days: medians 20, 60, of all 40; quartiles 20, 60, 60."""
        policies = self.learn()
        self.assertEqual(set(policies), {False, "Slow", "Fast"})
        fast, slow = policies["Fast"], policies["Slow"]
        self.assertEqual((fast.customers, slow.customers, policies[False].customers), (12, 12, 24))
        # (36 · 20 + 20 · 40) / 56 = 27.1; (36 · 20 + 20 · 60) / 56 = 34.3; (36 · 60 + 20 · 40) / 56
        self.assertEqual((fast.advised_contact_days, fast.advised_lapse_days), (27, 34))
        self.assertEqual((slow.advised_contact_days, slow.advised_lapse_days), (53, 60))
        line = self.lines(fast)["contact"]
        self.assertEqual((line.count, line.recommended, line.today), (36, "27", "n/a"))
        self.assertIn("no longer than 20 days, of all customers 40", line.why)
        size = self.lines(slow)["size"]
        self.assertEqual((size.facts["today"], size.facts["wider"], size.count), (500, 300, 48))
        self.assertEqual(self.lines(slow)["frequency"].facts["today"], 4)
        # by customer all sizes and numbers are alike: their upper quartile is what they do
        self.assertEqual((size.facts["recommended"], size.facts["why"]), (500, "size_reach"))
        self.assertEqual(self.lines(slow)["frequency"].recommended, "4.0")
        self.assertIn("4.0 times a year", self.lines(slow)["frequency"].why)
        refund = self.lines(slow)["refund"]
        self.assertEqual((refund.recommended, refund.count), ("0.0", 48))
        self.assertIn("hold it", refund.why)
        # what isn't known is not 0
        cost = self.lines(fast)["cost"]
        self.assertEqual((cost.today, cost.count), ("n/a", 0))
        self.assertIn("No timesheets or analytic lines", cost.why)
        self.assertEqual(self.lines(fast)["payment"].recommended, "n/a")
        self.assertFalse(fast.has_term_advice)
        # again: nothing is written
        rows = "SELECT id, xmin FROM crm_service_policy UNION SELECT id, xmin FROM crm_service_policy_line"  # noqa: E501
        self.env.flush_all()
        self.env.cr.execute(rows)
        before = sorted(self.env.cr.fetchall())
        self.learn()
        self.env.flush_all()
        self.env.cr.execute(rows)
        self.assertEqual(sorted(self.env.cr.fetchall()), before)

    def test_response(self):
        """Of 40 deals answered within a day 30 were won, of 40 others 10."""
        for number, won in ((40, 30), (40, 10)):
            deals = self.deals(number, won=won, partner_id=self.fast[0].id)
            if won == 30:
                self.meetings(deals, age=100)
        policies = self.learn()
        line = self.lines(policies[False])["response"]
        self.assertEqual(line.count, 80)
        self.assertEqual(policies[False].advised_response_hours, 4)
        self.assertIn("30 of 40 deals were won, else 10 of 40", line.why)

    def test_cost(self):
        plan = self.env["account.analytic.plan"].create({"name": "Service"})
        account = self.env["account.analytic.account"].create({"name": "S", "plan_id": plan.id})
        self.env["account.analytic.line"].create(
            [
                {"name": "Hour", "partner_id": partner.id, "amount": -amount,
                 plan._column_name(): account.id, "date": self.ago(10)}
                for partner, amount in ((self.fast[0], 30), (self.fast[0], 20), (self.fast[1], 10))
            ]
        )  # fmt: skip
        cost = self.lines(self.learn()["Fast"])["cost"]
        self.assertEqual((cost.facts["today"], cost.count), (30.0, 2))
        self.assertEqual(cost.recommended, "n/a")
        self.assertIn("too few to advise", cost.why)

    def test_ceilings(self):
        """Ten rows of 10 or more are enough; above all customers theirs is the aim."""
        line = self.Policy._ceiling_line
        own, everybody = {"cost": 30.0, "named": 10}, {"cost": 20.0}
        self.assertEqual(line("cost", own, everybody, "named")[2]["recommended"], 20.0)
        self.assertEqual(line("cost", own, everybody, "named")[2]["why"], "cost_high")
        self.assertEqual(line("cost", own, {"cost": 50.0}, "named")[2]["recommended"], 30.0)
        few = line("cost", {**own, "named": 9}, everybody, "named")[2]
        self.assertEqual((few["recommended"], few["why"]), (None, "beside"))
        reach = self.Policy._reach_facts
        own = {"size": 100.0, "size_p75": 120.0, "buyers": 10}
        self.assertEqual(reach("size", own, {})["recommended"], 120.0)
        found = reach("size", {**own, "size_p75": 90.0}, {})
        self.assertEqual((found["recommended"], found["why"]), (100.0, "few_carry"))
        self.assertIsNone(reach("size", {**own, "buyers": 9}, {})["recommended"])
        nobody = line("refund", {"purchases": 50}, {}, "purchases")[2]
        self.assertEqual((nobody["recommended"], nobody["why"]), (None, None))

    def test_hours_become_a_day(self):
        """At eight in the evening eight hours are over tomorrow, three are over today."""
        policy = self.learn()["Fast"]
        self.company.partner_id.tz = "UTC"
        for moment, hours, days in (
            ("20:00", 3, 0), ("20:00", 8, 1), ("09:00", 8, 0), ("09:00", 30, 1), ("09:00", 48, 2),
        ):  # fmt: skip
            policy.response_hours = hours
            with freeze_time(f"2026-05-04 {moment}:00"):
                found = policy._delay("response")
            self.assertEqual(found, {"delay": days, "unit": "days"}, (moment, hours))

    def test_accept_and_edit(self):
        manager = new_test_user(
            self.env, login="policy_manager", groups="crm_segments.group_segments_manager"
        )
        fast = self.learn()["Fast"]
        self.assertEqual(self.Policy._in_force(self.company), {})
        fast.with_user(manager).action_accept()
        self.assertEqual((fast.state, fast.contact_days, fast.lapse_days, fast.decided_by_id),
                         ("accepted", 27, 34, manager))  # fmt: skip
        fast.with_user(manager).contact_days = 15
        self.assertEqual((fast.state, fast.contact_days), ("edited", 15))
        self.learn()
        self.assertEqual((fast.state, fast.contact_days), ("edited", 15))  # decisions are kept
        with self.assertRaises(AccessError):
            fast.with_user(self.seller).contact_days = 1
        with self.assertRaises(AccessError):
            self.Policy.with_user(self.seller).action_rebuild()

    def test_steps_are_due_by_the_policy(self):
        policies = self.learn()
        policies["Fast"].contact_days = 12
        step = self.step("Ring", days=3)
        step[2]["scenario_pace"] = "contact"
        scenario = self.scenario(step)
        scenario.enter_by_hand([self.fast[0].id, self.slow[0].id])
        self.process()
        days = {run.partner_id: run.date_next for run in self.runs(scenario)}
        self.assertEqual(days[self.fast[0]], self.today + timedelta(12))
        self.assertEqual(days[self.slow[0]], self.today + timedelta(3))  # no policy in force

    def test_today(self):
        policies = self.learn()
        policies["Fast"].write({"contact_days": 60, "channel": "visit"})
        policies["Slow"].write({"lapse_days": 4, "priority": "2"})
        self.env.flush_all()
        self.env.invalidate_all()
        lines = self.env["crm.today"].with_user(self.seller)._source_service(self.today)
        texts = {line["partner_id"]: line["text"] for line in lines}
        self.assertEqual(len(texts), 24)
        self.assertEqual(texts[self.fast[0].id], "Visit: no contact yet, promised every 60 days")
        self.assertEqual(texts[self.slow[0].id],
                         "Call: no purchase for 5 days, 4 count as lapsed")  # fmt: skip
        self.assertIn(lines[0]["partner_id"], [one.id for one in self.slow])  # important first
        self.assertEqual(lines[0]["overdue"], 1)
        # contacted: nothing more is promised
        call = self.fast[0].activity_schedule("mail.mail_activity_data_call", self.today)
        call.action_feedback()
        self.metrics.refresh(self.fast[0], self.company)
        self.env.flush_all()
        lines = self.env["crm.today"].with_user(self.seller)._source_service(self.today)
        self.assertNotIn(self.fast[0].id, [line["partner_id"] for line in lines])

    def test_response_in_today(self):
        policies = self.learn()
        policies["Fast"].response_hours = 4
        lead = self.Lead.create(
            {"name": "Asks", "type": "opportunity", "partner_id": self.fast[1].id,
             "user_id": self.seller.id, "stage_id": self.stage.id}
        )  # fmt: skip
        today = self.env["crm.today"].with_user(self.seller)
        self.assertEqual(today._source_response(self.today), [])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = create_date - INTERVAL '5 hours' WHERE id = %s",
            [lead.id],
        )
        [line] = today._source_response(self.today)
        self.assertEqual((line["lead_id"], line["urgent"]), (lead.id, True))
        self.assertIn("within 4 hours", line["text"])
        lead.activity_schedule("mail.mail_activity_data_call", self.today).action_feedback()
        self.assertEqual(today._source_response(self.today), [])
        # answered on the day, an hour too late: the report counts hours
        self.env.flush_all()
        row = self.env["crm.service.practice"].with_user(self.seller).search(
            [("kind", "=", "response"), ("lead_id", "=", lead.id)]
        )  # fmt: skip
        self.assertEqual((row.policy_value, row.kept), (4, 0))
        self.assertAlmostEqual(row.practice_value, 5, delta=0.2)

    def test_practice(self):
        policies = self.learn()
        policies["Fast"].contact_days = 60  # first bought 65 days ago, never contacted
        policies["Slow"].contact_days = 300
        self.env.flush_all()
        Practice = self.env["crm.service.practice"].with_user(self.seller)
        rows = Practice._read_group(
            [("kind", "=", "contact")], ["segment_id"], ["__count", "kept:avg"]
        )
        self.assertEqual(
            {segment: (count, kept) for segment, count, kept in rows},
            {self.fast_segment: (12, 0.0), self.slow_segment: (12, 1.0)},
        )
        other = new_test_user(
            self.env, login="policy_other", groups="sales_team.group_sale_salesman"
        )
        self.assertFalse(self.env["crm.service.practice"].with_user(other).search([]))

    def test_terms_of_new_customers(self):
        policies = self.learn()
        term = self.env["account.payment.term"].create(
            {"name": "14", "line_ids": [Command.create({"value": "percent", "value_amount": 100,
                                                        "nb_days": 14})]}
        )  # fmt: skip
        policies["Fast"].payment_term_id = term
        own = self.env["account.payment.term"].create({"name": "Own"})
        fresh, agreed = self.customer("Fresh"), self.customer("Agreed")
        agreed.property_payment_term_id = own
        self.sale(fresh, 2, 10)
        self.sale(agreed, 2, 10)
        self.metrics.refresh(fresh | agreed, self.company)
        self.div.run()
        self.assertEqual(fresh.property_payment_term_id, term)
        self.assertEqual(agreed.property_payment_term_id, own)

    def test_terms_when_a_salesperson_saves(self):
        """Who is placed on saving gets the terms at once, by a user who may not set policies."""
        division = self.rules({"Paris": "[('city', '=', 'Paris')]"})
        self.run_done(division)
        term = self.env["account.payment.term"].create({"name": "Paris"})
        self.Policy.create({"segment_id": division.segment_ids.id, "payment_term_id": term.id,
                            "state": "edited"})  # fmt: skip
        fresh = self.customer("Fresh", user_id=self.seller.id)
        self.env.flush_all()
        fresh.with_user(self.seller).city = "Paris"
        self.assertIn(fresh, self.current(division).partner_id)
        self.assertEqual(fresh.property_payment_term_id, term)

    def test_cron_and_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.enter_registry_test_mode():
            self.env.ref("crm_scenarios.ir_cron_service_policy").method_direct_trigger()
        self.env.invalidate_all()
        policies = self.Policy.search([])
        self.assertEqual(set(policies.company_id) & {self.company, other}, {self.company, other})
        seen = self.Policy.with_user(self.seller).search([])
        self.assertEqual(seen.company_id, self.company)


@tagged("post_install", "-at_install")
class TestServicePayments(PolicyMixin, InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_policy()

    def test_payment_terms(self):
        """Twelve invoices due in 30 days, all paid within 10: two weeks are enough."""
        buyer = self.fast[0]
        moves = self.env["account.move"]
        for _turn in range(12):
            moves |= self.invoice(buyer, self.ago(60), 100, invoice_payment_term_id=False,
                                  invoice_date_due=self.ago(30))  # fmt: skip
        for move in moves:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            ).create({"payment_date": self.ago(50)})._create_payments()
        policies = self.learn()
        line = self.lines(policies["Fast"])["payment"]
        self.assertEqual((line.today, line.recommended, line.count), ("10", "14", 12))
        self.assertEqual(policies["Fast"].advised_term_days, 14)
        term = self.env["account.payment.term"].create(
            {"name": "14", "sequence": -1, "line_ids": [
                Command.create({"value": "percent", "value_amount": 100, "nb_days": 14})]}
        )  # fmt: skip
        policies["Fast"].action_accept()
        self.assertEqual(policies["Fast"].payment_term_id, term)


@tagged("post_install", "-at_install")
class TestServiceAccess(UsersMixin, PolicyMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_policy()
        cls.set_up_users()
        cls.policies = cls.learn()

    def test_who_sees_which_figures(self):
        policy = self.policies["Fast"]
        for login, hidden in (
            ("marketer", {"size", "cost"}), ("all", {"cost"}), ("accountant", set()),
        ):  # fmt: skip
            lines = self.as_user(login, self.env["crm.service.policy.line"]).search(
                [("policy_id", "=", policy.id)]
            )
            items = {
                "contact",
                "lapse",
                "response",
                "payment",
                "refund",
                "size",
                "frequency",
                "cost",
            }
            self.assertEqual(set(lines.mapped("item")), items - hidden, login)
        for login in ("own", "reader", "plain", "portal"):
            with self.assertRaises(AccessError):
                self.as_user(login, self.env["crm.service.policy.line"]).search([])
        self.assertTrue(self.as_user("own", self.Policy).search([]))
        with self.assertRaises(AccessError):
            self.as_user("plain", self.Policy).search([])
