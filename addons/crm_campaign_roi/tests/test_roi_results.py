"""A grid of accounting cases: what each brings a campaign, worked out by hand."""

from datetime import date
from unittest.mock import patch

from odoo.addons.crm_campaign_roi.report import crm_campaign_roi_stored
from odoo.fields import Command
from odoo.tests import tagged

from .common_roi import RoiCase

NAMES = ("ordered", "invoiced", "paid", "margin")


@tagged("post_install", "-at_install")
class TestRoiResults(RoiCase):
    def results(self, campaign, names=NAMES):
        self.rebuild()
        return self.figures(*names, campaigns=campaign).get(campaign.title)

    def test_order_invoice_payment(self):
        """Goods that cost 40 a piece: 2 at 100 leave 120."""
        one = self.campaign("One")
        self.order(one, 100, quantity=2)
        self.assertEqual(self.results(one), (200, None, None, 0))
        invoice = self.invoiced(self.env["sale.order"].search([("campaign_id", "=", one.id)]))
        self.assertEqual(self.results(one), (200, 200, 0, 120))
        self.pay(invoice, 50)
        self.assertEqual(self.results(one), (200, 200, 50, 120))
        self.pay(invoice)
        self.assertEqual(self.results(one), (200, 200, 200, 120))

    def test_goods_without_a_cost(self):
        """60 of 160 have a cost of 40: 37.5 %, and it is said on the campaign."""
        one = self.campaign("Of unknown cost")
        self.invoiced(self.order(one, 60))
        unknown = self.env["product.product"].create({"name": "Of unknown cost"})
        line = {"product_id": unknown.id, "price_unit": 100, "tax_ids": [Command.clear()]}
        self.invoiced(self.order(one, 0, order_line=[Command.create(line)]))
        self.rebuild()
        self.assertIn("known for 38 % of the invoiced", " ".join(one.campaign_return()["warnings"]))

    def test_lifetime_of_the_customers_won(self):
        """60 so far on 20 of cost; with 500 to expect at a margin of 60 %, 360."""
        one = self.campaign("Winning")
        self.bill(20, one)
        order = self.order(one, 100)
        self.invoiced(order)
        self.rebuild()
        values = {"partner_id": order.partner_id.id, "company_id": self.company.id}
        self.metrics.search([("company_id", "=", self.company.id)]).unlink()
        row = self.metrics.create(values)
        specs = ("lifetime_margin", "ltv_cac:avg", "lifetime_expected", "ltv_cac_expected:avg")
        so_far = self.figures(*specs, campaigns=one)["Winning"]
        self.assertEqual(so_far[:2], (60, 3))
        self.assertFalse(so_far[2] or so_far[3], "nothing is predicted: n/a")
        if "expected_revenue_12m" in row._fields:
            row.expected_revenue_12m = 500
            self.assertEqual(self.figures(*specs, campaigns=one)["Winning"], (60, 3, 360, 18))
            self.assertEqual(one.campaign_return()["totals"]["ltv_cac_expected"], 18)

    def test_where_orders_count(self):
        """Companies that count orders have the margin with the order, and only there."""
        one = self.campaign("By order")
        order = self.order(one, 100, quantity=2)
        self.company.crm_sales_basis = "order"
        self.assertEqual(self.results(one), (200, None, None, 120))
        self.invoiced(order)
        self.assertEqual(self.results(one), (200, 200, 0, 120))

    def test_tax_is_no_result(self):
        """100 and 20 % tax; 60 of 120 paid is half of the untaxed money."""
        one = self.campaign("Taxed")
        tax = self.env["account.tax"].create({"name": "20", "amount": 20})
        order = self.order(one, 100)
        order.order_line.tax_ids = tax
        self.pay(self.invoiced(order), 60)
        self.assertEqual(self.results(one), (100, 100, 50, 60))

    def test_credit_note(self):
        """All of 100 invoiced and 30 of it given back: 70, and of the cost of one piece nothing."""
        one = self.campaign("Returned")
        invoice = self.invoiced(self.order(one, 100))
        self.credit_note(invoice)
        self.assertEqual(self.results(one), (100, 0, 0, 0))
        two = self.campaign("Reduced")
        invoice = self.invoiced(self.order(two, 100))
        note = self.credit_note(invoice, amount=30)
        (invoice | note).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        # 70 left to pay of 100: 30 of it counts as paid and the note takes 30 back
        self.assertEqual(self.results(two, NAMES[:3]), (100, 70, 0))
        self.pay(invoice)
        self.assertEqual(self.results(two, NAMES[:3]), (100, 70, 70))

    def test_cancelled_quotation(self):
        one = self.campaign("Cancelled")
        order = self.order(one, 100)
        order._action_cancel()
        self.order(one, 50)
        draft = self.env["sale.order"].create(
            {"partner_id": self.vendor.id, "campaign_id": one.id}
        )
        self.assertEqual(draft.state, "draft")
        self.assertEqual(self.results(one, ("ordered",)), (50,))

    def test_down_payment(self):
        """30 % of 200 first: money at once, margin with the goods (200 − 2 × 40)."""
        one = self.campaign("Down payment")
        order = self.order(one, 100, quantity=2)
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids).create(
            {"advance_payment_method": "percentage", "amount": 30,
             "sale_order_ids": [Command.set(order.ids)]}
        )  # fmt: skip
        wizard.create_invoices()
        down = order.invoice_ids
        down.write({"invoice_date": date(2026, 4, 3), "date": date(2026, 4, 3)})
        down.action_post()
        self.pay(down)
        self.assertEqual(self.results(one), (200, 60, 60, 0))
        order._create_invoices(final=True)
        last = order.invoice_ids - down
        last.write({"invoice_date": date(2026, 4, 10), "date": date(2026, 4, 10)})
        last.action_post()
        self.assertEqual(self.results(one), (200, 200, 60, 120))

    def test_grouped_over_two_campaigns(self):
        """One invoice of 100 and 300 keeps the first UTM; each campaign gets its own lines."""
        partner = self.customer("Grouped")
        one, two = self.campaign("G One"), self.campaign("G Two")
        orders = self.order(one, 100, partner) | self.order(
            two, 300, partner, day=date(2026, 4, 2)
        )
        invoice = self.invoiced(orders)
        self.assertEqual(len(invoice), 1)
        self.pay(invoice, 200)
        self.assertEqual(self.results(one), (100, 100, 50, 60))
        self.assertEqual(self.results(two), (300, 300, 150, 260))
        # a refund of the second campaign's line, half of it
        line = invoice.invoice_line_ids.filtered(lambda one: one.price_unit == 300)
        note = invoice._reverse_moves([{"invoice_date": "2026-05-01", "date": "2026-05-01"}])
        kept = note.invoice_line_ids.filtered(lambda one: one.price_unit == 300)
        (note.invoice_line_ids - kept).unlink()
        kept.price_unit = 150
        note.action_post()
        self.assertTrue(line)
        self.assertEqual(self.results(one, NAMES[:2]), (100, 100))
        self.assertEqual(self.results(two, NAMES[:2]), (300, 150))

    def test_lines_without_an_order_follow_the_invoice(self):
        """Freight of 40 on a grouped invoice of 100 and 300 is shared 10 to 30."""
        partner = self.customer("Freight")
        one, two = self.campaign("F One"), self.campaign("F Two")
        invoice = self.invoiced(
            self.order(one, 100, partner) | self.order(two, 300, partner, day=date(2026, 4, 2)),
            post=False,
        )
        invoice.invoice_line_ids = [
            Command.create({"name": "Freight", "price_unit": 40, "tax_ids": [Command.clear()]})
        ]
        invoice.action_post()
        self.assertEqual(self.results(one, ("invoiced",)), (110,))
        self.assertEqual(self.results(two, ("invoiced",)), (330,))
        # a credit note by hand, without any link but that it reverses the invoice
        note = self.invoice(partner, date(2026, 5, 1), 44, "out_refund", post=False)
        note.reversed_entry_id = invoice
        note.action_post()
        self.assertEqual(self.results(one, ("invoiced",)), (99,))
        self.assertEqual(self.results(two, ("invoiced",)), (297,))

    def test_write_off(self):
        """90 paid, 10 written off: nothing is left to pay."""
        one = self.campaign("Written off")
        invoice = self.invoiced(self.order(one, 100))
        self.pay(invoice, 90, payment_difference_handling="reconcile",
                 writeoff_account_id=self.expense.id)  # fmt: skip
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self.results(one, NAMES[:3]), (100, 100, 100))

    def test_other_currency(self):
        """An order of 200 at 2 per unit is 100, its invoice at 4 per unit 50; paid in ours."""
        currency = self.setup_other_currency("HRK", rates=[("2016-01-01", 2), ("2026-05-01", 4)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "HRK", "currency_id": currency.id, "company_id": self.company.id}
        )
        one = self.campaign("Abroad")
        order = self.order(one, 200, pricelist_id=pricelist.id)
        order.currency_rate = 2
        invoice = self.invoiced(order, day=date(2026, 5, 2))
        self.assertEqual(self.results(one, NAMES[:3]), (100, 50, 0))
        self.pay(invoice, 25, currency_id=self.company.currency_id.id)
        self.assertEqual(self.results(one, NAMES[:3]), (100, 50, 25))

    def test_invoice_without_an_order(self):
        """It carries its own campaign, and counts as ordered."""
        one = self.campaign("Direct")
        partner = self.customer("Direct customer")
        self.invoice(partner, date(2026, 4, 1), 70, campaign_id=one.id)
        self.assertEqual(self.results(one, NAMES[:3]), (70, 70, 0))
        self.invoice(partner, date(2026, 4, 2), 20, post=False, campaign_id=one.id)
        self.assertEqual(self.results(one, NAMES[:2]), (70, 70))

    def test_totals_tie_to_the_books(self):
        """Attributed + unattributed = ledger + history, under each model and dimension."""
        one, two = self.campaign("T One"), self.campaign("T Two")
        partner = self.customer("Tie")
        self.bill(50, {one: 50, two: 50})
        self.invoiced(self.order(one, 100, partner) | self.order(two, 33.33, partner))
        self.invoice(partner, date(2026, 4, 2), 12.34)
        self.credit_note(self.invoice(partner, date(2026, 4, 3), 20, campaign_id=two.id))
        self.sale(partner, date(2025, 1, 1), 500)
        touch = {"partner_id": partner.id, "kind_id": self.env.ref(
            "crm_campaign_roi.touchpoint_kind_call").id}  # fmt: skip
        for campaign, day in ((one, "2026-03-20"), (two, "2026-03-30"), (one, "2024-12-20")):
            self.env["crm.touchpoint"].create(
                {**touch, "campaign_id": campaign.id, "date": f"{day} 10:00:00"}
            )
        self.rebuild()
        self.env["crm.campaign.markov"]._rebuild()
        invoices = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted"),
             ("move_type", "in", ("out_invoice", "out_refund", "out_receipt"))]
        )  # fmt: skip
        ledger = sum(invoices.mapped("amount_untaxed_signed")) + 500
        self.assertAlmostEqual(ledger, 645.67, 2)

        def total(domain=(), groupby=()):
            rows = self.report._read_group(domain, groupby, ["invoiced:sum", "cost:sum"])
            return [(*row[:-2], round(row[-2] or 0, 2), round(row[-1] or 0, 2)) for row in rows]

        self.assertEqual(total(), [(645.67, 50)])
        for name in (
            "campaign_id", "medium_id", "source_id", "segment_id", "month:month",
            "cohort_month:month", "customer_kind", "is_expected", "is_history",
        ):  # fmt: skip
            rows = total(groupby=[name])
            self.assertAlmostEqual(sum(row[1] for row in rows), 645.67, 1, name)
            self.assertAlmostEqual(sum(row[2] for row in rows), 50, 2, name)
        by_model = {row[0]: row[1:] for row in total(groupby=["model"])}
        self.assertEqual(len(by_model), 9)
        self.assertEqual(set(by_model.values()), {(645.67, 50.0)})
        self.assertEqual(total([("model", "=", "linear")]), [(645.67, 50)])
        mine = [("campaign_id", "=", one.id)]
        linear = total([("model", "=", "linear"), *mine])
        self.assertNotEqual(linear, total(mine))
        history = self.report._read_group(
            [("is_history", "=", True)], [], [f"{name}:sum" for name in NAMES]
        )
        self.assertEqual(history, [(500, 500, 500, False)])

    def test_kept_results_say_the_same(self):
        """Added up: every model and dimension as it is live; later documents wait for the night."""
        one, two = self.campaign("Kept one"), self.campaign("Kept two")
        self.bill(30, one)
        order = self.order(one, 100)
        self.invoiced(order)
        self.invoiced(self.order(two, 70, partner=order.partner_id, day=date(2026, 5, 2)))
        division = self.segmentation("rule", {"Won": {}}, enabled=True, exclusive=True)
        won = division.segment_ids
        self.stay(order.partner_id, won, 0, date_from=date(2026, 4, 15))
        self.rebuild()
        self.env["crm.campaign.markov"]._rebuild()
        names = (
            "cost", "orders", "ordered", "invoiced", "paid", "margin", "return_margin",
            "lifetime_margin", "lifetime_expected",
        )  # fmt: skip
        specs = [f"{name}:sum" for name in names]
        groupings = (
            ["campaign_id", "month:month"], ["model"], ["medium_id", "customer_kind"],
            ["segment_id"], [],
        )  # fmt: skip

        def read():
            self.env.invalidate_all()
            return [
                sorted(
                    str([round(one, 6) if isinstance(one, float) else one for one in row])
                    for row in self.report._read_group([], by, specs)
                )
                for by in groupings
            ]

        live = read()
        bought = ["ordered:sum", "lifetime_margin:sum"]
        by_segment = self.report._read_group([("campaign_id", "=", two.id)], ["segment_id"], bought)
        self.assertEqual(by_segment, [(won, 70, False)])
        [[lifetime]] = self.report._read_group(
            [("campaign_id", "=", one.id)], [], ["lifetime_margin:sum"]
        )
        self.assertEqual(lifetime, 170 - 2 * 40, "all that the customer won has brought since")
        self.company.crm_roi_keep_results = True
        self.assertEqual(read(), live)
        self.env["crm.campaign.roi.stored"]._rebuild()
        self.assertTrue(self.company.crm_roi_kept_date)
        self.assertEqual(read(), live)
        self.assertIn("Results as of", str(one.campaign_return()["warnings"]))
        self.invoiced(self.order(one, 500))
        self.rebuild()
        self.assertEqual(read(), live, "what came since waits")
        other = self.segmentation("rule", {"Other": {}}, enabled=True, exclusive=True)
        self.company.crm_reporting_segmentation_id = other
        [[of_none]] = self.report._read_group(
            [("segment_id", "=", False), ("campaign_id", "=", one.id)], [], ["ordered:sum"]
        )
        self.assertEqual(of_none, 600, "the segments of another division are read live")
        self.env["crm.campaign.roi.stored"]._rebuild()
        self.assertNotEqual(read(), live)
        two.unlink()
        groups = self.report._read_group([], ["campaign_id"], ["ordered:sum"])
        self.assertEqual([name.title for name, _money in groups if name], ["Kept one"])
        self.company.crm_roi_keep_results = False
        self.env["crm.campaign.roi.stored"]._rebuild()
        self.assertFalse(self.env["crm.campaign.roi.stored"].search([]))
        # where there is much to read they are kept by themselves, but for who said no
        with patch.object(crm_campaign_roi_stored, "KEEP_FROM", 1):
            self.env["crm.campaign.roi.stored"]._rebuild()
            self.assertFalse(self.company.crm_roi_keep_results)
            self.company.crm_roi_keep_decided = False
            self.env["crm.campaign.roi.stored"]._rebuild()
        self.assertTrue(self.company.crm_roi_keep_results and self.company.crm_roi_kept_date)
