"""Figures and scores as of month-ends, against plain Python over the same documents."""

import random
from collections import defaultdict
from datetime import timedelta

from odoo.tests import TransactionCase, tagged

from ..lib import rfm
from ..models.past import shadow_tables
from .common import InvoiceCase
from .common_past import PastMixin


@tagged("post_install", "-at_install")
class TestScoresOfThePast(PastMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_segments()
        cls.set_up_past()
        chance = random.Random(5)
        cls.people = [cls.old_customer(f"C{index:02}") for index in range(25)]
        cls.sales = [
            (chance.choice(cls.people), cls.e3 - timedelta(chance.randint(-20, 200)),
             chance.randint(1, 40) * 5)
            for _index in range(140)
        ]  # fmt: skip
        for partner, day, amount in cls.sales:
            cls.sale(partner, day, amount)
        cls.env.flush_all()

    def scores(self, day):
        """Customer → three digits, as the library ranks the documents until ``day``."""
        last, count, money = {}, defaultdict(int), defaultdict(int)
        for partner, date, amount in self.sales:
            if date <= day:
                last[partner] = max(date, last.get(partner, date))
                count[partner] += 1
                money[partner] += amount
        buyers = list(last)
        axes = [
            rfm.scores([values[one] for one in buyers]) for values in (last, count, money)
        ]
        return {
            one: "".join(str(axis[index]) for axis in axes) for index, one in enumerate(buyers)
        }

    def test_scores_of_each_month_end(self):
        div = self.segmentation(
            "rfm",
            {name: {"rfm_codes": codes} for name, codes in rfm.GRID.items()},
            domain=f"[('id', 'in', {[one.id for one in self.people]})]",
        )
        self.played(div)
        found = defaultdict(dict)
        for row in self.past_rows(div):
            codes = row.evidence.get("codes") or [[str(row.date_from), row.code]]
            for day in self.ends:
                if row.date_from <= day < row.date_to:
                    found[day][row.partner_id] = [c for since, c in codes if since <= str(day)][-1]
        for day in self.ends:
            with self.subTest(day=day):
                self.assertEqual(found[day], self.scores(day))
        self.assertTrue(any(row.evidence.get("codes") for row in self.past_rows(div)))


@tagged("post_install", "-at_install")
class TestFiguresOfThePast(PastMixin, InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_past()
        cls.ann = cls.old_customer("Ann")
        cls.move = cls.invoice(cls.ann, cls.e1 - timedelta(5), 100)
        payment = cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=cls.move.ids
        ).create({"payment_date": cls.e2 - timedelta(2), "amount": 60})  # fmt: skip
        payment.action_create_payments()
        cls.invoice(cls.ann, cls.e3 - timedelta(1), 30, move_type="out_refund")

    def figures(self, day, *names):
        """The customer's row as of a day."""
        Metrics = self.env["crm.customer.metrics"]
        with shadow_tables(self.env):
            Metrics._read_documents_once(self.company, self.today)
            Metrics._play_figures(self.company, day, names)
            self.cr.execute(
                f"SELECT {', '.join(names)} FROM crm_customer_metrics WHERE partner_id = %s",
                [self.ann.id],
            )
            return self.cr.fetchone()

    def test_money(self):
        names = ("revenue_total", "purchase_count", "refund_total")
        self.assertIsNone(self.figures(self.e1 - timedelta(6), *names))
        self.assertEqual(self.figures(self.e1, *names), (100, 1, 0))
        self.assertEqual(self.figures(self.e3, *names), (70, 1, 30))

    def test_overdue_and_days_to_pay(self):
        names = ("amount_overdue", "days_to_pay")
        self.assertEqual(self.figures(self.move.invoice_date_due, *names), (0, 0))
        self.assertEqual(self.figures(self.e1, *names), (100, 0))
        days = (self.e2 - timedelta(2) - self.move.invoice_date).days
        self.assertEqual(self.figures(self.e2 - timedelta(3), *names), (100, 0))
        self.assertEqual(self.figures(self.e2, *names), (40, days))

    def test_what_nobody_reads_stays_empty(self):
        self.assertEqual(self.figures(self.e2, "revenue_total"), (100,))
        with shadow_tables(self.env):
            Metrics = self.env["crm.customer.metrics"]
            Metrics._read_documents_once(self.company, self.today)
            Metrics._play_figures(self.company, self.e2, ["revenue_total"])
            self.cr.execute(
                "SELECT SUM(amount_overdue), SUM(purchase_count), SUM(revenue_total) > 0"
                " FROM crm_customer_metrics"
            )
            self.assertEqual(self.cr.fetchone(), (None, None, True))

    def test_opportunities(self):
        leads = self.env["crm.lead"].create(
            [
                {"name": str(index), "type": "opportunity", "partner_id": self.ann.id}
                for index in range(3)
            ]
        )
        leads[0].action_set_won()
        leads[1].action_set_lost()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_lead SET date_closed = %s WHERE id = ANY(%s)", [self.e2, leads[:2].ids]
        )
        names = ("opportunity_open_count", "won_count", "lost_count", "win_rate")
        self.assertEqual(self.figures(self.e1, *names), (1, 0, 0, 0))
        self.assertEqual(self.figures(self.e2, *names), (1, 1, 1, 0.5))

    def test_each_company_its_own_past(self):
        div = self.rules({"Buyer": "[('purchase_count', '>', 0)]"})
        other = self.env["res.company"].create({"name": "Second"})
        source = self.source.create({"name": "Shop", "company_id": other.id})
        self.sale(self.ann, self.e2, 10, source=source)
        div.run()
        runs = div.backfill(3)
        self.assertEqual(set(runs.mapped("state")), {"done"}, runs.mapped("error"))
        self.assertEqual(
            {
                row.company_id: (row.date_from, row.date_to)
                for row in self.past_rows(div, self.ann)
            },
            {self.company: (self.e1, self.today), other: (self.e2, self.today)},
        )
