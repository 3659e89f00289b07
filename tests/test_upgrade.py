"""Updating from the commit before keeps all, updating again changes nothing."""

import json
import subprocess
from dataclasses import replace

import pytest

from tools import database, modules, paths

from .conftest import Database

#: what people change of the records that the add-ons brought
EDIT = """
edits = {
    "crm_segments.ir_cron_rebuild": {"interval_number": 2, "active": False},
    "crm_segments.segmentation_rfm": {"name": "Our own name", "enabled": True},
    "crm_campaign_roi.touchpoint_kind_call": {"name": "Telephone"},
    "crm_scenarios.ir_cron_scenarios": {"interval_number": 3},
}
for xmlid, values in edits.items():
    env.ref(xmlid).write(values)
scenario = env["crm.scenario"].with_context(active_test=False).search([], limit=1)
scenario.write({"name": "Our scenario", "deadline_days": 17})
segment = env.ref("crm_segments.segmentation_rfm").segment_ids[:1]
segment.write({"name": "Our best"})
# people's own records, and derived ones
partners = env["res.partner"].create(
    [{"name": f"Customer {number}", "is_company": True} for number in range(5)]
)
source = env["crm.sales.source"].create({"name": "Old system"})
env["crm.sales.history"].create([
    {"source_id": source.id, "company_id": source.company_id.id, "partner_id": partner.id,
     "date": f"2026-0{number + 1}-10", "document": f"D{number}", "position": 1,
     "currency_id": source.currency_id.id, "amount_untaxed": 10, "amount_company": 10}
    for number, partner in enumerate(partners)
])
own = env["crm.segmentation"].create({
    "name": "Own", "method": "rule", "enabled": True,
    "segment_ids": [(0, 0, {"name": "All", "domain": "[('is_company', '=', True)]"})],
})
(own | env.ref("crm_segments.segmentation_rfm")).run()
campaign = env["utm.campaign"].create({"title": "Mine"})
env["crm.touchpoint"].create({"partner_id": partners[0].id, "campaign_id": campaign.id})
env["crm.touchpoint"]._rebuild()
env.cr.commit()
"""

#: rows without what an update may renew: when it wrote, and the host's copy of the view before
SNAPSHOT = """
import json
from odoo.tools import SQL

addons = args["addons"]
ours = env["ir.model.data"].search([("module", "in", addons)])
tables = {env[one]._table: ours.filtered(lambda data: data.model == one).mapped("res_id")
          for one in set(ours.mapped("model")) if one in env and not env[one]._abstract}
for model in env.registry.values():
    if model._original_module in addons and model._auto and not model._abstract:
        tables[model._table] = None
links = {field.relation for model in env.registry.values() for field in model._fields.values()
         if field.type == "many2many" and field.store and set(field._modules) & set(addons)}
found = {}
for table, ids in tables.items():
    condition = SQL("id = ANY(%s)", ids) if ids is not None else SQL("TRUE")
    found[table] = env.execute_query(SQL(
        "SELECT id::text, (to_jsonb(t) - %s::text[])::text FROM %s t WHERE %s",
        ["write_date", "write_uid", "arch_prev"], SQL.identifier(table), condition))
for table in links:
    rows = "SELECT to_jsonb(t)::text, '' FROM %s t"
    found[table] = env.execute_query(SQL(rows, SQL.identifier(table)))
found["external ids"] = [
    (f"{one.module}.{one.name}", f"{one.model} {one.res_id} {one.noupdate}") for one in ours
]
found["columns"] = env.execute_query(SQL(
    "SELECT table_name || '.' || column_name, data_type FROM information_schema.columns"
    " WHERE table_schema = 'public'"))
found["indexes"] = env.execute_query(SQL(
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"))
found["constraints"] = env.execute_query(SQL(
    "SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace"))
print(json.dumps({name: dict(rows) for name, rows in found.items()}))
"""


def _snapshot(place):
    output = place.script(SNAPSHOT, addons=modules.addons())
    return json.loads(output.strip().splitlines()[-1])


def _difference(before, after):
    """What is gone, what is new, what is another: readable when the test fails."""
    found = {}
    for name in before.keys() | after.keys():
        one, other = before.get(name, {}), after.get(name, {})
        keys = [key for key in one.keys() | other.keys() if one.get(key) != other.get(key)]
        if keys:
            found[name] = [(key, one.get(key), other.get(key)) for key in sorted(keys)[:5]]
    return found


@pytest.fixture
def place(make_database, tmp_path):
    """A database that the add-ons of the commit before have made, and people have worked in.

    Without a history (an unpacked archive) it is made by those that are there.
    """
    place = make_database(modules.split(modules.everything("test"))[0])
    before = _addons_before(tmp_path) or paths.ADDONS
    names = [path.parent.name for path in sorted(before.glob("*/__manifest__.py"))]
    old = Database(replace(place.host, addons=before), place.name)
    database.install(old.host, old.name, names)
    old.script(EDIT)
    return place


def _git(*arguments, **options):
    command = ["git", "-C", str(paths.ROOT), *arguments]
    return subprocess.run(command, capture_output=True, **options)


def _addons_before(place):
    """Unpack the add-ons of the commit before what is there now; None without a history."""
    changed = _git("status", "--porcelain", "addons", text=True).stdout.strip()
    packed = _git("archive", "HEAD" if changed else "HEAD~1", "addons")
    if packed.returncode:
        return None
    subprocess.run(["tar", "-x", "-C", place], input=packed.stdout, check=True)
    return place / "addons"


def _lost(before, after):
    """Rows of ours that are gone or hold other values; columns may come and go."""
    found = {}
    for name, rows in before.items():
        if not name.startswith("crm_"):
            continue
        for key, row in rows.items():
            one, other = json.loads(row or "{}"), json.loads(after[name].get(key) or "{}")
            if key not in after[name] or any(one[k] != other[k] for k in one.keys() & other.keys()):
                found.setdefault(name, []).append((key, row, after[name].get(key)))
    return {name: rows[:5] for name, rows in found.items()}


def test_from_the_commit_before_and_twice(place):
    """The first update keeps all; the second changes nothing: rows, views, columns, indexes."""
    first = _snapshot(place)
    for table in ("crm_segment_membership", "crm_customer_metrics", "crm_touchpoint", "ir_ui_view",
                  "ir_cron", "crm_scenario"):  # fmt: skip
        assert first[table], table
    database.install(place.host, place.name, modules.addons(), update=True)
    before = _snapshot(place)
    assert _lost(first, before) == {}
    database.install(place.host, place.name, modules.addons(), update=True)
    assert _difference(before, _snapshot(place)) == {}
    texts = place.query(
        "SELECT name->>'en_US' FROM crm_segmentation UNION SELECT name->>'en_US' FROM crm_segment"
        " UNION SELECT name->>'en_US' FROM crm_touchpoint_kind"
    )
    assert {"Our own name", "Our best", "Telephone"} <= {text for (text,) in texts}
