"""The campaigns of the demonstration, on a few orders, against a sheet worked out by hand.

``sheets/campaigns.csv`` has every document behind the figures, a row each, with what it is worth in
pounds and why; ``sheets/campaign_totals.csv`` their sums by campaign. The day is always the same.
"""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from odoo.addons.crm_campaign_roi.tests.common_roi import RoiCase
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from tools.demo import campaigns as demo

SHEETS = Path(__file__).parent / "sheets"
TODAY = "2026-03-31"
FIGURES = ("cost", "ordered", "invoiced", "paid", "margin")
#: number: customer, day, campaign, pieces at 10, share that is paid (None: not even invoiced)
ORDERS = {
    "O01": ("A", date(2025, 6, 20), "Spring fair", 30, 1),
    "O02": ("B", date(2025, 7, 15), "Spring fair", 20, 0.5),
    "O03": ("C", date(2025, 12, 25), "Christmas catalogue", 40, 0),
    "O04": ("D", date(2026, 2, 10), "Christmas catalogue", 40, 1),
    "O05": ("A", date(2025, 9, 10), "Newsletter relaunch", 25, 1),
    "O06": ("E", date(2025, 6, 1), "Search: gift bags", 12, 1),
    "O07": ("F", date(2025, 11, 1), "Search: brand", 60, 0),
    "O08": ("G", date(2025, 12, 1), "Social: tea time", 15, 1),
    "O09": ("B", date(2026, 2, 1), "Autumn mailing", 35, 1),
    "O10": ("H", date(2025, 8, 1), "Trade magazine", 8, 1),
    "O11": ("C", date(2025, 10, 10), "Open day in Leeds", 22, 0.5),
    "O12": ("E", date(2026, 1, 5), "Win-back calls", 18, 1),
    "O13": ("G", date(2026, 1, 20), "Wedding favours", 9, 0),
    "O14": ("D", date(2025, 8, 20), "Garden assortment", 14, 1),
    "O15": ("H", date(2025, 9, 1), None, 11, 1),
    "O16": ("B", date(2026, 1, 25), None, 13, 0),
    "O17": ("A", date(2025, 4, 20), None, 7, 1),
    "O18": ("E", date(2026, 3, 10), "Autumn mailing", 5, None),
    "O19": ("B", date(2025, 7, 1), "Spring fair", 99, None),
    "O20": ("F", date(2026, 3, 1), None, 6, 1),
}
CANCELLED, CREDITED = "O19", "O04"


def sheet(name):
    """Rows of a sheet as dicts."""
    with open(SHEETS / name, newline="") as file:
        return list(csv.DictReader(file))


