"""Who sees predictions: whoever sees the other figures of the customer, and nobody else."""

from odoo.addons.crm_segments.tests.common import SegmentsCase, UsersMixin
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.crm_customer_metrics_value import PREDICTIONS
from .common_value import ValueMixin

READERS = {"all", "accountant", "auditor", "marketer"}
#: fields that tell of all customers together
TOTALS = (
    "customers", "repeaters", "log_likelihood", "p", "q", "v", "money_correlation",
    "refund_share", "check_actual", "check_expected", "check_naive", "check_groups",
    "check_table", "money_text", "revenue_actual", "revenue_expected", "revenue_naive",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestValueAccess(ValueMixin, UsersMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_users()
        cls.fit = cls.model().create(
            {
                "company_id": cls.company.id, "date": cls.today, "verdict": "better",
                "shown": True, "revenue_shown": True, "r": 1, "alpha": 9, "a": 1, "b": 3,
                "p": 2, "q": 3, "v": 50, "check_weeks": 13, "check_gain": 0.2,
                "check_actual": 1234, "check_expected": 1111,
            }
        )  # fmt: skip
        cls.fit._predict_everybody(cls.today)
        cls.env.flush_all()

    def test_model(self):
        for login in self.users:
            models = self.as_user(login, self.env["crm.value.model"])
            with self.subTest(login=login):
                self.assertEqual(models.has_access("read"), login in READERS)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(models.has_access(operation))

    def test_totals_are_for_those_who_see_all(self):
        """A manager of segments who sells nothing reads the verdict, not the totals."""
        marketer = self.as_user("marketer", self.fit)
        self.assertIn("Shown", marketer.verdict_text)
        for name in TOTALS:
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    marketer.read([name])
                self.as_user("all", self.fit).read([name])
        self.assertNotIn("1,234", marketer.verdict_text + marketer.revenue_text)

    def test_fitting_is_for_managers(self):
        for login in set(self.users) - {"marketer"}:
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.as_user(login, self.env["crm.value.model"]).action_fit()
        action = self.as_user("marketer", self.env["crm.value.model"]).action_fit()
        fitted = self.env["crm.value.model"].browse(action["res_id"])
        self.assertEqual((fitted.verdict, fitted.company_id), ("short", self.company))

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        fit = self.model()._fit_company(other)
        self.assertFalse(
            self.as_user("all", self.env["crm.value.model"]).search([("id", "=", fit.id)])
        )
        with self.assertRaises(AccessError):
            self.as_user("all", fit).read(["verdict"])

    def test_predictions_follow_the_figures(self):
        for login, seen in (
            ("own", self.mine | self.free), ("all", self.ours), ("accountant", self.ours),
            ("marketer", self.ours.browse()), ("plain", self.ours.browse()),
        ):  # fmt: skip
            for partner in self.as_user(login, self.ours):
                for name in (*PREDICTIONS, "prediction_date"):
                    value = self.metrics.search([("partner_id", "=", partner.id)], limit=1)[name]
                    self.assertTrue(value)
                    with self.subTest(login=login, partner=partner.name, field=name):
                        shown = value if partner.id in seen.ids else False
                        self.assertEqual(partner[name], shown)
                        found = partner.search([("id", "=", partner.id), (name, "!=", False)])
                        self.assertEqual(bool(found), bool(shown))
                self.assertEqual(bool(partner.prediction_note), partner.id in seen.ids)

    def test_note_tells_no_totals(self):
        note = self.as_user("own", self.mine).prediction_note
        self.assertIn("20 % smaller", note)
        self.assertIn("bought on one day", note)
        self.assertNotIn("234", note)

    def test_unknown_is_not_zero(self):
        """No row, or none in it: empty, matched by 'not set' and by no number."""
        nobody = self.customer("Nobody")
        partners = self.as_user("all", nobody | self.free)
        nobody = partners[0]
        for name in ("expected_purchases_12m", "alive_probability", "expected_revenue_12m"):
            with self.subTest(field=name):
                self.assertIs(nobody[name], False)
                only = [("id", "in", partners.ids)]
                self.assertEqual(partners.search([*only, (name, "=", False)]), nobody)
                self.assertEqual(partners.search([*only, (name, "<", 1e9)]), partners[1])
                self.assertFalse(partners.search([*only, (name, "=", 0)]))
                self.assertEqual(partners.search([*only, (name, "!=", False)]), partners[1])
                total = partners._read_group([("id", "=", nobody.id)], [], [f"{name}:sum"])
                self.assertIn(total[0][0], (None, False))
        self.metrics._clear_predictions(self.company)
        row = self.metrics.search([("partner_id", "=", self.free.id)])
        self.assertIs(row.expected_revenue_12m, False)
        self.assertEqual(row.read(["alive_probability"])[0]["alive_probability"], False)

    def test_sorted_by_value_whatever_is_empty(self):
        self.metrics.search([("partner_id", "=", self.mine.id)]).expected_revenue_12m = 5
        nobody = self.customer("Nobody")
        partners = self.as_user("all", self.mine | self.theirs | nobody)
        names = partners.search([("id", "in", partners.ids)], order="expected_revenue_12m desc")
        self.assertEqual(names.mapped("name"), ["Theirs", "Mine", "Nobody"])

    def test_a_new_customer_reaches_no_tier(self):
        division = self.env.ref("crm_scenarios.segmentation_value")
        division.enabled = True
        rich = self.env.ref("crm_scenarios.segment_value_very_high")
        rest = self.env.ref("crm_scenarios.segment_value_none")
        for values, expected in (({"city": "x"}, rest), ({"expected_revenue_12m": 3e4}, rich)):
            found = self.as_user("all", self.env["crm.segment"]).assign(values)
            ids = set(found)
            with self.subTest(values=values):
                self.assertEqual(ids & set(division.segment_ids.ids), {expected.id})
