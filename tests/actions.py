"""What the processes of a test do in Odoo; see ``sessions.py``. Each takes ``env`` first."""

from functools import partial

from odoo.fields import Command

TIMEOUTS = "SET LOCAL lock_timeout = '50ms'; SET LOCAL statement_timeout = '60s'"


def backend(env):
    """The process id of the connection."""
    return env.cr._cnx.get_backend_pid()


def impatient(env):
    """From here to the end of the transaction, waiting for another one is an error."""
    env.cr.execute(TIMEOUTS)


# -- what there is ------------------------------------------------------------


def prepare(env):
    """A chart of accounts, two journals of sales, and none of the shipped segmentations."""
    env["crm.segmentation"].search([]).enabled = False
    env["res.company"].search([]).crm_segments_guard = 0
    env["account.chart.template"].try_loading("generic_coa", env.company, install_demo=False)
    # numbers of one journal follow each other, so the host lets people wait there
    income = env["account.account"].search([("account_type", "=", "income")], limit=1)
    journals = env["account.journal"].create(
        [
            {"name": code, "code": code, "type": "sale", "default_account_id": income.id}
            for code in ("SA", "SB")
        ]
    )
    return journals.ids


def switch_off(env):
    """No segmentation in use, nobody queued: a clean start for the next test."""
    env["crm.segmentation"].search([]).enabled = False
    env["crm.segment.queue"].search([]).unlink()


def customer(env, name, place=True, **values):
    """A customer, placed or not; return its id."""
    partners = env["res.partner"].with_context(segments_defer=not place)
    # the host counts up a rank of 0 in the transaction that posts
    return partners.create({"name": name, "is_company": True, "customer_rank": 1, **values}).id


def customers(env, number, **values):
    """Many customers, not placed yet; return their ids."""
    partners = env["res.partner"].with_context(segments_defer=True)
    return partners.create(
        [{"name": f"Customer {n}", "is_company": True, **values} for n in range(number)]
    ).ids


def rules(env, segments, **values):
    """A segmentation by rules, ``{name: domain text}``; return its id and those of its segments."""
    lines = [
        Command.create({"name": name, "sequence": index, "domain": text})
        for index, (name, text) in enumerate(segments.items(), 1)
    ]
    made = env["crm.segmentation"].create(
        {"name": "Test", "method": "rule", "segment_ids": lines, **values}
    )
    return [made.id, made.segment_ids.sorted("sequence").ids]


# -- what people do -----------------------------------------------------------


def invoice(env, partner, amount, journal, day="2026-01-15"):
    """A draft; return its id."""
    line = {"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": [Command.clear()]}
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "journal_id": journal,
            "partner_id": partner,
            "invoice_date": day,
            "invoice_date_due": day,
            "invoice_line_ids": [Command.create(line)],
        }
    )
    return move.id


def post(env, move):
    """Post an invoice."""
    env["account.move"].browse(move).action_post()


def payment(env, partner, amount, day="2026-01-25"):
    """A posted entry that waits to be reconciled with an invoice; return its id."""
    receivable = env["res.partner"].browse(partner).property_account_receivable_id
    bank = env["account.account"].search([("account_type", "=", "asset_current")], limit=1)
    lines = [
        {"account_id": bank.id, "partner_id": partner, "debit": amount},
        {"account_id": receivable.id, "partner_id": partner, "credit": amount},
    ]
    journal = env["account.journal"].search([("type", "=", "general")], limit=1)
    entry = env["account.move"].create(
        {"journal_id": journal.id, "date": day, "line_ids": [Command.create(one) for one in lines]}
    )
    entry.action_post()
    return entry.id


def reconcile(env, move, entry):
    """Pay an invoice with an entry."""
    lines = env["account.move"].browse([move, entry]).line_ids
    lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()


def quotation(env, partner, amount):
    """A quotation of one line; return its id."""
    product = env["product.product"].search([("name", "=", "Advice")], limit=1)
    product = product or env["product.product"].create({"name": "Advice", "type": "service"})
    line = {"product_id": product.id, "price_unit": amount, "tax_ids": [Command.clear()]}
    return env["sale.order"].create(
        {"partner_id": partner, "order_line": [Command.create(line)]}
    ).id


def confirm(env, order):
    """Confirm a quotation."""
    env["sale.order"].browse(order).action_confirm()


def count_orders(env, basis):
    """Figures come from orders, or from invoices."""
    env.company.crm_sales_basis = basis


def opportunity(env, partner):
    """An opportunity; its customer is placed at once."""
    return env["crm.lead"].create(
        {"name": "Deal", "type": "opportunity", "partner_id": partner}
    ).id


def save(env, partner, **values):
    """Save a customer; return the names of its segments as the form reads them back."""
    record = env["res.partner"].browse(partner)
    [saved] = record.web_save(values, {"segment_ids": {"fields": {"name": {}}}})
    return [segment["name"] for segment in saved["segment_ids"]]


