"""Campaigns with their bills, spend, mailings and results."""

from datetime import timedelta

from odoo import Command, fields

from .quiet import generator

# title, medium, source, days ago it began, days it ran, share of the orders then, what it cost
CAMPAIGNS = (
    ("Spring fair", "Direct", "Spring fair", 300, 90, 0.10, 1900),
    ("Christmas catalogue", "Direct", "Catalogue", 100, 95, 0.16, 2400),
    ("Newsletter relaunch", "Email", "Newsletter", 220, 120, 0.12, 640),
    ("Search: gift bags", "Website", "Search engine", 330, 150, 0.05, 980),
    ("Search: brand", "Website", "Search engine", 180, 175, 0.06, 900),
    ("Social: tea time", "Website", "Facebook", 150, 90, 0.03, 720),
    ("Autumn mailing", "Email", "Newsletter", 75, 60, 0.08, 310),
    ("Trade magazine", "Direct", "Magazine", 260, 120, 0.02, 1100),
    ("Open day in Leeds", "Direct", "Open day", 190, 60, 0.02, 640),
    ("Win-back calls", "Phone", "Telephone", 120, 90, 0.03, 0),
    ("Wedding favours", "Website", "LinkedIn", 90, 85, 0.01, 460),
    ("Garden assortment", "Email", "Newsletter", 240, 60, 0.04, 280),
)
IN_DOLLARS = {"Search: gift bags", "Wedding favours"}
MAILED = ("Newsletter relaunch", "Autumn mailing", "Garden assortment")


def create_campaigns(env, orders, invoices, customers):
    """Campaigns of all kinds; none of them where the add-on is not there.

    :param dict orders: number → order
    :param dict invoices: number → invoice
    :param list customers: partners who may be mailed
    """
    if "crm.campaign.roi.report" not in env:
        return
    today = fields.Date.context_today(env["utm.campaign"])
    dollar = _second_currency(env, today)
    vendors = env["res.partner"].create(
        [{"name": name, "is_company": True} for name in ("Searchlight Ads", "Riverside Print")]
    )
    platform = env["crm.campaign.platform"].create(
        {"name": "Searchlight", "partner_id": vendors[0].id}
    )
    found = {}
    for title, *rest in CAMPAIGNS:
        campaign = env["utm.campaign"].search([("title", "=", title)], limit=1)
        found[title] = campaign or env["utm.campaign"].create({"title": title})
        if rest[-1]:
            found[title].action_create_analytic_account()
    _credit_orders(env, found, orders, invoices, today)
    bills = _create_bills(env, found, vendors, dollar, today)
    _unallocated(env, vendors[1], bills, today)
    _report_spend(env, found["Search: brand"], platform, today)
    for title in MAILED:
        _send_mailing(env, found[title], title, customers, today)
    _group_two(env, found, orders, today)
    budgets = [
        {"campaign_id": found[title].id, "month": today - timedelta(days=began),
         "amount": (0.9 if index % 3 else 1.2) * cost}
        for index, (title, _m, _s, began, _ran, _share, cost) in enumerate(CAMPAIGNS[:6])
    ]  # fmt: skip
    env["crm.campaign.budget"].create(budgets)


def _second_currency(env, today):
    """Dollars, at a rate that moved."""
    dollar = env.ref("base.USD")
    dollar.active = True
    env["res.currency.rate"].create(
        [{"currency_id": dollar.id, "name": today - timedelta(days=days), "rate": rate,
          "company_id": env.company.id} for days, rate in ((700, 1.25), (200, 1.32), (80, 1.28))]
    )  # fmt: skip
    return dollar


def _utm(env, model, name):
    return env[model].search([("name", "=ilike", name)], limit=1) or env[model].create(
        {"name": name}
    )


def _credit_orders(env, campaigns, orders, invoices, today):
    """Orders that came through a campaign while it ran, with their invoices."""
    taken = came_through(orders, today)
    for title, medium, source, *_rest in CAMPAIGNS:
        values = {
            "campaign_id": campaigns[title].id,
            "medium_id": _utm(env, "utm.medium", medium).id,
            "source_id": _utm(env, "utm.source", source).id,
        }
        numbers = taken.get(title, ())
        env["sale.order"].concat(*(orders[one] for one in numbers)).write(values)
        moves = (invoices[one] for one in numbers if one in invoices)
        env["account.move"].concat(*moves).write(values)


def came_through(orders, today):
    """Numbers of the orders that came through each campaign, drawn at random: {title: numbers}."""
    choice = generator("campaign orders")
    taken = {}
    for number, order in orders.items():
        age = (today - order.date_order.date()).days
        for title, _medium, _source, began, ran, share, _cost in CAMPAIGNS:
            if began - ran <= age <= began and choice.random() < share:
                taken.setdefault(title, []).append(number)
                break
    return taken


