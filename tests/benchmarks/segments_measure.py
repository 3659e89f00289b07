"""Full runs: figures, RFM and rules over everybody. Run by ``./dev bench`` in a database."""

import json
import sys
from contextlib import contextmanager

from . import segments_floor as floor
from .segments_rules import population, rule_domain
from .segments_tables import seconds

TRIES = 3
CHANGED = 800


def main(env):
    """Print seconds by work: ours and the floor."""
    env["crm.segmentation"].search([]).enabled = False
    env.cr.commit()
    times = {**_figures(env), **_rfm(env), **_rules(env)}
    env.cr.rollback()
    sys.stdout.write("\n" + json.dumps(times) + "\n")


@contextmanager
def rolled_back(env):
    """What the block writes is taken back."""
    env.flush_all()
    savepoint = env.cr.savepoint(flush=False)
    try:
        yield
    finally:
        env.transaction.clear()
        savepoint.close(rollback=True)


def compare(env, ours, bare, prepare=lambda: None):
    """The least seconds of each of two works, in turn, each on the same state."""
    times = {"ours": [], "floor": []}
    for _try in range(TRIES):
        for name, work in (("floor", bare), ("ours", ours)):
            with rolled_back(env):
                prepare()
                times[name].append(seconds(work))
    return {name: min(found) for name, found in times.items()}


def empty(env, table):
    """As on the first day; taken back like everything else."""
    env.cr.execute(f"TRUNCATE {table} CASCADE; ANALYZE {table}")


def analyze(env, table):
    """As autovacuum would after such a change, and no old versions of rows in the way."""
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute(f"VACUUM ANALYZE {table}")
    env.cr._cnx.autocommit = False


def _figures(env):
    Metrics, company, table = env["crm.customer.metrics"], env.company, "crm_customer_metrics"
    Metrics._refresh_company(company)
    floor.twin(env, table)
    analyze(env, table)

    def ours():
        Metrics._refresh_company(company)

    def first_floor():
        floor.figures(env)
        floor.insert(env, table)

    def first_ours():
        empty(env, table)
        return seconds(ours)

    result = {"figures": compare(env, ours, lambda: floor.figures(env))}
    first = {"ours": [], "floor": []}
    for _try in range(TRIES):
        with rolled_back(env):
            first["floor"].append(seconds(first_floor))
        with rolled_back(env):
            first["ours"].append(first_ours())
    return {**result, "figures_first": {name: min(found) for name, found in first.items()}}


def _rfm(env):
    company, table = env.company, "crm_segment_membership"
    rfm = env.ref("crm_segments.segmentation_rfm")
    rfm.enabled = True
    rfm._run_company(company)
    floor.twin(env, table)
    analyze(env, table)
    windows = lambda: floor.select_all(env, floor.WINDOWS)  # noqa: E731
    result = {"rfm": compare(env, lambda: rfm._run_company(company), windows)}
    first = {"ours": [], "floor": []}
    for _try in range(TRIES):
        with rolled_back(env):
            insert = seconds(lambda: floor.insert(env, table, f"segmentation_id = {rfm.id}"))
            first["floor"].append(seconds(windows) + insert)
        with rolled_back(env):
            empty(env, table)
            first["ours"].append(seconds(lambda: rfm._run_company(company)))
    return {**result, "rfm_first": {name: min(found) for name, found in first.items()}}


def _rules(env):
    """A division by three rules, of which 800 customers change."""
    company, country = env.company, env["res.country"].search([], limit=1, order="id")
    rules = {
        "Home": [("country_id", "=", country.id)],
        "Big": [("revenue_total", ">", 2000)],
        "Silent": [("last_purchase_date", "<", "-180d")],
    }
    division = env["crm.segmentation"].create(
        {
            "name": "Benchmark",
            "segment_ids": [
                (0, 0, {"name": name, "domain": repr(rule), "sequence": place})
                for place, (name, rule) in enumerate(rules.items())
            ],
        }
    )
    division._run_company(company)
    analyze(env, "crm_segment_membership")
    scoped = division.with_env(division._rule_env(company))
    everybody = population(scoped, company)
    parts = [
        (segment.id, floor.compiled(scoped.env, everybody & rule_domain(segment)))
        for segment in scoped.segment_ids.sorted("sequence")
    ]
    result = compare(
        env,
        lambda: division._run_company(company),
        lambda: floor.difference(env, division, parts),
        lambda: _change(env, country),
    )
    unchanged = compare(env, lambda: division._run_company(company), lambda: None)
    return {"changed": result, "rule_run": unchanged}


def _change(env, country):
    """Half come home, half of the others spend more."""
    env.cr.execute(
        """
        UPDATE res_partner SET country_id = %(country)s WHERE id IN (
            SELECT id FROM res_partner WHERE customer_rank > 0 AND country_id <> %(country)s
            ORDER BY id LIMIT %(half)s);
        UPDATE crm_customer_metrics SET revenue_total = 5000 WHERE id IN (
            SELECT m.id FROM crm_customer_metrics m JOIN res_partner p ON p.id = m.partner_id
            WHERE m.revenue_total < 2000 AND p.country_id <> %(country)s
            ORDER BY m.partner_id DESC LIMIT %(half)s)
        """,
        {"country": country.id, "half": CHANGED // 2},
    )
