"""Campaigns that run all year: what they cost varies, and what they bring follows it.

Each pound more brings less than the one before: sales follow the root of the cost. For them the
orders of the sample are used that nobody else has brought, of customers whose purchases aren't
expected anyway and who don't come back soon: what they bought next would be credited too.

What is true of them: the letter makes customers buy who had stopped; the remarketing is shown to
customers who come without it; the directory costs the same each month, so that nothing can be told
of one pound more. The product has to find that out by itself.
"""

from datetime import timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from odoo import Command, fields

from .audiences import bill, launched
from .quiet import generator


class Channel(NamedTuple):
    """How a campaign that continues works.

    :ivar tuple cost: the least and the most that it costs in a month
    :ivar float sales: of a month, for each root of its cost
    """

    title: str
    medium: str
    source: str
    cost: tuple
    sales: float


LETTER = Channel("Monthly letter", "Direct", "Letter", (10, 50), 130)
REMARKETING = Channel("Remarketing", "Website", "Remarketing", (80, 300), 45)
DIRECTORY = Channel("Trade directory", "Website", "Trade directory", (45, 45), 20)
CHANNELS = (LETTER, REMARKETING, DIRECTORY)
MONTHS = 12
#: a customer who buys oftener has an interval of its own: what comes within it is expected anyway
OFTEN = 3


class Trial(NamedTuple):
    """A month of a channel with a hold-out, among customers who had bought nothing for a while.

    :ivar int ago: days since its launch; ``window`` days long
    :ivar int silent: days before the launch without a purchase
    :ivar float effect: of interest
    """

    ago: int
    window: int
    silent: int
    effect: float


TRIALS = {LETTER: Trial(114, 28, 120, 0.2), REMARKETING: Trial(152, 28, 75, 0.3)}
#: days in which another purchase would be credited as well
SOON = 90
#: share of the customers with a letter who buy for it, and the most that one buys for
ANSWERS, LARGEST = 0.6, 90


def run_campaigns(env, invoices, customers, prospects, products):
    """Three campaigns of a year, two of them tested against a hold-out for a month.

    :param dict invoices: number → invoice of the sample
    :param customers, prospects: partners who bought something and nothing
    :param dict products: code → product
    """
    if "crm.campaign.audience" not in env:
        return
    today = fields.Date.context_today(env["utm.campaign"])
    campaigns = {one: _campaign(env, one) for one in CHANNELS}
    costs = {one: dict(zip(_months(today), _costs(one), strict=True)) for one in CHANNELS}
    _spend(env, campaigns, costs)
    bought = _purchases(invoices)
    answers = {}
    for channel, trial in TRIALS.items():
        day = today - timedelta(days=trial.ago)
        silent = _silent(customers, prospects, bought, day, trial.silent)
        audience = launched(
            env, campaigns[channel], silent, trial.effect, day, trial.window, "Silent customers"
        )
        if channel == LETTER:
            answers = _answer(env, audience, costs[LETTER], bought, products)
    _credit(env, campaigns, costs, answers, invoices, bought)
    env["crm.campaign.audience"]._read_due()


def _campaign(env, channel):
    campaign = env["utm.campaign"].create({"title": channel.title})
    campaign.action_create_analytic_account()
    return campaign


def _months(today):
    """First days of the months that are over, the earliest first."""
    return [today + relativedelta(months=-back, day=1) for back in range(MONTHS, 0, -1)]


def _costs(channel):
    """What it costs in each month: as it comes, but every second month much or little."""
    choice = generator(f"cost of {channel.title}")
    low, high = channel.cost
    middle = (low + high) / 2
    return [
        round(choice.uniform(*((low, middle), (middle, high))[number % 2]), 2)
        for number in range(MONTHS)
    ]


def _wanted(channel, cost):
    return channel.sales * cost**0.5


def _spend(env, campaigns, costs):
    """Bills of the printer and the directory by month, and the platform's report by week."""
    bills = env["account.move"]
    for channel in (LETTER, DIRECTORY):
        for month, cost in costs[channel].items():
            bills += bill(env, campaigns[channel], cost, month + timedelta(days=4))
    bills.action_post()
    platform = env["crm.campaign.platform"].create({"name": "Boomerang"})
    choice = generator("remarketing")
    env["crm.campaign.spend"].create(
        [
            {
                "platform_id": platform.id,
                "account": "GB-7",
                "external_campaign": REMARKETING.title,
                "campaign_id": campaigns[REMARKETING].id,
                "date": month + timedelta(days=7 * week),
                "cost": round(cost / 4, 2),
                "impressions": (clicks := choice.randint(20, 90)) * 40,
                "clicks": clicks,
                "conversions": choice.randint(1, 4),
            }
            for month, cost in costs[REMARKETING].items()
            for week in range(4)
        ]
    )


