"""Audiences: who draws them, what salespeople don't see, companies, currencies, ROMI."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_roi import RoiCase


@tagged("post_install", "-at_install")
class TestAudienceAccess(RoiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product_category = cls.product_category.with_env(cls.env)
        cls.other = cls.setup_other_company(name="Second")["company"]
        cls.env.user.company_ids |= cls.other
        cls.company.crm_roi_contact_cap = 0
        companies = Command.set((cls.company | cls.other).ids)
        cls.marketer, cls.seller = (
            new_test_user(cls.env, login, groups=groups, company_id=cls.company.id,
                          company_ids=[companies], email=f"{login}@office.example")
            for login, groups in (
                ("aud_marketer", "mass_mailing.group_mass_mailing_user"),
                ("aud_seller", "sales_team.group_sale_salesman_all_leads"),
            )
        )  # fmt: skip
        cls.mark = cls.env["res.partner.category"].create({"name": "Asked"})
        cls.crowd = cls.env["res.partner"].create(
            [
                {"name": f"Asked {n}", "is_company": True, "email": f"a{n}@asked.example",
                 "category_id": [Command.set(cls.mark.ids)]}
                for n in range(80)
            ]
        )  # fmt: skip
        cls.spring = cls.campaign("Spring")

    def audience(self, user=None, **values):
        audiences = self.env["crm.campaign.audience"]
        if user:
            audiences = audiences.with_user(user).with_company(self.company)
        return audiences.create(
            {
                "campaign_id": self.spring.id,
                "company_id": self.company.id,
                "domain": repr([("category_id", "in", self.mark.ids)]),
                "control_share": 0.5,
                "effect": 0.3,
                **values,
            }
        )

    def test_nobody_writes_a_draw_or_a_result_by_hand(self):
        audience = self.audience(self.marketer)
        outside = audience.with_context(audience_noted=True, audience_draw=True)
        for values in (
            {"state": "launched"}, {"seed": "x"}, {"verdict": "better"},
            {"launch_date": "2026-01-01"}, {"customer_count": 5},
        ):  # fmt: skip
            for record in (audience, outside):
                with self.assertRaises(AccessError):
                    record.write(values)
            with self.assertRaises(AccessError):
                self.audience(self.marketer, **values)
        audience.action_draw()
        with self.assertRaises(AccessError):
            outside.write({"state": "draft"})
        with self.assertRaises(UserError):
            outside.write({"domain": "[]"})
        with self.assertRaises(UserError):
            outside.arm_ids[0].unlink()
        self.assertEqual(audience.state, "drawn")

    def test_a_marketer_without_sales_rights(self):
        """Draws, launches, and is not told what one customer buys."""
        audience = self.audience(self.marketer)
        audience.action_check()
        audience.action_draw()
        self.assertEqual(audience.customer_count, 80)
        self.assertEqual(audience.audit()["differ"], [])
        member = self.env["crm.campaign.audience.member"].with_user(self.marketer)
        member = member.search([("audience_id", "=", audience.id)], limit=1)
        self.assertTrue(member.partner_id.name)
        with self.assertRaises(AccessError):
            member.read(["revenue"])
        with self.assertRaises(AccessError):
            member.sudo(False).write({"arm_id": False})
        with self.assertRaises(AccessError):
            audience.read(["reading"])
        mailing = self.env["mailing.mailing"].browse(audience.action_launch()["res_id"])
        mailing = mailing.with_user(self.marketer).with_company(self.company)
        treated = audience._treatments()
        self.assertEqual(len(mailing._get_recipients()), treated.customer_count)

    def test_a_salesperson_sees_none_of_it(self):
        audience = self.audience()
        audience.action_draw()
        for name in ("lift", "audit"):
            with self.subTest(method=name), self.assertRaises(AccessError):
                getattr(audience.with_user(self.seller), name)()
        for name in ("action_check", "action_draw", "action_launch", "action_read"):
            with self.subTest(method=name), self.assertRaises(AccessError):
                getattr(audience.with_user(self.seller), name)()
        partner = self.crowd[0].with_user(self.seller)
        with self.assertRaises(AccessError):
            partner.read(["crm_audience_arm_ids"])
        with self.assertRaises(AccessError):
            partner.search([("crm_audience_arm_ids", "!=", False)])

    def test_companies(self):
        audience = self.audience()
        audience.action_draw()
        elsewhere = self.env["crm.campaign.audience"].with_user(self.marketer)
        elsewhere = elsewhere.with_context(allowed_company_ids=self.other.ids)
        self.assertFalse(elsewhere.search([("id", "=", audience.id)]))
        with self.assertRaises(AccessError):
            audience.with_env(elsewhere.env).lift()

    def test_incremental_margin_and_romi(self):
        """40 of 40 treated buy at 40 or 80 of margin, nobody else: 2,400 on 1,200 of cost."""
        audience = self.audience()
        audience.action_draw()
        audience._mark_launched()
        audience.launch_date = self.ago(60)
        day = self.ago(50)
        treated = self.env["crm.campaign.audience.member"].search(
            [("arm_id", "in", audience._treatments().ids)]
        ).partner_id  # fmt: skip
        self.assertEqual(len(treated), 40)
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": one.id,
                    "invoice_date": day,
                    "invoice_line_ids": [
                        Command.create({"product_id": self.product.id, "price_unit": price})
                    ],
                }
                for one, price in zip(treated, [80, 120] * 20, strict=True)
            ]
        )
        moves.action_post()
        self.bill(1200, self.spring, day=day)
        before = self.spring.campaign_return()
        self.assertIsNone(before["experiment"])
        with self.assertRaises(UserError):
            self.audience().action_launch()
        self.env["crm.campaign.audience"]._read_due()
        self.assertEqual(audience.verdict, "better")
        self.assertAlmostEqual(audience.incremental_margin, 2400)
        found = self.spring.campaign_return()["experiment"]
        self.assertAlmostEqual(found["romi"][0], 1)
        # Welch: variance 400 × 40/39 of the treated, none of the others, t = 2.0227
        reach = 40 * 2.0227 * (400 / 39) ** 0.5
        self.assertAlmostEqual(found["margin"][1], 2400 - reach, delta=1)
        read = self.report._read_group
        mine = [("campaign_id", "=", self.spring.id)]
        self.assertEqual(
            read(mine, [], ["incremental_margin:sum", "tested_cost:sum", "romi:avg"]),
            [(2400, 1200, 1)],
        )
        limits = read(mine, [], ["romi_low:avg", "romi_high:avg"])[0]
        for limit, sign in zip(limits, (-1, 1), strict=True):
            self.assertAlmostEqual(limit, (1200 + sign * reach) / 1200, places=3)
        untested = self.campaign("Untested")
        self.bill(500, untested, day=day)
        ours = [("campaign_id", "in", (self.spring | untested).ids)]
        self.assertEqual(read(ours, [], ["cost:sum", "romi:avg"]), [(1700, 1)])
        nothing = read([("campaign_id", "=", untested.id)], [], ["romi:avg", "romi_low:avg"])
        self.assertEqual(nothing, [(False, False)])
        # 10 of the 40 are of a segment: a quarter of the cost; of the others no segment is known
        division = self.rules({"Big": "[]"}, exclusive=True)
        self.company.crm_reporting_segmentation_id = division
        for one in treated[:10]:
            self.stay(one, division.segment_ids, 100)
        by_segment = read(mine, ["segment_id"], ["cost:sum"])
        self.assertEqual(
            {segment.name: round(cost) for segment, cost in by_segment if cost},
            {"Big": 300, False: 900},
        )
        # no total is multiplied by the models
        by_model = read(mine, ["model"], ["incremental_margin:sum"])
        self.assertEqual({amount for _model, amount in by_model}, {2400})

    def test_currency_of_the_launch(self):
        """Incremental margin of another company at the rate of its launch."""
        audience = self.audience()
        audience.action_draw()
        audience._mark_launched()
        dollar = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-06-01", 4.0)])
        dollar.rate_ids.company_id = False
        audience.launch_date = date(2026, 3, 1)
        audience.write({"incremental_margin": 100, "incremental_low": 50, "incremental_high": 150})
        self.other.currency_id = dollar
        campaign = self.spring.with_company(self.other).with_context(
            allowed_company_ids=(self.other | self.company).ids
        )
        self.assertEqual(campaign._return_experiment(10, True)["margin"], [200, 100, 300])
        report = self.report.with_env(campaign.env)
        self.assertEqual(
            report._read_group(
                [("campaign_id", "=", self.spring.id)], [], ["incremental_margin:sum"]
            ),
            [(200,)],
        )
