"""Touches that people enter: who came to the fair, got the catalogue, called; and two files."""

import base64
from datetime import timedelta

from odoo import fields

from .quiet import generator

# campaign, kind, days ago it began, days it ran, share of the customers
ENTERED = (
    ("Spring fair", "fair", 300, 4, 0.30),
    ("Open day in Leeds", "visit", 190, 2, 0.15),
    ("Christmas catalogue", "catalogue", 100, 10, 0.55),
    ("Win-back calls", "call", 120, 60, 0.20),
)
NUMBER = "+44 113 555 0142"


def create_touchpoints(env, customers):
    """Entered touches, the number of the calls, and a report of a platform that is to be imported.

    :param list customers: partners who were met
    """
    if "crm.touchpoint" not in env:
        return
    today = fields.Date.context_today(env["crm.touchpoint"])
    campaigns = {one.title: one for one in env["utm.campaign"].search([])}
    call = env.ref("crm_campaign_roi.touchpoint_kind_call")
    env["crm.touchpoint.code"].create(
        {"name": NUMBER, "kind_id": call.id, "campaign_id": campaigns["Win-back calls"].id}
    )
    values = []
    for title, kind, began, ran, share in ENTERED:
        choice = generator(f"touchpoints {title}")
        for partner in customers:
            if choice.random() < share:
                day = today - timedelta(days=began - choice.randrange(ran))
                values.append(
                    {
                        "partner_id": partner.id,
                        "date": fields.Datetime.to_datetime(day) + timedelta(hours=10),
                        "kind_id": env.ref(f"crm_campaign_roi.touchpoint_kind_{kind}").id,
                        "campaign_id": False if kind == "call" else campaigns[title].id,
                        "code": kind == "call" and NUMBER,
                    }
                )
    env["crm.touchpoint"].with_context(touchpoints_rebuild=True).create(values)
    _report_file(env, today)


def _report_file(env, today):
    """A report of Google Ads that was checked and not imported yet."""
    first, last = today - timedelta(days=4), today - timedelta(days=2)
    lines = [
        "Campaign performance report",
        f'"{first:%B} {first.day}, {first.year} - {last:%B} {last.day}, {last.year}"',
        "Campaign status,Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions",
    ]
    total = 0
    for number, name in enumerate(("Social: tea time", "Cake stands"), 1):
        for days in (4, 3, 2):
            total += 100 * number + days
            lines.append(
                f"Enabled,{name},{7000 + number},{today - timedelta(days=days)},"
                f"{env.company.currency_id.name},{number}.0{days},{900 * number},{20 + days},1"
            )
    lines.append(f"Total: Account, --, --, --, --,{total / 100:.2f},8100,138,6")
    report = env["crm.campaign.spend.import"].create(
        {"file": base64.b64encode("\n".join(lines).encode()), "filename": "google-ads.csv"}
    )
    report.action_check()