def _purchases(invoices):
    """{customer: days on which it bought, the first one first}"""
    bought = {}
    for move in invoices.values():
        bought.setdefault(move.commercial_partner_id, set()).add(move.invoice_date)
    return {partner: sorted(days) for partner, days in bought.items()}


def _silent(customers, prospects, bought, day, silent):
    """Who was known on a day and had bought nothing for so long, or never."""
    found = [one for one in prospects if one.create_date.date() < day]
    for one in customers:
        before = [when for when in bought.get(one.commercial_partner_id, ()) if when < day]
        if before and before[-1] <= day - timedelta(days=silent):
            found.append(one)
    return found


def _comes_back(days, day):
    """Whether a customer who bought on these days does so soon after a day."""
    return any(day < one <= day + timedelta(days=SOON) for one in days)


def _answer(env, audience, costs, bought, products):
    """Invoices to customers who got the letter and had stopped buying.

    :return: dict of month → what was sold for the letter
    """
    choice = generator("answers to the letter")
    members = env["crm.campaign.audience.member"].search(
        [("arm_id", "in", audience._treatments().ids)], order="partner_id"
    )
    days = {}
    for one in members:
        day = audience.launch_date + timedelta(days=choice.randint(2, 25))
        came = bought.get(one.partner_id, ())
        if choice.random() < ANSWERS and not _comes_back(came, audience.launch_date):
            days.setdefault(day.replace(day=1), []).append((one.partner_id, day))
    goods = [one for one in products.values() if one.standard_price and 0.5 < one.list_price < 5]
    values = []
    for month, answers in days.items():
        each = min(LARGEST, _wanted(LETTER, costs[month]) / len(answers))
        values += [_invoice(audience.campaign_id, partner, day, choice.choice(goods), each)
                   for partner, day in answers]  # fmt: skip
    moves = env["account.move"].create(values)
    moves.action_post()
    sold = {}
    for move in moves:
        month = move.invoice_date.replace(day=1)
        sold[month] = sold.get(month, 0) + move.amount_untaxed
    return sold


def _invoice(campaign, partner, day, product, amount):
    line = {"product_id": product.id, "quantity": max(1, round(amount / product.list_price)),
            "price_unit": product.list_price}  # fmt: skip
    return {
        "move_type": "out_invoice",
        "partner_id": partner.id,
        "campaign_id": campaign.id,
        "invoice_date": day,
        "invoice_line_ids": [Command.create(line)],
    }


def _credit(env, campaigns, costs, answers, invoices, bought):
    """Give each channel of each month the sales that its cost brings."""
    free = {}
    for move in invoices.values():
        days = bought[move.commercial_partner_id]
        if (
            not move.campaign_id
            and (len(days) <= OFTEN or move.invoice_date == days[0])
            and not _comes_back(days, move.invoice_date)
        ):
            free.setdefault(move.invoice_date.replace(day=1), []).append(move)
    for channel in CHANNELS:
        taken = env["account.move"]
        for month, cost in costs[channel].items():
            missing = _wanted(channel, cost)
            if channel == LETTER:
                missing -= answers.get(month, 0)
            taken += env["account.move"].concat(*_take(free.get(month, []), missing))
        values = {
            "campaign_id": campaigns[channel].id,
            "medium_id": _named(env, "utm.medium", channel.medium).id,
            "source_id": _named(env, "utm.source", channel.source).id,
        }
        taken.write({**values})  # the host adds to it
        taken.line_ids.sale_line_ids.order_id.write(values)


def _take(moves, amount):
    """Invoices that make about an amount, the large ones first; they are free no longer."""
    found = []
    for move in sorted(moves, key=lambda one: (-one.amount_untaxed, one.id)):
        if move.amount_untaxed <= amount:
            found.append(move)
            amount -= move.amount_untaxed
            moves.remove(move)
    return found


def _named(env, model, name):
    return env[model].search([("name", "=ilike", name)], limit=1) or env[model].create(
        {"name": name}
    )
