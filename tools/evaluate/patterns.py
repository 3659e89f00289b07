"""What won deals have in common that lost ones don't, on any table with a row per deal.

Each value of each column is compared with the others by the rate of winning, from 30 deals on
either side; of all discoveries at most 10 % are expected to be false. Keep columns in the file
that were known at the start of a deal, or the same number of days after it.
"""

import argparse
import json
import sys
from pathlib import Path

from odoo.addons.crm_scenarios.lib import deal_patterns, deal_table

from .. import evaluate_table
from ..console import Failure, say

LEFT_OUT = {
    "date": "a date",
    "outcome": "known of one outcome only: it follows from it",
}


def _parser():
    parser = argparse.ArgumentParser(prog="./dev evaluate patterns", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV or XLSX, gzipped or not")
    parser.add_argument("--outcome", required=True, metavar="COLUMN", help="won or lost")
    parser.add_argument("--won", metavar="VALUE", help="what stands there for won (default: won)")
    parser.add_argument("--lost", metavar="VALUE", help="and for lost; others aren't decided")
    parser.add_argument(
        "--skip", action="append", default=[], metavar="COLUMN", help="leave this column out"
    )
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    return parser


def evaluate(table, outcome, won=None, lost=None):
    """Study the decided deals of a table.

    :param dict table: column → texts
    :param str outcome: the column with the outcome
    :return: dict ``deals``, ``won``, ``tests``, ``discoveries``, ``left_out`` (column → why),
        ``few`` (values with too few deals) and ``detectable`` (the ratio of rates that a value of
        half of the deals would have to have, to be found in 80 of 100 such tables)
    :raise Failure: no deal is won, or none is lost
    """
    read = deal_table.outcomes(table[outcome], won, lost)
    places = [place for place, one in enumerate(read) if one is not None]
    results = [read[place] for place in places]
    if len(set(results)) < 2:
        there = ", ".join(sorted(set(table[outcome]))[:8])
        raise Failure(f"Column '{outcome}' has no won and lost deals (--won, --lost): {there}")
    columns = {
        name: [texts[place] for place in places] for name, texts in table.items() if name != outcome
    }
    features, left_out = deal_table.features(columns, results)
    rows = deal_patterns.study(results, features)
    tests = sum(row.p is not None for row in rows)
    return {
        "deals": len(results),
        "won": sum(results),
        "tests": tests,
        "discoveries": [_told(row) for row in rows if row.verdict in ("more", "less")],
        "few": sum(row.verdict == "few" for row in rows),
        "left_out": left_out,
        "detectable": deal_patterns.detectable(len(results), sum(results), tests),
    }


def _told(row):
    return {
        name: getattr(row, name) for name in ("feature", "value", "ratio", "low", "high", "p", "q")
    }


def _report(answer):
    say(f"{answer['deals']:>8,} deals, {answer['won']:,} of them won")
    say(f"{answer['tests']:>8,} comparisons; {answer['few']:,} values with too few deals")
    for name, why in answer["left_out"].items():
        say(f"{'':8} left out: {name}, {LEFT_OUT[why]}")
    for found in answer["discoveries"]:
        high = "" if found["high"] is None else f"{found['high']:.2f}"
        say(
            f"{found['ratio'] or 0:8.2f} times as often won: {found['feature']} = {found['value']} "
            f"({found['low']:.2f} to {high}, q = {found['q']:.3g})"
        )
    if not answer["discoveries"]:
        say("Nothing that could not be chance.")
    if answer["detectable"]:
        say(
            "A value that half of the deals have would be found in 80 of 100 such tables if deals "
            f"with it were won {answer['detectable']:.2f} times as often."
        )


def run(options):
    """Evaluate and print. :raise Failure: what is wrong with the file or the options"""
    table = evaluate_table.read(options.file)
    evaluate_table.column(table, options.outcome)
    for name in options.skip:
        evaluate_table.column(table, name)
        del table[name]
    answer = evaluate(table, options.outcome, options.won, options.lost)
    if options.json:
        sys.stdout.write(json.dumps(answer) + "\n")
    else:
        _report(answer)
    return 0


def main(argv):
    """Evaluate a file.

    :param argv: arguments after ``./dev evaluate patterns``
    :return: exit status
    """
    try:
        return run(_parser().parse_args(argv))
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
