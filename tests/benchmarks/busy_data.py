"""A company of many users: three companies' customers and invoices, deals, campaigns, users."""

import resource
import time
from datetime import timedelta

from . import policy_measure, segments_data
from .segments_tables import clone, last_id, without_indexes

COMPANIES = 3
DEALS, TOUCHES, CAMPAIGNS = 30_000, 200_000, 12
#: customers that all accountants post for, to meet each other
SHARED = 10
#: role → (number of users, groups)
ROLES = {
    "sales": (9, ["sales_team.group_sale_salesman"]),
    "lead": (4, ["sales_team.group_sale_salesman_all_leads"]),
    "marketing": (3, ["crm_segments.group_segments_user", "mass_mailing.group_mass_mailing_user"]),
    "books": (2, ["account.group_account_invoice"]),
    "boss": (2, ["sales_team.group_sale_manager", "crm_segments.group_segments_manager",
                 "account.group_account_manager", "base.group_system"]),
}  # fmt: skip


def generate(env, customers, invoices):
    """Fill the database of ``env`` and commit."""
    companies = env.company
    for number in range(2, COMPANIES + 1):
        companies += env["res.company"].create({"name": f"Company {number}"})
    env.user.company_ids |= companies
    env.cr.commit()
    for company in companies:
        own = env(context={**env.context, "allowed_company_ids": company.ids})
        segments_data.generate(own, customers // COMPANIES, invoices // COMPANIES)
    scale = customers / 200_000
    policy_measure.generate(env, int(DEALS * scale))
    _touches(env, int(TOUCHES * scale))
    _users(env, companies)
    env.cr.commit()


def _touches(env, count):
    """Touchpoints of known customers within the last year."""
    cr = env.cr
    campaigns = env["utm.campaign"].create([{"title": f"Campaign {i}"} for i in range(CAMPAIGNS)])
    some = env["res.partner"].search([("ref", "like", "C%")], limit=20_000).ids
    touch = env["crm.touchpoint"].create(
        {"partner_id": some[0], "date": "2026-01-01", "campaign_id": campaigns[0].id,
         "kind_id": env.ref("crm_campaign_roi.touchpoint_kind_fair").id}
    )  # fmt: skip
    env.flush_all()
    with without_indexes(cr, "crm_touchpoint"):
        clone(
            cr, "crm_touchpoint", touch, f"generate_series(1, {count})",
            id=f"{last_id(cr, 'crm_touchpoint')} + g",
            partner_id=f"(ARRAY{some})[1 + floor({len(some)} * random())]",
            date="now() AT TIME ZONE 'UTC' - 365 * random() * INTERVAL '1 day'",
            campaign_id=f"(ARRAY{campaigns.ids})[1 + floor({CAMPAIGNS} * random())]",
        )  # fmt: skip


def _users(env, companies):
    """Each sees all companies; the salespeople share the customers."""
    for role, (count, groups) in ROLES.items():
        env["res.users"].with_context(no_reset_password=True).create(
            [
                {"name": f"{role} {n}", "login": f"{role}{n}", "password": f"{role}{n}",
                 "company_id": companies[0].id, "company_ids": companies.ids,
                 "group_ids": [env.ref(name).id for name in ["base.group_user", *groups]]}
                for n in range(count)
            ]
        )  # fmt: skip
    sellers = env["res.users"].search([("login", "=like", "sales%")]).ids
    env.flush_all()
    for table in ("res_partner", "crm_lead", "sale_order"):
        env.cr.execute(
            f"UPDATE {table} SET user_id = (%s::int[])[1 + id %% %s] WHERE user_id IS NOT NULL",
            [sellers, len(sellers)],
        )


def prepare(env):
    """What an admin switches on, and one night; the past is computed by ``bench history``.

    :return: dict of scheduled action → seconds, and the process's peak of memory so far in MiB
    """
    rfm = env.ref("crm_segments.segmentation_rfm")
    rfm.enabled = True
    companies = env["res.company"].search([])
    companies.write({"crm_reporting_segmentation_id": rfm.id, "crm_segments_history": 0})
    call = env.ref("mail.mail_activity_data_call")
    segment = rfm.segment_ids[:1]
    scenario = env["crm.scenario"].create(
        {"name": "Busy", "company_id": False, "segment_ids": segment.ids, "template_ids": [
            (0, 0, {"summary": "Call", "activity_type_id": call.id,
                    "delay_from": "after_plan_date", "responsible_type": "salesperson"})]}
    )  # fmt: skip
    scenario.action_start()
    env.cr.commit()
    took = {}
    for cron in crons(env):
        start = time.monotonic()
        cron.method_direct_trigger()
        env.cr.commit()
        env.invalidate_all()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        took[cron.name] = round(time.monotonic() - start, 1), peak
    # or the server of the day would begin with a night of its own
    crons(env).nextcall = env.cr.now() + timedelta(days=1)
    env.cr.commit()
    return took


def crons(env):
    """The scheduled actions of the project, in the order of their installation."""
    names = env["ir.model.data"].search(
        [("model", "=", "ir.cron"), ("module", "like", "crm_%")], order="id"
    )
    ours = ("crm_segments", "crm_scenarios", "crm_campaign_roi")
    ids = names.filtered(lambda one: one.module in ours).mapped("res_id")
    return env["ir.cron"].browse(ids).exists().filtered("active")
