"""What is kept of a decision: values then and now, what ended a stay, changed rules."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_explain import ExplainCase


@tagged("post_install", "-at_install")
class TestExplainEvidence(ExplainCase):
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

    def test_everybody_else_and_the_population_have_evidence_too(self):
        div = self.segmentation(
            "rule",
            {"Big": {"domain": "[('revenue_total', '>=', 9000)]"}, "Rest": {"is_rest": True}},
            domain="[('is_crm_customer', '=', True), ('revenue_12m', '>=', 0)]",
        )
        big, rest = div.segment_ids
        big.exclude_segment_ids = self.rules({"Never": "[('ref', '=', 'x')]"}).segment_ids
        self.run_done(div)
        kept = self.current(div).filtered(lambda one: one.partner_id == self.ann)
        self.assertEqual(self.evidence(kept), {"basis": self.company.crm_sales_basis})
        answer = rest.explain(self.ann.id)
        self.assertEqual(
            [(one["part"], one["passed_then"]) for one in answer["conditions"]],
            [("population", True), ("population", True), ("rule", True)],
        )
        self.assertEqual(kept.evidence_text, "Fits no other segment.")
        self.sale(self.ann, 5, 9000)
        self.run_done(div)
        parts = {one["part"]: one["passed_then"] for one in big.explain(self.ann.id)["conditions"]}
        self.assertEqual(parts, {"population": True, "rule": True, "exclude": True})
        div.domain = "[('is_crm_customer', '=', True)]"
        parts = {one["part"]: one["passed_then"] for one in big.explain(self.ann.id)["conditions"]}
        self.assertEqual(parts, {"population": None, "rule": None, "exclude": None})

    def test_what_ended_a_stay(self):
        """Verdicts and values on the day of leaving, beside those of joining and of today."""
        div = self.rules(
            {"Old": "[('city', '=', 'Radom'), ('revenue_total', '>=', 900)]"}, name="Leaving"
        )
        self.ann.city = "Radom"
        self.run_done(div)
        stay = self.current(div).filtered(lambda one: one.partner_id == self.ann)
        self.assertFalse(stay.left_evidence)
        stay.date_from = self.ago(10)
        self.ann.city = "Lodz"
        self.assertEqual(stay.date_to, self.today)
        self.ann.city = "Gdynia"
        answer = div.segment_ids.explain(self.ann.id, stay.id)
        rows = [one for one in answer["conditions"] if one["part"] == "rule"]
        self.assertEqual(
            [
                (r["value_text"], r["value_then_text"], r["value_left_text"], r["passed_left"])
                for r in rows
            ],
            [
                ("Gdynia", "Radom", "Lodz", False),
                (self.money(1000), self.money(1000), self.money(1000), True),
            ],
        )
        self.assertTrue(stay.left_evidence["version"])
        reader = stay.with_user(new_test_user(
            self.env, "left_reader", groups="crm_segments.group_segments_user"))  # fmt: skip
        self.assertNotIn("values", reader.left_evidence)
        for ask in (
            lambda: reader.search([("left_evidence", "!=", False)]),
            lambda: reader.search([], order="left_evidence"),
        ):
            self.assertRaises(AccessError, ask)

    def test_tags_are_kept_with_the_decision(self):
        good, bad = self.env["res.partner.category"].create([{"name": "Good"}, {"name": "Bad"}])
        div = self.rules({"Good": f"[('category_id', 'in', {good.ids})]"})
        self.ann.category_id = good
        stay = self.current(div)
        self.assertEqual(stay.evidence["values"], {"category_id": good.ids})
        self.assertIn("Good", stay.evidence_text)
        stay.date_from = self.ago(10)
        self.ann.category_id = bad
        [row] = [
            one for one in div.segment_ids.explain(self.ann.id, stay.id)["conditions"]
            if one["part"] == "rule"
        ]  # fmt: skip
        self.assertEqual(
            (row["value_text"], row["value_then_text"], row["value_left_text"]),
            ("Bad", "Good", "Bad"),
        )

    def test_values_of_linked_records_are_kept_with_the_decision(self):
        """Over one record, and over several inside of an 'any'."""
        poland, italy = self.env.ref("base.pl"), self.env.ref("base.it")
        div = self.rules({"Wanted": (
            "[('country_id.code', '=', 'PL'), ('child_ids', 'any', [('function', '=', 'CEO')])]"
        )})  # fmt: skip
        contacts = self.env["res.partner"].create([
            {"name": name, "function": job, "parent_id": self.ann.id, "active": active}
            for name, job, active in (("A", "CEO", True), ("B", "Buyer", True), ("C", "Old", False))
        ])  # fmt: skip
        self.ann.country_id = poland
        stay = self.current(div)
        self.assertEqual(
            stay.evidence["values"],
            {"country_id.code": "PL", "child_ids.function": ["Buyer", "CEO"]},
        )
        self.assertIn("Country › Country Code: PL", stay.evidence_text)
        stay.date_from = self.ago(10)
        self.ann.country_id = italy
        contacts[0].function = "Cook"
        rows = [
            one for one in div.segment_ids.explain(self.ann.id, stay.id)["conditions"]
            if one["part"] == "rule"
        ]  # fmt: skip
        self.assertEqual(
            [(row["value_text"], row["value_then_text"], row["value_left_text"]) for row in rows],
            [("IT", "PL", "IT"), ("Buyer, Cook", "Buyer, CEO", "Buyer, CEO")],
        )

    def test_values_over_records_that_the_reader_may_not_see(self):
        div = self.rules({"Owned": "[('parent_id.ref', '=', 'secret')]"})
        parent = self.env["res.partner"].create({"name": "Holding", "ref": "secret"})
        self.ann.parent_id = parent
        if self.ann.commercial_partner_id != self.ann:
            self.ann.is_company = True
        stay = self.current(div).filtered(lambda one: one.partner_id == self.ann)
        self.assertEqual(stay.evidence["values"], {"parent_id.ref": "secret"})
        reader = new_test_user(
            self.env, "path_reader",
            groups="crm_segments.group_segments_user,sales_team.group_sale_salesman_all_leads",
        )  # fmt: skip
        self.assertIn("values", stay.with_user(reader).evidence)
        self.env["ir.rule"].create({
            "name": "Holding is hidden",
            "model_id": self.env.ref("base.model_res_partner").id,
            "domain_force": f"[('id', '!=', {parent.id})]",
        })  # fmt: skip
        self.env.invalidate_all()
        self.assertEqual(stay.with_user(reader).evidence["values"], {})
        asked = div.segment_ids.with_user(reader).explain(self.ann.id)
        texts = [one for one in asked["conditions"] if one["part"] == "rule"]
        self.assertEqual([one["value"] for one in texts], [False])
        self.assertNotIn("secret", [one["value_then"] for one in texts])

    def test_tiers_tell_what_ended_a_stay(self):
        div = self.segmentation("tier", {"Gold": {"threshold": 900}, "Low": {"threshold": 1}})
        self.run_done(div)
        stay = self.current(div).filtered(lambda one: one.partner_id == self.ann)
        stay.date_from = self.ago(10)
        self.sale(self.ann, 3, -400, refund=True)
        self.run_done(div)
        self.assertEqual(list(stay.left_evidence["values"].values()), [600])

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