@tagged("post_install", "-at_install")
class TestDemoCampaigns(RoiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.GBP")
        cls.tin = cls.env["product.product"].create(
            {"name": "Tin", "type": "consu", "standard_price": 4, "invoice_policy": "order"}
        )
        cls.customers = {
            name: cls.customer(f"Customer {name}", email=f"{name}@customers.example")
            for name in "ABCDEFGH"
        }
        with freeze_time(TODAY):
            orders, invoices = cls.sell()
            taken = {}
            for number, (_who, _day, title, _pieces, _paid) in ORDERS.items():
                taken.setdefault(title, []).append(number)
            partners = [*cls.customers.values()]
            with patch.object(demo, "came_through", lambda _orders, _today: taken):
                demo.create_campaigns(cls.env, orders, invoices, partners)
            cls.rebuild()
            cls.env["crm.campaign.markov"]._rebuild()
        cls.totals = {row["campaign"]: row for row in sheet("campaign_totals.csv")}
        cls.titles = [title for title, *_rest in demo.CAMPAIGNS]

    @classmethod
    def sell(cls):
        """Orders and invoices by number; one credit note of 10 pieces, one order cancelled."""
        orders, invoices = {}, {}
        for number, (who, day, _title, pieces, paid) in ORDERS.items():
            orders[number] = cls.order_of(cls.customers[who], day, pieces)
            if paid is None:
                continue
            invoice = invoices[number] = cls.invoiced(orders[number], day)
            if paid:
                cls.pay(invoice, invoice.amount_total * paid)
        orders[CANCELLED].with_context(disable_cancel_warning=True).action_cancel()
        note = invoices[CREDITED]._reverse_moves([{"invoice_date": date(2026, 2, 20)}])
        note.invoice_line_ids.quantity = 10
        note.action_post()
        return orders, invoices

    @classmethod
    def order_of(cls, partner, day, pieces):
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {"product_id": cls.tin.id, "product_uom_qty": pieces, "price_unit": 10}
                    )
                ],
            }
        )
        order.action_confirm()
        order.date_order = f"{day} 12:00:00"
        return order

    def report_of(self, model):
        """{title: figures} of the report under a model."""
        rows = self.report._read_group(
            [("model", "=", model)],
            ["campaign_id"],
            [*(f"{name}:sum" for name in FIGURES), "roi:avg"],
        )
        return {campaign.title or "": values for campaign, *values in rows}

    def test_sheet_adds_up(self):
        """The totals of the sheet are the sums of its documents."""
        sums = {}
        for row in sheet("campaigns.csv"):
            own = sums.setdefault(row["campaign"], dict.fromkeys(FIGURES, Decimal(0)))
            for name in FIGURES:
                own[name] += Decimal(row[name] or 0)
        self.assertEqual(sums.keys(), self.totals.keys())
        for title, own in sums.items():
            with self.subTest(title):
                found = {name: Decimal(self.totals[title][name] or 0) for name in FIGURES}
                self.assertEqual(found, own)
        self.assertEqual({*self.titles} - self.totals.keys(), set())

    def test_report_is_the_sheet(self):
        """Cost and the four stages of each campaign, and the return on it."""
        found = self.report_of("last")
        self.assertEqual(found.keys(), self.totals.keys())
        for title, row in self.totals.items():
            with self.subTest(title):
                *money, roi = found[title]
                for name, value in zip(FIGURES, money, strict=True):
                    self.assertAlmostEqual(value or 0, float(row[name] or 0), 2, name)
                self.assertEqual(money[0] is None or money[0] is False, not row["cost"])
                if row["roi"]:
                    self.assertAlmostEqual(roi, float(row["roi"]), 4)
                else:
                    self.assertIn(roi, (None, False), "n/a is not 0")

    def test_attributed_and_unattributed_are_the_ledger(self):
        """Of 4,500 ordered and 4,290 invoiced, under every model, against the host's own sums."""
        own = [("company_id", "=", self.company.id)]
        orders = self.env["sale.order"].search([*own, ("state", "=", "sale")])
        moves = self.env["account.move"].search(
            [*own, ("state", "=", "posted"), ("move_type", "in", ("out_invoice", "out_refund"))]
        )
        self.assertEqual(sum(orders.mapped("amount_untaxed")), 4500)
        self.assertEqual(sum(moves.mapped("amount_untaxed_signed")), 4290)
        models = self.env["crm.campaign.roi.report"]._fields["model"].selection
        for code, _label in models:
            with self.subTest(code):
                found = self.report_of(code)
                for place, total in ((1, 4500), (2, 4290), (4, 2350)):
                    self.assertAlmostEqual(sum(one[place] or 0 for one in found.values()), total, 2)
                self.assertAlmostEqual(found[""][1], 130, 2, "without a touch there is no credit")
                cost = sum(one[0] or 0 for one in found.values())
                self.assertAlmostEqual(cost, 10662.66, 2)

    def test_a_model_alone_says_what_it_says_among_all(self):
        names = (*FIGURES, "orders", "new_customers", "return_margin", "credited", "attributed")
        specs = [f"{name}:sum" for name in (*names, "expected_margin", "lifetime_margin")]
        by = ["campaign_id", "month:month", "medium_id", "customer_kind"]

        def read(domain):
            rows = self.report._read_group(domain, by, specs)
            return sorted(
                str([round(one, 6) if isinstance(one, float) else one for one in row])
                for row in rows
            )

        for code, _label in self.report._fields["model"].selection:
            self.company.crm_roi_model = code
            with self.subTest(code):
                self.assertEqual(read([]), read([("model", "=", code)]))

    @freeze_time(TODAY)
    def test_line_that_ties(self):
        """4,160 + 130 = 4,290; with 70 of the history; and 5 that no line of an invoice has."""
        names = ("attributed", "unattributed", "ledger", "history", "difference")

        def tie():
            found = self.env["crm.marketing.return"].overview()["tie"]
            return [round(found[name], 2) for name in names]

        self.assertEqual(tie(), [4160, 130, 4290, 0, 0])
        self.sale(self.customers["A"], date(2025, 6, 2), 70)
        self.assertEqual(tie(), [4160, 200, 4290, 70, 0])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET amount_untaxed_signed = amount_untaxed_signed + 5"
            " WHERE id = (SELECT MIN(id) FROM account_move WHERE company_id = %s"
            " AND move_type = 'out_invoice')",
            [self.company.id],
        )
        self.assertEqual(tie()[2:], [4295, 70, -5])
        self.company.crm_roi_keep_results = True
        self.env["crm.campaign.roi.stored"]._rebuild()
        self.assertEqual(tie(), [4160, 200, 4295, 70, -5])
        found = self.env["crm.marketing.return"].overview()["tie"]
        self.assertEqual(found["as_of"], f"{TODAY}T00:00:00")

    def test_months_coverage_and_what_is_committed(self):
        christmas = self.env["utm.campaign"].search([("title", "=", "Christmas catalogue")])
        rows = self.report._read_group(
            [("campaign_id", "=", christmas.id), ("model", "=", "last")],
            ["month:month"],
            ["cost:sum", "ordered:sum", "invoiced:sum", "margin:sum"],
        )
        self.assertEqual(
            {month.isoformat()[:7]: [round(value or 0, 2) for value in values]
             for month, *values in rows},
            {"2025-12": [1440, 400, 400, 240], "2026-02": [0, 640, 540, 180],
             "2026-03": [960, 0, 0, 0]},
        )  # fmt: skip
        coverage = self.report._read_group([], [], ["cost_coverage:avg", "order_coverage:avg"])[0]
        self.assertAlmostEqual(coverage[0], 10662.66 / (10662.66 + 420), 6)
        self.assertAlmostEqual(coverage[1], (4500 - 130) / 4500, 6)
        found = christmas.campaign_return("last")
        self.assertAlmostEqual(found["committed"], 240 / 1.28, 2)
        self.assertAlmostEqual(found["budget"], 0.9 * 2400, 2)
        self.assertIsNone(found["experiment"])
        wedding = self.env["utm.campaign"].search([("title", "=", "Wedding favours")])
        self.assertAlmostEqual(wedding.campaign_return("last")["committed"], 35.94, 2)
