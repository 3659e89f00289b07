"""What the processes of a test do around faults; see ``sessions.py``. Each takes ``env`` first."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.fields import Command


def consistency(env, days=0):
    """What the consistency check of all companies finds: (code → rows, code → ids found).

    :param days: so many days from now
    """
    with freeze_time(fields.Datetime.now() + timedelta(days=days), tick=True):
        companies = env["res.company"].search([])
        results = env["crm.consistency"].with_context(allowed_company_ids=companies.ids).check()
    errors = {one["code"]: one["error"] for one in results if one["error"]}
    wrong = {one["code"]: one["wrong"] for one in results if one["wrong"]}
    return [{one["code"]: one["checked"] for one in results}, {**wrong, **errors}]


def nightly(env, days=0):
    """All that happens at night, by a clock that is so many days ahead."""
    with freeze_time(fields.Datetime.now() + timedelta(days=days), tick=True):
        env["crm.segmentation"]._rebuild_all()
        env["crm.touchpoint"]._rebuild()
        env["crm.scenario.run"]._cron_process()


def history_source(env):
    """A source of sales history; return its id."""
    sources = env["crm.sales.source"]
    name = f"Old system {sources.search_count([])}"
    return sources.create({"name": name, "create_products": True}).id


def import_history(env, source, path):
    """Import a file; return how many lines were accepted."""
    source = env["crm.sales.source"].browse(source)
    result = env["crm.sales.history.import.engine"]._run(source, path)
    return result["lines_accepted"]


def sold(env, partners):
    """A touch and a confirmed order of each customer; return the ids of the orders."""
    campaign = env["utm.campaign"].create({"title": "Faults"})
    kind = env.ref("crm_campaign_roi.touchpoint_kind_call").id
    product = env["product.product"].create({"name": "Part", "type": "service"})
    line = {"product_id": product.id, "price_unit": 100, "tax_ids": [Command.clear()]}
    env["crm.touchpoint"].with_context(touchpoints_rebuild=True).create(
        [
            {"partner_id": one, "kind_id": kind, "campaign_id": campaign.id,
             "date": fields.Datetime.now() - timedelta(days=2)}
            for one in partners
        ]
    )  # fmt: skip
    orders = env["sale.order"].create(
        [{"partner_id": one, "order_line": [Command.create(line)]} for one in partners]
    )
    orders.action_confirm()
    return orders.ids


def rebuild_credit(env):
    """The nightly work on touchpoints and credit, in the open transaction."""
    env["crm.touchpoint"]._rebuild()
