"""Use of the add-on before it is uninstalled, for the install matrix: ``env`` is given."""

from datetime import timedelta

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

# campaigns with a hold-out: one works, one does nothing, one is too small to tell
source = env["crm.sales.source"].create({"name": "Till"})
mark = env["res.partner.category"].create({"name": "Tested"})
crowd = env["res.partner"].create(
    [
        {"name": f"Tested {n}", "is_company": True, "email": f"{n}@tested.example",
         "category_id": [(6, 0, mark.ids)]}
        for n in range(240)
    ]
)  # fmt: skip
today = env["crm.segmentation"]._today()
env.company.crm_roi_contact_cap = 0


def tried(title, customers, effect, extra):
    """The verdict on an audience of which a fifth buy, and a share of ``extra`` more if treated."""
    audience = env["crm.campaign.audience"].create(
        {
            "campaign_id": env["utm.campaign"].create({"title": title}).id,
            "domain": repr([("id", "in", customers.ids)]),
            "control_share": 0.5,
            "effect": effect,
        }
    )
    audience.action_draw()
    audience._mark_launched()
    audience.launch_date = today - timedelta(days=60)
    sales = []
    for arm in audience.arm_ids:
        members = audience.member_ids.filtered(lambda one, arm=arm: one.arm_id == arm)
        buyers = round(len(members) * (0.2 + (0 if arm.is_control else extra)))
        sales += members.sorted("partner_id")[:buyers].partner_id
    env["crm.sales.history"].create(
        [
            {
                "source_id": source.id, "partner_id": one.id, "document": f"{title}/{one.id}",
                "date": today - timedelta(days=50), "amount_untaxed": 80, "amount_company": 80,
                "company_id": env.company.id, "currency_id": env.company.currency_id.id,
                "position": 1,
            }
            for one in sales
        ]
    )  # fmt: skip
    env["crm.campaign.audience"]._read_due()
    assert not audience.audit()["differ"]
    return audience.verdict


assert tried("Works", crowd, 0.2, 0.3) == "better"
env["crm.sales.history"].search([("source_id", "=", source.id)]).unlink()
assert tried("Nothing", crowd, 0.25, 0) == "nothing"
env["crm.sales.history"].search([("source_id", "=", source.id)]).unlink()
assert tried("Small", crowd[:40], 0.02, 0.1) == "small"
env["ir.exports"].create({"name": "Mine", "resource": "crm.campaign.spend"})
env.cr.commit()
