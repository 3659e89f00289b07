"""With Expenses installed: what an employee has spent for a campaign is its cost, once."""

import json

SCRIPT = """
import json
from datetime import date

from odoo.fields import Command

company = env.company
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
campaign = env["utm.campaign"].create({"title": "Fair"})
campaign.action_create_analytic_account()
tax = company.account_purchase_tax_id  # which is got back: it has an account of its own
tax.amount = 20
product = env["product.product"].create(
    {"name": "Stand", "type": "service", "can_be_expensed": True, "standard_price": 0,
     "supplier_taxes_id": [Command.set(tax.ids)]}
)
employee = env["hr.employee"].create({"name": "Ann", "company_id": company.id})

def told():
    env.flush_all()
    env.invalidate_all()
    report = env["crm.campaign.roi.report"]
    rows = report._read_group(
        [("campaign_id", "=", campaign.id)], ["month:month"], ["cost:sum"]
    )
    kinds = env["crm.campaign.cost"]._by_kind(campaign, company)
    print(json.dumps(
        [{str(month): round(cost, 2) for month, cost in rows if cost},
         {one["kind"]: round(one["amount"], 2) for one in kinds}]
    ))

def spent(mode):
    return env["hr.expense"].create(
        {"name": "Stand at the fair", "employee_id": employee.id, "product_id": product.id,
         "total_amount_currency": 120, "tax_ids": [Command.set(tax.ids)], "payment_mode": mode,
         "date": date(2026, 5, 4), "company_id": company.id,
         "analytic_distribution": {str(campaign.crm_analytic_account_id.id): 100}}
    )

def post(expense):
    action = expense.action_post()
    if action:
        wizard = env[action["res_model"]].with_context(action["context"]).browse(action["res_id"])
        wizard.accounting_date = date(2026, 5, 20)
        wizard.action_post_entry()

own = spent("own_account")
own.action_submit()
told()
own.action_approve()
told()
post(own)
told()
paid = spent("company_account")
paid.action_submit()
paid.action_approve()
post(paid)
told()
"""


def test_expense_is_cost_once(make_database_beside):
    """120 with a fifth of tax: 100, from its posting on; the company's own payment likewise."""
    printed = make_database_beside().script(SCRIPT).strip().splitlines()[-4:]
    submitted, approved, posted, both = map(json.loads, printed)
    assert submitted == approved == [{}, {}]
    assert posted == [{"2026-05-01": 100}, {"bill": 100}]
    assert both == [{"2026-05-01": 200}, {"bill": 100, "entry": 100}]
