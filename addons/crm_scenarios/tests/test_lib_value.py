"""BG/NBD, Gamma-Gamma and their check: no database.

References: the likelihood and the expectation integrated numerically over what customers differ in,
special cases worked out by hand, simulated customers, and another optimiser.
"""

import ast
import doctest
import unittest
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import beta, gamma

from ..lib import bgnbd, calibration, gamma_gamma, purchase_days
from .simulate import bgnbd_histories, gamma_gamma_means

#: the parameters that the article of 2005 finds in the CDNOW data
CDNOW = bgnbd.Model(0.243, 4.414, 0.793, 2.426)


def integrated_likelihood(model, x, t_x, T):
    """Formula (4) of the article averaged over rates and probabilities, without closed forms."""
    rates, leaving = gamma(model.r, scale=1 / model.alpha), beta(model.a, model.b)

    def at_rate(rate):
        return rate**x * np.exp(-rate * T), rate**x * np.exp(-rate * t_x)

    stayed = quad(lambda rate: at_rate(rate)[0] * rates.pdf(rate), 0, np.inf)[0]
    stayed *= quad(lambda p: (1 - p) ** x * leaving.pdf(p), 0, 1)[0]
    if not x:
        return stayed
    left = quad(lambda rate: at_rate(rate)[1] * rates.pdf(rate), 0, np.inf)[0]
    return stayed + left * quad(lambda p: p * (1 - p) ** (x - 1) * leaving.pdf(p), 0, 1)[0]


def integrated_purchases(model, t, x, T):
    """Purchases to expect of a living customer: 1/p - exp(-rate p t)/p, averaged."""
    leaving, shape, age = beta(model.a, model.b + x), model.r + x, model.alpha + T

    def ahead(p):
        return -np.expm1(-shape * np.log1p(p * t / age)) / p * leaving.pdf(p)

    return quad(ahead, 0, 1, epsabs=1e-12, limit=200)[0]


