"""Fitting the model of a company, checking it, and predicting its customers."""

import numpy as np
from odoo import models
from odoo.tools import SQL

from ..lib import bgnbd, calibration, gamma_gamma
from .crm_customer_metrics_value import PREDICTIONS

#: twelve months, in weeks
YEAR = 365 / 7
#: a customer who has left more likely than not has no next purchase
ALIVE = 0.5
#: first number of the advisory lock of a fit; the second one is the company
LOCK = 738_000_000


class CrmValueModel(models.Model):
    _inherit = "crm.value.model"  # pylint: disable=consider-merging-classes-inherited

    def _fit_company(self, company, today=None):
        """Fit on all purchases until today, check, predict.

        :return: the new row; empty while another fit of the company is under way
        """
        if not self._lock_fit(company):
            return self.browse()
        today = today or self.env["crm.segmentation"]._today()
        Metrics = self.env["crm.customer.metrics"]
        Metrics._refresh_company(company)  # predictions need the rows that they stand in
        fitted = self.create(
            {"company_id": company.id, "date": today, **self._fit_values(company, today)}
        )
        if fitted.shown:
            changed = fitted._predict_everybody(today)
        else:
            changed = Metrics._clear_predictions(company)
        if changed:
            self._follow_segments()
        return fitted

    def _lock_fit(self, company):
        """Whether no other transaction fits this company; holds until the end of this one."""
        [[free]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, company.id)
        )
        return free

    def _fit_values(self, company, today):
        """Parameters, check and verdict, or the reason why there are none."""
        Metrics = self.env["crm.customer.metrics"]
        first, refunds = Metrics._sales_since(company, today)
        weeks = (today - first).days // 7 if first else 0
        until = first and calibration.split_day(first, today)
        if not until:
            return {"verdict": "short", "weeks": weeks}
        before = Metrics._purchase_histories(company, until, end=today)
        known = Metrics._purchase_histories(company, today)
        repeaters = [int((one["x"] > 0).sum()) for one in (before, known)]
        values = {
            "weeks": weeks,
            "customers": len(known["x"]),
            "repeaters": repeaters[1],
            "check_date": until,
            "check_weeks": (today - until).days / 7,
        }
        if min(repeaters) < calibration.MIN_REPEATERS:
            return values | {"verdict": "few"}
        _first, refunds_then = Metrics._sales_since(company, until)
        check = self._check_fit(before, values["check_weeks"], refunds_then)
        return values | self._parameters(known) | {"refund_share": refunds} | check

    def _parameters(self, known):
        """Both models fitted on the histories of customers, as values of a row."""
        fit = bgnbd.fit(*bgnbd.combinations(known["x"], known["t_x"], known["T"]))
        money = gamma_gamma.fit(known["x"] + 1, known["money"])
        return {
            **fit.model._asdict(),
            "log_likelihood": fit.log_likelihood,
            **money.model._asdict(),
            "money_log_likelihood": money.log_likelihood,
            "money_correlation": gamma_gamma.correlation(known["x"] + 1, known["money"]),
        }

    def _check_fit(self, before, weeks, refunds):
        """Fit on what was known before, compare with the weeks that followed."""
        then = self.new({**self._parameters(before), "refund_share": refunds})
        expected, revenue = then._expectations(before, weeks)
        naive = calibration.naive_purchases(weeks, before["x"], before["T"])
        own_money = naive * before["money"] * (1 - refunds)
        check = calibration.judge(before["later"], expected, naive)
        # money in purchases of the usual size, so that the errors have the size of counts
        unit = float(before["money"].mean())
        amounts = before["later_revenue"], revenue, own_money
        money = calibration.judge(*(one / unit for one in amounts))
        totals = zip(("actual", "expected", "naive"), amounts, strict=True)
        return {
            **self._check_values(check, money),
            **{f"revenue_{name}": float(one.sum()) for name, one in totals},
            "check_groups": calibration.by_repeats(before["x"], before["later"], expected, naive),
            "verdict": "better" if check.better else "worse" if check.gain_low <= 0 else "off",
            "shown": check.better,
            "revenue_shown": check.better and money.better,
        }

    def _expectations(self, known, weeks):
        """Expected purchases and revenue of customers in the next ``weeks``.

        :return: two arrays
        """
        past = known["x"], known["t_x"], known["T"]
        purchases = bgnbd.expected_purchases(self._purchase_model(), weeks, *past)
        spending = gamma_gamma.Model(self.p, self.q, self.v)
        each = gamma_gamma.expected_money(spending, known["x"] + 1, known["money"])
        return purchases, purchases * each * (1 - self.refund_share)

    def _purchase_model(self):
        return bgnbd.Model(self.r, self.alpha, self.a, self.b)

    def _predict(self, known):
        """Predictions of customers from their histories.

        :return: dict of arrays: ``expected_purchases_12m``, ``expected_revenue_12m``,
            ``alive_probability``, ``next_purchase_days`` from the day of the prediction on;
            NaN where there is none
        """
        purchases, revenue = self._expectations(known, YEAR)
        model = self._purchase_model()
        alive = bgnbd.alive_probability(model, known["x"], known["t_x"], known["T"])
        days = np.ceil(bgnbd.weeks_to_next(model, known["x"], known["T"]) * 7)
        return {
            "expected_purchases_12m": purchases,
            "expected_revenue_12m": revenue
            if self.revenue_shown
            else np.full_like(revenue, np.nan),
            "alive_probability": alive,
            "next_purchase_days": np.where((alive < ALIVE) | (days > 365), np.nan, days),
        }

    def _predict_everybody(self, today):
        """Write the predictions of all customers of the company; return how many rows changed."""
        Metrics = self.env["crm.customer.metrics"]
        changed = self._predict_customers(today)
        return changed + Metrics._clear_predictions(self.company_id, except_on=today)

    def _predict_customers(self, today, partner_ids=None):
        Metrics = self.env["crm.customer.metrics"]
        known = Metrics._purchase_histories(self.company_id, today, partner_ids=partner_ids)
        values = Metrics._prediction_lists(self.company_id, today, self._predict(known))
        ids = known["partner_id"].tolist()
        return Metrics._write_predictions(self.company_id, today, ids, values)

    def _predict_outdated(self, today):
        """Predict anew whoever bought since, or did not when expected to."""
        Metrics = self.env["crm.customer.metrics"]
        ids = Metrics._outdated_predictions(self.company_id, today)
        if ids and self._predict_customers(today, ids):
            self._follow_segments()

    def _follow_segments(self):
        """Have segments that read predictions brought up to date in the background."""
        Segmentation = self.env["crm.segmentation"]
        used = Segmentation.search([("enabled", "=", True)])
        if any(not PREDICTIONS.keys().isdisjoint(one._own_fields_read()) for one in used):
            Segmentation._trigger_rebuild()
