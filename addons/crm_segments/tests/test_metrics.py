"""Figures of customers from posted invoices: each number worked out by hand."""

from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common import InvoiceCase

FIGURES = (
    "first_purchase_date", "last_purchase_date", "purchase_count", "purchase_count_12m",
    "revenue_total", "revenue_12m", "average_purchase", "refund_total", "refund_rate",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestMetrics(InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = date(2026, 6, 30)
        cls.ann = cls.customer("Ann")

    def figures(self, partner, *names, company=None, today=None):
        """Rebuild as of ``today``; the row of ``partner`` as a dict (all of FIGURES by default)."""
        company = company or self.company
        self.metrics._refresh_company(company, None, today or self.today)
        row = self.metrics.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
        return row and {name: row[name] for name in names or FIGURES}

    def test_all_figures_of_sales(self):
        self.invoice(self.ann, date(2025, 6, 30), 100)  # a year ago to the day: not in 12 months
        self.invoice(self.ann, date(2025, 7, 1), 200)
        self.invoice(self.ann, date(2026, 6, 30), 300)
        self.invoice(self.ann, date(2026, 5, 1), 60, "out_refund")
        self.invoice(self.ann, date(2026, 5, 2), 40, "out_receipt")
        self.assertEqual(
            self.figures(self.ann),
            {
                "first_purchase_date": date(2025, 6, 30),
                "last_purchase_date": date(2026, 6, 30),
                "purchase_count": 4,
                "purchase_count_12m": 3,
                "revenue_total": 580,  # 100 + 200 + 300 + 40 − 60
                "revenue_12m": 480,  # without the first 100
                "average_purchase": 160,  # 640 / 4: credit notes don't lower it
                "refund_total": 60,
                "refund_rate": 60 / 640,
            },
        )

    def test_what_does_not_count(self):
        self.invoice(self.ann, date(2026, 1, 1), 10, post=False)
        self.invoice(self.ann, date(2026, 1, 1), 20).button_cancel()
        self.invoice(self.ann, date(2026, 1, 1), 30, "in_invoice")
        self.assertFalse(self.figures(self.ann))
        self.invoice(self.ann, date(2026, 7, 1), 40)  # dated after the day of the figures
        self.assertFalse(self.figures(self.ann))
        self.assertEqual(
            self.figures(self.ann, "revenue_total", today=date(2026, 7, 1)), {"revenue_total": 40}
        )

    def test_invoice_without_positive_total_is_no_purchase(self):
        self.invoice(self.ann, date(2026, 1, 1), 0)
        self.invoice(self.ann, date(2026, 1, 2), 50)
        values = self.figures(self.ann, "purchase_count", "first_purchase_date", "revenue_total")
        self.assertEqual(
            values,
            {"purchase_count": 1, "first_purchase_date": date(2026, 1, 2), "revenue_total": 50},
        )

    def test_fully_refunded_is_a_buyer_still(self):
        invoice = self.invoice(self.ann, date(2026, 1, 1), 80)
        self._reverse_invoice(invoice, post=True, date=date(2026, 1, 5), reason="x")
        values = self.figures(self.ann, "purchase_count", "revenue_total", "refund_rate")
        self.assertEqual(values, {"purchase_count": 1, "revenue_total": 0, "refund_rate": 1})

    def test_only_refunds(self):
        self.invoice(self.ann, date(2026, 1, 1), 25, "out_refund")
        self.assertEqual(
            self.figures(self.ann),
            {
                "first_purchase_date": False,
                "last_purchase_date": False,
                "purchase_count": 0,
                "purchase_count_12m": 0,
                "revenue_total": -25,
                "revenue_12m": -25,
                "average_purchase": 0,
                "refund_total": 25,
                "refund_rate": 0,
            },
        )

    def test_untaxed_in_company_currency(self):
        """A price with 15 % tax in a currency at 2 for 1."""
        gold = self.setup_other_currency("GBP", rates=[("2000-01-01", 1), ("2026-01-01", 2)])
        taxes = [Command.set(self.tax_sale_a.ids)]
        line = {"name": "x", "quantity": 1, "price_unit": 300, "tax_ids": taxes}
        move = self.invoice(
            self.ann, date(2026, 2, 1), 0, currency_id=gold.id, post=False,
            invoice_line_ids=[Command.create(line)],
        )  # fmt: skip
        move.action_post()
        self.assertGreater(move.amount_tax, 0)
        self.assertEqual(
            self.figures(self.ann, "revenue_total", "currency_id"),
            {"revenue_total": 150, "currency_id": self.company.currency_id},
        )

    def test_contacts_count_for_their_company_of_today(self):
        """The invoice keeps the old entity; the figures follow the contact."""
        bob = self.customer("Bob", is_company=False, parent_id=self.ann.id)
        move = self.invoice(bob, date(2026, 1, 1), 70)
        self.assertEqual(self.figures(self.ann, "revenue_total"), {"revenue_total": 70})
        self.assertFalse(self.figures(bob))
        zoe = self.customer("Zoe")
        bob.parent_id = zoe
        self.assertEqual(move.commercial_partner_id, self.ann)
        self.assertEqual(self.figures(zoe, "revenue_total"), {"revenue_total": 70})
        self.assertFalse(self.figures(self.ann))

    def test_intervals_between_distinct_days(self):
        # days 0, 10, 10, 30, 100: gaps 10, 20, 70 → median 20, p75 = 20 + 0.5 × 50 = 45
        for day in (100, 90, 90, 70, 0):
            self.invoice(self.ann, day, 10)
        self.assertEqual(
            self.figures(
                self.ann, "interval_count", "interval_median", "interval_p75",
                "interval_expected", "interval_basis", "risk_date", "lost_date",
            ),
            {
                "interval_count": 3,
                "interval_median": 20,
                "interval_p75": 45,
                "interval_expected": 45,
                "interval_basis": "own",
                "risk_date": date(2026, 9, 6),  # 30 June + round(67.5) = 68 days
                "lost_date": date(2026, 11, 12),  # 30 June + 135 days
            },
        )  # fmt: skip

    def test_interval_of_everybody_else_below_three(self):
        zoe = self.customer("Zoe")
        for day in (40, 30, 20, 10):  # gaps of all customers: 10, 10, 10
            self.invoice(zoe, day, 10)
        self.invoice(self.ann, 5, 10)
        names = ("interval_expected", "interval_basis")
        values = self.figures(self.ann, *names)
        self.assertEqual(values, {"interval_expected": 10, "interval_basis": "population"})
        self.assertEqual(self.company.crm_population_interval, 10)
        self.metrics._refresh_company(self.company, self.ann.ids, self.today)
        self.assertEqual(self.figures(self.ann, *names), values)

    def test_interval_when_nobody_bought_twice(self):
        self.invoice(self.ann, 5, 10)
        self.assertEqual(
            self.figures(self.ann, "interval_expected", "interval_basis", "risk_date"),
            # 25 June + 135 days
            {"interval_expected": 90, "interval_basis": "default", "risk_date": date(2026, 11, 7)},
        )

    def test_who_buys_once_a_year_is_not_lost_after_90_days(self):
        zoe = self.customer("Zoe")
        for day in (40, 30, 20, 10):
            self.invoice(zoe, day, 10)
        self.invoice(self.ann, date(2024, 12, 1), 10)
        self.invoice(self.ann, date(2025, 12, 1), 10)  # 211 days ago, 365 after the first
        values = self.figures(self.ann, "interval_expected", "risk_date", "lost_date")
        self.assertEqual(values["interval_expected"], 365)
        self.assertGreater(values["risk_date"], self.today)

    def test_days_to_pay_weighted_by_money(self):
        first = self.invoice(self.ann, date(2026, 1, 1), 300)
        second = self.invoice(self.ann, date(2026, 1, 1), 100)
        self._register_payment(first, payment_date=date(2026, 1, 11))
        self._register_payment(second, payment_date=date(2026, 2, 20))
        self.assertEqual(
            self.figures(self.ann, "days_to_pay", "amount_overdue"),
            # (300 × 10 + 100 × 50) / 400
            {"days_to_pay": 20, "amount_overdue": 0},
        )

    def test_credit_notes_settle_but_do_not_pay(self):
        first = self.invoice(self.ann, date(2026, 1, 1), 100)
        credit = self.invoice(self.ann, date(2026, 3, 1), 100, "out_refund")
        (first + credit).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(first.payment_state, "reversed")
        self.assertEqual(
            self.figures(self.ann, "days_to_pay", "amount_overdue"),
            {"days_to_pay": 0, "amount_overdue": 0},
        )

    def test_overdue_is_the_open_part_past_its_date(self):
        late = self.invoice(self.ann, date(2026, 6, 1), 100, invoice_date_due=date(2026, 6, 29))
        self.invoice(self.ann, date(2026, 6, 1), 50, invoice_date_due=date(2026, 6, 30))
        self._register_payment(late, amount=30, payment_date=date(2026, 6, 2))
        self.assertEqual(self.figures(self.ann, "amount_overdue"), {"amount_overdue": 70})

    def test_opportunities(self):
        leads = self.env["crm.lead"].create(
            [{"name": str(n), "partner_id": self.ann.id, "type": "opportunity"} for n in range(5)]
            + [{"name": "lead", "partner_id": self.ann.id, "type": "lead"}]
        )
        leads[:2].action_set_won()
        leads[2].action_set_lost()
        leads[3].active = False  # archived without being lost: neither open nor lost
        leads[3].probability = 10
        names = ("opportunity_open_count", "won_count", "lost_count", "win_rate")
        self.assertEqual(
            self.figures(self.ann, *names), dict(zip(names, (1, 2, 1, 2 / 3), strict=True))
        )