class TestBgNbd(unittest.TestCase):
    def test_likelihood_is_that_of_the_integrals(self):
        for model in (bgnbd.Model(1.3, 4.4, 1.8, 2.4), bgnbd.Model(2.5, 12.0, 1.2, 5.0)):
            for x, t_x, T in ((0, 0, 10), (1, 3, 10), (2, 30.43, 38.86), (7, 25, 26)):
                with self.subTest(model=model, x=x):
                    [found] = bgnbd.log_likelihood(model, [x], [t_x], [T])
                    expected = np.log(integrated_likelihood(model, x, t_x, T))
                    self.assertAlmostEqual(found, expected, delta=1e-6)

    def test_likelihood_by_hand(self):
        """All parameters 1, no repeat: alpha/(alpha+T) = 1/2; one repeat, t_x 1, T 1: 1/6 + …"""
        one = bgnbd.Model(1, 1, 1, 1)
        self.assertAlmostEqual(bgnbd.log_likelihood(one, [0], [0], [1])[0], np.log(1 / 2))
        # B(1,2)/B(1,1) 1!/2² + B(2,1)/B(1,1) 1!/2² = 1/2 · 1/4 + 1/2 · 1/4
        self.assertAlmostEqual(bgnbd.log_likelihood(one, [1], [1], [1])[0], np.log(1 / 4))

    def test_gradient_is_the_slope(self):
        rng = np.random.default_rng(5)
        x = rng.poisson(2, 40).astype(float)
        t_x = np.where(x > 0, rng.uniform(1, 30, 40), 0)
        likelihood = bgnbd._Likelihood(x, t_x, t_x + rng.uniform(0, 20, 40))
        weights, logs, step = rng.integers(1, 5, 40), np.log([0.5, 4, 0.8, 2.0]), 1e-5
        slope = [
            (likelihood.total(logs + move, weights)[0] - likelihood.total(logs - move, weights)[0])
            / (2 * step)
            for move in np.eye(4) * step
        ]
        np.testing.assert_allclose(likelihood.total(logs, weights)[1], slope, rtol=1e-6)

    def test_alive_by_hand(self):
        """x 1, t_x 1, T 3, all parameters 1: 1/(1 + a/(b+x-1) (4/2)²) = 1/5."""
        one = bgnbd.Model(1, 1, 1, 1)
        np.testing.assert_allclose(bgnbd.alive_probability(one, [1, 0], [1, 0], [3, 3]), [0.2, 1])

    def test_a_long_silence_says_more_of_whoever_bought_often(self):
        often, rarely = bgnbd.alive_probability(CDNOW, [20, 1], [10, 10], [38.86, 38.86])
        self.assertLess(often, 0.001)
        self.assertGreater(rarely, 0.3)

    def test_expectation_is_that_of_the_integral(self):
        for model in (CDNOW, bgnbd.Model(0.7, 9.4, 1.0, 3.0), bgnbd.Model(2, 0.5, 5, 0.6)):
            for t in (1, 39, 520):
                for x, t_x, T in ((0, 0, 0), (2, 30.43, 38.86), (300, 50, 52)):
                    with self.subTest(model=model, t=t, x=x):
                        found = bgnbd.expected_purchases(model, t, [x], [t_x], [T])
                        alive = bgnbd.alive_probability(model, [x], [t_x], [T])
                        expected = alive * integrated_purchases(model, t, x, T)
                        np.testing.assert_allclose(found, expected, rtol=1e-5)

    def test_published_example(self):
        """CDNOW customer 1 of the authors' spreadsheet: 1.226 purchases in 39 weeks."""
        [found] = bgnbd.expected_purchases(CDNOW, 39, [2], [30.43], [38.86])
        self.assertAlmostEqual(found, 1.226, delta=0.001)

    def test_expectation_meets_simulated_customers(self):
        rng = np.random.default_rng(11)
        past = bgnbd_histories(rng, 60_000, CDNOW, 80, ahead=30)
        known = past["x"], past["t_x"], past["T"]
        expected = bgnbd.expected_purchases(CDNOW, 30, *known)
        for low, high in ((0, 0), (1, 1), (2, 5), (6, 500)):
            here = (past["x"] >= low) & (past["x"] <= high)
            error = past["later"][here].std() / np.sqrt(here.sum())
            gap = past["later"][here].mean() - expected[here].mean()
            with self.subTest(low=low):
                self.assertLess(abs(gap), 4 * error)

    def test_extremes_stay_finite(self):
        x, t_x, T = [0, 5000, 3000], [0, 500, 1], [0, 520, 520]
        for model in (CDNOW, bgnbd.Model(0.01, 0.001, 1e-4, 5e3), bgnbd.Model(50, 9e3, 900, 0.01)):
            for found in (
                bgnbd.log_likelihood(model, x, t_x, T),
                bgnbd.alive_probability(model, x, t_x, T),
                bgnbd.expected_purchases(model, 52, x, t_x, T),
            ):
                self.assertTrue(np.isfinite(found).all())
                self.assertFalse((bgnbd.expected_purchases(model, 52, x, t_x, T) < -1e-9).any())

    def test_fit_finds_the_parameters_again(self):
        past = bgnbd_histories(np.random.default_rng(7), 60_000, CDNOW, 104)
        fit = bgnbd.fit(*bgnbd.combinations(past["x"], past["t_x"], past["T"]))
        np.testing.assert_allclose(fit.model, CDNOW, rtol=0.08)
        self.assertTrue(fit.converged)

    def test_fit_is_as_good_as_another_optimiser(self):
        past = bgnbd_histories(np.random.default_rng(8), 2_000, CDNOW, 60)
        known = past["x"], past["t_x"], past["T"]
        fit = bgnbd.fit(*known)
        other = minimize(
            lambda logs: -bgnbd.log_likelihood(bgnbd.Model(*np.exp(logs)), *known).sum(),
            np.log([1, 1, 1, 1]),
            method="Nelder-Mead",
            options={"maxiter": 4000, "maxfev": 4000, "xatol": 1e-6, "fatol": 1e-6},
        )
        self.assertGreater(fit.log_likelihood, -other.fun - 1e-3)
        at_model = bgnbd.log_likelihood(fit.model, *known).sum()
        self.assertAlmostEqual(fit.log_likelihood, at_model, delta=1e-4)

    def test_weights_are_customers(self):
        past = bgnbd_histories(np.random.default_rng(9), 500, CDNOW, 60)
        known = [np.round(past[name]) for name in ("x", "t_x", "T")]
        single, together = bgnbd.fit(*known), bgnbd.fit(*bgnbd.combinations(*known))
        self.assertAlmostEqual(single.log_likelihood, together.log_likelihood, delta=1e-3)

    def test_times_that_do_not_fit_are_refused(self):
        for x, t_x, T in (([], [], []), ([1], [5], [4]), ([0], [2], [4]), ([-1], [0], [4])):
            with self.subTest(x=x), self.assertRaises(ValueError):
                bgnbd.fit(x, t_x, T)

    def test_weeks_to_next(self):
        """(alpha + T) / (r + x): with 2 + 6 and 10 + 30, five weeks."""
        self.assertEqual(bgnbd.weeks_to_next(bgnbd.Model(2, 10, 1, 1), [6], [30]).tolist(), [5])


