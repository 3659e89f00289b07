"""A programme of twelve steps and two vendors, worked out by hand."""

from collections import Counter
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged, users
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_programme import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestProgramme(ProgrammeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["res.partner"].create({"name": "Data GmbH"})
        cls.plan = cls.programme(ownership_years=3)
        cls.prepare, cls.build, cls.live = cls.env["crm.programme.phase"].create(
            [{"programme_id": cls.plan.id, "name": name} for name in ("Prepare", "Build", "Live")]
        )
        cls.steps = cls._twelve()
        ours = {"vendor_id": cls.vendor.id, "advance": 0.3, "milestone": 0.2, "pay_days": 10}
        cls.server, cls.licences, cls.support = cls.env["crm.programme.cost"].create(
            [
                {"step_id": cls.steps["E"].id, "name": "Server", "unit_price": 3000,
                 "spread": 0.1, **ours},
                {"step_id": cls.steps["F"].id, "name": "Licences", "kind": "licence",
                 "period": "month", "unit_price": 200, "vendor_id": cls.vendor.id},
                {"step_id": cls.steps["L"].id, "name": "Support", "kind": "service",
                 "period": "year", "unit_price": 1000, "vendor_id": cls.second.id},
            ]
        )  # fmt: skip

    @classmethod
    def _twelve(cls):
        """Name → step. Working hours before each begins stand behind it."""
        ours = {"vendor_id": cls.vendor.id, "advance": 0.3, "milestone": 0.2, "pay_days": 10}
        theirs = {"vendor_id": cls.second.id, "milestone": 1.0, "pay_days": 30}
        one, two, three = cls.prepare.id, cls.build.id, cls.live.id
        steps = {}
        for name, effort, after, phase, vals in (
            ("A", 8, "", one, {}),  # 0
            ("B", 16, "A", one, {}),  # 8
            ("C", 8, "A", one, {}),  # 8
            ("D", (4, 8, 12), "BC", one, {}),  # 24
            ("E", 4, "D", two, {"lead_days": 2}),  # 32
            ("F", (16, 24, 44), "E", two, ours),  # 48; 26 hours
            ("G", (10, 16, 22), "E", two, {**theirs, "people": 2}),  # 48; 8 hours
            ("H", 16, "G", two, {"lag_days": 1}),  # 64
            ("I", 8, "FH", two, {}),  # 80
            ("J", (6, 9, 18), "I", three, {}),  # 88; 10 hours
            ("K", 8, "I", three, {"date_earliest": date(2026, 5, 20)}),  # 88
            ("L", 4, "JK", three, {}),  # 98 to 102
        ):
            before = [steps[key] for key in after]
            steps[name] = cls.step(cls.plan, name, effort, before, phase_id=phase, **vals)
        return steps

    def test_dates_over_holiday_and_weekend(self):
        shown = {
            name: (f"{step.date_start:%d %H}", f"{step.date_end:%d %H}", step.slack_hours)
            for name, step in self.steps.items()
        }
        self.assertEqual(
            shown,
            {
                "A": ("04 08", "04 16", 0), "B": ("05 08", "07 16", 0), "C": ("05 08", "05 16", 8),
                "D": ("08 08", "08 16", 0), "E": ("11 08", "12 16", 0), "F": ("13 08", "18 10", 6),
                "G": ("13 08", "13 16", 0), "H": ("15 08", "18 16", 0), "I": ("19 08", "19 16", 0),
                "J": ("20 08", "21 10", 0), "K": ("20 08", "20 16", 2), "L": ("21 10", "21 14", 0),
            },
        )  # fmt: skip
        critical = "".join(name for name, step in self.steps.items() if step.critical)
        self.assertEqual(critical, "ABDEGHIJL")
        self.assertEqual(f"{self.plan.date_end:%d %H}", "21 14")
        self.assertGreater(self.plan.date_end_p80, self.plan.date_end)
        self.assertEqual(f"{self.build.date_start:%d}–{self.build.date_end:%d}", "11–19")

    def test_money(self):
        plan = self.plan
        self.assertEqual(
            (plan.hours, plan.amount_work, plan.amount_purchases, plan.amount_expected),
            (132, 13200, 3000, 16200),
        )
        # variance of a drawn estimate: (mean − low)(high − mean) / 7, here in thousands of
        # squared money: D 22.86, F 257.14, G 51.43, J 45.71, server 12.86: deviation 624.5
        self.assertAlmostEqual(plan.amount_p50, 16200, delta=50)
        self.assertAlmostEqual(plan.amount_p80, 16200 + 0.8416 * 624.5, delta=50)
        self.assertAlmostEqual(plan.contingency, plan.amount_p80 - 16200, 2)
        # 200 a month from 18 May 2026 are 36 payments before 4 May 2029, support is paid thrice
        self.assertEqual(plan.amount_year, 12 * 200 + 1000)
        self.assertEqual(plan.amount_ownership, 13200 + 3000 + 36 * 200 + 3 * 1000)

    def test_payments_by_month_and_vendor(self):
        months, vendors = Counter(), Counter()
        rows = self.env["crm.programme.cash"]._read_group(
            [("programme_id", "=", self.plan.id)], ["day:month", "vendor_id"], ["amount:sum"]
        )
        for month, vendor, amount in rows:
            months[month] += amount
            vendors[vendor.name] += amount
        # May: own work 9,000, F 2,600, server 3,000, licences 200, support 1,000
        self.assertEqual(months[date(2026, 5, 1)], 15800)
        # June: G thirty days after it ends, licences
        self.assertEqual(months[date(2026, 6, 1)], 1800)
        self.assertEqual(months[date(2027, 5, 1)], 1200)
        self.assertEqual(
            vendors, {False: 9000, "Systems Ltd": 2600 + 3000 + 7200, "Data GmbH": 4600}
        )
        paid = [
            (row["day"], row["amount"]) for row in self.plan.payments if row["name"] == "Server"
        ]
        self.assertEqual(
            paid, [("2026-05-21", 900), ("2026-05-22", 600), ("2026-05-29", 1500)]
        )
        # accepted later than planned: what waits for it is due ten days after that
        self.build.accepted_on = date(2026, 6, 1)
        paid = [row["day"] for row in self.plan.payments if row["name"] == "Server"]
        self.assertEqual(paid, ["2026-05-21", "2026-05-22", "2026-06-11"])

    def test_struck_out_takes_no_time_and_says_why(self):
        with self.assertRaisesRegex(ValidationError, "Say why “G” isn't needed"):
            self.steps["G"].struck_out = True
        self.steps["G"].write({"struck_out": True, "struck_reason": "No other system"})
        # H still waits for E, a day after it: 56 to 72 instead of 64 to 80; I begins after F at
        # 74; K on its own day holds up L, so that F has four hours
        self.assertFalse(self.steps["G"].date_end)
        self.assertEqual(f"{self.steps['H'].date_start:%d %H}", "14 08")
        self.assertEqual(self.plan.amount_expected, 16200 - 1600)
        self.assertEqual((self.steps["F"].slack_hours, self.steps["H"].slack_hours), (4, 6))

    def test_copy_keeps_order_and_costs(self):
        twin = self.plan.copy()
        self.assertEqual(
            (twin.amount_p80, twin.amount_ownership, twin.date_end),
            (self.plan.amount_p80, self.plan.amount_ownership, self.plan.date_end),
        )
        after = {step.name: "".join(step.predecessor_ids.sorted("id").mapped("name"))
                 for step in twin.step_ids}  # fmt: skip
        self.assertEqual((after["L"], after["I"], after["A"]), ("JK", "FH", ""))
        self.assertEqual(twin.phase_ids.mapped("name"), ["Prepare", "Build", "Live"])

    def test_refusals(self):
        with self.assertRaisesRegex(ValidationError, "wait for each other: A → D → B → A"):
            self.steps["A"].predecessor_ids = self.steps["D"]
        with self.assertRaisesRegex(ValidationError, "next working day is 05/07/2026"):
            self.steps["K"].date_earliest = date(2026, 5, 6)
        with self.assertRaisesRegex(ValidationError, "before the programme starts"):
            self.steps["K"].date_earliest = date(2026, 5, 1)
        with self.assertRaisesRegex(ValidationError, "next working day is 05/04/2026"):
            self.plan.date_start = date(2026, 5, 3)
        for step, vals in (("A", {"effort_low": 9}), ("F", {"milestone": 0.8})):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.steps[step].write(vals)
                self.env.flush_all()
        with self.assertRaisesRegex(ValidationError, "paid at the beginning of each period"):
            self.licences.advance = 0.5
        self.steps["C"].write({"effort_low": 0, "effort_likely": 0, "effort_high": 0})
        self.assertIn("No effort and no duration: C", self.plan.plan_problem)
        with self.assertRaisesRegex(UserError, "No effort and no duration: C"):
            self.plan.action_start()

    def test_calendar_without_time(self):
        self.calendar.attendance_ids.unlink()
        with self.assertRaisesRegex(ValidationError, "no working time in the year after"):
            self.programme()

    @freeze_time("2026-05-14 10:00:00")
    def test_open_work_is_not_in_the_past(self):
        plan, steps = self.plan, self.steps
        plan.action_start()
        # Thursday, 14 May: 56 hours are over; nothing was begun, 102 hours are to come
        self.assertEqual(f"{steps['A'].date_start:%d %H}", "14 08")
        self.assertEqual(f"{plan.date_end:%m %d %H}", "06 01 14")
        (steps["A"] | steps["C"] | steps["D"]).write({"state": "done", "done_on": "2026-05-05"})
        steps["B"].write({"state": "begun", "begun_on": "2026-05-05", "progress": 0.25})
        # three quarters of B's 16 hours from today
        self.assertEqual(f"{steps['B'].date_end:%d %H}", "15 12")
        self.assertEqual(f"{steps['E'].date_start:%d %H}", "15 12")

    @freeze_time("2026-05-04 10:00:00")
    def test_start_work_and_finish(self):
        plan, steps = self.plan, self.steps
        plan.action_start()
        deadlines = {step.name: step.activity_id.date_deadline for step in plan.step_ids}
        self.assertEqual((deadlines["A"], deadlines["L"]), (date(2026, 5, 4), date(2026, 5, 21)))
        self.assertEqual(steps["E"].planned_cost, 3400)
        self.assertEqual(plan.phase_ids.account_id.mapped("name")[0], "New CRM / Prepare")
        # B is begun a day late: what waits for it moves, the plan stays
        steps["B"].write({"state": "begun", "begun_on": date(2026, 5, 7)})
        self.assertEqual(f"{steps['L'].date_end:%d %H}", "22 14")
        self.assertEqual(f"{steps['L'].planned_end:%d %H}", "21 14")
        plan.action_plan_again()
        self.assertEqual(steps["L"].activity_id.date_deadline, date(2026, 5, 22))
        steps["A"].activity_id._action_done()
        self.assertEqual((steps["A"].state, steps["A"].progress), ("done", 1.0))
        with self.assertRaisesRegex(UserError, "“Prepare” isn't done yet: B, C, D"):
            self.prepare.action_accept()
        with self.assertRaisesRegex(UserError, "These steps aren't done: B, C, D"):
            plan.action_finish()
        plan.step_ids.filtered(lambda step: step.state != "done").action_done()
        self.assertFalse(plan.activity_ids)
        with self.assertRaisesRegex(UserError, "Say who accepts"):
            self.prepare.action_accept()
        self.prepare.accepted_by_id = self.customer
        self.prepare.action_accept()
        self.assertTrue(self.prepare.accepted_on)
        plan.action_finish()
        self.assertEqual(plan.state, "done")

    def test_cancelling_removes_open_activities(self):
        self.plan.action_start()
        with self.assertRaisesRegex(UserError, "cancelled or finished before it is deleted"):
            self.plan.unlink()
        self.plan.action_cancel()
        self.assertFalse(self.plan.activity_ids)
        self.plan.action_draft()
        self.plan.unlink()

    def test_estimates_follow_the_audit(self):
        self.steps["C"].write({"basis": "users", "basis_count": 2})
        self.assertEqual((self.steps["C"].hours, self.steps["C"].work_cost), (16, 1600))
        self.plan.audit_figures = {"users": 5}
        self.assertEqual(self.steps["C"].hours, 40)

    def test_prices_of_roles(self):
        role = self.env["crm.programme.role"].create({"name": "Adviser"})
        self.steps["A"].write({"role_id": role.id, "rate": 0})
        self.assertIn("No price of an hour yet: Adviser", self.plan.plan_problem)
        role.rate = 80
        self.assertEqual(self.steps["A"].rate, 80)
        self.plan.state = "running"
        role.rate = 90
        self.assertEqual(self.steps["A"].rate, 80)

    def test_template_and_launch(self):
        template = self.env.ref("crm_scenarios.programme_crm")
        self.assertTrue(template.is_template)
        forgotten = template.step_ids.filtered("usually_forgotten").phase_id
        forgotten |= template.cost_ids.filtered("usually_forgotten").phase_id
        self.assertEqual(forgotten, template.phase_ids, "each phase has what is forgotten")
        self.env.ref("crm_scenarios.programme_role_consultant").rate = 120
        lead = self.env["crm.lead"].create({"name": "Roll-out", "partner_id": self.customer.id})
        with Form(self.env["crm.programme.launch"]) as form:
            form.template_id = template
            form.lead_id = lead
        action = form.save().action_confirm()
        programme = self.env["crm.programme"].browse(action["res_id"])
        self.assertEqual(programme.name, "Client: Roll-out of a CRM")
        self.assertEqual(len(programme.step_ids), len(template.step_ids))
        advised = programme.step_ids.filtered(lambda step: "consultant" in step.role_id.name)
        self.assertEqual(set(advised.mapped("rate")), {120})
        self.assertIn("Take the audit or enter how many", programme.plan_problem)
        self.assertTrue(programme.date_end)
        self.assertEqual(lead.programme_count, 1)
        self.assertEqual(lead.action_open_programmes()["domain"], [("id", "in", programme.ids)])

    def test_launch_from_an_activity_plan(self):
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Onboarding", "res_model": "res.partner",
                "template_ids": [
                    Command.create(
                        {"summary": name, "delay_count": weeks, "delay_unit": "weeks",
                         "activity_type_id": self.env.ref("mail.mail_activity_data_call").id}
                    )
                    for name, weeks in (("Call", 0), ("Visit", 1))
                ],
            }
        )  # fmt: skip
        launch = self.env["crm.programme.launch"].create(
            {"template_id": False, "plan_id": plan.id, "partner_id": self.customer.id,
             "date_start": date(2026, 5, 4)}
        )  # fmt: skip
        programme = self.env["crm.programme"].browse(launch.action_confirm()["res_id"])
        self.assertEqual(programme.step_ids.mapped("lag_days"), [0, 5])
        self.assertIn("No effort and no duration: Call, Visit", programme.plan_problem)

    @users("programme_seller")
    def test_salesperson_sees_own_and_templates(self):
        programmes = self.env["crm.programme"]
        self.assertNotIn(self.plan, programmes.search([]))
        self.assertFalse(self.env["crm.programme.cash"].search(
            [("programme_id", "=", self.plan.id)]))  # fmt: skip
        template = self.env.ref("crm_scenarios.programme_crm")
        with self.assertRaises(AccessError):
            template.with_env(self.env).name = "Mine"
        launch = self.env["crm.programme.launch"].create({"template_id": template.id})
        own = programmes.browse(launch.action_confirm()["res_id"])
        own.step_ids[0].effort_high = 100
        for hidden in (self.plan, self.steps["A"], self.server, self.prepare):
            with self.assertRaises(AccessError):
                hidden.with_env(self.env).read(["name"])

    def test_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        manager = new_test_user(
            self.env, "programme_other", "sales_team.group_sale_manager",
            company_id=other.id, company_ids=[Command.set(other.ids)],
        )  # fmt: skip
        programmes = self.env["crm.programme"].with_user(manager)
        self.assertNotIn(self.plan.id, programmes.search([]).ids)
        with self.assertRaises(AccessError):
            self.plan.with_user(manager).read(["name"])
        with self.assertRaises(AccessError):
            self.steps["A"].with_user(manager).read(["name"])
