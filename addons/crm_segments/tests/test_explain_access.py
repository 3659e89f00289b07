"""Explanations and timelines by rights: verdicts for all who see segments, amounts for few."""

import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SegmentsCase, UsersMixin

SEES = ("all",)
HIDDEN = ("own", "marketer", "reader")
OUTSIDE = ("plain", "accountant", "auditor", "portal")
#: every amount of the test, as it would be printed or stored
AMOUNTS = ("300", "250", "100", "200", "667", "277", "80.0", "50.0", "66.", "83.")


@tagged("post_install", "-at_install")
class TestExplainAccess(UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.day = cls.theirs.last_purchase_date

    def divisions(self):
        """One of each method that knows figures, with evidence of then."""
        names = ("revenue_total", "purchase_count")
        rules = self.rules({
            "R": f"['|', ('revenue_12m', '>', 277), ('{names[0]}', '>', 250), "
            "('last_purchase_date', '>', '-30d'), ('sale_order_ids.amount_total', '<', 667)]",
            "S": "['!', ('average_purchase', '>=', 250)]",
        }, exclusive=False)  # fmt: skip
        tier = self.segmentation("tier", {"T": {"threshold": 667}, "U": {"threshold": 250}})
        abc = self.segmentation("abc", {"A": {"threshold": 50}, "B": {"threshold": 100}})
        rfm = self.env["crm.segmentation"].create({
            "name": "RFM", "method": "rfm", "segment_ids": [
                (0, 0, vals) for vals in self.env["crm.segmentation"]._default_segments_rfm()]
        })  # fmt: skip
        found = rules | tier | abc | rfm
        found.run()
        for stay in self.env["crm.segment.membership"].search([
            ("segmentation_id", "in", found.ids), ("partner_id", "=", self.theirs.id),
        ]):  # fmt: skip
            kept = stay.evidence or {}
            values = {**(kept.get("values") or {}), "revenue_total": 300, "revenue_12m": 300}
            stay.evidence = {**kept, "leaves": [True, True, True, False], "values": values}
        return found

    def leaks(self, answer):
        text = json.dumps(answer, default=str)
        dates = [self.day.isoformat(), self.day.strftime("%m/%d/%Y")]
        # of the customer; today as the start of a stay is told to everybody
        return [amount for amount in (*AMOUNTS, *dates) if amount in text]

    def answers(self, login, partner):
        """Everything that a user gets to read about the customer's segments."""
        for segment in self.divisions().segment_ids:
            answer = self.as_user(login, segment).explain(partner.id)
            # ids are no amounts
            yield segment, {**answer, "stay": None}

    def test_no_amount_leaks(self):
        for login in HIDDEN:
            for segment, answer in self.answers(login, self.theirs):
                with self.subTest(login=login, segment=segment.name, method=segment.method):
                    self.assertEqual(self.leaks(answer), [], answer)
                    self.assertFalse(answer["figures_visible"])
                    self.assertTrue(answer["conditions"])

    def test_verdicts_are_the_same_for_all(self):
        verdicts = {}
        for login in (*SEES, *HIDDEN):
            verdicts[login] = [
                [one["passed"] for one in answer["conditions"]]
                for _segment, answer in self.answers(login, self.theirs)
            ]
        for login in HIDDEN:
            self.assertEqual(verdicts[login], verdicts["all"])

    def test_who_sees_the_figures_reads_amounts(self):
        found = [self.leaks(answer) for _segment, answer in self.answers("all", self.theirs)]
        self.assertTrue(all(found[:4]), found)
        self.assertTrue(any(self.leaks(answer) for _s, answer in self.answers("own", self.mine)))
        self.assertTrue(any(self.leaks(answer) for _s, answer in self.answers("own", self.free)))

    def test_texts_without_amounts(self):
        rule = self.divisions().segment_ids.filtered(lambda one: one.name == "R")
        answer = self.as_user("reader", rule).explain(self.theirs.id)
        self.assertEqual(
            [one["text"] for one in answer["conditions"] if one["part"] == "rule"],
            ["Revenue (12 Months) reaches a limit", "Revenue reaches a limit",
             "Last Purchase reaches a limit", "A condition on data that you may not see"],
        )  # fmt: skip
        self.assertEqual({one["value"] for one in answer["conditions"][1:]}, {False})
        self.assertEqual({one["value_then"] for one in answer["conditions"][1:]}, {False})

    def test_outsiders(self):
        for login in OUTSIDE:
            with self.subTest(login), self.assertRaises(AccessError):
                self.as_user(login, self.big).explain(self.theirs.id)
            partner = self.as_user(login, self.theirs)
            with self.subTest(login), self.assertRaises(AccessError):
                partner.read(["segment_timeline"])

    def test_customers_that_are_hidden_altogether(self):
        self.env["ir.rule"].create({
            "name": "none", "model_id": self.env["ir.model"]._get_id("res.partner"),
            "domain_force": f"[('id', '!=', {self.theirs.id})]",
        })  # fmt: skip
        with self.assertRaises(AccessError):
            self.as_user("reader", self.big).explain(self.theirs.id)

    def test_names_that_a_rule_lists(self):
        """A rule that names a partner doesn't tell the name to who may not read it."""
        self.theirs.parent_id = False
        secret = self.customer("Secret Holding")
        div = self.rules({"Daughters": f"[('parent_id', '=', {secret.id})]"})
        self.env["ir.rule"].create({
            "name": "none", "model_id": self.env["ir.model"]._get_id("res.partner"),
            "domain_force": f"[('id', '!=', {secret.id})]",
        })  # fmt: skip
        answer = self.as_user("reader", div.segment_ids).explain(self.free.id)
        self.assertNotIn("Secret", json.dumps(answer))

    def test_timeline(self):
        self.divisions()
        for login in (*SEES, *HIDDEN):
            [row] = self.as_user(login, self.theirs).read(["segment_timeline"])
            lines = row["segment_timeline"]["lines"]
            with self.subTest(login):
                self.assertIn("Big", [stay["name"] for line in lines for stay in line["stays"]])
                texts = [
                    [stay[key] for key in ("name", "period", "pin_text")]
                    for line in lines
                    for stay in line["stays"]
                ]
                self.assertEqual(self.leaks([texts, [line["sentence"] for line in lines]]), [])
                self.assertNotIn("values", json.dumps(row))

    def test_timeline_answers_no_question(self):
        partners = self.as_user("reader", self.env["res.partner"])
        for ask in (
            lambda: partners.search([("segment_timeline", "!=", False)]),
            lambda: partners.search([], order="segment_timeline"),
        ):
            with self.assertRaises(Exception) as raised:  # noqa: B017
                ask()
            self.assertIsInstance(raised.exception, (ValueError, AccessError, NotImplementedError))