class TestGammaGamma(unittest.TestCase):
    MODEL = gamma_gamma.Model(6.25, 3.74, 15.44)  # that of the note, from the CDNOW data

    def test_density_is_that_of_the_integral(self):
        p, q, v = self.MODEL
        for n, mean in ((1, 30.0), (4, 22.5), (12, 90.0)):
            rates = gamma(q, scale=1 / v)
            density = quad(
                lambda rate: gamma.pdf(mean, p * n, scale=1 / (rate * n)) * rates.pdf(rate),  # noqa: B023
                0, 5, points=[0.05, 0.2, 0.5], limit=200,
            )[0]  # fmt: skip
            [found] = gamma_gamma.log_likelihood(self.MODEL, [n], [mean])
            self.assertAlmostEqual(found, np.log(density), delta=1e-6)

    def test_money_is_drawn_to_that_of_all(self):
        """p v / (q - 1) = 2 · 30 / 3 = 20; a purchase of 80: (1 · 20 · 3 + 2 · 80) / (2 + 3)."""
        model = gamma_gamma.Model(2, 4, 30)
        found = gamma_gamma.expected_money(model, [1, 1, 1e6], [20, 80, 80])
        np.testing.assert_allclose(found, [20, 44, 80], rtol=1e-4)

    def test_fit_finds_the_parameters_again(self):
        rng = np.random.default_rng(3)
        n = rng.integers(1, 15, 40_000)
        mean = gamma_gamma_means(rng, n, self.MODEL)
        fit = gamma_gamma.fit(n, mean)
        # p and v go together, so how likely the true ones are says more than how near they are
        true = gamma_gamma.log_likelihood(self.MODEL, n, mean).sum()
        self.assertGreaterEqual(fit.log_likelihood, true)
        self.assertLess(fit.log_likelihood - true, 8.1)  # half the 99.9 % quantile of chi²(3)
        p, q, v = fit.model
        self.assertAlmostEqual(p * v / (q - 1), 6.25 * 15.44 / 2.74, delta=0.7)
        at_model = gamma_gamma.log_likelihood(fit.model, n, mean).sum()
        self.assertAlmostEqual(fit.log_likelihood, at_model, delta=1e-3)

    def test_unit_of_money_does_not_matter(self):
        rng = np.random.default_rng(4)
        n = rng.integers(1, 9, 3000)
        mean = gamma_gamma_means(rng, n, self.MODEL)
        pence, pounds = gamma_gamma.fit(n, 100 * mean), gamma_gamma.fit(n, mean)
        self.assertAlmostEqual(pence.model.v / pounds.model.v, 100, delta=1)

    def test_money_that_is_none_is_refused(self):
        for n, mean in (([], []), ([1], [0]), ([0], [5])):
            with self.subTest(n=n), self.assertRaises(ValueError):
                gamma_gamma.fit(n, mean)

    def test_correlation(self):
        n = np.array([1, 2, 3, 4, 5])
        self.assertAlmostEqual(gamma_gamma.correlation(n, n * 10.0), 1)
        self.assertAlmostEqual(gamma_gamma.correlation(n, 1.0 / n), -1)
        self.assertEqual(gamma_gamma.correlation(n, np.full(5, 7.0)), 0)