def customer_moves(env, partner, city):
    """A change that nobody has placed yet, as of an import that defers it."""
    env["res.partner"].browse(partner).with_context(segments_defer=True).city = city


def delete(env, partner):
    """Delete a customer."""
    env["res.partner"].browse(partner).unlink()


def save_much(env, partners, cities, rounds, journal):
    """People at work, a transaction per act; return the ids of new customers."""
    from odoo.service.model import retrying

    made = []
    for turn in range(rounds):
        env.registry.check_signaling()
        city = cities[turn % len(cities)]
        one = partners[turn * 7 % len(partners)]
        retrying(partial(save, env, one, city=city), env)
        made.append(retrying(partial(customer, env, f"New {turn}", city=city), env))
        move = retrying(partial(invoice, env, one, 10 + turn, journal), env)
        retrying(partial(post, env, move), env)
    return made


# -- what the engine does -----------------------------------------------------


def run(env, ids):
    """Run segmentations as a user does; return the states of the runs."""
    return env["crm.segmentation"].browse(ids).run().mapped("state")


def rebuild(env):
    """The work of the nightly cron."""
    env["crm.segmentation"]._rebuild_all()


def rebuild_often(env, times):
    """The same several times, as different days would."""
    for _time in range(times):
        env["crm.segmentation"]._rebuild_all()


def place(env, ids):
    """Place customers as the queue does, in the open transaction."""
    env["crm.segmentation"]._place(ids)


def process_figures(env, ids):
    """Figures of customers as the queue refreshes them, in the open transaction."""
    env["crm.customer.metrics"].refresh(env["res.partner"].browse(ids))


def push(env, ids):
    """Queue customers, a row each."""
    env["crm.segment.queue"]._push(ids)


def process(env, batch=500):
    """The work of the queue's cron."""
    env["crm.segment.queue"]._process(batch=batch)


def process_batch(env, batch):
    """A batch of the queue's cron, from the snapshot that the transaction has."""
    return env["crm.segment.queue"]._process_batch(batch)


def process_cron(env):
    """Let the host run the queue's cron."""
    env.ref("crm_segments.ir_cron_queue").method_direct_trigger()


def process_failing(env, batch, good):
    """The work of the queue's cron, where everything after ``good`` batches is refused."""
    from unittest.mock import patch

    segmentations = type(env["crm.segmentation"])
    original, calls = segmentations._place, []

    def fail(self, *args):
        calls.append(1)
        original(self, *args)
        if len(calls) > good:
            raise RuntimeError("half way")

    with patch.object(segmentations, "_place", fail):
        process(env, batch)


def changed_figures(env):
    """Ids of customers whose figures are not what the documents say."""
    return sorted(env["crm.customer.metrics"].refresh())


def ask_first(env, share, at_once=50):
    """From which share of moved customers a run asks, where more than ``at_once`` wait."""
    env["res.company"].search([]).write(
        {"crm_segments_guard": share, "crm_segments_at_once": at_once}
    )


def forget_caches(env):
    """After a change by SQL; the commit tells the other servers."""
    env.registry.clear_cache()


def waiting_figures(env):
    """Look at the queue: from here on the transaction has its snapshot."""
    return env["crm.segment.queue"]._waiting()


def process_here(env, batch):
    """A batch in the open transaction; return who was taken."""
    queue = env["crm.segment.queue"]
    taken = queue._take(batch)
    process_figures(env, taken)
    env["crm.segmentation"]._place(taken)
    return sorted(taken)


def differences(env, ids):
    """Numbers of memberships that a run would open and end, per segmentation."""
    found = [one._differences(env.company) for one in env["crm.segmentation"].browse(ids)]
    return [[one["joined"], one["left"]] for one in found]


def card(env, segmentation):
    """What the card of a segmentation shows of its runs."""
    one = env["crm.segmentation"].browse(segmentation)
    return {
        "origin": one.last_run_id.origin,
        "state": one.last_run_state,
        "message": one.last_run_message,
        "from": str(one.last_success_date),
        "failed": len(one.run_ids.filtered(lambda run: run.state == "failed")),
        "runs": len(one.run_ids),
    }


def many2one_to_partner(env, addons):
    """(table, column) of the stored relations to customers that these add-ons define."""
    found = set()
    for model in env.registry.values():
        if model._abstract or model._transient or not model._auto:
            continue
        for field in model._fields.values():
            if not set(addons) & set(field._modules) or not field.store:
                continue
            if field.type == "many2one" and field.comodel_name == "res.partner":
                found.add((model._table, field.name))
            elif field.type == "many2many" and field.comodel_name == "res.partner":
                found.add((field.relation, field.column2))
            elif field.type == "many2many" and model._name == "res.partner":
                found.add((field.relation, field.column1))
    return sorted(found)
