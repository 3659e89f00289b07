"""Every add-on installs, is used, uninstalls without residue, and installs again.

Add-ons that come later are covered by being there; what one of them needs to be *used* more
deeply can stand in its own ``tests/use.py`` (a script that finds ``env``).
"""

import json

import pytest

from tools import modules, paths

# What an add-on must not leave behind, as text so that a difference can be read.
SNAPSHOT = {
    "columns": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
        WHERE table_schema = 'public' ORDER BY 1""",
    "views": """
        SELECT table_name FROM information_schema.views WHERE table_schema = 'public' ORDER BY 1""",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "functions": """
        SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE nspname = 'public' ORDER BY 1""",
    "external ids": """
        SELECT module || '.' || name FROM ir_model_data
        WHERE module NOT IN ('__export__') AND model <> 'ir.module.module' ORDER BY 1""",
    "parameters": "SELECT key FROM ir_config_parameter ORDER BY 1",
    "favourites": "SELECT name || ' on ' || model_id FROM ir_filters ORDER BY 1",
    "categories": "SELECT name->>'en_US' FROM ir_module_category ORDER BY 1",
    "crons": "SELECT cron_name FROM ir_cron ORDER BY 1",
    "groups": """
        SELECT name->>'en_US' || ' ' || COALESCE(privilege_id, 0) FROM res_groups ORDER BY 1""",
    "menus": "SELECT name->>'en_US' FROM ir_ui_menu ORDER BY 1",
    "server actions": "SELECT name->>'en_US' FROM ir_act_server ORDER BY 1",
}

# Things that people do with any add-on and that have no external id.
USE = """
names = env["ir.model.data"].search([("module", "=", args["addon"]), ("model", "=", "ir.model")])
ours = env["ir.model"].browse(names.mapped("res_id")).filtered(
    lambda model: not model.transient and not env[model.model]._abstract
    and env.registry[model.model]._original_module == args["addon"]
)
fields = env["ir.model.fields"].browse(
    env["ir.model.data"].search(
        [("module", "=", args["addon"]), ("model", "=", "ir.model.fields")]
    ).mapped("res_id")
).filtered(lambda field: field.model in ("res.partner", "crm.lead", "utm.campaign"))
for model in ours:
    env["ir.filters"].create({"name": f"Mine on {model.model}", "model_id": model.model})
    env["ir.actions.server"].create(
        {"name": f"Does something with {model.model}", "model_id": model.id, "state": "code",
         "code": "pass"}
    )
for field in fields[:5]:
    env["ir.filters"].create(
        {"name": f"Uses {field.name}", "model_id": field.model,
         "context": "{'group_by': ['%s']}" % field.name}
    )
env["res.config.settings"].create({}).execute()
pair = env["res.partner"].create([{"name": name, "is_company": True} for name in ("One", "Two")])
env["base.partner.merge.automatic.wizard"]._merge(pair.ids, pair[0])
lead = env["crm.lead"].create({"name": "L", "partner_id": pair[0].id, "type": "opportunity"})
lead.action_set_won()
# and what the host keeps for itself either way
env["ir.config_parameter"].search([("key", "=", "base.partner.merge")]).unlink()
env.cr.commit()
"""

# A customer's order and invoices, so that the host's reports have something to tell.
SALES = """
from odoo.fields import Command

env["account.chart.template"].try_loading("generic_coa", env.company, install_demo=False)
customer = env["res.partner"].create({"name": "Of the host", "is_company": True})
product = env["product.product"].create({"name": "Thing", "list_price": 70, "taxes_id": False})
line = {"product_id": product.id, "price_unit": 70, "tax_ids": False}
order = env["sale.order"].create({
    "partner_id": customer.id,
    "order_line": [Command.create({**line, "product_uom_qty": 3}), Command.create(line)],
})
order.action_confirm()
for kind, quantity in (("out_invoice", 3), ("out_refund", 1)):
    env["account.move"].create({
        "partner_id": customer.id, "move_type": kind, "invoice_date": "2026-01-15",
        "invoice_line_ids": [Command.create({**line, "quantity": quantity})],
    }).action_post()
env.cr.commit()
"""

# All measures of the host's reports, of that customer. Names as in the host, which has no ours yet.
TOTALS = """
import json

found = {}
for model in ("sale.report", "account.invoice.report"):
    report = env[model].with_context(active_test=False)
    measures = sorted(
        f"{name}:{field.aggregator}" for name, field in report._fields.items()
        if field.aggregator and field.type in ("integer", "float", "monetary") and name != "id"
    )
    domain = [("partner_id.name", "=", "Of the host")]
    rows = report._read_group(domain, [], [*measures, "__count"])
    found[model] = dict(zip([*measures, "__count"], rows[0]))
print(json.dumps(found))
"""

UNINSTALL = """
import json, logging

refused, log = [], logging.getLogger("odoo.sql_db")
log.addHandler(handler := logging.Handler(logging.ERROR))
handler.emit = lambda record: refused.append(record.getMessage())
env["ir.module.module"].search([("name", "=", args["addon"])]).button_immediate_uninstall()
print(json.dumps(refused))
"""

INSTALL = """
env["ir.module.module"].update_list()
env["ir.module.module"].search([("name", "=", args["addon"])]).button_immediate_install()
"""

VIEWS = """
import json
broken = []
for view in env["ir.ui.view"].search([("type", "!=", "qweb")]):
    try:
        if view.model and not view.inherit_id:
            env[view.model].get_view(view.id, view.type)
    except Exception as error:
        broken.append(f"{view.xml_id or view.name}: {error}")
print(json.dumps(broken))
"""


def _snapshot(database):
    return {what: [row[0] for row in database.query(sql)] for what, sql in SNAPSHOT.items()}


def _left(before, after):
    """What is there afterwards and was not before, by kind."""
    return {
        what: sorted(set(after[what]) - set(before[what]))
        for what in SNAPSHOT
        if set(after[what]) - set(before[what])
    }


def _totals(database):
    found = json.loads(database.script(TOTALS).strip().splitlines()[-1])
    assert found["account.invoice.report"]["price_subtotal:sum"] == 140
    assert found["sale.report"]["price_subtotal:sum"] == 280
    return found


def _use_further(database, addon):
    script = paths.ADDONS / addon / "tests" / "use.py"
    if script.is_file():
        database.script(script.read_text(), addon=addon)


@pytest.mark.parametrize("addon", modules.addons())
def test_uninstalls_without_residue(make_database, addon):
    """Nothing of a used add-on is left, nothing of the host is missing, and it installs again."""
    below = modules.manifest(addon)["depends"]  # what it builds on stays, the other add-on too
    database = make_database([*modules.split(modules.everything("test"))[0], *below])
    # what the host makes on first use belongs to the state before
    database.script("env['res.config.settings'].create({}).execute(); env.cr.commit()")
    database.script(SALES)
    before, totals = _snapshot(database), _totals(database)

    database.script(INSTALL, addon=addon)
    database.script(USE, addon=addon)
    _use_further(database, addon)
    # however many segments and touchpoints a customer has, the host's reports say the same
    used = _totals(database)
    for model, measures in totals.items():
        assert used[model] | measures == used[model], model
    refused = database.script(UNINSTALL, addon=addon)
    assert json.loads(refused.strip().splitlines()[-1]) == []
    after = _snapshot(database)

    assert _left(before, after) == {}
    assert _left(after, before) == {}
    assert json.loads(database.script(VIEWS).strip().splitlines()[-1]) == []

    database.script(INSTALL, addon=addon)
    assert database.query(f"SELECT state FROM ir_module_module WHERE name = '{addon}'") == [
        ["installed"]
    ]


def test_all_install_together(make_database):
    """The add-ons install side by side, in one go."""
    names = modules.addons()
    database = make_database(modules.everything("test"))
    listed = ", ".join(f"'{name}'" for name in names)
    rows = database.query(f"SELECT state FROM ir_module_module WHERE name IN ({listed})")
    assert rows == [["installed"]] * len(names)