class TestCalibration(unittest.TestCase):
    def test_better_worse_and_off(self):
        rng = np.random.default_rng(1)
        rate = rng.gamma(2, 1, 3000)
        actual = rng.poisson(rate).astype(float)
        noisy = rng.poisson(rate).astype(float)
        good = calibration.judge(actual, rate, noisy)
        self.assertTrue(good.better)
        self.assertLess(good.gain_low, good.gain)
        self.assertLess(good.surplus_low, 0)
        self.assertGreater(good.surplus_high, 0)
        self.assertFalse(calibration.judge(actual, noisy, rate).better)
        self.assertFalse(calibration.judge(actual, rate, rate).better)
        # closer for each, but a third too many of all together, where the other one is right
        off = calibration.judge(actual, rate * 1.35, noisy)
        self.assertGreater(off.gain_low, 0)
        self.assertFalse(off.total_holds)

    def test_errors_by_hand(self):
        """Residuals 1 and -2 against 3 and 0; weights 1/(1 + mean of both predictions)."""
        check = calibration.judge([1, 4], [2, 2], [4, 4])
        self.assertEqual((check.actual, check.expected, check.naive), (5, 4, 8))
        self.assertEqual((check.mae, check.mae_naive), (1.5, 1.5))
        self.assertAlmostEqual(check.rmse**2, 2.5)
        self.assertAlmostEqual(check.rmse_naive**2, 4.5)
        # (9 - 1) / 4 and (0 - 4) / 4 of 9 / 4: (2 - 1) / (9 / 4) = 4/9
        self.assertAlmostEqual(check.gain, 4 / 9)

    def test_chance_is_not_enough(self):
        rng = np.random.default_rng(2)
        actual, guess = rng.poisson(1, 40), np.ones(40)
        check = calibration.judge(actual, guess, guess + rng.normal(0, 0.05, 40))
        self.assertLess(check.gain_low, 0)
        self.assertFalse(check.better)

    def test_split(self):
        last = date(2026, 6, 30)
        self.assertIsNone(calibration.split_day(last - timedelta(weeks=39), last))
        year = calibration.split_day(last - timedelta(weeks=52), last)
        self.assertEqual((last - year).days, 13 * 7)
        long = calibration.split_day(last - timedelta(weeks=500), last)
        self.assertEqual((last - long).days, 26 * 7)

    def test_groups(self):
        rows = calibration.by_repeats([0, 0, 5, 30], [0, 1, 2, 9], [0.5, 0.5, 3, 8], [0, 0, 4, 12])
        self.assertEqual(
            [(one["low"], one["customers"]) for one in rows], [(0, 2), (4, 1), (13, 1)]
        )
        self.assertEqual(rows[0]["actual"], 0.5)
        self.assertIsNone(rows[2]["high"])


class TestPurity(unittest.TestCase):
    def test_doctests(self):
        for module in (calibration, purchase_days):
            failed, count = doctest.testmod(module)
            self.assertTrue(count)
            self.assertFalse(failed)

    def test_no_odoo(self):
        for path in Path(bgnbd.__file__).parent.glob("*.py"):
            names = [
                name.name if isinstance(node, ast.Import) else node.module or ""
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, (ast.Import, ast.ImportFrom))
                for name in node.names
            ]
            self.assertFalse([one for one in names if one.split(".")[0] == "odoo"], path.name)
