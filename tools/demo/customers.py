"""Customers of the sample, and the companies around them that have bought nothing."""

from datetime import datetime, timedelta

from odoo import Command

from .names import COUNTRIES, Namer
from .quiet import backdate, generator

PROSPECTS = 40
ARCHIVED = 6  # customers who have been closed; their history stays
SUPPLIERS = ("Lumen Candle Factory", "Paper Moon Printing", "Harbour Freight Forwarding")
TAGS = ("Key account", "Newsletter", "Trade fair", "Web shop", "Seasonal")


class Directory:
    """Makes companies with everything a salesperson would enter."""

    def __init__(self, env, users):
        self.env = env
        self.users = users
        self.namer = Namer("companies")
        self.choice = generator("customers")
        self.countries = {c.code: c for c in env["res.country"].search([])}
        self.terms = [
            env.ref(xmlid)
            for xmlid in (
                "account.account_payment_term_15days",
                "account.account_payment_term_30days",
            )
            if env.ref(xmlid, raise_if_not_found=False)
        ]
        self.tags = env["res.partner.category"].create([{"name": name} for name in TAGS])

    def salesperson(self):
        """Two salespeople share the customers; a fifth belong to nobody."""
        login = self.choice.choices(["sales", "manager", None], [45, 35, 20])[0]
        return self.users[login] if login else self.env["res.users"]

    def company(self, country, **extra):
        """Values of a company, not yet created."""
        values, industry, code = self.namer.company(country)
        industry = industry and self.env.ref(industry, raise_if_not_found=False)
        tags = self.choice.sample(self.tags.ids, self.choice.choices([0, 1, 2], [60, 30, 10])[0])
        values.update(
            is_company=True,
            country_id=self.countries[code].id,
            industry_id=industry and industry.id,
            user_id=self.salesperson().id,
            category_id=[Command.set(tags)],
            **extra,
        )
        if self.terms:
            values["property_payment_term_id"] = self.choice.choice(self.terms).id
        return values


def create_customers(env, directory, sample):
    """Return {number in the source: customer}."""
    numbers = list(sample.customers)
    values = [
        directory.company(country, ref=f"OR-{number}", customer_rank=1)
        for number, country in sample.customers.items()
    ]
    partners = env["res.partner"].create(values)
    first = {}
    for order in sample.orders:
        first[order.customer] = min(order.date, first.get(order.customer, order.date))
    known_before = timedelta(days=3)
    backdate(partners, [first[number] - known_before for number in numbers])
    return dict(zip(numbers, partners, strict=True))


def create_prospects(env, directory):
    """Companies without purchases. Return them."""
    countries = list(COUNTRIES)
    weights = [10 if name == "United Kingdom" else 1 for name in countries]
    chosen = directory.choice.choices(countries, weights, k=PROSPECTS)
    prospects = env["res.partner"].create([directory.company(country) for country in chosen])
    now = datetime.now().replace(microsecond=0)
    backdate(
        prospects,
        [now - timedelta(days=directory.choice.randint(2, 400)) for _prospect in prospects],
    )
    return prospects


def create_suppliers(env, directory):
    """Pure suppliers: no customers, whatever a population rule says."""
    values = []
    for name in SUPPLIERS:
        entry = directory.company("United Kingdom", supplier_rank=1)
        entry.update(
            name=f"{name} Ltd", user_id=False, category_id=False, email=False, website=False
        )
        values.append(entry)
    return env["res.partner"].create(values)


def create_contacts(env, directory, customers, orders):
    """Give the busiest customers people and a shop elsewhere; return {customer: contacts}.

    Some of their orders are placed by these, as in life: figures belong to the company.
    """
    count = dict.fromkeys(customers.values(), 0)
    for order in orders:
        count[customers[order.customer]] += 1
    busiest = sorted(count, key=lambda customer: (-count[customer], customer.id))[:25]
    values = []
    for rank, customer in enumerate(busiest):
        person = directory.namer.person(customer.email)
        values.append({**person, "parent_id": customer.id, "type": "contact", "function": "Buyer"})
        if rank == 0:
            values += _branches(directory, customer)
    contacts = env["res.partner"].create(values)
    return {
        customer: contacts.filtered(lambda c, p=customer: c.parent_id == p) for customer in busiest
    }


def _branches(directory, customer):
    """A delivery address, an invoice address and a second buyer below one company."""
    shared = {"parent_id": customer.id, "country_id": customer.country_id.id}
    return [
        {**shared, "type": "delivery", "name": "Warehouse", "city": customer.city},
        {**shared, "type": "invoice", "name": "Accounts payable", "city": customer.city},
        {
            **directory.namer.person(customer.email),
            "parent_id": customer.id,
            "type": "contact",
            "function": "Owner",
        },
    ]


def archive_some(customers, orders):
    """Archive some of those who haven't bought for longest; return the customers who remain."""
    last = {}
    for order in orders:
        last[order.customer] = max(order.date, last.get(order.customer, order.date))
    oldest = sorted(last, key=lambda number: (last[number], number))[: ARCHIVED * 4 : 4]
    for number in oldest:
        customers[number].action_archive()
    return [customer for number, customer in customers.items() if number not in oldest]
