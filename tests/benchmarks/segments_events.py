"""What saving a customer, saving 200, posting and merging cost more because of the rules.

'Without' is the same work under the context by which callers tell the add-on to leave the placing
to them. Both are done in turn on the same state, each taken back; medians.
"""

import json
import statistics
import sys

from odoo.fields import Domain

from . import segments_floor as floor
from .segments_measure import _analyze, rolled_back
from .segments_rules import population, rule_domain, rule_segmentations
from .segments_tables import seconds

RULES, DIVISIONS, FEW = 50, 10, 5
SENTINEL = -123456789
ROUNDS = 15


def main(env):
    """Print seconds by work, and numbers of statements."""
    env["crm.segmentation"].search([]).enabled = False
    env["crm.customer.metrics"]._refresh_company(env.company)
    few = rule_segmentations(env, FEW, 1)
    many = rule_segmentations(env, RULES, DIVISIONS)
    for division in many:
        division._run_company(env.company)
    floor.twin(env, "crm_segment_membership")
    _analyze(env, "crm_segment_membership")
    works = {
        "create_1": (_nothing, lambda env: _create(env, 1)),
        "create_200": (_nothing, lambda env: _create(env, 200)),
        "post": (_draft, lambda env, move: move.action_post() and None or move.partner_id),
    }
    statements = {}
    few.enabled, many.enabled = True, False
    env.cr.commit()
    for name, (prepare, work) in works.items():
        statements[name] = [_statements(env, prepare, work)]
    few.enabled, many.enabled = False, True
    env.cr.commit()
    bare = _union(env, many)
    times = {}
    for name, (prepare, work) in works.items():
        times[name] = _added(env, prepare, work, bare)
        statements[name].append(_statements(env, prepare, work))
    sys.stdout.write("\n" + json.dumps({"times": times, "statements": statements}) + "\n")


def _nothing(_env):
    return ()


def _create(env, number):
    customers = [
        {"name": f"New {n}", "is_company": True, "city": f"City {n}", "country_id": 1 + n % 50}
        for n in range(number)
    ]
    return env["res.partner"].create(customers)


def _draft(env):
    """A draft invoice of a customer who has bought before."""
    partner = env["res.partner"].search([("ref", "=", "C4711")])
    line = {"name": "Goods", "quantity": 1, "price_unit": 120, "tax_ids": [(5,)]}
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_line_ids": [(0, 0, line)],
        }
    )
    env.flush_all()
    return (move,)


def _run(env, prepare, work, context):
    """Prepare, then measure: seconds, statements, and the customers."""
    env = env(context={**env.context, **context})
    made = [record.with_env(env) for record in prepare(env)]
    env.invalidate_all()
    found = []
    before = env.cr.sql_log_count

    def all_of_it():
        found.append(work(env, *made))
        env.flush_all()

    return seconds(all_of_it), env.cr.sql_log_count - before, found[0]


def _union(env, segmentations):
    """The rules, compiled, as one UNION ALL over customers to be named."""
    scoped = segmentations.with_env(segmentations._rule_env(env.company))
    parts = []
    for segmentation in scoped:
        for segment in segmentation.segment_ids:
            condition = rule_domain(segment) & Domain("id", "in", [SENTINEL])
            text = floor.compiled(scoped.env, condition)
            parts.append(f"SELECT {segmentation.id}, {segment.id}, p.* FROM ({text}) p")
    assert all(str(SENTINEL) in part for part in parts)
    return " UNION ALL ".join(parts)


def _bare(env, union, partners):
    """Ask all rules about the customers, insert what they say."""
    ids = ", ".join(map(str, partners.ids))
    env.cr.execute(union.replace(str(SENTINEL), ids))
    if rows := env.cr.fetchall():
        values = ", ".join(
            f"({partner}, {segment}, {division}, {env.company.id}, CURRENT_DATE, 'rule')"
            for division, segment, partner in rows
        )
        env.cr.execute(
            "INSERT INTO bench_crm_segment_membership"
            " (partner_id, segment_id, segmentation_id, company_id, date_from, origin)"
            f" VALUES {values}"
        )


def _added(env, prepare, work, union):
    """Medians: what the add-on adds, and what the rules cannot do without."""
    times = {"with": [], "without": [], "floor": []}
    for _round in range(ROUNDS):
        with rolled_back(env):
            spent, _number, partners = _run(env, prepare, work, {"segments_defer": True})
            times["without"].append(spent)
            times["floor"].append(seconds(lambda p=partners: _bare(env, union, p)))
        with rolled_back(env):
            times["with"].append(_run(env, prepare, work, {})[0])
    medians = {name: statistics.median(found) for name, found in times.items()}
    return {**medians, "added": medians["with"] - medians["without"]}


def _statements(env, prepare, work):
    """How many statements the add-on adds, caches warm."""
    counts = []
    for context in ({}, {"segments_defer": True}, {}, {"segments_defer": True}):
        with rolled_back(env):
            counts.append(_run(env, prepare, work, context)[1])
    return counts[2] - counts[3]


def merge(env, pairs):
    """Print the seconds of merging each of some pairs of customers, each taken back."""
    wizard = env["base.partner.merge.automatic.wizard"].create({})
    times = []
    for number in range(100, 100 + 2 * pairs, 2):
        pair = env["res.partner"].search([("ref", "in", [f"C{number}", f"C{number + 1}"])])
        with rolled_back(env):
            env.invalidate_all()
            times.append(
                seconds(lambda p=pair: (wizard._merge(p.ids, p[0]), env.flush_all()))
            )
    sys.stdout.write("\n" + json.dumps(times) + "\n")
