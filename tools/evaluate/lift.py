"""What a treatment was worth against a hold-out, on any table with a row per customer.

Rates are the share with an outcome above 0, means count zeros; intervals are those of
95 % (Newcombe for rates, Welch for means). Whoever was assigned counts, treated or not.
"""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

from odoo.addons.crm_segments.lib import experiment

from .. import evaluate_table
from ..console import Failure, say


def _parser():
    parser = argparse.ArgumentParser(prog="./dev evaluate lift", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV or XLSX, gzipped or not")
    parser.add_argument("--group", required=True, metavar="COLUMN", help="who was assigned where")
    parser.add_argument("--control", required=True, metavar="VALUE", help="the group held out")
    parser.add_argument(
        "--outcome", required=True, metavar="COLUMN", help="a number, or yes and no"
    )
    parser.add_argument(
        "--pre",
        metavar="COLUMN",
        help="the same before the start: means with less variance (CUPED)",
    )
    parser.add_argument(
        "--share",
        action="append",
        default=[],
        metavar="GROUP=SHARE",
        help="planned share of a group, for the check of the sizes (default: equal ones)",
    )
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    return parser


def evaluate(groups, outcomes, before, control, shares):
    """Compare each group with the control.

    :param groups: name of the group per customer
    :param outcomes: float per customer
    :param before: float per customer, or None
    :param str control: name of the group held out
    :param dict shares: group → planned share; 1 for a group that isn't named
    :return: dict ``groups``, ``comparisons``, and with ``before`` ``variance_kept``
    :raise Failure: no such control, or nobody beside it
    """
    places = defaultdict(list)
    for place, name in enumerate(groups):
        places[name].append(place)
    if control not in places or len(places) < 2:
        raise Failure(f"'{control}' and another group; there are: {', '.join(sorted(places))}")
    moments = {
        name: experiment.Moments.of(
            [outcomes[place] for place in inside], before and [before[place] for place in inside]
        )
        for name, inside in places.items()
    }
    buyers = {name: sum(outcomes[place] > 0 for place in inside) for name, inside in places.items()}
    others = sorted(set(places) - {control})
    adjusted = before and experiment.cuped(moments)
    answer = {
        "groups": {
            name: {"n": one.n, "rate": buyers[name] / one.n, "mean": one.mean}
            for name, one in sorted(moments.items())
        },
        "comparisons": [
            _compared(name, control, moments, buyers, shares, adjusted) for name in others
        ],
    }
    return {**answer, "variance_kept": adjusted.kept} if adjusted else answer


def _compared(name, control, moments, buyers, shares, adjusted):
    one, held = moments[name], moments[control]
    found = {
        "group": name,
        "rate_difference": list(experiment.newcombe(buyers[name], one.n, buyers[control], held.n)),
        "mean_difference": _means(one, held),
        "sample_ratio_p": experiment.sample_ratio_p(
            [one.n, held.n], [shares.get(name, 1), shares.get(control, 1)]
        ),
    }
    if adjusted:
        found["mean_difference_cuped"] = _means(adjusted.groups[name], adjusted.groups[control])
    return found


def _means(one, held):
    return list(experiment.welch(one.mean, one.variance, one.n, held.mean, held.variance, held.n))


def _report(answer, control):
    for name, one in answer["groups"].items():
        say(f"{one['n']:>12,} in {name}: rate {one['rate']:.2%}, mean {one['mean']:,.4g}")
    for found in answer["comparisons"]:
        say(f"{found['group']} against {control}:")
        if found["sample_ratio_p"] < experiment.SAMPLE_RATIO_STOP:
            say(
                "  the groups are not of the planned sizes "
                f"(p = {found['sample_ratio_p']:.2g}): do not read on, find out why"
            )
        low, high = found["rate_difference"][1:]
        say(f"  rate {_signed(found['rate_difference'], '+.2%')}: {_verdict(low, high)}")
        for key in ("mean_difference", "mean_difference_cuped"):
            if key in found:
                low, high = found[key][1:]
                named = key.replace("_difference", "").replace("_cuped", " after CUPED")
                say(f"  {named} {_signed(found[key], '+,.4g')}: {_verdict(low, high)}")


def _signed(found, shape):
    middle, low, high = found
    if low is None:
        return f"{middle:{shape}}"
    return f"{middle:{shape}} ({low:{shape}} to {high:{shape}})"


def _verdict(low, high):
    if low is None:
        return "not enough data"
    if low <= 0 <= high:
        return "can't be told from chance"
    return "more than the control" if low > 0 else "less than the control"


def _shares(texts):
    found = {}
    for text in texts:
        name, mark, share = text.rpartition("=")
        try:
            found[name] = float(share)
        except ValueError:
            mark = ""
        if not mark or found[name] <= 0:
            raise Failure(f"--share {text}: GROUP=SHARE, with a share above 0")
    return found


def run(options):
    """Evaluate and print. :raise Failure: what is wrong with the file or the options"""
    table = evaluate_table.read(options.file)
    groups = evaluate_table.column(table, options.group)
    if "" in groups:
        raise Failure(f"Column '{options.group}', line {groups.index('') + 2}: no group")
    values = [
        name and evaluate_table.numbers(name, evaluate_table.column(table, name))
        for name in (options.outcome, options.pre)
    ]
    answer = evaluate(groups, *values, options.control, _shares(options.share))
    if options.json:
        sys.stdout.write(json.dumps(answer) + "\n")
    else:
        _report(answer, options.control)
    return 0


def main(argv):
    """Evaluate a file.

    :param argv: arguments after ``./dev evaluate lift``
    :return: exit status
    """
    try:
        return run(_parser().parse_args(argv))
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
