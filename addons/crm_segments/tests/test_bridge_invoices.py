"""The revenue bridge on posted invoices: units, down payments, currencies, several companies."""

from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common import InvoiceCase
from .test_bridge import IN_A, IN_B, A, B, BridgeMixin


@tagged("post_install", "-at_install")
class TestBridgeInvoices(BridgeMixin, InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_bridge()
        # one unit of the first company's currency was 2 pounds, and is 4 in the second period
        cls.pound = cls.setup_other_currency("GBP", rates=[("2000-01-01", 2)])
        cls.env["res.currency.rate"].create(
            {"currency_id": cls.pound.id, "name": B[0], "rate": 4, "company_id": cls.company.id}
        )
        cls.product_category = cls.product_category.with_env(cls.env)
        cls.tea, cls.cup = cls.env["product.product"].create([{"name": "Tea"}, {"name": "Cup"}])
        cls.ann = cls.customer("Ann")

    @classmethod
    def bill(cls, day, *lines, partner=None, **values):
        """An invoice of ``(product, pieces, price, line values)``."""
        commands = [
            Command.create(
                {"product_id": product.id, "name": "x", "quantity": quantity,
                 "price_unit": price, "tax_ids": [Command.clear()], **dict(*more)}
            )
            for product, quantity, price, *more in lines
        ]  # fmt: skip
        return cls.invoice(partner or cls.ann, day, 0, invoice_line_ids=commands, **values)

    def test_lines_of_invoices(self):
        self.bill(IN_A, (self.tea, 10, 2), (self.cup, 10, 6))
        self.bill(IN_B, (self.tea, 10, 3), (self.cup, 20, 6))
        # tea by its price 10; a piece of 5 instead of 4: 70 / ln(150/80) · ln(5/4) = 24.849
        self.assertEqual(
            self.totals(), {"start": 80, "basket": 45.15, "price": 10, "mix": 14.85, "end": 150}
        )

    def test_units_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.bill(IN_A, (self.tea, 24, 2))
        self.bill(IN_B, (self.tea, 2, 30, {"product_uom_id": dozen.id}))
        self.assertEqual(self.totals(), {"start": 48, "price": 12, "end": 60})

    def test_down_payments_and_discounts_of_a_line(self):
        self.bill(IN_A, (self.tea, 10, 2), (self.cup, 1, 5, {"is_downpayment": True}))
        self.bill(IN_B, (self.tea, 10, 2, {"discount": 10}))
        # the down payment is money per purchase, the discount a lower price
        self.assertEqual(self.totals(), {"start": 25, "basket": -5, "price": -2, "end": 18})

    def test_credit_notes(self):
        self.bill(IN_A, (self.tea, 10, 2))
        self.bill(IN_B, (self.tea, 10, 2))
        self.bill(IN_B, (self.tea, 3, 2), move_type="out_refund")
        self.assertEqual(self.totals(), {"start": 20, "refunds": -6, "end": 14})

    def test_currency(self):
        """The same foreign amounts at another rate: nothing but currency."""
        pounds = {"currency_id": self.pound.id}
        self.bill(IN_A, (self.tea, 10, 20), **pounds)  # 200 pounds were 100
        self.bill(IN_B, (self.tea, 10, 20), **pounds)  # and are 50
        self.assertEqual(self.totals(), {"start": 100, "currency": -50, "end": 50})
        self.bill(IN_B, (self.tea, 2, 20), move_type="out_refund", **pounds)
        # 40 pounds back: 20 at the base rate, 10 in fact
        self.assertEqual(self.totals(), {"start": 100, "refunds": -20, "currency": -40, "end": 40})

    def test_currency_and_all_the_rest(self):
        pounds = {"currency_id": self.pound.id}
        self.bill(IN_A, (self.tea, 10, 20), **pounds)
        self.bill(IN_B, (self.tea, 20, 24), **pounds)
        # at base rates 100 → 240: 140 / ln(2.4) = 159.914, by ln(2) and ln(1.2)
        self.assertEqual(
            self.totals(),
            {"start": 100, "basket": 110.84, "price": 29.16, "currency": -120, "end": 120},
        )

    def test_a_currency_that_is_new(self):
        """Nobody bought in pounds before: the rate of the last day of the first period."""
        self.bill(IN_A, (self.tea, 10, 10))
        self.bill(IN_B, (self.tea, 10, 20), currency_id=self.pound.id)
        self.assertEqual(self.totals(), {"start": 100, "currency": -50, "end": 50})

    def test_base_rate_is_the_average_at_which_was_invoiced(self):
        self.env["res.currency.rate"].create(
            {"currency_id": self.pound.id, "name": "2024-03-01", "rate": 1,
             "company_id": self.company.id}
        )  # fmt: skip
        pounds = {"currency_id": self.pound.id}
        self.bill(IN_A, (self.tea, 10, 10), **pounds)  # 100 pounds: 50
        self.bill(date(2024, 4, 1), (self.tea, 30, 10), **pounds)  # 300 pounds: 300
        self.bill(IN_B, (self.tea, 40, 10), **pounds)  # 400 pounds: 100, at base 350
        bob = self.customer("Bob")
        self.bill(IN_A, (self.tea, 1, 1), partner=bob)
        found = self.totals()
        self.assertEqual(found["currency"], -250)
        # at base rates 350 both times: one purchase less of twice the size
        self.assertEqual(found["frequency"] + found["basket"], 0)

    def test_several_companies(self):
        second = self.setup_other_company(name="Second", currency_id=self.pound.id)["company"]
        self.env.user.company_ids |= second
        self.invoice(self.ann, IN_A, 100)
        self.invoice(self.ann, IN_B, 100)
        self.invoice(self.ann, IN_A, 200, company=second)  # 100 in the first one's currency
        self.invoice(self.ann, IN_B, 300, company=second)  # 75
        # what the companies sell to each other is not theirs together
        self.invoice(second.partner_id, IN_B, 1000)
        self.assertEqual(self.totals(), {"start": 100, "new": 1000, "end": 1100})
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": (self.company | second).ids}
        )
        found = self.bridge()
        self.assertEqual(
            {row["key"]: row["total"] for row in found["parts"] if row["total"]},
            {"basket": 50, "currency": -75},
        )
        self.assertEqual((found["start"]["total"], found["end"]["total"]), (200, 175))
        self.assertEqual(found["currency_id"], self.company.currency_id.id)

    def test_orders_as_purchases(self):
        """An order that is invoiced in parts is one purchase in each period."""
        order = self.env["sale.order"].create(
            {"partner_id": self.ann.id,
             "order_line": [Command.create({"product_id": self.tea.id, "product_uom_qty": 30})]}
        )  # fmt: skip
        ordered = {"sale_line_ids": [Command.link(order.order_line.id)]}
        for day in (IN_A, date(2024, 3, 1), IN_B):
            self.bill(day, (self.tea, 10, 2, ordered))
        self.bill(IN_B, (self.tea, 10, 2))
        self.assertEqual(self.totals(), {"start": 40, "end": 40})
        self.company.crm_purchase_unit = "orders"
        # one purchase and then two, of half the size: 40 · ln(2)
        self.assertEqual(
            self.totals(), {"start": 40, "frequency": 27.73, "basket": -27.73, "end": 40}
        )

    def test_totals_are_those_of_the_report(self):
        self.bill(IN_A, (self.tea, 10, 2))
        self.bill(IN_B, (self.tea, 7, 2.35), (self.cup, 3, 1.11))
        self.bill(IN_B, (self.tea, 1, 2), move_type="out_refund")
        self.sale(self.ann, IN_B, 12.34)
        div = self.rules({"One": "[]"}, domain="[('id', '=', 0)]")
        self.stay(self.ann, div.segment_ids, 1).date_from = "2023-12-31"
        found = self.bridge(div)
        self.assert_adds_up(found)
        report = self.env["crm.segment.report"]
        for row, (first, last) in zip((found["start"], found["end"]), (A, B), strict=True):
            domain = [("segmentation_id", "=", div.id), ("month", ">=", first),
                      ("month", "<=", last)]  # fmt: skip
            [[revenue]] = report._read_group(domain, [], ["revenue:sum"])
            self.assertAlmostEqual(row["total"], revenue, 2)
