"""Predicted value: fit, check, predictions in the figures, what hides them."""

from datetime import timedelta

import numpy as np
from odoo import fields
from odoo.addons.crm_segments.tests.common import SegmentsCase
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from ..lib import bgnbd, gamma_gamma
from ..models.crm_customer_metrics_value import PREDICTIONS
from .common_value import ValueMixin


@tagged("post_install", "-at_install")
class TestHistories(ValueMixin, SegmentsCase):
    """What the model learns from, by hand."""

    def history(self, partner, until=0, end=0):
        known = self.metrics._purchase_histories(
            self.env.company, self.ago(until), end=self.ago(end), partner_ids=partner.ids
        )
        return {name: values.tolist() for name, values in known.items()}

    def test_days_not_documents(self):
        """Bought 70, 35 (twice) and 7 days ago: two repeats, nine weeks apart, ten old."""
        partner = self.customer("A")
        for day, amount in ((70, 100), (35, 50), (35, 70), (7, 80)):
            self.sale(partner, day, amount)
        self.assertEqual(
            self.history(partner),
            {
                "partner_id": partner.ids, "x": [2.0], "t_x": [9.0], "T": [10.0],
                "money": [100.0], "later": [0.0], "later_revenue": [0.0],
            },
        )  # fmt: skip

    def test_what_came_later_is_apart(self):
        partner = self.customer("A")
        for day, amount in ((70, 100), (35, 50), (7, 80)):
            self.sale(partner, day, amount)
        self.sale(partner, 6, -30, refund=True)
        found = self.history(partner, until=28)
        self.assertEqual([found[name] for name in ("x", "t_x", "T")], [[1.0], [5.0], [6.0]])
        self.assertEqual([found["money"], found["later"]], [[75.0], [1.0]])
        self.assertEqual(found["later_revenue"], [50.0])

    def test_credit_notes_and_later_customers_are_no_history(self):
        refunded, later = self.customer("R"), self.customer("L")
        self.sale(refunded, 40, -10, refund=True)
        self.sale(later, 10, 10)
        self.assertEqual(self.history(refunded | later, until=20)["partner_id"], [])

    def test_contacts_buy_for_their_company(self):
        partner = self.customer("A")
        contact = self.env["res.partner"].create({"name": "C", "parent_id": partner.id})
        self.sale(contact, 14, 10)
        self.sale(partner, 7, 10)
        self.assertEqual(self.history(partner)["x"], [1.0])

    def test_share_of_credit_notes(self):
        company = self.env["res.company"].create({"name": "Other"})
        source = self.env["crm.sales.source"].create({"name": "O", "company_id": company.id})
        self.sale(self.customer("A"), 20, 200, source=source)
        self.sale(self.customer("B"), 10, -50, refund=True, source=source)
        self.assertEqual(self.metrics._sales_since(company, self.today), (self.ago(20), 0.25))


