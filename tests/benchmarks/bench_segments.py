"""Segments over 200,000 customers and 1,000,000 invoices, against what cannot be avoided.

The invoices stand in the host's own tables (see ``segments_data.py``). Each work is compared
with bare SQL of the same run, in the same database, on the same state, in turn (the floors:
``segments_floor.py``). The same customers are generated without the add-ons to compare a merge,
and a quarter of them to see how time grows.
"""

import json
import statistics
from contextlib import ExitStack, contextmanager

from tools import modules
from tools.console import step

from .frame import row

NAME = "segments"
CUSTOMERS, INVOICES = 200_000, 1_000_000
SMALL = 4  # this fraction shows how time grows
PAIRS, TURNS = 6, 3
CALL = "from tests.benchmarks.{module} import {function}\n{function}(env, **args)"
FULL = {
    "figures": ("figures of all, nothing changed : four bare statements", 1.5),
    "figures_first": ("figures of all, first time : the same and a bare INSERT", 1.5),
    "rfm": ("RFM of all, nothing changed : three windows", 2),
    "rfm_first": ("RFM of all, first time : the same and a bare INSERT", 1.5),
    "changed": ("rules over all, 800 customers change : bare difference with its writes", 3),
}
ADDED = {
    "create_1": "added by 50 rules to creating a customer",
    "create_200": "added by 50 rules to creating 200 customers",
    "post": "added by 50 rules to posting an invoice",
}
GROWTH = {"figures": "figures of all", "rfm": "RFM of all", "rule_run": "rules over all"}


def run(context):
    """Yield the rows; the databases live as long as they are needed."""
    host_only = modules.split(modules.everything("test"))[0]
    with _generated(context, CUSTOMERS, INVOICES) as large:
        full = _measured(context, large, "Full runs over all customers", "segments_measure", "main")
        yield from _full_rows(full)
        events = _measured(context, large, "Events under 50 rules", "segments_events", "main")
        yield from _event_rows(events)
        with _generated(context, CUSTOMERS, INVOICES, host_only) as bare:
            yield _merge_row(context, large, bare)
    with _generated(context, CUSTOMERS // SMALL, INVOICES // SMALL) as small:
        part = _measured(context, small, "Full runs over a quarter", "segments_measure", "main")
        yield from _growth_rows(full, part)


def _script(context, name, module, function, **args):
    source = CALL.format(module=module, function=function)
    return context.script(name, source, args)


def _measured(context, name, title, module, function, **args):
    with step(title):
        output = _script(context, name, module, function, **args)
    return json.loads(output.strip().splitlines()[-1])


@contextmanager
def _generated(context, customers, invoices, wanted=None):
    """A database with so many customers and invoices; all add-ons unless ``wanted``."""
    with ExitStack() as stack:
        with step("Preparing a database"):
            name = stack.enter_context(context.database(wanted))
        with step(f"Generating {customers:,} customers and {invoices:,} invoices"):
            arguments = {"customers": customers, "invoices": invoices}
            _script(context, name, "segments_data", "generate", **arguments)
            context.host.server.query("VACUUM ANALYZE", name)
        yield name


def _full_rows(times):
    for name, (work, goal) in FULL.items():
        yield row(work, times[name]["ours"], times[name]["floor"], goal)


def _event_rows(events):
    for name, work in ADDED.items():
        times = events["times"][name]
        yield row(f"{work} : the 50 rules and an INSERT", times["added"], times["floor"], 3)
    for name, work in ADDED.items():
        few, many = events["statements"][name]
        yield row(f"statements {work} : by 5 rules", many, few, 1)


def _growth_rows(large, small):
    for name, work in GROWTH.items():
        times = (result[name]["ours"] for result in (large, small))
        yield row(f"{work}, {CUSTOMERS:,} customers : {CUSTOMERS // SMALL:,}", *times, 5)


def _merge_row(context, ours, bare):
    """Two databases of the same customers, in turn; the median of all merges of each."""
    times = {ours: [], bare: []}
    with step("Merging customers with and without the add-ons"):
        for _turn in range(TURNS):
            for name, found in times.items():
                output = _script(context, name, "segments_events", "merge", pairs=PAIRS)
                found += json.loads(output.strip().splitlines()[-1])
    medians = (statistics.median(found) for found in times.values())
    return row("merging two customers : without the add-ons", *medians, 1.1)