def _create_bills(env, campaigns, vendors, dollar, today):
    """Bills in two parts: one of each in dollars, one refunded in part, the last ones drafts."""
    bills, refunds, drafts = [], [], []
    for index, (title, _m, _s, began, ran, _share, cost) in enumerate(CAMPAIGNS):
        if not cost:
            continue
        account = campaigns[title].crm_analytic_account_id
        first, last = today - timedelta(days=began), today - timedelta(days=max(began - ran, 3))
        vendor = vendors[0] if "Search" in title or "Social" in title else vendors[1]
        if title != "Search: brand":  # its money is in the file of the platform
            currency = dollar if title in IN_DOLLARS else env.company.currency_id
            bills.append(_bill(vendor, first, 0.6 * cost, {account: 100}, currency))
            bills.append(_bill(vendor, last, 0.4 * cost, {account: 100}, currency))
        if index % 5 == 0:
            refunds.append(
                _bill(vendor, last, 0.05 * cost, {account: 100}, env.company.currency_id,
                      move_type="in_refund")
            )  # fmt: skip
        if index in (1, 10):
            drafts.append(_bill(vendor, today, 0.1 * cost, {account: 100}, dollar))
    both = {campaigns[title].crm_analytic_account_id: 50 for title in ("Spring fair", MAILED[0])}
    bills.append(
        _bill(vendors[1], today - timedelta(days=210), 800, both, env.company.currency_id)
    )
    moves = env["account.move"].create([*bills, *refunds])
    moves.action_post()
    env["account.move"].create(drafts)
    return moves


def _bill(vendor, day, amount, distribution, currency, move_type="in_invoice"):
    return {
        "move_type": move_type,
        "partner_id": vendor.id,
        "invoice_date": day,
        "date": day,
        "currency_id": currency.id,
        "invoice_line_ids": [
            Command.create(
                {
                    "name": "Advertising",
                    "price_unit": round(amount, 2),
                    "analytic_distribution": {
                        str(account.id): percent for account, percent in distribution.items()
                    },
                }
            )
        ],
    }


def _unallocated(env, vendor, bills, today):
    """A bill that nobody has put on a campaign yet."""
    env.company.crm_roi_unallocated_partner_ids = vendor
    line = bills[:1].invoice_line_ids[:1]
    move = env["account.move"].create(
        _bill(vendor, today - timedelta(days=30), 420, {}, env.company.currency_id)
    )
    move.invoice_line_ids.write({"account_id": line.account_id.id, "analytic_distribution": False})
    move.action_post()


def _report_spend(env, campaign, platform, today):
    """Daily spend as the platform reports it."""
    choice = generator("spend")
    env["crm.campaign.spend"].create(
        [
            {
                "platform_id": platform.id,
                "account": "GB-1",
                "external_campaign": "Brand",
                "campaign_id": campaign.id,
                "date": today - timedelta(days=days),
                "cost": round(choice.uniform(6, 14), 2),
                "impressions": (clicks := choice.randint(8, 40)) * 25,
                "clicks": clicks,
                "conversions": choice.randint(0, 2),
            }
            for days in range(5, 95)
        ]
    )


def _send_mailing(env, campaign, title, customers, today):
    """A mailing that was sent, with who opened and clicked."""
    choice = generator(f"mailing {title}")
    began = next(one[3] for one in CAMPAIGNS if one[0] == title)
    sent = fields.Datetime.to_datetime(today - timedelta(days=began - 2)) + timedelta(hours=9)
    mailing = env["mailing.mailing"].create(
        {
            "subject": title,
            "campaign_id": campaign.id,
            "mailing_model_id": env["ir.model"]._get_id("res.partner"),
            "body_html": f"<p>{title}</p>",
            "state": "done",
            "sent_date": sent,
        }
    )
    values = []
    for partner in customers:
        if choice.random() < 0.5:
            continue
        opened, clicked = choice.random() < 0.4, choice.random() < 0.3
        read = sent + timedelta(hours=choice.randint(1, 60))
        values.append(
            {
                "mass_mailing_id": mailing.id,
                "model": "res.partner",
                "res_id": partner.id,
                "email": partner.email,
                "sent_datetime": sent,
                "trace_status": "open" if opened else "sent",
                "open_datetime": opened and read,
                "links_click_datetime": opened and clicked and read,
            }
        )
    env["mailing.trace"].create(values)


def _group_two(env, campaigns, orders, today):
    """One invoice over orders of two campaigns, and a credit note of one of them."""
    model = next(iter(orders.values()))
    product = model.order_line[:1].product_id
    day = today - timedelta(days=40)
    pair = env["sale.order"].create(
        [
            {
                "partner_id": model.partner_id.commercial_partner_id.id,
                "campaign_id": campaigns[title].id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": 60, "price_unit": price}
                    )
                ],
            }
            for title, price in (("Christmas catalogue", 4), ("Autumn mailing", 6))
        ]
    )
    pair.action_confirm()
    for hours, order in enumerate(pair, 9):  # one after the other: each has a last touch of its own
        order.date_order = fields.Datetime.to_datetime(day) + timedelta(hours=hours)
    pair.order_line.qty_delivered = 60
    invoice = pair._create_invoices()
    invoice.invoice_date = day
    invoice.action_post()
    note = invoice._reverse_moves([{"invoice_date": day + timedelta(days=9)}])
    note.invoice_line_ids.filtered(lambda line: line.price_unit == 4).unlink()
    note.invoice_line_ids.quantity = 10
    note.action_post()
