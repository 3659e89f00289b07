"""With Inventory installed deal control watches deliveries, and what is done before them."""

import json

SCRIPT = """
import json
from datetime import timedelta
from odoo import fields
from odoo.fields import Command

if not env.company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", env.company, install_demo=False)
now, today = fields.Datetime.now(), fields.Date.today()
product = env["product.product"].create(
    {"name": "Goods", "type": "consu", "invoice_policy": "order", "list_price": 100,
     "taxes_id": [Command.clear()]}
)
line = Command.create({"product_id": product.id, "product_uom_qty": 3})
partner = env["res.partner"].create({"name": "Customer", "is_company": True})
orders = env["sale.order"].create([{"partner_id": partner.id, "order_line": [line]}] * 2)
orders.action_confirm()
env.flush_all()
env.cr.execute(
    "UPDATE sale_order SET create_date = %s, date_order = %s WHERE id = ANY(%s)",
    [now - timedelta(days=6), now - timedelta(days=5), orders.ids],
)
ahead, delivered = orders


def stand(order):
    env.flush_all()
    env.invalidate_all()
    row = env["crm.deal.control"].search([("order_id", "=", order.id)])
    return [f"{one['step']} {one['state']} {one['days']}" for one in row.course[2:]]


found = [stand(ahead)]
invoice = ahead._create_invoices()
invoice.invoice_date = invoice.invoice_date_due = today - timedelta(days=3)
invoice.action_post()
found.append(stand(ahead))
env["account.payment.register"].with_context(
    active_model="account.move", active_ids=invoice.ids
).create({"payment_date": today - timedelta(days=1)})._create_payments()
found.append(stand(ahead))
moves = delivered.picking_ids.move_ids
moves.write({"quantity": 3, "picked": True})
delivered.picking_ids.with_context(skip_backorder=True).button_validate()
found.append(stand(delivered))
print(json.dumps(found))
"""


def test_course_of_a_delivery(make_database_beside):
    """Ordered 5 days ago; one is invoiced 3 and paid 1 day ago, the other delivered today."""
    database = make_database_beside()
    printed = database.script(SCRIPT)
    found = json.loads(printed.strip().splitlines()[-1])
    waits = ["order done 1", "delivery now 5"]
    assert found == [
        [*waits, "invoice ahead None", "payment ahead None"],
        [*waits, "invoice done 2", "payment ahead None"],
        [*waits, "invoice done 2", "payment done 2"],
        ["order done 1", "delivery done 5", "invoice now 0", "payment ahead None"],
    ]
