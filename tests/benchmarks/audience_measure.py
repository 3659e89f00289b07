"""What bench_audience runs inside Odoo."""

import json
import sys
import time

from .segments_tables import clone, without_indexes


def generate(env, customers):
    """Customers with an address each, and one contact for every second one."""
    template = env["res.partner"].create({"name": "Template", "is_company": True})
    env.flush_all()
    first, half = template.id, customers // 2
    with without_indexes(env.cr, "res_partner"):
        for start, number, entity in (
            (first, customers, f"{first} + g"),
            (first + customers, half, f"{first} + 2 * g"),
        ):
            address = f"'p' || {start} + g || '@x.example'"
            clone(
                env.cr, "res_partner", template, f"generate_series(1, {number})",
                id=f"{start} + g", name="'Crowd ' || g", complete_name="'Crowd ' || g",
                commercial_partner_id=entity, email=address, email_normalized=address,
                parent_id="NULL" if start == first else entity,
                is_company=str(start == first),
            )  # fmt: skip
    env.cr.execute("UPDATE res_partner SET customer_rank = 1 WHERE name LIKE 'Crowd %'")
    env["crm.customer.metrics"].refresh()
    env.cr.commit()


def main(env):
    """Print seconds by work."""
    env.company.crm_roi_contact_cap = 0
    audience = env["crm.campaign.audience"].create(
        {
            "campaign_id": env["utm.campaign"].create({"title": "Bench"}).id,
            "domain": "[('name', 'like', 'Crowd ')]",
            "contacts": "all",
            "contacts_most": 2,
        }
    )
    found = {"check": _seconds(audience.action_check), "draw": _seconds(audience.action_draw)}
    env["mailing.mailing"].flush_model()
    env.user.email = "us@office.example"
    audience.action_launch()
    mailing = audience._treatments().mailing_ids
    found["recipients"] = _seconds(mailing._get_recipients)
    found["customers"] = audience.customer_count
    found["floor"] = _seconds(lambda: _floor(env.cr))
    sys.stdout.write("\n" + json.dumps(found) + "\n")


def _floor(cr):
    cr.execute("SELECT id, commercial_partner_id, email_normalized FROM res_partner")
    cr.fetchall()
    for table in ("member", "recipient"):
        cr.execute(
            f"CREATE TEMP TABLE floor_{table} (LIKE crm_campaign_audience_{table} INCLUDING ALL)"
        )
        cr.execute(f"INSERT INTO floor_{table} SELECT * FROM crm_campaign_audience_{table}")


def _seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
