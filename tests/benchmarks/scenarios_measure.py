"""Lets many customers enter a scenario and measures it. Run in a database."""

import json
import sys
import time

BATCH = 1000


def main(env, customers):
    """Print seconds of the pass and of the floor, and statements by size of a batch."""
    env["crm.segmentation"].search([]).enabled = False
    user = env.ref("base.user_admin")
    partners = env["res.partner"].with_context(segments_defer=True, tracking_disable=True).create(
        [{"name": f"Customer {number}", "is_company": True, "user_id": user.id}
         for number in range(2 * customers + 1100)]
    )  # fmt: skip
    env.cr.commit()
    call = env.ref("mail.mail_activity_data_call")
    ids = partners.ids
    found = {"floor": _floor(env, ids[:customers], user, call)}
    scenario = _scenario(env, call)
    found["pass"] = _pass(env, scenario, ids[customers : 2 * customers])
    rest = ids[2 * customers :]
    for name, some in (("small", rest[:100]), ("large", rest[100:])):
        # the host writes a thousand activities in statements of a hundred: those are its own
        host = _host_statements(env, some, user, call)
        found[name] = _statements(env, _scenario(env, call), some) - host
    sys.stdout.write("\n" + json.dumps(found) + "\n")


def _scenario(env, call):
    """One call at once; nobody is held out, so that as many activities are made."""
    scenario = env["crm.scenario"].create(
        {"name": "Bench", "company_id": False, "template_ids": [(0, 0, {
            "summary": "Call", "activity_type_id": call.id, "delay_from": "after_plan_date",
            "responsible_type": "salesperson"})]}
    )  # fmt: skip
    scenario.action_start()
    env.cr.commit()
    return scenario


def _create(env, ids, user, call):
    """The host's own batched creation."""
    model_id = env["ir.model"]._get_id("res.partner")
    today = env["crm.segmentation"]._today()
    env["mail.activity"].with_context(mail_activity_quick_update=True).create(
        [{"activity_type_id": call.id, "summary": "Call", "date_deadline": today,
          "res_model_id": model_id, "res_id": one, "user_id": user.id, "automated": True}
         for one in ids]
    )  # fmt: skip
    env.flush_all()


def _floor(env, ids, user, call):
    """The host's creation of the activities, a batch per transaction."""
    start = time.perf_counter()
    for first in range(0, len(ids), BATCH):
        _create(env, ids[first : first + BATCH], user, call)
        env.cr.commit()
        env.invalidate_all()
    return time.perf_counter() - start


def _host_statements(env, ids, user, call):
    """Statements of the host's creation where the names of the records are known."""
    env["res.partner"].browse(ids).mapped("display_name")
    before = env.cr.sql_log_count
    _create(env, ids, user, call)
    count = env.cr.sql_log_count - before
    env.cr.rollback()
    env.invalidate_all()
    return count


def _enter(env, scenario, ids):
    scenario._enter(env.company, scenario._partners_sql(ids), "trigger")
    env.cr.commit()


def _pass(env, scenario, ids):
    """The entering statement, the sweep and all batches, as in the cron."""
    start = time.perf_counter()
    _enter(env, scenario, ids)
    runs = env["crm.scenario.run"]
    runs._sweep(env.company)
    env.cr.commit()
    while runs._process_batch():
        env.cr.commit()
        env.invalidate_all()
    seconds = time.perf_counter() - start
    made = env["mail.activity"].search_count([("scenario_run_id.scenario_id", "=", scenario.id)])
    assert made == len(ids), made
    return seconds


def _statements(env, scenario, ids):
    _enter(env, scenario, ids)
    env.invalidate_all()
    before = env.cr.sql_log_count
    env["crm.scenario.run"]._process_batch()
    env.flush_all()
    count = env.cr.sql_log_count - before
    env.cr.commit()
    return count
