"""Generates open deals, and measures reading them. Run in a database."""

import json
import statistics
import sys

from .segments_tables import clone, last_id, seconds, without_indexes

TURNS = 5
TABLES = ("crm_lead", "sale_order", "mail_activity", "mail_message")
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "segments_defer": True}


def generate(env, deals):
    """Fill the database of ``env`` and commit."""
    env = env(context={**env.context, **QUIET})
    partner = env["res.partner"].create({"name": "Customer", "is_company": True})
    lead = env["crm.lead"].create(
        {"name": "Deal", "type": "opportunity", "partner_id": partner.id, "user_id": env.uid}
    )
    product = env["product.product"].create({"name": "Thing", "list_price": 10})
    values = {"partner_id": partner.id, "order_line": [(0, 0, {"product_id": product.id})]}
    quotation, order = env["sale.order"].create([values, values])
    order.action_confirm()
    activity = lead.activity_schedule("mail.mail_activity_data_call", user_id=env.uid)
    done = lead.activity_schedule("mail.mail_activity_data_call", user_id=env.uid)
    done.action_feedback()
    message = lead.message_post(body="Hello", message_type="comment")
    env.flush_all()
    cr = env.cr
    cr.execute("SELECT setseed(0.42)")
    first = {table: last_id(cr, table) for table in (*TABLES, "res_partner")}
    clone(cr, "res_partner", partner, "generate_series(1, 20000)",
          id=f"{first['res_partner']} + g", name="'Customer ' || g",
          commercial_partner_id=f"{first['res_partner']} + g")  # fmt: skip
    with without_indexes(cr, *TABLES):
        _documents(cr, first, deals, lead, quotation, order)
        _done(cr, first, deals, activity, done, message)
    cr.commit()


def _documents(cr, first, deals, lead, quotation, order):
    whose = f"{first['res_partner']} + 1 + mod(g, 20000)"
    since = "now() AT TIME ZONE 'UTC' - random() * 200 * INTERVAL '1 day'"
    clone(cr, "crm_lead", lead, f"generate_series(1, {deals * 6 // 10})",
          id=f"{first['crm_lead']} + g", partner_id=whose, create_date=since,
          expected_revenue="round((random() * 1000)::numeric, 2)")  # fmt: skip
    place = first["sale_order"]
    for one, rows in ((quotation, deals * 2 // 10), (order, deals * 2 // 10)):
        clone(cr, "sale_order", one, f"generate_series(1, {rows})",
              id=f"{place} + g", name="'S' || g", partner_id=whose, create_date=since,
              date_order=since, amount_untaxed="round((random() * 900 + 1)::numeric, 2)",
              access_token="NULL")  # fmt: skip
        place += rows


def _done(cr, first, deals, activity, done, message):
    """On two thirds of the opportunities something was done, on half something is planned."""
    leads = deals * 6 // 10
    target = f"{first['crm_lead']} + 1 + floor(random() * {leads})::int"
    place = first["mail_activity"]
    for one, rows in ((activity, deals // 2), (done, deals)):
        clone(cr, "mail_activity", one, f"generate_series(1, {rows})",
              id=f"{place} + g", res_id=target,
              date_deadline="current_date + floor(random() * 30)::int - 10")  # fmt: skip
        place += rows
    clone(cr, "mail_message", message, f"generate_series(1, {deals})",
          id=f"{first['mail_message']} + g", res_id=target,
          message_id="'<bench' || g || '@example.com>'")  # fmt: skip


def main(env):
    """Print the seconds of each work."""
    norms = seconds(lambda: env["crm.deal.norm"]._rebuild(env.company))
    env.cr.commit()
    control = env["crm.deal.control"]

    def pivot():
        control._read_group([], ["user_id", "step"], ["money_held:sum", "__count"])

    def page():
        control.search_read([], ["name", "verdict", "days", "norm", "money"], limit=80)

    def steps():
        env.invalidate_all()  # what is computed would be read once only
        control.search_read([], ["name", "verdict", "course", "next_step"], limit=80)

    found = {"norms": norms}
    for name, work in (("pivot", pivot), ("page", page), ("steps", steps)):
        work()
        found[name] = statistics.median(seconds(work) for _turn in range(TURNS))
        env.invalidate_all()
    sys.stdout.write(json.dumps(found) + "\n")
