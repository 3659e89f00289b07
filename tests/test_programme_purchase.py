"""With Purchase and Timesheets installed: what is ordered, billed in parts, and worked."""

import json

SCRIPT = """
import json
from datetime import date

from odoo.fields import Command

company = env.company
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
work = env["crm.programme"].create(
    {"name": "New CRM", "date_start": date(2026, 5, 4), "company_id": company.id,
     "partner_id": env["res.partner"].create({"name": "Client"}).id}
)
phase = env["crm.programme.phase"].create({"programme_id": work.id, "name": "A"})
vendor = env["res.partner"].create({"name": "Vendor", "is_company": True})
env["crm.programme.step"].create(
    {"programme_id": work.id, "phase_id": phase.id, "name": "Work", "rate": 100,
     "effort_low": 40, "effort_likely": 40, "effort_high": 40}
)
work.action_start()

def told():
    env.flush_all()
    env.invalidate_all()
    rows = env["crm.programme.actual"]._read_group(
        [("programme_id", "=", work.id)], ["vendor_id"],
        ["committed:sum", "actual:sum", "actual_hours:sum"],
    )
    print(json.dumps({one.name or "": [round(x, 2) for x in numbers] for one, *numbers in rows}))

# 10 at 100 of a currency that is worth half of the company's
currency = env["res.currency"].create({"name": "XYZ", "symbol": "x", "rate_ids": [
    Command.create({"name": "2020-01-01", "rate": 2, "company_id": company.id})]})
product = env["product.product"].create(
    {"name": "Server", "type": "service", "purchase_method": "purchase",
     "supplier_taxes_id": [Command.clear()]}
)
order = env["purchase.order"].create(
    {"partner_id": vendor.id, "currency_id": currency.id, "order_line": [Command.create(
        {"product_id": product.id, "product_qty": 10, "price_unit": 100,
         "analytic_distribution": {str(phase.account_id.id): 100}})]}
)
told()
order.button_confirm()
told()
order.action_create_invoice()
bill = order.invoice_ids
bill.invoice_line_ids.quantity = 3
told()
bill.invoice_date = date(2026, 5, 10)
bill.action_post()
told()
# 6 hours and 2 days of an employee who costs 50 an hour; the project has the customer
employee = env["hr.employee"].create({"name": "Ann", "hourly_cost": 50})
project = env["project.project"].create(
    {"name": "Roll-out", "account_id": phase.account_id.id, "partner_id": vendor.id}
)
day = env.ref("uom.product_uom_day")
for quantity, unit in ((6, env.ref("uom.product_uom_hour")), (2, day)):
    env["account.analytic.line"].create(
        {"name": "Worked", "project_id": project.id, "employee_id": employee.id,
         "unit_amount": quantity, "product_uom_id": unit.id, "date": "2026-05-05"}
    ).amount = -50 * quantity * unit.factor
told()
"""


def test_orders_and_timesheets(make_database_beside):
    """500 ordered; 150 of it on a draft, then posted; 22 hours of one's own people."""
    printed = make_database_beside().script(SCRIPT).strip().splitlines()[-5:]
    before, ordered, drafted, posted, worked = map(json.loads, printed)
    assert before == {"": [0, 0, 0]}
    assert ordered == {"": [0, 0, 0], "Vendor": [500, 0, 0]}
    assert drafted == ordered
    assert posted == {"": [0, 0, 0], "Vendor": [350, 150, 0]}
    assert worked == {"": [0, 1100, 22], "Vendor": [350, 150, 0]}
