"""Use of the add-on before it is uninstalled, for the install matrix: ``env`` is given."""

from datetime import timedelta

from odoo import fields

env = globals()["env"]

today = fields.Date.today()
customers = env["res.partner"].create(
    [{"name": f"Customer {index}", "is_company": True} for index in range(150)]
)
category = env["product.category"].create({"name": "Mine"})
products = env["product.product"].create(
    [{"name": name, "list_price": 9, "categ_id": category.id} for name in "AB"]
)
source = env["crm.sales.source"].create({"name": "Old system"})
env["crm.sales.history"].create(
    [
        {
            "source_id": source.id, "company_id": env.company.id, "partner_id": customer.id,
            "date": today - timedelta(days=day), "document": f"{customer.id}/{day}",
            "position": 1, "currency_id": env.company.currency_id.id,
            "amount_untaxed": 100, "amount_company": 100, "quantity": 1,
            "product_id": products[(index + day) % 2].id,
        }
        for index, customer in enumerate(customers)
        for day in range(index % 7, 700, 20 + index)
    ]
)  # fmt: skip
env["crm.value.model"].action_fit()
assert env["crm.value.model"].search([], limit=1).repeaters >= 100
division = env.ref("crm_scenarios.segmentation_value")
division.enabled = True
assert set(division.run().mapped("state")) == {"done"}
# divisions of one's own by figures that go with the add-on
env["crm.segmentation"].create(
    {
        "name": "By purchases to come", "method": "tier", "metric": "expected_purchases_12m",
        "enabled": True, "segment_ids": [(0, 0, {"name": "Some", "threshold": 1})],
    }
)  # fmt: skip
env["crm.segmentation"].create(
    {
        "name": "Gone", "method": "rule", "enabled": True,
        "segment_ids": [(0, 0, {"name": "Gone", "domain": "[('alive_probability', '<', 0.2)]"})],
    }
)  # fmt: skip
env["crm.recommendation.model"]._rebuild(env.company)
customer = customers[0]
found = env["crm.recommendation"].recommend(partner_id=customer.id)
assert found.keys() >= {"again", "new"}, found
line = {"product_id": products[0].id, "list": "again"}
env["crm.recommendation.feedback"].dismiss(line, "later", partner_id=customer.id)
order = env["sale.order"].create({"partner_id": customer.id})
order.add_recommended([{"product_id": products[1].id, "quantity": 2, "list": "new"}])
scenario = env["crm.scenario"].create(
    {"name": "Mine", "template_ids": [
        (0, 0, {"summary": "Call", "responsible_type": "salesperson"}),
        (0, 0, {"summary": "Wait", "scenario_kind": "wait"})]}
)  # fmt: skip
scenario.action_start()
admin = env.ref("base.user_admin")
customers[:3].user_id = admin
scenario.enter_by_hand(customers[:3].ids)
assert len(env["crm.scenario.run"].search([("scenario_id", "=", scenario.id)])) == 3
while env["crm.scenario.run"]._process_batch():
    pass
assert env["mail.activity"].search_count([("summary", "=", "Call")]) == 3
env["crm.deal.pattern"].action_rebuild()
env["crm.deal.norm"]._rebuild(env.company)
env["crm.price.guidance"].action_rebuild()
assert env["crm.price.guidance"].search([], limit=1)
cell = env["crm.price.guidance"].search(
    [("segment_id", "!=", False), ("product_id", "!=", False)], limit=1
)
if cell:
    cell.segment_id.action_draft_pricelist()
env.company.crm_price_approval = True
order.team_id.crm_discount_limit = 5
order.order_line.write({"discount": 50})
order.with_user(env.ref("base.user_admin")).action_approve_discount()
assert len(env["crm.today"].with_user(admin).actions()["lines"]) >= 3
env["crm.service.policy"].action_rebuild()
policy = env["crm.service.policy"].search([("segment_id", "=", False)])
policy.action_accept()
assert policy.contact_days > 0
term = env["account.payment.term"].create({"name": "Mine"})
policy.payment_term_id = term
assert env["crm.service.practice"].search([], limit=1)
market = env["crm.market"].create(
    {"country_id": env.ref("base.fr").id, "year": today.year - 1, "size": 9, "source": "Mine",
     "source_date": today, "competitor_ids": [(0, 0, {"name": "Other"})]}
)  # fmt: skip
assert env["crm.market"].board(today.year - 1)["rows"]
launch = env["crm.programme.launch"].create({"partner_id": customers[0].id})
programme = env["crm.programme"].browse(launch.action_confirm()["res_id"])
programme.step_ids.filtered("basis").basis_count = 3
programme.action_start()
programme.step_ids[0].action_done()
programme.action_quotation()
env["account.analytic.line"].create(
    {"name": "Hours", "account_id": programme.phase_ids[0].account_id.id, "unit_amount": 2}
)
assert env["crm.programme.cash"].search([("programme_id", "=", programme.id)], limit=1)
assert env["crm.programme.actual"].search([("programme_id", "=", programme.id)], limit=1)
env["ir.exports"].create({"name": "Mine", "resource": "crm.value.model"})
env.cr.commit()
