"""With Inventory installed the lists tell what is free to sell."""

import json

SCRIPT = """
import json
from odoo import fields

goods = env["product.product"].create(
    [{"name": "Stored", "type": "consu", "is_storable": True},
     {"name": "Service", "type": "service"}]
)
warehouses = env["stock.warehouse"].search([("company_id", "=", env.company.id)])
location = warehouses[0].lot_stock_id
env["stock.quant"]._update_available_quantity(goods[0], location, 12)
source = env["crm.sales.source"].create({"name": "Old system"})
customers = env["res.partner"].create(
    [{"name": f"Customer {number}", "is_company": True} for number in range(6)]
)
today = fields.Date.today()
for number, customer in enumerate(customers):
    for position, product in enumerate(goods, 1):
        env["crm.sales.history"].create(
            {"source_id": source.id, "company_id": env.company.id, "partner_id": customer.id,
             "date": fields.Date.subtract(today, days=200), "document": f"D{number}",
             "position": position, "product_id": product.id, "quantity": 2,
             "currency_id": env.company.currency_id.id, "amount_untaxed": 10,
             "amount_company": 10}
        )
env["crm.recommendation.model"]._rebuild(env.company)
newcomer = env["res.partner"].create({"name": "Newcomer", "is_company": True})
order = env["sale.order"].create({"partner_id": newcomer.id})
free = {}
for asked in ({"partner_id": newcomer.id}, {"order_id": order.id}):
    found = env["crm.recommendation"].recommend(**asked)
    for line in found["new"] + found["sellers"]:
        free.setdefault(line["name"], []).append(line["available"])
print(json.dumps(free))
"""


def test_what_is_free_is_told(make_database_beside):
    """Twelve of the stored product; a service is not tracked, which is not zero."""
    database = make_database_beside()
    printed = database.script(SCRIPT)
    free = json.loads(printed.strip().splitlines()[-1])
    assert free == {"Stored": [12.0, 12.0], "Service": [None, None]}
