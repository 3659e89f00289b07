"""The product's recommender, and simple ones beside it, on a file of sales history.

Nothing of the target is known to any of them, its date neither; what is learnt is learnt on the
baskets before it (see tools/evaluate_protocols.py).
"""

import csv
import datetime
import json
import sys
import time

from odoo.addons.crm_scenarios.lib import product_metrics
from odoo.addons.crm_scenarios.lib.product_baskets import Baskets

from tools import evaluate_files, evaluate_recommenders
from tools.console import Failure
from tools.evaluate_protocols import next_basket, second_order

PROTOCOLS = {"next-basket": next_basket, "second-order": second_order}
BESIDE = {
    "next-basket": ("global_top", "personal_top", "decay_popularity"),
    "second-order": ("global_top", "cosine"),
}


def _parser():
    made = evaluate_files.parser("products", __doc__.split("\n", 1)[0])
    made.add_argument(
        "--protocol", action="append", choices=sorted(PROTOCOLS), help="(default: next-basket)"
    )
    made.add_argument(
        "--from", dest="start", type=datetime.date.fromisoformat, metavar="DATE",
        help="second-order: customers whose first basket is of this day or later "
        "(default: a third of the time that the file covers is over)",
    )  # fmt: skip
    made.add_argument("--lists", metavar="CSV", help="write customer, rank, product")
    return made


def judge(trial):
    """Run all methods of a protocol.

    :return: (dict as printed with --json, list of (customer, list of items))
    """
    start, lists, methods = time.monotonic(), {}, {}
    mine = [evaluate_recommenders.ours(batch) for batch in trial.batches]
    for name in ("ours", "again", "new"):
        lists[name] = [one for found in mine for one in found[name]]
    seconds = time.monotonic() - start
    for name in BESIDE[trial.protocol]:
        method = getattr(evaluate_recommenders, name)
        lists[name] = [one for batch in trial.batches for one in method(batch)]
    cases = [case for batch in trial.batches for case in batch.cases]
    for name in ("ours", *BESIDE[trial.protocol]):
        methods[name] = _average(cases, lists[name])
    answer = {
        "protocol": trial.protocol, "users": trial.users, "judged": len(cases),
        "items": trial.items, "methods": methods, "apart": _apart(cases, lists),
        "seconds": round(seconds, 1),
    }  # fmt: skip
    return answer, list(zip((case.customer for case in cases), lists["ours"], strict=True))


def _average(cases, lists, wanted=lambda case: case.target):
    pairs = [(found, wanted(case)) for case, found in zip(cases, lists, strict=True)]
    judged = [product_metrics.of_list(found, target) for found, target in pairs if target]
    return product_metrics.average(judged) if judged else None


def _apart(cases, lists):
    """Each of the two lists against the part of the target that it is for: a blend hides this."""
    return {
        "again": _average(cases, lists["again"], lambda case: case.target & _had(case)),
        "new": _average(cases, lists["new"], lambda case: case.target - _had(case)),
    }


def _had(case):
    return {one.item for one in case.history}


def _report(answer):
    """:return: the table as text"""
    rows = {**answer["methods"], **{f"list '{k}' alone": v for k, v in answer["apart"].items()}}
    lines = [
        f"{answer['protocol']}: {answer['users']:,} users ({answer['judged']:,} judged), "
        f"{answer['items']:,} items, {answer['seconds']} s",
        f"{'':24}{'Recall@10':>10}{'NDCG@10':>10}{'PHR@10':>10}",
    ]
    for name, found in rows.items():
        if found:
            cells = (f"{found[key]:10.4f}" for key in ("recall", "ndcg", "phr"))
            lines.append(f"{name:24}" + "".join(cells))
    return "\n".join(lines)


def _write(path, lists):
    with open(path, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("customer", "rank", "product"))
        for customer, items in lists:
            writer.writerows((customer, rank, item) for rank, item in enumerate(items, start=1))


def run(options):
    """Evaluate; print or write as the options say. :raise Failure: see ``evaluate_files.read``"""
    chosen = options.protocol or ["next-basket"]
    if options.lists and len(chosen) > 1:
        raise Failure("--lists takes the lists of one protocol")
    sales = evaluate_files.read(options)
    baskets = Baskets.from_lines(sales.customer, sales.item, sales.day, sales.quantity)
    for protocol in chosen:
        trial = PROTOCOLS[protocol](baskets, options.start)
        if not any(batch.cases for batch in trial.batches):
            raise Failure(f"{protocol}: no customer has enough baskets to be judged by")
        answer, lists = judge(trial)
        sys.stdout.write((json.dumps(answer) if options.json else _report(answer)) + "\n")
        if options.lists:
            _write(options.lists, lists)
    return 0


def main(argv):
    """Judge recommenders on a file; return the exit status."""
    try:
        return run(_parser().parse_args(argv))
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
