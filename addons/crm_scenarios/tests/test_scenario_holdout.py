"""Many at once, hold-out, contact cap, and what is measured."""

from datetime import timedelta

from odoo.addons.crm_segments.lib.experiment import newcombe, welch
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_scenarios import ScenariosCase


@tagged("post_install", "-at_install")
class TestScenarioHoldout(ScenariosCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, login="scen_seller", groups="sales_team.group_sale_salesman_all_leads"
        )
        cls.manager = new_test_user(
            cls.env, login="scen_manager", groups="crm_segments.group_segments_manager"
        )
        cls.crowd = cls.env["res.partner"].create(
            [{"name": f"C{number}", "is_company": True, "user_id": cls.seller.id,
              "ref": "north" if number % 4 else "south"} for number in range(200)]
        )  # fmt: skip
        cls.div = cls.rules(
            {"North": "[('ref', '=', 'north')]", "South": "[('ref', '=', 'south')]"}, enabled=True
        )
        cls.north, cls.south = cls.div.segment_ids

    def started(self, **values):
        """A scenario of both segments with a fifth held out, entered by a run."""
        scenario = self.scenario(
            trigger="segment", segment_ids=[Command.set(self.div.segment_ids.ids)],
            **{"holdout": 20, **values},
        )  # fmt: skip
        self.run_done(self.div)
        return scenario

    def test_joining_enters_and_is_drawn(self):
        scenario = self.started()
        runs = self.runs(scenario)
        self.assertEqual((len(runs), set(runs.mapped("state"))), (200, {"entering"}))
        self.assertEqual(set(runs.mapped("origin")), {"trigger"})
        self.process()
        control = runs.filtered(lambda run: run.arm == "control")
        # stratified: the share is met within one in each segment
        self.assertEqual(len(control.filtered(lambda run: run.segment_id == self.north)), 30)
        self.assertEqual(len(control.filtered(lambda run: run.segment_id == self.south)), 10)
        self.assertEqual(len(runs.activity_ids), 160)
        self.assertFalse(control.activity_ids)
        self.assertFalse(any(control.mapped("date_next")))
        self.assertTrue(runs.version_id.seed)
        # again: nobody twice
        scenario.action_enter()
        self.assertEqual(self.runs(scenario), runs)

    def test_a_batch_at_a_time(self):
        """What is done is done: an interrupted pass goes on with the others."""
        scenario = self.started(holdout=0)
        self.assertEqual(self.Run._process_batch(limit=80), 80)
        self.assertEqual(len(self.runs(scenario).activity_ids), 80)
        self.assertEqual(self.Run._process_batch(limit=150), 120)
        self.assertEqual(self.Run._process_batch(), 0)
        self.assertEqual(len(self.runs(scenario).activity_ids), 200)
        # everybody's salesperson was looked up at once
        self.assertEqual(self.runs(scenario).activity_ids.user_id, self.seller)

    def test_queries_do_not_grow(self):
        """A batch of 10 and one of 100 need the same number of statements."""
        counts = []
        for number in (10, 10, 100):
            scenario = self.scenario(holdout=20)
            targets = scenario._partners_sql(self.crowd.ids[:number])
            scenario._enter(self.company, targets, "trigger")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Run._process_batch()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # the host itself subscribes the salesperson in statements per thousand records
        self.assertLessEqual(counts[2], counts[1] + 3, counts)

    def test_own_statements_do_not_grow_at_all(self):
        """Where the host writes nothing itself: 20 customers and 200 take as many statements.

        The ORM writes a hundred rows per statement, so that 200 are more than one of its own.
        """
        counts = []
        for number in (20, 20, 200):
            scenario = self.scenario(
                self.step("Wait", kind="wait"), self.step("Call", 5), holdout=20
            )
            scenario._enter(
                self.company, scenario._partners_sql(self.crowd.ids[:number]), "trigger"
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.Run._process_batch(), number)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            runs = self.runs(scenario).filtered(lambda run: run.arm != "control")
            self.assertEqual(len(runs), number * 0.8)
            self.assertEqual(set(runs.mapped("position")), {1})
            self.assertEqual(set(runs.mapped("date_next")), {self.ago(-5)})
            self.assertEqual(runs.step_id.summary, "Call")
        self.assertEqual(counts[2], counts[1], counts)

    def test_never_held_out(self):
        scenario = self.started(holdout=50, holdout_except_ids=[Command.set(self.south.ids)])
        self.process()
        runs = self.runs(scenario)
        south = runs.filtered(lambda run: run.segment_id == self.south)
        self.assertEqual(set(south.mapped("arm")), {"outside"})
        self.assertEqual(len(south.activity_ids), 50)
        self.assertEqual(len(runs.filtered(lambda run: run.arm == "control")), 75)

    def test_shipped_top_tier(self):
        scenario = self.env["crm.scenario"].create({"name": "Mine"})
        self.assertIn(self.env.ref("crm_segments.segment_abc_a"), scenario.holdout_except_ids)
        self.assertEqual(scenario.holdout, 0)

    def test_same_arm_again(self):
        scenario = self.started(reentry="always")
        self.process()
        runs = self.runs(scenario)
        arms = {run.partner_id: run.arm for run in runs}
        runs._end("expired")
        scenario.action_enter()
        self.process()
        again = self.runs(scenario) - runs
        self.assertEqual({run.partner_id: run.arm for run in again}, arms)

    def test_salespeople_do_not_see_the_arm(self):
        scenario = self.started()
        self.process()
        Run = self.env["crm.scenario.run"].with_user(self.seller)
        self.assertEqual(Run.search_count([("scenario_id", "=", scenario.id)]), 160)
        with self.assertRaises(AccessError):
            Run.search([("arm", "=", "control")])
        with self.assertRaises(AccessError):
            Run.search([], limit=1).arm  # noqa: B018
        with self.assertRaises(AccessError):
            scenario.with_user(self.seller).result()
        managers = Run.with_user(self.manager)
        self.assertEqual(managers.search_count([("scenario_id", "=", scenario.id)]), 200)

    def test_ends_on_leaving(self):
        stays, ends = self.started(end_on_leave=False), self.scenario(
            trigger="segment", segment_ids=[Command.set(self.div.segment_ids.ids)],
            end_on_leave=True, enter_existing=True,
        )  # fmt: skip
        self.process()
        gone = self.crowd[0]
        gone.ref = "nowhere"
        self.run_done(self.div)
        self.process()
        states = {
            one: self.runs(one).filtered(lambda run: run.partner_id == gone).state
            for one in (stays, ends)
        }
        self.assertEqual(states, {stays: "running", ends: "left"})

    def test_contact_cap(self):
        """Contacts of any kind count, and open steps of other scenarios."""
        self.company.crm_scenario_contact_cap = 2
        busy, once, quiet = self.crowd[:3]
        for partner, number in ((busy, 2), (once, 1)):
            for _one in range(number):
                partner.activity_schedule(
                    "mail.mail_activity_data_call", user_id=self.seller.id
                ).action_feedback()
        first, second = self.scenario(), self.scenario()
        for scenario in (first, second):
            scenario.enter_by_hand((busy | once | quiet).ids)
            self.process()
        states = [self.runs(one).sorted("partner_id").mapped("state") for one in (first, second)]
        self.assertEqual(states, [["held", "running", "running"], ["held", "held", "running"]])
        held = self.runs(first)[0]
        self.assertEqual(held.reason, "2 contacts in 30 days")
        self.assertEqual(held.date_next, self.today + timedelta(1))
        # the next day with room again
        self.company.crm_scenario_contact_cap = 3
        self.back(held, 1)
        self.process()
        self.assertEqual((held.state, len(held.activity_ids)), ("running", 1))

    def test_result(self):
        scenario = self.started(holdout=50, deadline_days=20)
        self.process()
        runs = self.runs(scenario)
        arms = {name: runs.filtered(lambda run, name=name: run.arm == name)
                for name in ("treated", "control")}  # fmt: skip
        self.assertEqual(len(arms["control"]), 100)
        self.back(runs, 30)
        for name, number in (("treated", 60), ("control", 30)):
            for run in arms[name][:number]:
                self.sale(run.partner_id, 15, 100)
                run.date_goal = self.ago(15)
            self.sale(arms[name][90].partner_id, 40, 900)  # before entering
            self.sale(arms[name][91].partner_id, 2, 900)  # after the deadline
        found = scenario.result()["versions"][0]
        self.assertEqual(found["state"], "better")
        self.assertEqual(found["arms"]["treated"],
                         {"customers": 100, "goals": 60, "rate": 0.6, "mean": 60.0})  # fmt: skip
        self.assertEqual(found["arms"]["control"]["mean"], 30.0)
        # variances of 60 and 30 hundreds among 100 zeros, by hand: p (1 − p) · 100² · n/(n − 1)
        spread = [p * (1 - p) * 1e4 * 100 / 99 for p in (0.6, 0.3)]
        for got, expected in ((found["rate"], newcombe(60, 100, 30, 100)),
                              (found["money"], welch(60, spread[0], 100, 30, spread[1], 100))):
            for one, other in zip(got, expected, strict=True):
                self.assertAlmostEqual(one, other, 6)
        # money is for those who see all figures
        blind = scenario.with_user(self.manager).result()
        self.assertIsNone(blind["versions"][0]["money"])
        self.assertIsNone(blind["versions"][0]["arms"]["treated"]["mean"])
        self.assertEqual(blind["versions"][0]["state"], "better")

    def test_picture(self):
        """100 of 200 get it: 30 are behind the call, 20 of these cancelled, 5 with the goal."""
        scenario = self.started(holdout=50, deadline_days=20)
        self.process()
        runs = self.runs(scenario).filtered(lambda run: run.arm == "treated")
        steps = len(scenario.template_ids)
        runs.position = 0
        runs[:30].position = steps
        runs[:20].state, runs[20:25].state = "cancelled", "goal"
        picture = scenario.picture()[0]
        self.assertEqual(picture["entered"], 100)
        step = picture["steps"][0]
        self.assertEqual((step["reached"], step["here"], step["done"]), (100, 70, 30))
        ends = {one["state"]: one["count"] for one in picture["ends"]}
        self.assertEqual(ends, {"goal": 5, "expired": 0, "left": 0, "cancelled": 20})

    def test_goal_after_leaving_counts(self):
        """Whoever was cancelled stays in its arm, and reaches the goal there."""
        scenario = self.started()
        self.process()
        run = self.runs(scenario)[0]
        run.action_cancel()
        self.sale(run.partner_id, 0, 10)
        self.metrics.refresh(run.partner_id, self.company)
        self.process()
        self.assertEqual((run.state, run.date_goal), ("cancelled", self.today))

    def test_advice(self):
        scenario = self.started(holdout=0)
        advice = scenario.result()["advice"]
        self.assertEqual((advice["enough"], advice["assumed"], advice["expected"]),
                         (False, True, 200))  # fmt: skip
        self.assertGreater(advice["needed"], 1000)

    def test_other_company(self):
        """Memberships of another company don't enter a scenario of this one."""
        other = self.env["res.company"].create({"name": "Other"})
        scenario = self.started(company_id=other.id)
        self.assertFalse(self.runs(scenario).filtered(lambda run: run.company_id == self.company))
        self.assertEqual(self.runs(scenario).company_id, other)
