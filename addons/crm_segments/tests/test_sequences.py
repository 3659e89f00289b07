"""Random histories: the engine against a rebuild from nothing and a plain model of it.

``SEGMENTS_SEED`` repeats a run, ``SEGMENTS_SEQUENCES`` changes the number of histories of each
test (100 for five hundred in all; a third in an integration run).
What fails is printed as the shortest history that still does.
"""

from datetime import date

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import freeze_time
from odoo.tools import SQL

from .common import InvoiceCase, SegmentsCase
from .sequences import WEIGHTS
from .sequences_facts import NOTHING
from .sequences_player import Sequences
from .sequences_setup import GROUPS

FAILED = (
    # a tier of won opportunities follows them at once
    ("of values", ("lead", "Eve"), ("won", "Eve")),
    # whom the minimum stay or a pin keeps in a segment isn't among everybody else
    ("of dates", ("invoice", "Pia", 20, 30), ("days", 10)),
    ("of rules", ("pin", "Ann", "tags", "Big", "in", None)),
    # a contact that is merged takes its sales from the customer that it belonged to
    ("of values", ("move", "Pia", "Bob"), ("invoice", "Pia", 100, 1), ("merge", "Pia", "Cid")),
    # the city that comes with the merged customer doesn't end its stays for a moment
    ("of rules", ("invoice", "Pia", 300, 5), ("save", "Pia", "city", "Warsaw"), ("days", 5),
     ("merge", "Pia", "Quo")),
    # a contact that another is merged into leaves its customer, with its sales
    ("of scores", ("move", "Quo", "Cid"), ("invoice", "Quo", 50, 0), ("merge", "Bob", "Quo")),
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestSequences(Sequences, SegmentsCase):
    """Facts inserted by SQL, the day passed in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_sequences()

    def test_histories_that_once_failed(self):
        for group, *events in FAILED:
            with self.subTest(group=group, events=events):
                self.switch_on(GROUPS[group])
                self.play(date(2024, 3, 1), events)

    def test_rules_that_read_each_other(self):
        self.play_many(100, "of rules")

    def test_values_and_tiers(self):
        self.play_many(100, "of values")

    def test_dates_and_minimum_stays(self):
        self.play_many(100, "of dates")

    def test_shares_of_the_total(self):
        self.play_many(100, "of shares")

    def test_scores(self):
        self.play_many(100, "of scores")


@tagged("post_install", "-at_install")
class TestSequencesByTheClock(Sequences, SegmentsCase):
    """The same with the clock moved: a day passed in and the clock mean the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_sequences()

    def setUp(self):
        super().setUp()
        self.clock = None
        self.addCleanup(self._stop_clock)

    def _stop_clock(self):
        if self.clock:
            self.clock.stop()

    def _pass_in(self, day):
        """Nothing is passed in: the clock tells."""
        self._stop_clock()
        self.clock = freeze_time(day)
        self.clock.start()

    def test_dates_and_minimum_stays(self):
        self.play_many(5, "of dates")


@tagged("post_install", "-at_install")
class TestSequencesOfDocuments(Sequences, InvoiceCase):
    """Through the host's own documents: invoices, credit notes, payments, leads, the wizard."""

    KINDS = {**WEIGHTS, "pay": 6, "draft": 2, "credit": 3}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.won = cls.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        cls.set_up_sequences()

    def test_documents(self):
        self.play_many(25, "of documents", self.KINDS)

    def _insert_document(self, partner, amount, day, refund):
        kind = "out_refund" if refund else "out_invoice"
        line = {"name": "Goods", "price_unit": amount, "tax_ids": [Command.clear()]}
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": partner.id,
                "invoice_date": day,
                "date": day,
                "invoice_date_due": day,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        move.action_post()

    def _posted(self, who, **conditions):
        """The last posted invoice of a partner."""
        if who not in self.partners:
            return self.env["account.move"]
        conditions.update(partner_id=self.partners[who].id, state="posted", move_type="out_invoice")
        domain = [(name, "=", value) for name, value in conditions.items()]
        return self.env["account.move"].search(domain, order="id desc", limit=1)

    def _do_pay(self, who):
        move = self._posted(who, payment_state="not_paid")
        if not move:
            return NOTHING
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"payment_date": self.day}).action_create_payments()
        return {self._owner(who)}

    def _do_draft(self, who):
        move = self._posted(who, payment_state="not_paid")
        if not move:
            return NOTHING
        move.button_draft()
        return {self._owner(who)}

    def _do_credit(self, who):
        move = self._posted(who, payment_state="not_paid")
        if not move:
            return NOTHING
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        journal = move.journal_id.id
        wizard.create({"journal_id": journal, "date": self.day}).refund_moves()
        move.reversal_move_ids.filtered(lambda one: one.state == "draft").action_post()
        return {self._owner(who)}

    def _open_lead(self, partner):
        self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "partner_id": partner.id}
        )

    def _decide_lead(self, lead, status):
        if status == "won":
            lead.action_set_won()
        elif status == "lost":
            lead.action_set_lost()
        else:
            lead.action_unarchive()

    def _merge(self, source, target):
        self._merge_by_wizard(source, target)

    def _documents(self, ids):
        return self.env.execute_query(
            SQL(
                """
                SELECT partner_id, invoice_date, amount_untaxed_signed, amount_untaxed_signed > 0
                FROM account_move WHERE partner_id = ANY(%s) AND state = 'posted'
                  AND move_type IN ('out_invoice', 'out_refund')
                """,
                ids,
            )
        )

    def _unpaid(self, ids):
        return self.env.execute_query(
            SQL(
                """
                SELECT partner_id, invoice_date_due, amount_residual
                FROM account_move WHERE partner_id = ANY(%s) AND state = 'posted'
                  AND move_type = 'out_invoice'
                """,
                ids,
            )
        )
