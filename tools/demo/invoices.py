"""Invoices, credit notes and payments of the orders."""

from collections import defaultdict
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields

from .quiet import generator, settle

# How a customer pays: days after the invoice, and the share of customers who do so.
PAYERS = [(10, 40), (26, 42), (48, 12), (None, 6)]  # None: leaves the latest invoices unpaid
WEEKS = 6  # of transfers that are reconciled in one go
STATEMENT = timedelta(days=365)  # a customer who buys often pays several invoices at once


def invoice_orders(env, sample, orders):
    """One call per month, an invoice for each order of its day; return {number: invoice}."""
    dates = {orders[document.number].id: document.date.date() for document in sample.orders}
    months = defaultdict(list)
    for document in sample.orders:
        months[document.date.strftime("%Y-%m")].append(document)
    result = {}
    for _month, documents in sorted(months.items()):
        batch = env["sale.order"].concat(*(orders[document.number] for document in documents))
        with _dated(env, dates):
            invoices = batch._create_invoices(grouped=True)
        by_order = {invoice.line_ids.sale_line_ids.order_id: invoice for invoice in invoices}
        for document in documents:
            result[document.number] = env["account.move"].browse(
                by_order[orders[document.number]].id
            )
        invoices.action_post()
        settle(env)
    return result


@contextmanager
def _dated(env, dates):
    """Have the host prepare each invoice with its date, as an add-on overriding this hook would.

    Writing the date to the drafts afterwards takes longer than all the rest: each write makes
    the host compute the journal items anew, one invoice at a time.
    """
    model, lines = env.registry["sale.order"], env.registry["sale.order.line"]
    prepare, prepare_line = model._prepare_invoice, lines._prepare_invoice_line

    def prepare_dated(order):
        return {**prepare(order), "invoice_date": dates[order.id]}

    def prepare_valued(line, **values):
        amount = -line.price_subtotal
        values = {"amount_currency": amount, "balance": amount, **values}
        return prepare_line(line, analytic_distribution=False, **values)

    with (
        patch.object(model, "_prepare_invoice", prepare_dated),
        patch.object(lines, "_prepare_invoice_line", prepare_valued),
    ):
        yield


def refund_some(env, sample, invoices):
    """Credit notes of the sample, by the host's wizard.

    It reverses the whole invoice; quantities are then reduced to what came back, except that
    every fifth customer returned everything.
    """
    refunds = env["account.move"]
    for index, (credit, order) in enumerate(sample.refunds):
        invoice = invoices[order.number]
        wizard = (
            env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "date": max(credit.date.date(), invoice.invoice_date),
                    "journal_id": invoice.journal_id.id,  # only its form computes it
                    "reason": "Goods returned",
                }
            )
        )
        wizard.reverse_moves()
        if index % 5:
            _keep_returned(wizard.new_move_ids, credit)
        refunds |= wizard.new_move_ids
    refunds.action_post()
    return refunds


def _keep_returned(refund, credit):
    """Reduce the draft to the goods of the credit note, never more than was invoiced."""
    returned = {line.code: line.quantity for line in credit.lines}
    commands = []
    for line in refund.invoice_line_ids:
        quantity = min(returned.get(line.product_id.default_code, 0), line.quantity)
        if quantity <= 0:
            commands.append(Command.delete(line.id))
        elif quantity != line.quantity:
            commands.append(Command.update(line.id, {"quantity": quantity}))
    if commands:
        refund.invoice_line_ids = commands


def pay(env, invoices):
    """Pay what would have been paid by now, by the host's payment wizard.

    Transfers arrive on Fridays, so that one wizard takes those of many customers.
    """
    choice = generator("payments")
    today = fields.Date.context_today(env["account.move"])
    transfers = defaultdict(list)
    for moves in _by_partner(invoices).values():
        delay = choice.choices(
            [days for days, _share in PAYERS], [share for _days, share in PAYERS]
        )[0]
        if delay is None:
            delay, moves = 30, moves[:-2]
        delay = timedelta(days=delay)
        for together in _statements([move for move in moves if move.invoice_date + delay < today]):
            friday = _friday(together[-1].invoice_date + delay)
            transfers[min(friday, today - timedelta(days=1))] += together
    weeks = sorted(transfers.items())
    for start in range(0, len(weeks), WEEKS):
        with _reconciled_together(env):
            for when, moves in weeks[start : start + WEEKS]:
                _register(env, when, moves)
        settle(env)


def _friday(day):
    """The Friday of the week of ``day``, or the next one."""
    return day + timedelta(days=(4 - day.weekday()) % 7)


def _by_partner(invoices):
    """Invoices of each customer by date."""
    result = defaultdict(list)
    for invoice in invoices.values():
        result[invoice.commercial_partner_id].append(invoice)
    return {
        partner: sorted(moves, key=lambda move: move.invoice_date)
        for partner, moves in result.items()
    }


def _statements(moves):
    """Cut a customer's invoices into what one transfer pays: all of some weeks."""
    together = []
    for move in moves:
        if together and move.invoice_date > together[0].invoice_date + STATEMENT:
            yield together
            together = []
        together.append(move)
    if together:
        yield together


@contextmanager
def _reconciled_together(env):
    """Reconcile the payments of several wizards by one plan, which the host can.

    Its wizard reconciles payment by payment, each with a full round of checks and recomputation.
    """
    processed = []

    def collect(_wizard, to_process, edit_mode=False):
        processed.extend(to_process)

    with patch.object(env.registry["account.payment.register"], "_reconcile_payments", collect):
        yield
    plans = []
    for values in processed:
        lines = values["to_reconcile"]
        own = values["payment"].move_id.line_ids
        plans.append(lines | own.filtered(lambda line, a=lines.account_id: line.account_id == a))
    env["account.move.line"]._reconcile_plan(plans)
    for values in processed:
        values["to_reconcile"].move_id.matched_payment_ids += values["payment"]


def _register(env, when, moves):
    """One wizard, a payment per customer; what a credit note has settled is left out."""
    open_ids = [move.id for move in moves if move.payment_state in ("not_paid", "partial")]
    if open_ids:
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=open_ids
        ).create({"payment_date": when, "group_payment": True})._create_payments()