@tagged("post_install", "-at_install")
class TestValueModel(ValueMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.sales(cls.simulated_days(700))
        cls.fit = cls.fitted()

    def known(self, partner):
        return self.metrics._purchase_histories(
            self.env.company, self.today, partner_ids=partner.ids
        )

    def test_shown_where_customers_behave_so(self):
        fit = self.fit
        self.assertEqual(fit.verdict, "better", fit.verdict_text)
        self.assertTrue(fit.shown)
        self.assertGreaterEqual(fit.customers, 700)
        self.assertGreater(fit.check_gain_low, 0)
        self.assertLess(fit.check_surplus_low, fit.check_expected - fit.check_actual)
        self.assertEqual(sum(one["customers"] for one in fit.check_groups), fit.check_customers)
        self.assertEqual((self.today - fit.check_date).days, round(fit.check_weeks * 7))
        self.assertIn("Shown", fit.verdict_text)
        self.assertIn("Own rate", fit.check_table)

    def test_parameters_are_those_of_the_library(self):
        known = self.metrics._purchase_histories(self.env.company, self.today)
        fit = bgnbd.fit(known["x"], known["t_x"], known["T"])
        np.testing.assert_allclose(
            [self.fit.r, self.fit.alpha, self.fit.a, self.fit.b], fit.model, rtol=1e-2
        )
        self.assertAlmostEqual(self.fit.log_likelihood, fit.log_likelihood, delta=0.01)

    def test_predictions_of_a_customer(self):
        """The columns against the formulas, written out here."""
        fit = self.fit
        partner = max(self.partners, key=lambda one: self.row(one).last_purchase_date)
        row, known = self.row(partner), self.known(partner)
        model = bgnbd.Model(fit.r, fit.alpha, fit.a, fit.b)
        past = known["x"], known["t_x"], known["T"]
        [purchases] = bgnbd.expected_purchases(model, 365 / 7, *past)
        [alive] = bgnbd.alive_probability(model, *past)
        [each] = gamma_gamma.expected_money((fit.p, fit.q, fit.v), known["x"] + 1, known["money"])
        self.assertAlmostEqual(row.expected_purchases_12m, purchases, 3)
        self.assertAlmostEqual(row.alive_probability, alive, 3)
        self.assertEqual(row.prediction_date, self.today)
        if fit.revenue_shown:
            revenue = purchases * each * (1 - fit.refund_share)
            self.assertAlmostEqual(row.expected_revenue_12m, revenue, 1)
        days = int(np.ceil((fit.alpha + known["T"][0]) / (fit.r + known["x"][0]) * 7))
        next_day = self.today + timedelta(days=days) if days <= 365 else False
        self.assertEqual(row.next_purchase_date, next_day)

    def test_who_has_left_has_no_next_purchase(self):
        left = self.metrics.search(
            [("alive_probability", "<", 0.5), ("partner_id", "in", self.partners.ids)]
        )
        self.assertTrue(left)
        self.assertEqual(set(left.mapped("next_purchase_date")), {False})

    def test_every_customer_has_one(self):
        rows = self.metrics.search(
            [("partner_id", "in", self.partners.ids), ("prediction_date", "=", self.today)]
        )
        self.assertEqual(len(rows), len(self.partners))

    def test_nightly_figures_leave_them_alone(self):
        row = self.row(self.partners[0])
        before = row.expected_purchases_12m
        [[version]] = self.env.execute_query(
            SQL("SELECT xmin::text FROM crm_customer_metrics WHERE id = %s", row.id)
        )
        self.assertEqual(self.metrics._refresh_company(self.env.company), set())
        [[after]] = self.env.execute_query(
            SQL("SELECT xmin::text FROM crm_customer_metrics WHERE id = %s", row.id)
        )
        self.assertEqual((row.expected_purchases_12m, after), (before, version))
        # and where the figures change
        self.sale(self.partners[0], 3, 500)
        self.assertIn(self.partners[0].id, self.metrics._refresh_company(self.env.company))
        self.assertEqual(row.expected_purchases_12m, before)

    def test_only_differences_are_written(self):
        self.assertEqual(self.fit._predict_everybody(self.today), 0)
        self.assertEqual(
            self.fit._predict_everybody(self.today + timedelta(1)), len(self.known_rows())
        )

    def known_rows(self):
        return self.metrics.search(
            [("company_id", "=", self.env.company.id), ("purchase_count", ">", 0)]
        )

    def test_who_bought_since_is_predicted_anew_at_night(self):
        tomorrow = self.today + timedelta(1)
        bought, waited = self.partners[:2]
        others = self.partners[2:]
        self.sale(bought, tomorrow, 100)
        self.metrics._refresh_company(self.env.company, today=tomorrow)
        self.row(waited).next_purchase_date = self.ago(1)
        self.env.flush_all()
        outdated = set(self.metrics._outdated_predictions(self.env.company, tomorrow))
        self.assertEqual(outdated & set(self.partners.ids), {bought.id, waited.id})
        self.fit._predict_outdated(tomorrow)
        self.assertEqual(self.row(bought).prediction_date, tomorrow)
        self.assertEqual(self.row(waited).prediction_date, tomorrow)
        self.assertEqual(
            set(self.metrics.search([("partner_id", "in", others.ids)]).mapped("prediction_date")),
            {self.today},
        )

    def test_fitted_once_a_month(self):
        model = self.model()
        self.assertEqual(model._refresh_company(self.env.company), self.fit)
        self.fit.date = fields.Date.subtract(self.today, months=1)
        again = model._refresh_company(self.env.company)
        self.assertNotEqual(again, self.fit)
        self.assertEqual(again.date, self.today)
        self.assertEqual(model._latest(self.env.company), again)

    def test_cron(self):
        self.fit.date = fields.Date.subtract(self.today, months=2)
        with self.enter_registry_test_mode():
            self.env.ref("crm_scenarios.ir_cron_value").method_direct_trigger()
        self.assertEqual(self.model()._latest(self.env.company).date, self.today)

    def test_hidden_when_it_is_no_better(self):
        """A fit that fails its check takes the predictions of the last one away."""
        self.env["crm.sales.history"].sudo().search([]).unlink()
        self.sales(self.returning_days())
        fit = self.fitted()
        self.assertEqual(fit.verdict, "worse", fit.verdict_text)
        self.assertFalse(fit.shown)
        self.assertIn("Hidden", fit.verdict_text)
        self.assertLess(fit.check_expected, fit.check_naive)
        filled = Domain.OR(Domain(name, "!=", False) for name in PREDICTIONS)
        company = Domain("company_id", "=", self.env.company.id)
        self.assertFalse(self.metrics.search(company & filled))

    def test_segmentation(self):
        """The shipped one, on what was written."""
        if not self.fit.revenue_shown:
            self.fit.revenue_shown = True
            self.fit._predict_everybody(self.today + timedelta(1))
        division = self.env.ref("crm_scenarios.segmentation_value")
        self.assertFalse(division.enabled)
        division.enabled = True
        nobody = self.customer("Never bought")
        self.assertEqual(division.run().mapped("state"), ["done"])
        placed = self.placed(division, self.partners | nobody)
        self.assertEqual(placed["Never bought"], "Not predicted")
        limits = (("Very high", 20000), ("High", 5000), ("Medium", 1000), ("Low", 0))
        for partner in self.partners[:50]:
            value = self.row(partner).expected_revenue_12m
            expected = next(name for name, limit in limits if value >= limit)
            self.assertEqual(placed[partner.name], expected)


@tagged("post_install", "-at_install")
class TestNotEnough(ValueMixin, SegmentsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.sales.history"].sudo().search([]).unlink()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.elsewhere = cls.env["crm.sales.source"].create(
            {"name": "There", "company_id": cls.other.id}
        )

    def test_no_sale(self):
        fit = self.fitted(self.other)
        self.assertEqual((fit.verdict, fit.weeks, fit.shown), ("short", 0, False))
        self.assertFalse(fit.check_table)

    def test_short_history(self):
        self.sales([[200, 100, 3]] * 120, source=self.elsewhere)
        fit = self.fitted(self.other)
        self.assertEqual((fit.verdict, fit.weeks), ("short", 28))
        self.assertIn("28 weeks", fit.verdict_text)

    def test_few_customers(self):
        partners = self.sales([[500, 400, 3]] * 60 + [[500]] * 90, source=self.elsewhere)
        fit = self.fitted(self.other)
        self.assertEqual((fit.verdict, fit.customers, fit.repeaters), ("few", 150, 60))
        self.assertIn("at least 100", fit.verdict_text)
        self.assertEqual(self.row(partners[0], self.other).prediction_date, False)

    def test_companies_are_apart(self):
        """A fit of one company neither reads nor writes the other."""
        here = self.sales(self.simulated_days(300))
        self.sales([[500]], source=self.elsewhere)
        self.fitted()
        before = self.row(here[0]).prediction_date
        self.assertEqual(self.fitted(self.other).customers or 0, 1)
        self.assertEqual(self.row(here[0]).prediction_date, before)
        self.assertEqual(self.model()._latest(self.other).company_id, self.other)
