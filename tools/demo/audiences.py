"""Three campaigns with a hold-out: one that works, one that does nothing, one too small to tell.

The draw is the product's, with a seed that is always the same. Customers of the first one who
got it buy more, by invoices of their own; of the others nobody does anything because of them.
"""

from datetime import timedelta

from odoo import Command, fields

from .quiet import generator

# title, how many customers (None: all), effect of interest, days ago, share that buys more
TESTS = (
    ("Reorder reminder", None, 0.2, 60, 0.45),
    ("Birthday card", None, 0.25, 75, 0),
    ("Tasting evening", 36, 0.05, 70, 0),
)
COSTS = {"Reorder reminder": 260, "Birthday card": 190, "Tasting evening": 120}


def test_campaigns(env, customers, products):
    """Campaigns with an audience that was drawn, launched and read.

    :param list customers: partners who may be mailed
    :param dict products: code → product
    """
    if "crm.campaign.audience" not in env:
        return
    today = fields.Date.context_today(env["utm.campaign"])
    env.company.crm_roi_contact_cap = 0
    bills = env["account.move"]
    for title, number, effect, ago, more in TESTS:
        campaign = env["utm.campaign"].create({"title": title})
        campaign.action_create_analytic_account()
        bills += bill(env, campaign, COSTS[title], today - timedelta(days=ago))
        audience = launched(env, campaign, customers[:number], effect, today - timedelta(days=ago))
        if more:
            _buy_more(env, audience, more, products, today)
    bills.action_post()
    env["crm.campaign.audience"]._read_due()
    waiting = env["utm.campaign"].create({"title": "New year offer"})
    env["crm.campaign.audience"].create(
        {"name": "All customers", "campaign_id": waiting.id, "control_share": 0.2}
    ).action_check()


def launched(env, campaign, customers, effect, day, window=40, name=None):
    """An audience of these customers, half of them held out, launched on a day."""
    audience = env["crm.campaign.audience"].create(
        {
            "name": name or ("Customers" if len(customers) > 100 else "Customers of the region"),
            "campaign_id": campaign.id,
            "domain": repr([("id", "in", [one.commercial_partner_id.id for one in customers])]),
            "channel": "activity",
            "control_share": 0.5,
            "effect": effect,
            "window_days": window,
        }
    )
    audience._draw_with(f"demonstration {campaign.title}")
    audience._mark_launched()
    audience.launch_date = day
    return audience


def _buy_more(env, audience, share, products, today):
    """Invoices that the campaign brought."""
    choice = generator("tested campaign")
    treated = audience._treatments()
    members = env["crm.campaign.audience.member"].search(
        [("arm_id", "in", treated.ids)], order="partner_id"
    )
    goods = [one for one in products.values() if one.standard_price]
    values = [
        {
            "move_type": "out_invoice",
            "partner_id": one.partner_id.id,
            "campaign_id": audience.campaign_id.id,
            "invoice_date": audience.launch_date + timedelta(days=choice.randint(2, 30)),
            "invoice_line_ids": [
                Command.create(
                    {"product_id": choice.choice(goods).id, "quantity": choice.randint(10, 40)}
                )
            ],
        }
        for one in members
        if choice.random() < share
    ]
    env["account.move"].create(values).action_post()


def bill(env, campaign, amount, day):
    """A draft bill of the printer, all of it of a campaign."""
    vendor = env["res.partner"].search([("name", "=", "Riverside Print")], limit=1)
    account = str(campaign.crm_analytic_account_id.id)
    line = {"name": "Printing", "price_unit": amount, "analytic_distribution": {account: 100}}
    return env["account.move"].create(
        {
            "move_type": "in_invoice",
            "partner_id": vendor.id,
            "invoice_date": day,
            "date": day,
            "invoice_line_ids": [Command.create(line)],
        }
    )
