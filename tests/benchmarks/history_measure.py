"""The past of an RFM segmentation. Run by ``./dev bench`` in a database."""

import json
import sys
from datetime import timedelta
from functools import partial

from odoo.addons.crm_segments.lib.bridge_periods import presets
from odoo.addons.crm_segments.lib.month_ends import month_ends

from . import segments_floor as floor
from .segments_measure import TRIES, analyze, compare
from .segments_tables import seconds

MONTHS = 12
AS_OF = """
    SELECT p.commercial_partner_id, COUNT(*), SUM(m.amount_untaxed_signed), MAX(m.invoice_date)
    FROM account_move m JOIN res_partner p ON p.id = m.partner_id
    WHERE m.company_id = {{company}} AND m.state = 'posted'
      AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
      AND m.invoice_date <= '{day}'
    GROUP BY p.commercial_partner_id
"""


def main(env):
    """Print seconds by work."""
    times = {"backfill": _backfill(env), "backtest": _backtest(env), **_reports(env)}
    env.cr.rollback()
    times.update(_kept(env))
    sys.stdout.write("\n" + json.dumps(times) + "\n")


def _reports(env):
    """Seconds of each report on the past that was just computed, the best of three."""
    rfm = env.ref("crm_segments.segmentation_rfm")
    rfm.backfill(MONTHS)
    ends = month_ends(rfm._today(), MONTHS)
    days = [str(ends[0]), str(ends[-1])]
    keys = ("moves_segmentation", "moves_from", "moves_to")
    context = dict(zip(keys, (rfm.id, *days), strict=True))
    moves = env["crm.segment.move"].with_context(**context)
    works = {
        "migration": lambda: rfm.migration(*days),
        "movers": lambda: moves.search_fetch([], ["partner_id", "cause", "stake"], limit=80),
        "by_month_read": lambda: _by_month(env, rfm),
    }
    found = {}
    for name, work in works.items():
        env.invalidate_all()
        found[name] = _best(work)
    return found


def _backfill(env):
    """Ours from nothing; the floor inserts the same stays into an empty table of that kind."""
    env["crm.segmentation"].search([]).enabled = False
    rfm = env.ref("crm_segments.segmentation_rfm")
    rfm.enabled = True
    company, table = env.company, "crm_segment_membership"
    env["crm.customer.metrics"]._refresh_company(company)
    rfm._run_company(company)
    rfm.backfill(MONTHS)
    floor.twin(env, table)
    past = f"segmentation_id = {rfm.id} AND origin = 'backfill'"

    env.cr.execute(f"CREATE TABLE bench_past AS SELECT * FROM {table} WHERE {past}")
    analyze(env, table)

    def bare():
        for day in month_ends(rfm._today(), MONTHS):
            floor.select_all(env, AS_OF.format(day=day))
        env.cr.execute(f"INSERT INTO bench_{table} SELECT * FROM bench_past")

    def without_past():
        env.cr.execute(f"DELETE FROM {table} WHERE {past}")

    return compare(env, lambda: rfm.backfill(MONTHS), bare, without_past)


def _backtest(env):
    """Looking back before a rule is saved, against computing and storing the same past."""
    rfm = env.ref("crm_segments.segmentation_rfm")
    past = f"segmentation_id = {rfm.id} AND origin = 'backfill'"

    def without_past():
        env.cr.execute(f"DELETE FROM crm_segment_membership WHERE {past}")

    return compare(
        env, lambda: rfm.backtest({}, MONTHS), lambda: rfm.backfill(MONTHS), without_past
    )


def _by_month(env, rfm):
    report = env["crm.segment.report"].with_context(allowed_company_ids=env.company.ids)
    domain = [("segmentation_id", "=", rfm.id)]
    return report._read_group(domain, ["segment_id", "month:month"], ["revenue:sum"])


def _kept(env):
    """What is read at night where it takes long: read, and opened.

    The bridge is of twelve months against the twelve before, by RFM segment: those that end
    today, which are offered, and those that ended a week ago.
    """
    rfm = env.ref("crm_segments.segmentation_rfm")
    Bridge, Kept = env["crm.revenue.bridge"], env["crm.segment.kept"]
    purchases = env["crm.customer.purchases"]
    offered = _twelve(rfm._today())
    free = _twelve(rfm._today() - timedelta(weeks=1))
    read = partial(Bridge.bridge, free)
    customers = partial(Bridge.action_open_customers, free, None, "mix")
    times = {"bridge_read": _best(partial(read, fresh=True))}
    found = read(fresh=True)
    busy = {part["key"] for part in found["parts"] if part["total"]}
    if not {"lost", "new", "frequency", "basket", "price", "mix"} <= busy:
        raise ValueError(f"Nothing to take apart: {busy}")
    Kept._keep_due()
    packed = read()
    if not packed["read_at"] or {**packed, "read_at": False} != found:
        raise ValueError("The bridge of the night is not that of the documents")
    return {
        **times,
        "bridge": _best(read),
        "bridge_customers": _best(customers),
        "bridge_offered": _best(partial(Bridge.bridge, offered)),
        "by_month": _best(partial(_by_month, env, rfm)),
        "night": _best(partial(purchases._keep, purchases._count_documents())),
    }


def _twelve(day):
    first, second, third, fourth = map(str, presets(day)["months"])
    return [[first, second], [third, fourth]]


def _best(work):
    return min(seconds(work) for _try in range(TRIES))
