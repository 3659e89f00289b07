"""Predicted purchases (BG/NBD) on a file of sales: fitted up to a day, judged by what came after.

Times are in weeks; a purchase is a day on which a customer bought. Without --until a quarter of the
time in the file is kept out, at most half a year.
"""

import argparse
import json
import sys
from pathlib import Path

from odoo.addons.crm_scenarios.lib import bgnbd, calibration
from odoo.addons.crm_scenarios.lib.purchase_days import histories
from odoo.addons.crm_segments.lib.tabular import TabularError

from .. import load
from ..console import Failure, say
from ..evaluate_purchases import purchases

TIME_UNIT = "week"


def _parser():
    parser = argparse.ArgumentParser(prog="./dev evaluate value", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV or XLSX, gzipped or not")
    parser.add_argument("--until", type=load._date, metavar="DATE", help="last day of the fit")
    parser.add_argument(
        "--map", action="append", default=[], metavar="ROLE=COLUMN", help="as in ./dev load"
    )
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    return parser


def evaluate(bought, last, until):
    """Fit on what was bought until a day, and judge by what was bought after it.

    :param bought: list of (customer, date)
    :param date last: the last day of the data
    :param date until: the last day that the fit may see
    :return: dict
    """
    known = histories(bought, until)
    past = known.x, known.t_x, known.T
    fit = bgnbd.fit(*bgnbd.combinations(*past))
    weeks = (last - until).days / 7
    expected = bgnbd.expected_purchases(fit.model, weeks, *past)
    naive = calibration.naive_purchases(weeks, known.x, known.T)
    check = calibration.judge(known.later, expected, naive)
    return {
        "customers": check.customers,
        **fit.model._asdict(),
        "log_likelihood": fit.log_likelihood,
        "time_unit": TIME_UNIT,
        "until": until.isoformat(),
        "holdout": {
            "actual": int(check.actual),
            "expected": check.expected,
            "naive": check.naive,
            "weeks": weeks,
            "rmse": check.rmse,
            "rmse_naive": check.rmse_naive,
            "better": check.better,
        },
    }


def _report(result):
    held = result["holdout"]
    say(f"{result['customers']:>12,} customers until {result['until']}, times in weeks")
    for name in ("r", "alpha", "a", "b", "log_likelihood"):
        say(f"{result[name]:>12,.4f} {name}")
    say(f"{held['actual']:>12,} purchases in the {held['weeks']:.1f} weeks after it")
    say(f"{held['expected']:>12,.1f} expected; error per customer {held['rmse']:.3f}")
    say(f"{held['naive']:>12,.1f} naive; error per customer {held['rmse_naive']:.3f}")
    say("The prediction is better." if held["better"] else "The prediction is not better.")


def main(argv):
    """Evaluate a file.

    :param argv: arguments after ``./dev evaluate value``
    :return: exit status
    """
    options = _parser().parse_args(argv)
    try:
        result = _evaluate_file(options)
    except (Failure, TabularError, OSError, ValueError) as error:
        sys.stderr.write(f"{options.file}: {error}\n")
        return 1
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        _report(result)
    return 0


def _evaluate_file(options):
    bought, last = purchases(options.file, load.mapping(options.map))
    if not bought:
        raise Failure("no purchase in this file")
    first = min(day for _customer, day in bought)
    until = options.until or calibration.split_day(first, last)
    if until is None:
        raise Failure(f"fewer than {calibration.MIN_WEEKS} weeks: say --until")
    return evaluate(bought, last, _within(until, first, last))


def _within(until, first, last):
    if isinstance(until, str):
        until = type(first).fromisoformat(until)
    if not first <= until <= last:
        raise Failure(f"--until lies outside of the purchases, {first} to {last}")
    return until
