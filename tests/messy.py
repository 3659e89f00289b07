"""A database as found in the wild: three companies, duplicates, catch-alls, moved contacts.

Everything is made through the host; ``random.Random(seed)`` makes it the same every time.
"""

import datetime
import random

PARTNERS, INVOICES = 60, 170
WALK_IN = "Walk-in Customer"


def generate(env, seed=7):
    """Fill the database: companies, customers, documents; then archive, merge and move."""
    env = env(context={**env.context, "tracking_disable": True, "segments_defer": True})
    chance = random.Random(seed)
    companies = _companies(env)
    env = env(context={**env.context, "allowed_company_ids": companies.ids})
    partners = _partners(env, chance)
    _documents(env, chance, companies, partners)
    _history(env, chance, companies, partners)
    env.flush_all()
    _upheaval(env, chance, partners)
    env.flush_all()
    return env, companies


def _companies(env):
    """Two with the same currency, one with another whose rate has changed."""
    euro, dollar = env.ref("base.EUR"), env.ref("base.USD")
    (euro | dollar).active = True
    first = env.company
    second, third = env["res.company"].create([{"name": "Second"}, {"name": "Third"}])
    companies = first | second | third
    for company in companies:
        if not company.chart_template:
            env["account.chart.template"].try_loading("generic_coa", company)
    # the chart brings its currency along
    third.currency_id = dollar if first.currency_id == euro else euro
    today = datetime.date.today()
    env["res.currency.rate"].create(
        [
            {"currency_id": third.currency_id.id, "name": day, "rate": rate, "company_id": one.id}
            for one in (first, second, third)
            for day, rate in (
                (datetime.date(2015, 1, 1), 1.25 if one != third else 1),
                (today - datetime.timedelta(150), 1.6 if one != third else 1),
            )
        ]
    )
    env.user.company_ids |= companies
    return companies


def _partners(env, chance):
    """Companies with and without contacts, lone persons, doubles, a name for everybody."""
    Partner = env["res.partner"]
    partners = Partner.create({"name": WALK_IN})
    for index in range(PARTNERS):
        name, mail = f"Customer {index}", f"info@c{index}.example"
        kind = chance.random()
        values = {"name": name, "is_company": kind < 0.7, "email": mail}
        partner = Partner.create(values)
        partners |= partner
        if kind < 0.4:
            contact = {"name": f"Buyer {index}", "parent_id": partner.id}
            partners |= Partner.create(contact)
        if chance.random() < 0.15:
            partners |= Partner.create({**values, "name": name.upper()})
    return partners


def _documents(env, chance, companies, partners):
    today = datetime.date.today()
    moves = env["account.move"]
    kinds = ["out_invoice"] * 7 + ["out_refund", "out_receipt", "in_invoice"]
    for _index in range(INVOICES):
        company = chance.choice(companies)
        partner = partners[0] if chance.random() < 0.3 else chance.choice(partners)
        if chance.random() < 0.04:
            partner = chance.choice(companies - company).partner_id
        day = today - datetime.timedelta(chance.randint(0, 420))
        amount = chance.choice([0, 19.99, 120, 333.33, 1000])
        line = {"name": "Goods", "quantity": chance.choice([1, 2, 3]), "price_unit": amount}
        moves |= env["account.move"].with_company(company).create(
            {
                "move_type": chance.choice(kinds), "partner_id": partner.id,
                "invoice_date": day, "date": day, "currency_id": chance.choice(
                    [company.currency_id, companies[2].currency_id]).id,
                "invoice_line_ids": [(0, 0, {**line, "tax_ids": [(5,)]})],
            }
        )  # fmt: skip
    posted = moves.filtered(lambda _move: chance.random() < 0.9)
    posted.action_post()
    for move in posted:
        if chance.random() < 0.05:
            move.button_draft()
            move.button_cancel()


def _history(env, chance, companies, partners):
    """Sales from a system before, in the first company, some of them after the cut-over."""
    today = datetime.date.today()
    source = env["crm.sales.source"].create(
        {
            "name": "Before", "company_id": companies[0].id,
            "cutover_date": today - datetime.timedelta(200),
        }
    )  # fmt: skip
    env["crm.sales.history"].create(
        [
            {
                "source_id": source.id, "company_id": source.company_id.id,
                "partner_id": chance.choice(partners).id, "document": f"H{index // 2}",
                "date": today - datetime.timedelta(150 + 2 * (index // 2)), "position": index,
                "currency_id": source.currency_id.id,
                "amount_untaxed": 50 + index, "amount_company": 50 + index,
            }
            for index in range(80)
        ]
    )  # fmt: skip


def _upheaval(env, chance, partners):
    """Years of work on addresses: archived, moved to another company, merged."""
    living = partners[1:]
    parents = living.filtered("child_ids")
    for contact in living.filtered("parent_id")[:6]:
        contact.parent_id = chance.choice(parents - contact.parent_id)
    for partner in living.filtered(lambda one: not one.parent_id and not one.child_ids)[:5]:
        partner.active = False
    doubles = [
        living.filtered(lambda one: one.email == mail and one.active and not one.parent_id)  # noqa: B023
        for mail in sorted({one.email for one in living if one.email})
    ]
    for group in [one for one in doubles if len(one) > 1][:4]:
        wizard = env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(group.ids, group[0])
