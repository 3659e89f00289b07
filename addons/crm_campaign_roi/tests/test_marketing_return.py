"""'Marketing return': totals, grades of evidence, matched comparison, benchmarks, who sees what."""

from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo.addons.crm_segments.models import crm_segment_kept
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_roi import RoiCase


@tagged("post_install", "-at_install")
class TestMarketingReturn(RoiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.matched = cls.env["crm.campaign.matched"]
        cls.page = cls.env["crm.marketing.return"]
        cls.medium = cls.env["utm.medium"].create({"name": "Pigeon"})
        cls.spring, cls.summer, cls.claimed, cls.silent = map(
            cls.campaign, ("Spring", "Summer", "Claimed", "Silent")
        )
        for campaign, cost, amount in ((cls.spring, 20, 100), (cls.summer, 40, 140)):
            cls.bill(cost, campaign, day=cls.ago(40))
            order = cls.order(campaign, amount, day=cls.ago(30), medium_id=cls.medium.id)
            cls.invoiced(order, day=cls.ago(30))
        cls.bill(10, cls.silent, day=cls.ago(40))
        platform = cls.env["crm.campaign.platform"].create({"name": "Searchlight"})
        cls.env["crm.campaign.spend"].create(
            {"platform_id": platform.id, "external_campaign": "X", "campaign_id": cls.claimed.id,
             "cost": 5, "conversions": 3, "date": cls.ago(20), "company_id": cls.company.id}
        )  # fmt: skip
        cls.rebuild()

    def overview(self, env=None, **values):
        page = self.page.with_env(env or self.env).with_context(
            allowed_company_ids=self.company.ids
        )
        return page.overview(**values)

    def by_name(self, found):
        return {one["name"]: one for one in found["campaigns"]}

    def test_totals_grades_and_medians(self):
        """Cost 75; margin 60 and 100; the median of the medium is that of the other one."""
        found = self.overview()
        totals = found["totals"]
        self.assertEqual((totals["cost"], totals["invoiced"], totals["margin"]), (75, 240, 160))
        self.assertAlmostEqual(totals["roi"], (160 - 75) / 75)
        self.assertIsNone(totals["romi"])
        rows = self.by_name(found)
        self.assertEqual(
            {name: one["grade"] for name, one in rows.items()},
            {"Spring": "attribution", "Summer": "attribution", "Claimed": "platform",
             "Silent": "none"},
        )  # fmt: skip
        tie = found["tie"]
        self.assertEqual((tie["attributed"], tie["ledger"], tie["difference"]), (240, 240, 0))
        self.assertAlmostEqual(rows["Spring"]["roi"], 2)
        self.assertAlmostEqual(rows["Spring"]["median_roi"], 1.5)
        self.assertEqual(rows["Spring"]["median_of"], 1)
        self.assertIsNone(rows["Claimed"]["median_roi"])
        self.assertEqual(rows["Spring"]["marginal"]["state"], "short")
        self.assertEqual(found["plan"]["state"], "unknown")
        self.assertEqual(found["plan"]["experiment"], self.summer.id)
        self.assertAlmostEqual(found["plan"]["asked"], 0.1 * 75 / 12)
        asked = self.overview(amount=30, source=self.spring.id, target=self.summer.id)["plan"]
        self.assertEqual((asked["asked"], found["plan"]["chosen"]), (30, None))
        self.assertEqual(
            asked["chosen"],
            {"source": self.spring.id, "target": self.summer.id, "amount": 20, "effect": None,
             "state": "unknown"},
        )  # fmt: skip
        self.assertIsNone(self.overview(source=self.spring.id, target=0)["plan"]["chosen"])
        grades = {one["grade"]: one for one in found["grades"]}
        self.assertEqual(grades["attribution"]["cost"], 60)
        # the report says the same of each campaign, and no total is multiplied by it
        read = self.report._read_group([("campaign_id", "!=", False)], ["evidence"], ["cost:sum"])
        self.assertEqual(dict(read), {"attribution": 60, "platform": 5, "none": 10})
        sure = self.report._read_group([("evidence", "=", "attribution")], [], ["roi:avg"])
        self.assertAlmostEqual(sure[0][0], (160 - 60) / 60)
        self.assertEqual(self.spring.campaign_return()["evidence"], "attribution")
        self.assertEqual(self.silent.campaign_return()["evidence"], "none")

    def test_experiment_is_the_best_evidence(self):
        audience = self.env["crm.campaign.audience"].create(
            {"campaign_id": self.spring.id, "company_id": self.company.id}
        )
        audience.write({"launch_date": self.ago(60), "state": "launched"})
        audience.write(
            {"incremental_margin": 50, "incremental_low": 10, "incremental_high": 90,
             "verdict": "better"}
        )  # fmt: skip
        found = self.overview()
        one = self.by_name(found)["Spring"]
        self.assertEqual((one["grade"], one["caused"]), ("experiment", [50, 10, 90]))
        self.assertEqual(self.spring.campaign_return()["evidence"], "experiment")
        for value, expected in zip(one["proven"], (1.5, -0.5, 3.5), strict=True):
            self.assertAlmostEqual(value, expected)
        self.assertEqual(found["totals"]["incremental"], [50, 10, 90])
        self.assertAlmostEqual(found["totals"]["romi"][0], 1.5)
        # too small to tell: said so, and no ground to move money on
        audience.verdict = "small"
        found = self.overview()
        one = self.by_name(found)["Spring"]
        self.assertEqual((one["grade"], one["caused"]), ("small", [50, 10, 90]))
        self.assertEqual(self.spring.campaign_return()["evidence"], "small")
        self.assertIsNone(found["totals"]["incremental"])
        report = self.report._read_group([], [], ["romi:avg", "incremental_margin:sum"])
        self.assertFalse(any(report[0]), "the report leaves it out as well")
        grades = {row["grade"]: row["campaigns"] for row in found["grades"]}
        self.assertEqual((grades["small"], grades["experiment"]), (1, 0))
        audience.copy().write(
            {"launch_date": self.ago(50), "state": "launched", "verdict": "better",
             "incremental_margin": 5, "incremental_low": 1, "incremental_high": 9}
        )  # fmt: skip
        self.assertEqual(self.by_name(self.overview())["Spring"]["grade"], "experiment")

    def test_medians_of_medium_and_segment(self):
        """Beside those of the segment where there are any, else beside all of the medium."""
        campaigns = [
            {"medium": medium, "segment_id": segment, "roi": roi}
            for medium, segment, roi in (
                ("M", 1, 1.0), ("M", 1, 3.0), ("M", 2, 9.0), ("N", 1, 5.0), ("M", 1, None),
            )
        ]  # fmt: skip
        self.page._benchmark(campaigns)
        self.assertEqual(
            [(one["median_roi"], one["median_of"], one["median_segment"]) for one in campaigns],
            [(3.0, 1, True), (1.0, 1, True), (2.0, 2, False), (None, 0, False), (2.0, 2, True)],
        )

    def test_cheapest_experiment(self):
        """40 reached for 40, one of them ordered: a euro each, twice as cheap as 20 for 40."""
        partners = self.env["res.partner"].create([{"name": f"Reached {n}"} for n in range(40)])
        kind = self.env.ref("crm_campaign_roi.touchpoint_kind_catalogue")
        self.env["crm.touchpoint"].with_context(touchpoints_rebuild=True).create(
            [
                {"partner_id": one.id, "date": self.ago(35), "kind_id": kind.id,
                 "campaign_id": self.summer.id, "company_id": self.company.id}
                for one in partners
            ]
        )  # fmt: skip
        plan = self.overview()["plan"]
        self.assertEqual((plan["experiment"], plan["trial"]["id"]), (self.summer.id,) * 2)
        reached = 40 / plan["trial"]["each"]
        self.assertIn(round(reached), (40, 41))
        self.assertAlmostEqual(plan["trial"]["cost"], plan["trial"]["needed"] / 2 * 40 / reached)
        self.assertEqual(plan["trial"]["effect"], 0.02)
        pooled = plan["trial"]["pooled"]
        there = self.env["res.partner"].search_count([("is_crm_customer", "=", True)])
        self.assertEqual(pooled["customers"], there)
        self.assertEqual(pooled["campaigns"], -(-plan["trial"]["needed"] // there))
        self.assertGreater(pooled["detectable"], pooled["detectable_yearly"])
        self.assertGreater(pooled["detectable_yearly"], 0.02)

    def test_matched_comparison(self):
        """40 addressed and 40 alike; the addressed buy for 60 of margin more, half of them.

        All bought once, for 60 of margin, before: one stratum, of three thirds alike.
        """
        partners = self.env["res.partner"].create(
            [{"name": f"Alike {n}", "is_company": True} for n in range(80)]
        )
        fair = self.env.ref("crm_campaign_roi.touchpoint_kind_catalogue")
        self.env["crm.touchpoint"].with_context(touchpoints_rebuild=True).create(
            [
                {"partner_id": one.id, "date": self.ago(150), "kind_id": fair.id,
                 "campaign_id": self.silent.id, "company_id": self.company.id}
                for one in partners[::2]
            ]
        )  # fmt: skip
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": one.id,
                    "invoice_date": self.ago(day),
                    "invoice_line_ids": [
                        Command.create({"product_id": self.product.id, "price_unit": 100})
                    ],
                }
                for day, some in ((200, partners), (120, partners[::4]))
                for one in some
            ]
        )
        moves.action_post()
        self.metrics.refresh(partners)
        self.matched._rebuild_company(self.company)
        row = self.matched.search([("campaign_id", "=", self.silent.id)])
        self.assertEqual((row.addressed, row.treated), (40, 40))
        self.assertAlmostEqual(row.margin, 20 * 60, delta=1)
        self.assertLess(row.margin_low, row.margin)
        self.assertGreater(row.margin_low, 0)
        self.assertEqual(self.by_name(self.overview())["Silent"]["grade"], "matched")
        written = row.write_date
        self.matched._rebuild_company(self.company)
        self.assertEqual((row.exists().write_date, self.matched.search_count([])), (written, 1))

    def test_who_sees_what(self):
        users = {
            login: new_test_user(self.env, f"page_{login}", groups=groups,
                                 company_id=self.company.id,
                                 company_ids=[Command.set(self.company.ids)])
            for login, groups in (
                ("seller", "sales_team.group_sale_salesman_all_leads"),
                ("marketer", "mass_mailing.group_mass_mailing_user"),
                ("auditor", "account.group_account_readonly"),
            )
        }  # fmt: skip
        with self.assertRaises(AccessError):
            self.overview(self.env(user=users["seller"], su=False))
        found = self.overview(self.env(user=users["marketer"], su=False))
        self.assertEqual((found["totals"]["cost"], found["bridge"]), (75, None))
        self.assertIsNone(found["tie"])
        self.assertTrue(self.overview(self.env(user=users["auditor"], su=False))["campaigns"])
        self.env["res.config.settings"].create({"group_roi_figures": False}).execute()
        self.env.invalidate_all()
        hidden = self.overview(self.env(user=users["marketer"], su=False))
        self.assertEqual((hidden["totals"]["cost"], hidden["plan"]), (None, None))
        self.assertIsNone(hidden["totals"]["roi"])
        self.assertEqual({one["cost"] for one in hidden["campaigns"]}, {None})
        self.assertEqual({one["caused"] for one in hidden["campaigns"]}, {None})

    def test_a_document_of_several_months_ties(self):
        """In the results and in the books the whole of it is of its first day."""
        first, _last = self.page._period()
        old = self.customer("Old customer")
        for name, days, amount in (("before", (-1, 0), 10), ("within", (0, 40), 300)):
            for day in days:
                self.sale(old, first + timedelta(days=day), amount, document=name)
        self.rebuild()
        tie = self.overview()["tie"]
        self.assertEqual((tie["history"], tie["unattributed"], tie["difference"]), (600, 600, 0))

    def test_bridge_is_read_at_night(self):
        """The page reads what the night has read of its periods, and says since when it stands."""
        self.assertFalse(self.overview()["bridge"]["read_at"])
        with (
            patch.object(crm_segment_kept, "SLOW", 0),
            patch.object(type(self.env["ir.cron"]), "_commit_progress"),
        ):
            self.env["crm.segment.kept"]._keep_due()
        before = self.overview()["bridge"]
        self.assertTrue(before["read_at"])
        self.invoiced(self.order(self.spring, 50, day=self.ago(3)), day=self.ago(3))
        self.assertEqual(self.overview()["bridge"], before)
        self.assertEqual(before["end"], 240)

    def test_pdf_and_digest(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "crm_campaign_roi.report_marketing_return", self.company.ids
        )
        self.assertIn(b"Spring", html)
        self.assertIn(b"Platform", html)
        digest = self.env["digest.digest"].create(
            {"name": "Weekly", "company_id": self.company.id, "kpi_crm_roi_margin": True}
        )
        found = digest.with_context(
            start_datetime=datetime.combine(self.ago(60), time.min),
            end_datetime=datetime.combine(self.ago(0), time.min),
        )
        self.assertEqual(found.kpi_crm_roi_margin_value, 160)

    def test_monthly_pdf(self):
        """To those named who see figures, with their own rights; others get none."""
        reader, outsider = (
            new_test_user(self.env, f"monthly_{n}", groups=groups, company_id=self.company.id,
                          company_ids=[Command.set(self.company.ids)], email=f"{n}@office.example")
            for n, groups in enumerate(
                ("account.group_account_readonly", "sales_team.group_sale_salesman"))
        )  # fmt: skip
        self.company.crm_roi_report_user_ids = reader + outsider
        users = []

        def render(report, _name, ids):
            users.append((report.env.user, report.env.company, ids))
            return b"%PDF", "pdf"

        with patch.object(type(self.env["ir.actions.report"]), "_render_qweb_pdf", render):
            self.page._send_monthly()
        self.assertEqual(users, [(reader, self.company, self.company.ids)])
        mail = self.env["mail.mail"].search([], limit=1, order="id desc")
        self.assertIn("0@office.example", mail.email_to)
        self.assertEqual(mail.attachment_ids.raw, b"%PDF")

    def test_never_contacted_group(self):
        """Half of 400 are never contacted; of the others half buy for 60 of margin since then."""
        self.assertIsNone(self.overview()["universal"])
        partners = self.env["res.partner"].create(
            [{"name": f"Hold {n}", "is_company": True} for n in range(400)]
        )
        self.metrics.search([("company_id", "=", self.company.id)]).unlink()
        self.metrics.create(
            [{"partner_id": one.id, "company_id": self.company.id} for one in partners]
        )
        self.company.crm_roi_universal_share = 0.5
        self.assertEqual(self.company.crm_roi_universal_since, self.ago(0))
        self.assertEqual(self.overview()["universal"]["state"], "few", "nobody has bought since")
        self.company.crm_roi_universal_since = self.ago(100)
        held = self.env["res.partner"].search(
            [("id", "in", partners.ids), ("crm_universal_control", "=", True)]
        )
        self.assertTrue(150 < len(held) < 250)
        buyers = (partners - held)[::2]
        self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice", "partner_id": one.id, "invoice_date": self.ago(50),
                    "invoice_line_ids": [
                        Command.create({"product_id": self.product.id, "price_unit": 100})
                    ],
                }
                for one in buyers
            ]
        ).action_post()  # fmt: skip
        self.metrics.search([("company_id", "=", self.company.id)]).filtered(
            lambda one: one.partner_id not in partners
        ).unlink()
        found = self.overview()["universal"]
        self.assertEqual((found["state"], found["held"]), ("read", len(held)))
        self.assertAlmostEqual(found["rate"][0], len(buyers) / len(partners - held))
        self.assertGreater(found["rate"][1], 0.2)
        self.assertAlmostEqual(found["margin"][0], 60 * len(buyers) / len(partners - held))
