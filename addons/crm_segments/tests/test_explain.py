"""Why, and why not: conditions, values then and now, distances, by all methods."""

from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged
from odoo.tools import format_amount, format_date

from .common import SegmentsCase


@tagged("post_install", "-at_install")
class TestExplain(SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann, cls.bob, cls.cid = (cls.customer(name) for name in ("Ann", "Bob", "Cid"))
        for day, amount in ((30, 600), (60, 400)):
            cls.sale(cls.ann, day, amount)  # 1000 of two purchases
        cls.sale(cls.bob, 20, 250)
        cls.metrics.refresh()

    def money(self, amount):
        return format_amount(self.env, amount, self.company.currency_id)

    def day(self, date):
        return format_date(self.env, date)

    def conditions(self, answer, part="rule"):
        return [(one["text"], one["passed"]) for one in answer["conditions"] if one["part"] == part]

    def test_shape(self):
        div = self.rules({"Big": "[('revenue_total', '>=', 900)]", "Small": "[]"})
        self.run_done(div)
        answer = div.segment_ids[0].explain(self.ann.id)
        self.assertLessEqual({"member", "since", "origin", "conditions", "missing"}, set(answer))
        self.assertEqual(
            (answer["member"], answer["since"], answer["origin"], answer["missing"]),
            (True, self.today.isoformat(), "rule", []),
        )
        for condition in answer["conditions"]:
            self.assertLessEqual({"text", "passed", "value", "value_then"}, set(condition))

    def test_rule_with_values_now_and_then(self):
        div = self.rules({"Big": "[('revenue_total', '>=', 900), ('purchase_count', '>', 1)]"})
        self.run_done(div)
        self.current(div).evidence = {
            "leaves": [True, False], "values": {"revenue_total": 950, "purchase_count": 1},
        }  # fmt: skip
        answer = div.segment_ids.explain(self.ann.id)
        rows = [one for one in answer["conditions"] if one["part"] == "rule"]
        self.assertEqual(
            [(r["text"], r["passed"], r["passed_then"], r["value"], r["value_then"]) for r in rows],
            [
                (f"Revenue is at least {self.money(900)}", True, True, 1000, 950),
                ("Purchases is more than 1", True, False, 2, 1),
            ],
        )
        self.assertEqual(rows[0]["value_then_text"], self.money(950))
        self.assertEqual(self.conditions(answer, "population"), [("Is a Customer: yes", True)])

    def test_evidence_of_before(self):
        """Without verdicts, or with more of them than the rule has conditions."""
        div = self.rules({"Big": "[('revenue_total', '>=', 900)]"})
        self.run_done(div)
        for kept, then in (
            (False, None), ({"values": {}}, None), ({"leaves": [True, True]}, None),
            ({"leaves": None}, None), ({"leaves": [False]}, False), ({"leaves": [None]}, None),
        ):  # fmt: skip
            self.current(div).evidence = kept
            [row] = [
                one for one in div.segment_ids.explain(self.ann.id)["conditions"]
                if one["part"] == "rule"
            ]  # fmt: skip
            self.assertIs(row["passed_then"], then, kept)

    def test_a_rule_that_has_changed_since(self):
        """Verdicts of the old rule aren't told beside the conditions of the new one."""
        div = self.rules({"Big": "[('revenue_total', '>=', 900)]"})
        self.run_done(div)
        big = div.segment_ids
        self.current(div).evidence = {"leaves": [True], "version": 1}
        with patch.object(type(big), "_rule_changed_since", return_value=True):
            answer = big.explain(self.ann.id)
        self.assertTrue(answer["rule_changed"])
        self.assertIn("The rule has changed since this was decided.", answer["notes"])
        self.assertIs(answer["conditions"][-1]["passed_then"], None)

    def test_which_part_of_a_definition_is_about_the_segment(self):
        big, small = self.rules({"Big": "[]", "Small": "[]"}).segment_ids

        def own(**segments):
            parts = [
                {"id": big.id, "name": {"en_US": "Big"}, **segments.get("big", {})},
                {"id": small.id, "name": {"en_US": "Small"}, **segments.get("small", {})},
            ]
            return big._own_definition(
                SimpleNamespace(definition={"method": "rule", "segments": parts})
            )

        self.assertEqual(own(), own(small={"domain": [1]}))
        self.assertEqual(own(), own(big={"color": 3}))
        self.assertNotEqual(own(), own(big={"domain": [1]}))
        other = big._own_definition(SimpleNamespace(definition={"method": "tier"}))
        self.assertEqual(other, {"method": "tier"})

    def test_any_of_and_not(self):
        div = self.rules({
            "Odd": "['|', ('revenue_12m', '>=', 2000), '&', ('purchase_count_12m', '>=', 4), "
            "'!', ('industry_id', '=', False)]"
        })  # fmt: skip
        self.run_done(div)
        answer = div.segment_ids.explain(self.ann.id)
        self.assertEqual(
            answer["sentence"],
            f"Revenue (12 Months) is at least {self.money(2000)} or "
            "(Purchases (12 Months) is at least 4 and Industry is set)",
        )
        by = self.ago(60) + relativedelta(years=1, days=-1)
        self.assertEqual(
            answer["missing"],
            [
                f"needs {self.money(1000)} more in 12 months, or 2 more purchases of the usual "
                "size, or 2 more purchases in 12 months and “Industry is set” "
                f"by {self.day(by)}, to reach Odd"
            ],
        )
        self.assertEqual(answer["tree"]["op"], "and")
        self.assertIs(answer["tree"]["passed"], False)

    def test_the_tree_agrees_with_the_search(self):
        """Whatever a rule is made of: verdicts of its conditions add up to who is found."""
        tag = self.env["res.partner.category"].create({"name": "Fair"})
        self.ann.write({"category_id": tag.ids, "ref": "A-1", "country_id": 1})
        self.customer("Contact", is_company=False, parent_id=self.bob.id, email="c@b.example")
        for rule in (
            "[('last_purchase_date', '<', 'today')]",
            "['!', ('last_purchase_date', '<', '-25d')]",
            "['!', ('revenue_total', '>', 300)]",
            "['!', '|', ('revenue_total', '>', 300), ('ref', 'ilike', 'x')]",
            "['|', ('ref', '=', False), '!', ('ref', 'ilike', 'a-')]",
            f"[('category_id', 'in', {tag.id})]",
            "[('category_id.name', 'not ilike', 'fai')]",
            "['!', ('category_id', '=', False)]",
            "[('child_ids', 'any', [('email', 'ilike', 'b.example'), ('active', '=', True)])]",
            "[('child_ids', 'not any', [('email', '!=', False)])]",
            f"[('id', 'child_of', {self.bob.id})]",
            "[('country_id', '=', 1), ('name', '=ilike', 'a%')]",
            "[('create_date', '>', '-1d'), ('create_date', '<=', 'now')]",
            "[('is_crm_customer', '=', False)]",
            "[('first_purchase_date', 'in', [False])]",
            "[('purchase_count', 'not in', [0, 1])]",
            "[('user_id', '=', False), ('id', '!=', 0)]",
            "[('name', '!=', False), ('commercial_partner_id.revenue_12m', '>=', 500)]",
            "[(0, '=', 1)]",
            "[(1, '=', 1)]",
        ):
            div = self.rules({"S": rule})
            found = self.env["res.partner"].search(div.segment_ids._rule_domain())
            for customer in (self.ann, self.bob, self.cid):
                answer = div.segment_ids.explain(customer.id)
                with self.subTest(rule=rule, customer=customer.name):
                    self.assertIs(answer["tree"]["passed"], customer in found)
                    self.assertIs(answer["fits_now"], customer in found)
                    self.assertTrue(answer["sentence"])
                    self.assertTrue(answer["missing"] or customer in found)
                    self.assertNotIn("None", str([one["text"] for one in answer["conditions"]]))

    def test_days(self):
        """'No purchase for 90 days' comes by itself: 30 days ago + 91."""
        div = self.rules({
            "Sleeping": "[('last_purchase_date', '<', '-90d')]",
            "Awake": "[('last_purchase_date', '>=', '-25d')]",
            "New": "[('first_purchase_date', '>', '-90d'), ('purchase_count', '>=', 3)]",
        })  # fmt: skip
        sleeping, awake, new = div.segment_ids
        self.assertEqual(
            sleeping.explain(self.ann.id)["missing"],
            ["needs no purchase until the end of "
             f"{self.day(self.ago(30) + timedelta(90))}, to reach Sleeping"],
        )  # fmt: skip
        self.assertEqual(
            awake.explain(self.ann.id)["missing"], ["needs a new purchase, to reach Awake"]
        )
        self.assertEqual(
            new.explain(self.ann.id)["missing"],
            ["needs one more purchase by "
             f"{self.day(self.ago(60) + timedelta(89))}, to reach New"],
        )  # fmt: skip
        self.assertEqual(
            self.conditions(sleeping.explain(self.ann.id)),
            [(f"Last Purchase is before {self.day(self.ago(90))} (90 days ago)", False)],
        )

    def test_a_rule_that_fits_and_one_that_comes_first(self):
        div = self.rules({"First": "[('revenue_total', '>', 0)]", "Second": "[]"})
        first, second = div.segment_ids
        answer = first.explain(self.ann.id)
        self.assertEqual((answer["member"], answer["fits_now"]), (False, True))
        self.assertEqual(
            answer["notes"], ["The rule fits by now: the customer joins with the next run."]
        )
        self.assertEqual(
            second.explain(self.ann.id)["missing"], ["“First” fits too, and comes first."]
        )

    def test_the_rule_says_otherwise_by_now(self):
        div = self.rules({"Big": "[('revenue_total', '>=', 900)]", "Small": "[]"})
        big, small = div.segment_ids
        self.stay(self.bob, big, 50)
        answer = big.explain(self.bob.id)
        self.assertEqual((answer["member"], answer["fits_now"]), (True, False))
        self.assertIn("leaves with the next run", answer["notes"][0])
        self.assertEqual(
            answer["missing"],
            [f"needs {self.money(650)} more revenue, or 3 more purchases of the usual size, "
             "to reach Big"],
        )  # fmt: skip
        div.minimum_stay_days = 60
        self.assertIn(self.day(self.ago(-10)), big.explain(self.bob.id)["notes"][0])

    def test_population(self):
        div = self.rules(
            {"All": "[]"}, domain="[('is_crm_customer', '=', True), ('name', '=', 'Bob')]"
        )
        answer = div.segment_ids.explain(self.ann.id)
        self.assertEqual(
            self.conditions(answer, "population"),
            [("Is a Customer: yes", True), ("Name is “Bob”", False)],
        )
        self.assertEqual(answer["missing"], ["needs “Name is “Bob””, to reach All"])

    def test_included_and_excluded_segments(self):
        other = self.rules({"Fans": "[('name', '=', 'Ann')]"}, name="Other")
        self.run_done(other)
        div = self.rules({"Big": "[('revenue_total', '>=', 5000)]", "Rest": "[]"})
        big, rest = div.segment_ids
        big.include_segment_ids = rest.exclude_segment_ids = other.segment_ids
        answer = big.explain(self.ann.id)
        self.assertEqual(self.conditions(answer, "include"), [("Segment is Other: Fans", True)])
        self.assertEqual(big.explain(self.bob.id)["missing"][0].count(", or "), 2)
        answer = rest.explain(self.ann.id)
        self.assertEqual(
            self.conditions(answer, "exclude"), [("Segment is not Other: Fans", False)]
        )
        big.domain = "[]"
        self.assertEqual(big.explain(self.ann.id)["sentence"], "Segment is Other: Fans")
        big.include_segment_ids = False
        self.assertEqual(big.explain(self.ann.id)["sentence"], "all customers")

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

    def test_a_stay_that_ended(self):
        div = self.rules({"Big": "[('revenue_total', '>=', 900)]"})
        stay = self.stay(
            self.bob, div.segment_ids, 300, 100, evidence={"values": {"revenue_total": 950}}
        )
        answer = div.segment_ids.explain(self.bob.id, stay.id)
        self.assertEqual((answer["member"], answer["until"]), (False, self.ago(101).isoformat()))
        self.assertEqual(answer["conditions"][-1]["value_then"], 950)

    def test_contacts_and_other_companies(self):
        div = self.rules({"Big": "[('revenue_total', '>=', 900)]"})
        self.run_done(div)
        contact = self.customer("Contact", is_company=False, parent_id=self.ann.id)
        self.assertTrue(div.segment_ids.explain(contact.id)["member"])
        other = self.env["res.company"].create({"name": "Other"})
        there = div.segment_ids.with_company(other).with_context(
            allowed_company_ids=[other.id, self.company.id]
        )
        answer = there.explain(self.ann.id)
        self.assertEqual((answer["member"], answer["conditions"][-1]["value"]), (False, 0))
        div.company_id = self.company
        answer = there.explain(self.ann.id)
        self.assertEqual(answer["conditions"][-1]["part"], "company")
        self.assertTrue(answer["missing"])

    def test_nonsense(self):
        div = self.rules({"Big": "[('revenue_total', '>=', 900)]"})
        for bad in ("1", True, None, [1]):
            with self.assertRaises(UserError):
                div.segment_ids.explain(bad)
        with self.assertRaises(MissingError):
            div.segment_ids.explain(10**8)
        plain = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            div.segment_ids.with_user(plain).explain(self.ann.id)

    def test_number_of_queries_does_not_grow_with_the_rule(self):
        few = self.rules({"A": "[('revenue_total', '>', 1)]"})
        many = self.rules({"A": str([("revenue_total", ">", n) for n in range(30)])})
        counts = []
        for div in (few, many, few, many):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            div.segment_ids.explain(self.bob.id)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[3], counts[2] + 1)
