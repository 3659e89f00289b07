"""The phases of the demonstration database, in their order."""

import gc

from odoo import fields

from . import (
    activities,
    audiences,
    campaigns,
    catalogue,
    company,
    continuing,
    customers,
    invoices,
    market,
    pipeline,
    prices,
    programme,
    sales,
    scenarios,
    service,
    touchpoints,
    users,
)
from .quiet import CONTEXT, no_notes, phase
from .source import read_sample


def build(env):
    """Fill the database of `env`; commits after each phase."""
    env = env(context={**env.context, **CONTEXT})
    if env["sale.order"].search_count([("client_order_ref", "!=", False)], limit=1):
        print("  demonstration data is there already")
        return
    gc.freeze()  # the host's own modules and models needn't be looked at by each collection
    today = fields.Date.context_today(env["res.partner"])
    sample = read_sample(today)
    with phase(env, "company, users"):
        company.set_up_company(env)
        people = users.set_up_users(env)
    with phase(env, "products"):
        products = catalogue.create_products(env, sample.products)
    with phase(env, "customers"):
        directory = customers.Directory(env, people)
        buyers = customers.create_customers(env, directory, sample)
        prospects = customers.create_prospects(env, directory)
        suppliers = customers.create_suppliers(env, directory)
        contacts = customers.create_contacts(env, directory, buyers, sample.orders)
    with phase(env, "orders"):
        orders = sales.create_orders(env, sample, buyers, products, contacts)
    with no_notes(env):
        with phase(env, "invoices"):
            documents = invoices.invoice_orders(env, sample, orders)
        with phase(env, "credit notes"):
            invoices.refund_some(env, sample, documents)
        with phase(env, "payments"):
            invoices.pay(env, documents)
    with phase(env, "leads, opportunities, quotations"):
        active = customers.archive_some(buyers, sample.orders)
        leads = pipeline.create_pipeline(env, directory, orders.values(), active, prospects)
        activities.plan_activities(leads, today)
        sales.create_quotations(env, products, active + list(prospects))
        prices.create_lost_quotations(env, products, active)
    with no_notes(env), phase(env, "campaigns"):
        campaigns.create_campaigns(env, orders, documents, active)
        touchpoints.create_touchpoints(env, active)
    with phase(env, "segments"):
        compute_segments(env)
    with phase(env, "prices"):
        prices.learn_prices(env, products, list(orders.values()))
    with no_notes(env), phase(env, "tested campaigns"):
        audiences.test_campaigns(env, active, products)
    with no_notes(env), phase(env, "continuing campaigns"):
        continuing.run_campaigns(env, documents, active, prospects, products)
    with phase(env, "scenarios"):
        scenarios.start_scenarios(env, today)
        service.decide_policies(env, active, today)
        market.describe_markets(env, today)
    with no_notes(env), phase(env, "programme"):
        programme.run_programme(env, active, suppliers, today)


def compute_segments(env):
    """Switch the shipped segmentations on and compute them once, over everything made above."""
    if "crm.segmentation" not in env:
        return
    env = env(context={**env.context, "segments_defer": False})
    env["crm.segmentation"].with_context(active_test=False).search([]).write({"enabled": True})
    env["crm.customer.metrics"].refresh()
    if "crm.value.model" in env:
        env["crm.value.model"]._refresh_all()  # before what divides by it
    segmentations = env["crm.segmentation"].search([])
    segmentations.run()
    segmentations.backfill(12)
    if "crm.deal.pattern" in env:
        env["crm.deal.pattern"]._rebuild(env.company)  # by the segments of the past
        env["crm.deal.norm"]._rebuild(env.company)
