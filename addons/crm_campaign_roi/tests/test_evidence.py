"""One grade per campaign, on every screen; and the marginal return by what was measured when."""

import json

from dateutil.relativedelta import relativedelta
from lxml import html
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common_roi import RoiCase

GRADES = {"Long known": "attribution", "Long claimed": "platform", "Long tested": "experiment",
          "Just billed": "none"}  # fmt: skip


@tagged("post_install", "-at_install")
class TestEvidence(RoiCase):
    """Campaigns that cost something lately, and of which more is known from before the year."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = cls.env["crm.marketing.return"].with_context(
            allowed_company_ids=cls.company.ids
        )
        cls.campaigns = {title: cls.campaign(title) for title in GRADES}
        for campaign in cls.campaigns.values():
            cls.bill(20, campaign, day=cls.ago(40))
        old = cls.order(cls.campaigns["Long known"], 100, day=cls.ago(500))
        cls.invoiced(old, day=cls.ago(500))
        platform = cls.env["crm.campaign.platform"].create({"name": "Searchlight"})
        cls.env["crm.campaign.spend"].create(
            {"platform_id": platform.id, "external_campaign": "X", "conversions": 3, "cost": 5,
             "campaign_id": cls.campaigns["Long claimed"].id, "date": cls.ago(500),
             "company_id": cls.company.id}
        )  # fmt: skip
        cls.experiment(cls.campaigns["Long tested"], cls.ago(600), [50, 10, 90])
        cls.rebuild()

    @classmethod
    def experiment(cls, campaign, day, margin, window=28):
        """An audience that was read against its hold-out."""
        audience = cls.env["crm.campaign.audience"].create(
            {"campaign_id": campaign.id, "company_id": cls.company.id, "window_days": window}
        )
        names = ("incremental_margin", "incremental_low", "incremental_high")
        values = dict(zip(names, margin, strict=True))
        audience.write({"launch_date": day, "state": "launched", "verdict": "better", **values})
        return audience

    def by_name(self, page):
        return {one["name"]: one for one in page.overview()["campaigns"]}

    def test_overview_report_panel(self):
        found = self.by_name(self.page)
        self.assertEqual({name: one["grade"] for name, one in found.items()}, GRADES)
        rows = self.report._read_group(
            [("campaign_id", "!=", False)], ["campaign_id", "evidence"], ["cost:sum"]
        )
        self.assertEqual({one.title: grade for one, grade, _cost in rows}, GRADES)
        panels = {name: one.campaign_return()["evidence"] for name, one in self.campaigns.items()}
        self.assertEqual(panels, GRADES)
        grades = {one["grade"]: one["campaigns"] for one in self.page.overview()["grades"]}
        self.assertEqual(grades, {**dict.fromkeys(GRADES.values(), 1), "matched": 0, "small": 0})

    def test_dashboard(self):
        """Its tables read the same dimension, a row per campaign; its totals are of the grade."""
        board = self.env.ref("crm_campaign_roi.spreadsheet_dashboard_campaigns")
        pivots = json.loads(board.spreadsheet_data)["pivots"]
        for number in ("1", "5", "6"):
            pivot = pivots[number]
            rows = self.env[pivot["model"]]._read_group(
                pivot["domain"], [one["fieldName"] for one in pivot["rows"]], ["cost:sum"]
            )
            with self.subTest(number):
                if number == "6":
                    costs = {"attribution": 20, "platform": 25, "experiment": 20, "none": 20}
                    self.assertEqual(dict(rows), costs)
                else:
                    self.assertEqual({one.title: grade for one, grade, _cost in rows}, GRADES)

    def test_monthly_pdf(self):
        report = self.env["ir.actions.report"].with_context(allowed_company_ids=self.company.ids)
        content, _kind = report._render_qweb_html(
            "crm_campaign_roi.report_marketing_return", self.company.ids
        )
        rows = html.fromstring(content).xpath("//table[.//th[text()='Invoiced']]/tbody/tr")
        shown = {row[0].text_content().strip(): row[1].text_content().strip() for row in rows}
        names = self.page._grade_names()
        self.assertEqual(shown, {title: names[grade] for title, grade in GRADES.items()})

    def test_without_figures_the_grade_is_the_same(self):
        """A grade is not a figure; what was caused is one."""
        self.env["res.config.settings"].create({"group_roi_figures": False}).execute()
        user = new_test_user(
            self.env, "graded", groups="mass_mailing.group_mass_mailing_user",
            company_id=self.company.id, company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        shown = self.by_name(self.page.with_user(user))
        self.assertTrue(shown)
        self.assertLessEqual(
            {name: one["grade"] for name, one in shown.items()}.items(), GRADES.items()
        )
        self.assertEqual({one["caused"] for one in shown.values()}, {None})
        self.assertIsNone(self.page.with_user(user).overview()["totals"]["incremental"])

    def test_marginal_return_by_what_was_measured(self):
        """Each pound brings 2 of credited margin; half of what was credited then was caused.

        The same of a match, whose 90 days touch four months: 50 + 60 + 70 + 80 of cost.
        """
        today = self.page._period()[1]
        tested, matched = self.campaign("Tested months"), self.campaign("Matched months")
        for months in range(1, 9):
            day = today + relativedelta(months=-months, day=10)
            cost = 10 * (9 - months)
            for campaign in (tested, matched):
                self.bill(cost, campaign, day=day)
                self.invoiced(self.order(campaign, 40 + 2 * cost, day=day), day=day)
        self.rebuild()
        start = today + relativedelta(months=-3, day=1)  # of cost 60, of margin 120
        self.experiment(tested, start, [60, 60, 60])
        self.env["crm.campaign.matched"].create(
            {"campaign_id": matched.id, "company_id": self.company.id,
             "date": today + relativedelta(months=-4, day=15),
             "margin": 260, "margin_low": 130, "margin_high": 390}
        )  # fmt: skip
        found = self.by_name(self.page)
        for name, expected in (("Tested months", [1, 1, 1]), ("Matched months", [1, 0.5, 1.5])):
            marginal = found[name]["marginal"]
            with self.subTest(name):
                self.assertEqual((marginal["state"], marginal["months"]), ("known", 8))
                for value, wanted in zip(marginal["slope"], expected, strict=True):
                    self.assertAlmostEqual(value, wanted, 6)
        # 60 of margin against the 60 of the month with the hold-out, not against all 360
        one = found["Tested months"]
        self.assertEqual((one["cost"], one["proof_cost"]), (360, 60))
        self.assertEqual(one["proven"], [0, 0, 0])
        self.assertEqual(found["Matched months"]["proof_cost"], 260)
        self.assertEqual(tested.campaign_return()["experiment"]["romi"], [0, 0, 0])
        mine = [("campaign_id", "=", tested.id)]
        read = self.report._read_group(mine, [], ["cost:sum", "tested_cost:sum", "romi:avg"])
        self.assertEqual(read, [(360, 60, 0)])
