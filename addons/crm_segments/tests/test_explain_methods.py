"""Why, and why not, by tiers, classes, RFM, values of a field, and everybody else."""

from dateutil.relativedelta import relativedelta
from odoo.tests import tagged

from .common_explain import ExplainCase


@tagged("post_install", "-at_install")
class TestExplainMethods(ExplainCase):
    def test_tier(self):
        div = self.segmentation(
            "tier", {"A": {"threshold": 3300}, "B": {"threshold": 500}, "C": {"threshold": 1}},
            metric="revenue_12m",
        )  # fmt: skip
        self.run_done(div)
        a, b, c = div.segment_ids
        answer = b.explain(self.ann.id)
        self.assertEqual(
            self.conditions(answer),
            [(f"Revenue (12 Months) is at least {self.money(500)}", True),
             (f"Revenue (12 Months) is less than {self.money(3300)}", True)],
        )  # fmt: skip
        self.assertEqual(answer["conditions"][1]["value_then"], 1000)
        by = self.ago(60) + relativedelta(years=1, days=-1)
        self.assertEqual(
            a.explain(self.ann.id)["missing"],
            [f"needs {self.money(2300)} more in 12 months, or 5 more purchases of the usual size "
             f"by {self.day(by)}, to reach A"],
        )  # fmt: skip
        self.assertIn("less", c.explain(self.ann.id)["missing"][0])

    def test_abc(self):
        """Of 1000 + 250: Ann before 0 %, Bob 80 %. Cid needs more than 250 to pass Bob."""
        div = self.segmentation("abc", {"A": {"threshold": 70}, "B": {"threshold": 100}})
        self.run_done(div)
        a, b = div.segment_ids
        self.assertTrue(a.explain(self.ann.id)["member"])
        answer = a.explain(self.bob.id)
        share = answer["conditions"][-1]
        self.assertEqual(
            (share["passed"], share["value"], share["value_text"]), (False, 80, "80.0 %")
        )
        # 1000 / (1000 + x) < 70 % from x = 428.57: 178.57 more, rounded up to two digits
        self.assertEqual(
            answer["missing"],
            [f"needs about {self.money(180)} more: Revenue (12 Months), to reach A"],
        )
        self.assertIn("higher class", b.explain(self.ann.id)["missing"][0])
        self.assertEqual(len(a.explain(self.cid.id)["missing"]), 2)

    def test_abc_reach_in_sql_is_that_of_the_lib(self):
        from ..lib.distance import pareto_reach

        div = self.segmentation("abc", {"A": {"threshold": 100}})
        for number, amount in enumerate((5, 5, 40, 75, 130)):
            self.sale(self.customer(f"C{number}"), 9, amount)
        self.metrics.refresh()
        figures = self.env["res.partner"].search([("revenue_12m", ">", 0)])
        others = [one.revenue_12m for one in figures - self.bob]
        for cutoff in (10, 50, 70, 80, 95, 100):
            self.assertAlmostEqual(
                div._explain_reach_abc(self.company, self.bob.id, cutoff),
                pareto_reach(others, cutoff), 6,
            )  # fmt: skip

    def test_rfm(self):
        div = self.env["crm.segmentation"].create(
            {"name": "RFM", "method": "rfm", "segment_ids": [
                (0, 0, vals) for vals in self.env["crm.segmentation"]._default_segments_rfm()]}
        )  # fmt: skip
        for number in range(8):
            self.sale(self.customer(f"R{number}"), 100 + number, 10 + number)
        self.run_done(div)
        stay = self.current(div).filtered(lambda one: one.partner_id == self.ann)
        # 10 buyers. Recency: 8 bought earlier than Ann, so 1 + ⌊40 / 10⌋ = 5; frequency: 9 of 10
        # bought once, which can't be ranked: 3; money: 9 spent less: 1 + ⌊45 / 10⌋ = 5
        self.assertEqual(stay.code, "535")
        answer = stay.segment_id.explain(self.ann.id)
        self.assertEqual((answer["member"], answer["code"], answer["missing"]), (True, "535", []))
        self.assertEqual(
            self.conditions(answer),
            [("Has bought at least once", True), ("Recency scores 5 of 5", True),
             ("Frequency scores 3 of 5", True), ("Monetary value scores 5 of 5", True)],
        )  # fmt: skip
        recency = answer["conditions"][-3]
        self.assertEqual(recency["value_text"], f"5 ({self.day(self.ago(30))})")
        self.assertEqual(recency["value_then_text"], recency["value_text"])
        champions = self.segment(div, "Champions")
        self.assertIn("one of 555, 554", champions.explain(self.ann.id)["sentence"])
        self.assertEqual(
            champions.explain(self.ann.id)["missing"],
            ["needs Frequency score 4 instead of 3 (can't be ranked now: everybody has 3), "
             "to reach Champions"],
        )  # fmt: skip
        # R0 (10.00): 7 bought earlier, so 4; nobody spent less, so 1: 431, nearest is 445.
        # For a 5, 8 others have to have spent less: more than Bob's 250.00, so 240.01 more
        low = self.env["res.partner"].search([("name", "=", "R0")])
        needs = champions.explain(low.id)["missing"]
        self.assertIn(
            f"Monetary value score 5 instead of 1 (about {self.money(250)} more)", needs[-1]
        )
        self.assertIn(
            "needs a first purchase, to reach Champions",
            self.segment(div, "Champions").explain(self.cid.id)["missing"],
        )

    def test_field(self):
        farm, mine = self.env["res.partner.industry"].create([{"name": "Farms"}, {"name": "Mines"}])
        self.ann.industry_id, self.bob.industry_id = farm, mine
        field = self.env["ir.model.fields"]._get("res.partner", "industry_id")
        div = self.segmentation("field", {}, field_id=field.id)
        self.run_done(div)
        answer = self.segment(div, "Farms").explain(self.ann.id)
        self.assertEqual(self.conditions(answer), [("Industry is Farms", True)])
        row = answer["conditions"][-1]
        self.assertEqual((row["value"], row["value_then"]), ("Farms", "Farms"))
        self.assertEqual(
            self.segment(div, "Mines").explain(self.ann.id)["missing"],
            ["needs “Industry is Mines”, to reach Mines"],
        )

    def test_everybody_else(self):
        div = self.segmentation(
            "rule", {"Big": {"domain": "[('revenue_total', '>=', 900)]"}, "Rest": {"is_rest": True}}
        )
        self.run_done(div)
        rest = self.segment(div, "Rest")
        self.assertEqual(rest.explain(self.bob.id)["missing"], [])
        self.assertTrue(rest.explain(self.bob.id)["fits_now"])
        answer = rest.explain(self.ann.id)
        self.assertEqual(self.conditions(answer)[-1], ("Fits no other segment", False))
        self.assertEqual(answer["missing"], ["needs to fit “Big” no longer, to reach Rest"])
