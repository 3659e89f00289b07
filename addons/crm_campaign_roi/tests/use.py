"""Use of the add-on before it is uninstalled, for the install matrix: ``env`` is given."""

env = globals()["env"]

campaign = env["utm.campaign"].create({"title": "Used"})
campaign.action_create_analytic_account()
env["crm.campaign.budget"].create({"campaign_id": campaign.id, "amount": 100})
platform = env["crm.campaign.platform"].create({"name": "Searchlight"})
env["crm.campaign.spend"].create(
    {"platform_id": platform.id, "external_campaign": "X", "campaign_id": campaign.id, "cost": 40}
)
customer = env["res.partner"].create({"name": "Customer", "is_company": True})
env["crm.touchpoint"].create({"partner_id": customer.id, "campaign_id": campaign.id})
product = env["product.product"].create({"name": "Goods", "list_price": 90})
order = env["sale.order"].create(
    {
        "partner_id": customer.id,
        "campaign_id": campaign.id,
        "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1})],
    }
)
order.action_confirm()
env["crm.touchpoint"]._refresh()
env["crm.campaign.markov"]._rebuild()
answer = campaign.campaign_return()
assert answer["totals"]["cost"] == 40, answer["totals"]
assert answer["totals"]["orders"] == 1, answer["totals"]
env["ir.exports"].create({"name": "Mine", "resource": "crm.campaign.spend"})
env.cr.commit()
