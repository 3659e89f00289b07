"""The advice as it would have been on a past day of a sales file, beside what followed.

Segments (RFM; countries to learn in), recommendations and due dates are computed from the lines
until the day, by the product's own functions, and judged by the lines after it.
"""

import datetime
import json
import sys
import time

import numpy as np
from odoo.addons.crm_scenarios.lib.product_baskets import Baskets
from odoo.addons.crm_scenarios.lib.replay_advice import Advisor
from odoo.addons.crm_scenarios.lib.replay_score import judge_lists, judge_segments
from odoo.addons.crm_segments.lib.lift import wilson

from tools import evaluate_files, evaluate_replay
from tools.console import Failure

DAYS = 90
SAMPLE = 2000


def _parser():
    made = evaluate_files.parser("replay", __doc__.split("\n", 1)[0])
    made.add_argument(
        "--as-of", required=True, type=datetime.date.fromisoformat, metavar="DATE",
        help="the last day that the advice knows",
    )  # fmt: skip
    made.add_argument(
        "--days",
        type=int,
        default=DAYS,
        metavar="N",
        help="how long after it to look (%(default)s)",
    )
    return made


def replay(sales, as_of, days=DAYS):
    """Compute the advice and judge it.

    :param Sales sales: the whole file
    :param date as_of: the last day that is known
    :return: dict as printed with --json
    :raise Failure: nothing before the day, or nothing after it
    """
    start, day = time.monotonic(), as_of.toordinal()
    until = min(day + days, int(sales.day.max()))
    if not (sales.day <= day).any() or until <= day:
        span = (datetime.date.fromordinal(int(one)) for one in (sales.day.min(), sales.day.max()))
        raise Failure("--as-of lies outside of the sales, {} to {}".format(*span))
    known = evaluate_replay.histories(sales, day, until)
    came = set(known["customer"][known["later"] > 0].tolist())
    revenue = dict(zip(known["customer"].tolist(), known["later_revenue"].tolist(), strict=True))
    return {
        "as_of": as_of.isoformat(),
        "days": until - day,
        "customers": len(known["customer"]),
        "lists": _lists(sales, day, until),
        "due": evaluate_replay.due(sales, day, until),
        "segments": judge_segments(evaluate_replay.rfm_segments(known), came, revenue),
        "seconds": round(time.monotonic() - start, 1),
    }


def advisor(sales, day):
    """:return: the recommender as of a day, learning in countries where that is better"""
    known = sales.day <= day
    columns = (sales.customer, sales.item, sales.day, sales.quantity)
    baskets = Baskets.from_lines(*(one[known] for one in columns))
    country = evaluate_replay.countries(sales, day)
    places = np.array([country.get(one) for one in baskets.customers.tolist()], dtype=object)
    return Advisor(baskets, day, [places] if country else [])


def _lists(sales, day, until):
    made = advisor(sales, day)
    position = {customer: at for at, customer in enumerate(made.baskets.customers.tolist())}
    followed = {}
    after = (sales.day > day) & (sales.day <= until)
    columns = (sales.customer[after], sales.item[after], sales.amount[after])
    for customer, item, amount in zip(*(one.tolist() for one in columns), strict=True):
        if customer in position:
            spent = followed.setdefault(position[customer], {})
            spent[item] = spent.get(item, 0) + amount
    among = np.zeros(len(position), bool)
    among[list(followed)] = True
    asked = made.asked(among, SAMPLE)
    return {
        "learnt": made.customers, "sample": len(asked), **judge_lists(made, asked, followed)
    }  # fmt: skip


def with_intervals(found):
    """Wilson's interval beside each share that has none."""
    if isinstance(found, list):
        return [with_intervals(one) for one in found]
    if not isinstance(found, dict):
        return found
    told = {key: with_intervals(one) for key, one in found.items()}
    if "of" in told and told["of"] and "low" not in told:
        low, high = wilson(told["count"], told["of"])
        told["low"], told["high"] = max(low, 0.0), min(high, 1.0)
    return told


def _text(found):
    if not found["of"]:
        return "n/a"
    low, value, high = (
        100 * one for one in (found["low"], found["count"] / found["of"], found["high"])
    )
    return f"{value:5.1f} % ({low:.1f} to {high:.1f}) of {found['of']:,}"


def _report(answer):
    """:return: the tables as text"""
    told = []
    say = told.append
    lists, due = answer["lists"], answer["due"]
    say(
        f"As of {answer['as_of']}, {answer['customers']:,} customers; "
        f"{answer['days']} days after it"
    )
    say(f"\nRecommendations, {lists['sample']:,} customers who bought in these days")
    for name, label in (("again", "buy again"), ("new", "new")):
        one = lists[name]
        say(f"  {label:10} lines bought      {_text(one['lines'])}")
        say(f"  {'':10} by simplest rule  {_text(one['simple'])}")
        say(f"  {'':10} customers         {_text(one['customers'])}")
        money = one["money"]
        say(f"  {'':10} money             {money['listed']:,.0f} of {money['all']:,.0f} "
            f"(simplest rule {money['simple']:,.0f})")  # fmt: skip
    say(f"\nDue dates: {due['verdict']}")
    for name in ("due", "later", "there", "gone"):
        if name in due:
            say(f"  {name:10} bought            {_text(due[name])}")
    for name in ("purchases", "revenue"):
        if name in due:
            one = due[name]
            say(f"  {name:10} actual {one['actual']:,.0f}, expected {one['expected']:,.0f}, "
                f"own rate {one['naive']:,.0f}")  # fmt: skip
    say("\nSegments (RFM)")
    for one in answer["segments"]:
        say(f"  {one['key']:20} bought {_text(one['came'])}, money {one['revenue']:,.0f}")
    say(f"\n{answer['seconds']} s")
    return "\n".join(told)


def main(argv):
    """Replay a file; return the exit status."""
    options = _parser().parse_args(argv)
    try:
        sales = evaluate_files.read(options, options.as_of)
        answer = with_intervals(replay(sales, options.as_of, options.days))
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.write((json.dumps(answer) if options.json else _report(answer)) + "\n")
    return 0
