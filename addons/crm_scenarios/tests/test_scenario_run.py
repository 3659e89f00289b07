"""Entering, steps, ends: one customer's way through a scenario."""

from datetime import timedelta

import psycopg2
from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_scenarios import ScenariosCase


@tagged("post_install", "-at_install")
class TestScenarioRun(ScenariosCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller, cls.other = (
            new_test_user(cls.env, login=login, groups="sales_team.group_sale_salesman")
            for login in ("scen_seller", "scen_other")
        )
        cls.shop = cls.customer("Shop", user_id=cls.seller.id, email="shop@example.com")
        cls.sale(cls.shop, 100, 50)
        cls.metrics.refresh(cls.shop, cls.company)

    def enter(self, scenario, partner=None):
        scenario.enter_by_hand((partner or self.shop).ids)
        self.process(sweep=False)
        return self.runs(scenario)[-1:]

    def test_by_hand_to_goal(self):
        scenario = self.scenario(self.step("First"), self.step("Second", 5))
        run = self.enter(scenario)
        self.assertEqual(self.planned(self.shop), [("First", self.seller)])
        self.assertEqual((run.state, run.arm), ("running", "outside"))
        self.assertEqual(run.step_id.summary, "Second")
        self.assertEqual(run.date_next, self.today + timedelta(5))
        self.assertEqual(run.date_deadline, self.today + timedelta(60))
        # again: nobody new
        self.assertEqual(scenario.enter_by_hand(self.shop.ids), 0)
        self.back(run, 5)
        self.process()
        self.assertEqual([name for name, _user in self.planned(self.shop)], ["First", "Second"])
        self.assertFalse(run.date_next)
        self.sale(self.shop, 0, 80)
        self.metrics.refresh(self.shop, self.company)
        self.process()
        self.assertEqual((run.state, run.date_goal, run.date_end), ("goal", self.today, self.today))
        self.assertEqual(self.planned(self.shop), [])
        self.assertIn("Goal Reached", self.shop.message_ids[:1].body)

    def test_deadline(self):
        run = self.enter(self.scenario(deadline_days=10))
        self.back(run, 10)
        self.process()
        self.assertEqual(run.state, "running")
        self.back(run, 1)
        self.process()
        self.assertEqual(run.state, "expired")
        # what comes after the deadline doesn't count
        self.sale(self.shop, 0, 80)
        self.metrics.refresh(self.shop, self.company)
        self.process()
        self.assertFalse(run.date_goal)

    def test_one_open_run(self):
        """The database itself keeps a second one out."""
        run = self.enter(self.scenario())
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            run.copy({"state": "running"})
            self.env.flush_all()

    def test_reentry(self):
        never, after, always = (
            self.scenario(reentry=how, reentry_days=30) for how in ("never", "after", "always")
        )
        for scenario in (never, after, always):
            self.enter(scenario)
            self.assertEqual(scenario.enter_by_hand(self.shop.ids), 0)  # is in
            self.runs(scenario).action_cancel("Test")
        self.assertEqual([one.enter_by_hand(self.shop.ids) for one in (never, after, always)],
                         [0, 0, 1])  # fmt: skip
        self.back(self.runs(after), 31)
        self.assertEqual(after.enter_by_hand(self.shop.ids), 1)

    def test_wait_and_condition(self):
        """A wait ends with its condition; delays count from then; a step may be passed over."""
        scenario = self.scenario(
            self.step("Until mailed", 30, kind="wait",
                      scenario_condition="[('comment', 'ilike', 'ready')]"),
            self.step("Never", scenario_condition="[('name', '=', 'Nobody')]"),
            self.step("Then", 3),
        )  # fmt: skip
        run = self.enter(scenario)
        self.assertEqual((run.date_next, run.position), (self.today + timedelta(1), 0))
        self.back(run, 2)
        self.shop.comment = "ready"
        self.process()
        self.assertEqual((run.position, run.date_base), (2, self.today))
        self.assertEqual(run.date_next, self.today + timedelta(3))
        self.assertEqual(self.planned(self.shop), [])
        self.back(run, 3)
        self.process()
        self.assertEqual(self.planned(self.shop), [("Then", self.seller)])

    def test_wait_is_over(self):
        scenario = self.scenario(
            self.step("Wait", 4, kind="wait", scenario_condition="[('name', '=', 'x')]"),
            self.step("Then"),
        )
        run = self.enter(scenario)
        self.back(run, 3)
        self.process()
        self.assertEqual(run.position, 0)
        self.back(run, 1)
        self.process()
        self.assertEqual(self.planned(self.shop), [("Then", self.seller)])

    def test_version_is_frozen(self):
        scenario = self.scenario(self.step("Old"), self.step("Old later", 5))
        run = self.enter(scenario)
        scenario.template_ids[1].summary = "New later"
        scenario.deadline_days = 7
        peer = self.customer("Peer", user_id=self.seller.id)
        second = self.enter(scenario, peer)
        self.assertEqual((run.version_id.number, second.version_id.number), (1, 2))
        self.back(run | second, 5)
        self.process()
        self.assertEqual(self.planned(self.shop)[-1][0], "Old later")
        self.assertEqual(self.planned(peer)[-1][0], "New later")
        self.assertEqual(second.date_deadline - second.date_start, timedelta(7))
        # unchanged: no third one
        third = self.enter(scenario, self.customer("Third"))
        self.assertEqual(third.version_id, second.version_id)

    def test_email_and_prepared(self):
        template = self.env["mail.template"].create(
            {"name": "News", "model_id": self.env["ir.model"]._get_id("res.partner"),
             "subject": "Hello {{ object.name }}", "body_html": "<p>News</p>",
             "partner_to": "{{ object.id }}"}
        )  # fmt: skip
        scenario = self.scenario(
            self.step(kind="email", scenario_mail_id=template.id),
            self.step("Review", kind="prepare", scenario_mail_id=template.id),
        )
        run = self.enter(scenario)
        message = self.shop.message_ids.filtered(lambda one: one.subject == "Hello Shop")
        self.assertEqual(message.notified_partner_ids, self.shop)
        self.assertEqual(run.activity_ids.scenario_step_id.scenario_mail_id, template)
        # without an address nothing is sent, and the way goes on
        mute = self.customer("Mute", user_id=self.seller.id)
        self.enter(scenario, mute)
        self.assertFalse(mute.message_ids.filtered("subject"))
        self.assertEqual(self.planned(mute), [("Review", self.seller)])

    def test_server_action(self):
        action = self.env["ir.actions.server"].create(
            {"name": "Mark", "model_id": self.env["ir.model"]._get_id("res.partner"),
             "state": "code", "code": "records.write({'ref': 'marked'})"}
        )  # fmt: skip
        self.enter(self.scenario(self.step(kind="action", scenario_action_id=action.id)))
        self.assertEqual(self.shop.ref, "marked")
        # an action that fails says why, and is tried again tomorrow
        action.code = "raise UserError('broken')"
        peer = self.customer("Peer")
        with mute_logger("odoo.addons.crm_scenarios.models.crm_scenario_run_process"):
            run = self.enter(self.scenario(self.step(kind="action", scenario_action_id=action.id)),
                             peer)  # fmt: skip
        self.assertIn("broken", run.reason)
        self.assertEqual(run.date_next, self.today + timedelta(1))

    def test_pause_and_resume(self):
        scenario = self.scenario(self.step("First"), self.step("Second", 5), pause_days=3)
        run = self.enter(scenario)
        self.back(run, 4)
        contact = self.customer("Person", is_company=False, parent_id=self.shop.id)
        message = self.shop.message_post(body="Hi", message_type="email", author_id=contact.id)
        self.process()
        self.assertEqual((run.state, run.date_paused), ("paused", self.today))
        self.assertEqual(run.reason, "The customer wrote")
        self.back(run, 3)  # the second step would be due
        self.process()
        self.assertEqual((run.state, run.date_next), ("running", self.today + timedelta(1)))
        self.env["calendar.event"].create(
            {"name": "Visit", "start": fields.Datetime.now() + timedelta(3),
             "stop": fields.Datetime.now() + timedelta(3, 3600),
             "partner_ids": [(4, contact.id)]}
        )  # fmt: skip
        self.env.flush_all()
        # within one transaction everything is made at the same moment
        message.date -= timedelta(1)
        run.watched_from -= timedelta(hours=1)
        self.process()
        self.assertEqual((run.state, run.reason), ("paused", "A meeting is booked"))
        run.action_resume()
        self.assertEqual(run.state, "running")

    def test_leads(self):
        """A lead that is created starts its scenario; winning it is the goal."""
        old = self.env["crm.lead"].create({"name": "Before", "type": "opportunity"})
        self.env.cr.execute("UPDATE crm_lead SET create_date = create_date - INTERVAL '2 days'")
        scenario = self.scenario(applies_to="crm.lead", trigger="lead", goal="won")
        lead = self.env["crm.lead"].create(
            {"name": "New", "type": "opportunity", "user_id": self.other.id,
             "partner_id": self.shop.id}
        )  # fmt: skip
        self.process()
        run = self.runs(scenario)
        self.assertEqual((run.lead_id, run.partner_id), (lead, self.shop))
        self.assertEqual(self.planned(lead), [("Call", self.other)])
        self.assertEqual(self.planned(old), [])
        lead.action_set_won()
        self.process()
        self.assertEqual(run.state, "goal")
        self.process()
        self.assertEqual(self.runs(scenario), run)

    def test_lapsed(self):
        """Who passes the interval enters once per lapse."""
        scenario = self.scenario(trigger="lapsed", reentry="always")
        self.process()
        self.assertNotIn(self.shop, self.runs(scenario).partner_id)  # had lapsed before the start
        scenario.enter_existing = True
        self.process()
        mine = self.runs(scenario).filtered(lambda run: run.partner_id == self.shop)
        self.assertEqual(len(mine), 1)
        mine.action_cancel()
        self.process()
        self.assertEqual(
            len(self.runs(scenario).filtered(lambda run: run.partner_id == self.shop)), 1
        )

    def test_quotation(self):
        order, answered, fresh = self.env["sale.order"].create(
            [{"partner_id": self.customer(name).id} for name in ("Quoted", "Answered", "Fresh")]
        )
        sent = order | answered | fresh
        sent.state = "sent"
        answered.message_post(
            body="No", message_type="email", author_id=answered.partner_id.id
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = create_date - INTERVAL '7 days'"
            " WHERE id = ANY(%s)",
            [(order | answered).ids],
        )
        scenario = self.scenario(trigger="quotation", reentry="always")
        self.process()
        run = self.runs(scenario).filtered(lambda one: one.order_id in sent)
        self.assertEqual((run.order_id, run.partner_id), (order, order.partner_id))
        self.assertIn(order.name, run.activity_ids.summary)

    def test_refused(self):
        with self.assertRaisesRegex(ValidationError, "scenario of leads"):
            self.scenario(trigger="lead")
        with self.assertRaisesRegex(ValidationError, "Only a lead"):
            self.scenario(goal="won")
        with self.assertRaisesRegex(ValidationError, "doesn't exist"):
            self.scenario(goal="domain", goal_domain="[('nothing', '=', 1)]")
        with self.assertRaisesRegex(ValidationError, "which condition"):
            self.scenario(goal="domain")
        with self.assertRaisesRegex(UserError, "no steps"):
            bare = self.scenario(start=False)
            bare.template_ids.unlink()
            bare.action_start()
        with self.assertRaisesRegex(UserError, "not running"):
            self.scenario(start=False).enter_by_hand(self.shop.ids)
        with self.assertRaisesRegex(ValidationError, "lacks its"):
            self.scenario(self.step(kind="email"))
        with self.assertRaisesRegex(UserError, "which segment"):
            self.scenario(trigger="segment")

    def test_deleting_leaves_activities(self):
        scenario = self.scenario()
        self.enter(scenario)
        plan = scenario.plan_id
        scenario.unlink()
        self.assertFalse(plan.exists())
        self.assertEqual(self.planned(self.shop), [("Call", self.seller)])
