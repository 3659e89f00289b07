"""Why, and why not: conditions, values then and now, distances, by rules."""

from datetime import timedelta
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from .common_explain import ExplainCase


@tagged("post_install", "-at_install")
class TestExplain(ExplainCase):
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
