"""Customers of a sales file as they were known on a day, and what followed."""

import datetime

import numpy as np
from odoo.addons.crm_scenarios.lib import bgnbd, calibration, gamma_gamma
from odoo.addons.crm_scenarios.lib.replay_score import judge_due, own_interval
from odoo.addons.crm_segments.lib import rfm

#: a code that stands for a customer with no country in the file
NOWHERE = ""


def histories(sales, day, until):
    """Purchases of each customer who bought by a day; a purchase is a day.

    :param Sales sales: the file
    :param int day: ordinal, the last one that is known
    :param int until: ordinal, the last one that is looked at
    :return: dict of arrays, one position per customer: ``customer`` (keys, sorted), ``x``,
        ``t_x``, ``T`` (weeks), ``money`` (mean of a purchase), ``last`` (ordinal), ``later``
        (purchases), ``later_revenue``, ``first`` (days to the next purchase, NaN without one)
    """
    seen = sales.day <= until
    customers, customer = np.unique(sales.customer[seen], return_inverse=True)
    days, amount, size = sales.day[seen], sales.amount[seen], len(customers)
    span = int(days.max()) + 1
    pairs = np.unique(customer.astype(np.int64) * span + days)
    who, when = pairs // span, pairs % span
    known = when <= day
    count = np.bincount(who[known], minlength=size)
    start, last = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(start, who[known], when[known])
    np.maximum.at(last, who[known], when[known])
    following = np.full(size, np.inf)
    np.minimum.at(following, who[~known], when[~known])
    before = np.bincount(customer, np.where(days <= day, amount, 0), size)
    there = count > 0
    return {
        "customer": customers[there],
        "x": count[there] - 1.0,
        "t_x": (last - start)[there] / 7,
        "T": (day - start)[there] / 7,
        "money": before[there] / count[there],
        "last": last[there],
        "later": np.bincount(who[~known], minlength=size)[there].astype(float),
        "later_revenue": np.bincount(customer, np.where(days > day, amount, 0), size)[there],
        "first": np.where(np.isinf(following), np.nan, following - day)[there],
    }


def due(sales, day, until):
    """Due dates as of a day against what followed; checked as the product checks its model.

    :return: dict as of ``lib.replay_score.judge_due`` with ``verdict``, ``purchases``, ``revenue``
    """
    first = datetime.date.fromordinal(int(sales.day.min()))
    split = calibration.split_day(first, datetime.date.fromordinal(day))
    if not split:
        return {"verdict": "short"}
    before, known = histories(sales, split.toordinal(), day), histories(sales, day, until)
    if min((one["x"] > 0).sum() for one in (before, known)) < calibration.MIN_REPEATERS:
        return {"verdict": "few"}
    check = _check(before, _fit(before), (day - split.toordinal()) / 7)
    verdict = "better" if check.better else "worse" if check.gain_low <= 0 else "off"
    return {"verdict": verdict, **_judged(known, until - day)}


def _judged(known, horizon):
    model, past = _fit(known), (known["x"], known["t_x"], known["T"])
    days = np.ceil(bgnbd.weeks_to_next(model, known["x"], known["T"]) * 7)
    alive = bgnbd.alive_probability(model, *past)
    days[(alive < 0.5) | (days > 365)] = np.nan
    check = _check(known, model, horizon / 7)
    spending = gamma_gamma.fit(known["x"] + 1, known["money"]).model
    each = gamma_gamma.expected_money(spending, known["x"] + 1, known["money"])
    expected = bgnbd.expected_purchases(model, horizon / 7, *past)
    naive = calibration.naive_purchases(horizon / 7, known["x"], known["T"])
    amounts = known["later_revenue"], expected * each, naive * known["money"]
    names = ("actual", "expected", "naive")
    return {
        **judge_due(days, alive, known["first"], horizon, own_interval(*past)),
        "purchases": {
            name: getattr(check, name) for name in (*names, "surplus_low", "surplus_high")
        },
        "revenue": {name: float(one.sum()) for name, one in zip(names, amounts, strict=True)},
    }


def _fit(known):
    return bgnbd.fit(*bgnbd.combinations(known["x"], known["t_x"], known["T"])).model


def _check(known, model, weeks):
    expected = bgnbd.expected_purchases(model, weeks, known["x"], known["t_x"], known["T"])
    naive = calibration.naive_purchases(weeks, known["x"], known["T"])
    return calibration.judge(known["later"], expected, naive)


def rfm_segments(known):
    """The named segments of the shipped grid: recency, purchases and revenue in quintiles.

    :return: list of (name, customers)
    """
    measures = known["last"], known["x"] + 1, known["money"] * (known["x"] + 1)
    scores = [
        [rfm.FLAT_SCORE] * len(one) if rfm.is_flat(one) else rfm.scores(one)
        for one in (measure.tolist() for measure in measures)
    ]
    name_of = {code: name for name, codes in rfm.GRID.items() for code in codes.split()}
    placed = {name: [] for name in rfm.GRID}
    codes = zip(known["customer"].tolist(), *scores, strict=True)
    for customer, *code in codes:
        placed[name_of["".join(map(str, code))]].append(customer)
    return list(placed.items())


def countries(sales, day):
    """customer → country on its first line until the day."""
    known = sales.day <= day
    found = {}
    for customer, country in zip(
        sales.customer[known].tolist(), sales.country[known].tolist(), strict=True
    ):
        if country != NOWHERE:
            found.setdefault(customer, country)
    return found
