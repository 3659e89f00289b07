"""Goals: measured, kept at the start, worth money; who sees them."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_programme import ProgrammeCommon


@tagged("post_install", "-at_install")
class TestProgrammeGoal(ProgrammeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Measured"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.seller.write({"company_ids": [(4, cls.company.id)], "company_id": cls.company.id})
        cls.lead = new_test_user(
            cls.env, "programme_lead", "sales_team.group_sale_salesman_all_leads",
            company_ids=[(6, 0, cls.company.ids)], company_id=cls.company.id,
        )  # fmt: skip
        cls.plan = cls.env["crm.programme"].create(
            {"name": "Better", "company_id": cls.company.id, "user_id": cls.seller.id,
             "date_start": "2026-05-04"}
        )  # fmt: skip
        cls.step(cls.plan, "Work", 60.0)  # 6,000
        cls.kpis = cls.env["crm.programme.kpi"]

    def goal(self, kpi, target, **vals):
        return self.env["crm.programme.goal"].create(
            {"programme_id": self.plan.id, "kpi": kpi, "target": target, **vals}
        )

    def deals(self, won, lost):
        """Opportunities of the company that were decided now."""
        leads = self.env["crm.lead"].create(
            [{"name": "Deal", "type": "opportunity", "company_id": self.company.id}
             for _one in range(won + lost)]
        )  # fmt: skip
        leads[:won].action_set_won()
        leads[won:].action_set_lost()

    def as_user(self, user, record):
        self.env.flush_all()
        self.env.invalidate_all()
        return record.with_user(user).with_context(allowed_company_ids=self.company.ids)

    def test_kept_at_start(self):
        """10 of 40 won; after 20 more are won it is 30 of 60. Half of the way to 75 %."""
        goal = self.goal("win_rate", 75.0, worth=8000.0)
        empty = self.goal("advice_share", 50.0, worth=1000.0)
        self.deals(10, 30)
        self.plan.with_user(self.seller).with_context(
            allowed_company_ids=self.company.ids
        ).action_start()
        self.assertEqual((goal.baseline, goal.current, goal.reached), (25.0, 25.0, 0.0))
        today = self.env["crm.segmentation"]._today()
        self.assertEqual(goal.baseline_date, today)
        self.assertFalse(empty.baseline_date)
        self.assertEqual(empty.state_text, "Not enough data yet.")
        self.deals(20, 0)
        self.as_user(self.seller, self.plan).action_measure()
        self.as_user(self.seller, self.plan).action_keep_baseline()
        self.assertEqual((goal.baseline, goal.current, goal.reached), (25.0, 50.0, 0.5))
        self.assertEqual(goal.benefit, 4000.0)
        self.assertEqual(empty.benefit, False)
        self.assertEqual((self.plan.benefit_full, self.plan.benefit_now), (9000.0, 4000.0))
        # 6,000 of cost by 4,000 a year
        self.assertEqual((self.plan.payback_now, self.plan.amount_expected), (1.5, 6000.0))
        self.assertIn("Not measurable yet: Advice", self.plan.benefit_text)
        with self.assertRaises(UserError):
            goal.kpi = "repeat_share"

    def test_who_sees(self):
        goal = self.goal("win_rate", 75.0, worth=8000.0)
        money = self.goal("revenue_12m", 1000.0, worth=10.0)
        self.deals(10, 30)
        self.plan.action_keep_baseline()
        own = self.as_user(self.seller, goal)
        self.assertEqual((own.baseline, own.current, own.reached, own.benefit), (False,) * 4)
        self.assertEqual(own.state_text, "You may not see this figure.")
        self.assertEqual(own.programme_id.benefit_now, False)
        self.assertIn("you may not see", own.programme_id.benefit_text)
        for name in ("baseline_value", "measured_value"):
            with self.assertRaises(AccessError):
                own.read([name])
            with self.assertRaises(AccessError):
                own.search([(name, ">", 0)])
        boss = self.as_user(self.lead, goal)
        self.assertEqual((boss.baseline, boss.current), (25.0, 25.0))
        manager = new_test_user(
            self.env, "programme_segments", "crm_segments.group_segments_manager",
            company_ids=[(6, 0, self.company.ids)], company_id=self.company.id,
        )  # fmt: skip
        # shares may be seen by whoever manages segments, money may not
        self.assertEqual(self.as_user(manager, goal).baseline, 25.0)
        self.assertFalse(self.as_user(manager, money).visible)

    def test_not_entered(self):
        goal = self.as_user(self.seller, self.goal("win_rate", 75.0))
        for vals in ({"baseline_date": False}, {"measured_on": "2026-01-01"}):
            with self.assertRaises(AccessError):
                goal.write(vals)
        with self.assertRaises(AccessError):
            goal.create(
                {"programme_id": self.plan.id, "kpi": "win_rate", "target": 1,
                 "baseline_value": 5}
            )  # fmt: skip
        other = new_test_user(self.env, "programme_other", "sales_team.group_sale_salesman")
        portal = new_test_user(self.env, "programme_guest", "base.group_portal")
        for user in (other, portal):
            with self.assertRaises(AccessError):
                goal.with_user(user).action_measure()
            with self.assertRaises(AccessError):
                goal.with_user(user).read(["state_text"])

    def test_figures(self):
        """Each registered figure, of a company of which all is known."""
        expected = dict.fromkeys(self.kpis._kpis())
        self.deals(10, 9)  # 19 are too few
        buyers = self.env["res.partner"].create(
            [{"name": f"Buyer {number}", "company_id": self.company.id,
              "industry_id": number < 3 and self.env["res.partner.industry"].search([], limit=1).id}
             for number in range(20)]
        )  # fmt: skip
        self.env["crm.customer.metrics"].create(
            [{"partner_id": buyer.id, "company_id": self.company.id, "revenue_12m": 100.0,
              "purchase_count": 2 if number < 5 else 1, "purchase_count_12m": 1}
             for number, buyer in enumerate(buyers)]
        )  # fmt: skip
        self.env["crm.deal.norm"].create(
            {"company_id": self.company.id, "step": "contact", "days": 4.5, "completed": 21}
        )
        today = self.env["crm.segmentation"]._today()
        activities = self.env["mail.activity"].create(
            [{"res_model_id": self.env["ir.model"]._get_id("res.partner"), "res_id": buyer.id,
              "user_id": self.lead.id, "date_deadline": today - timedelta(days=number < 6)}
             for number, buyer in enumerate(buyers)]
        )  # fmt: skip
        activities.with_user(self.lead)._action_done()
        self.env["crm.advice"].create(
            [{"company_id": self.company.id, "user_id": self.lead.id, "partner_id": buyer.id,
              "source": "due", "kind": kind, "date": today}
             for number, buyer in enumerate(buyers)
             for kind in ("shown", "taken")[:2 if number < 8 else 1]]
        )  # fmt: skip
        customers = self.env["res.partner"].search_count(
            self.env["crm.segment.setup"]._customer_domain(self.company)
        )
        known = self.env["res.partner"].search_count(
            [*self.env["crm.segment.setup"]._customer_domain(self.company),
             ("industry_id", "!=", False)]
        )  # fmt: skip
        expected |= {
            "repeat_share": 25.0, "revenue_12m": 2000.0, "contact_days": 4.5,
            "activities_share": 70.0, "advice_share": 40.0,
            "industry_share": 100 * known / customers,
        }  # fmt: skip
        found = {name: self.kpis._measure(name, self.company)[0] for name in expected}
        self.assertEqual(found, expected)

    def test_review(self):
        today = self.env["crm.segmentation"]._today()
        goal = self.goal("win_rate", 75.0, date_review=today - timedelta(days=1))
        self.plan.state = "running"
        self.deals(10, 30)
        cron = self.env.ref("crm_scenarios.ir_cron_programme_goals")
        for _night in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
        self.assertEqual((goal.baseline, goal.current), (25.0, 25.0))
        reviews = self.plan.activity_ids.filtered(lambda one: "Review" in one.summary)
        self.assertEqual(len(reviews), 1)
        self.assertEqual(reviews.user_id, self.seller)
        self.assertNotIn("25", f"{reviews.summary}{reviews.note}")
        goal.date_review = today
        goal.sudo().reviewed_on = fields.Date.to_date("2026-01-01")
        self.env["crm.programme"]._review_goals()
        self.assertEqual(len(self.plan.activity_ids.filtered(
            lambda one: "Review" in one.summary)), 2)  # fmt: skip

    def test_copied(self):
        goal = self.goal("win_rate", 75.0, worth=10.0, date_review="2026-12-01")
        self.deals(10, 30)
        self.plan.action_keep_baseline()
        twin = self.plan.copy().goal_ids
        self.assertEqual((twin.kpi, twin.target, twin.worth), ("win_rate", 75.0, 10.0))
        self.assertFalse(twin.baseline_date or twin.measured_on or twin.date_review)
        self.assertEqual((twin.baseline, twin.current), (False, False))
        self.assertEqual(goal.baseline, 25.0)
