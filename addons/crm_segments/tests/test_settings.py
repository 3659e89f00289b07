"""Settings: what counts as a sale, what as a purchase, and which segmentation leads."""

from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import InvoiceCase


@tagged("post_install", "-at_install")
class TestSettings(InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = cls.customer("Ann")
        cls.product = cls._create_product(name="Goods", invoice_policy="order", taxes_id=None)

    def order(self, quantity=1, price=100, **values):
        line = {
            "product_id": self.product.id, "product_uom_qty": quantity, "price_unit": price,
            "tax_ids": [Command.clear()],
        }  # fmt: skip
        order = self.env["sale.order"].create(
            {"partner_id": self.ann.id, "order_line": [Command.create(line)], **values}
        )
        order.action_confirm()
        return order

    def bill(self, order, day):
        """Invoice whatever is due of the order."""
        move = order._create_invoices(final=True)
        move.write({"invoice_date": self.ago(day), "date": self.ago(day)})
        move.action_post()
        return move

    def figures(self, *names):
        self.metrics.refresh(self.ann, self.company)
        self.env.invalidate_all()
        return tuple(self.ann[name] for name in names)

    def test_settings_reach_the_company_and_start_a_rebuild(self):
        div = self.rules({"A": "[]"})
        cron = self.env.ref("crm_segments.ir_cron_rebuild")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.env["res.config.settings"].create(
            {
                "crm_sales_basis": "order",
                "crm_purchase_unit": "days",
                "crm_reporting_segmentation_id": div.id,
            }
        ).execute()
        self.assertRecordValues(
            self.company,
            [{
                "crm_sales_basis": "order", "crm_purchase_unit": "days",
                "crm_reporting_segmentation_id": div.id,
            }],
        )  # fmt: skip
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertGreater(after, triggers)

    def test_form_of_the_settings(self):
        user = new_test_user(
            self.env, login="boss", groups="base.group_system,sales_team.group_sale_manager"
        )
        with Form(self.env["res.config.settings"].with_user(user)) as form:
            self.assertEqual(form.crm_purchase_unit, "documents")

    def test_basis_orders(self):
        self.order(price=100)
        self.order(price=50).action_lock()
        self.order(price=70)._action_cancel()
        self.env["sale.order"].create({"partner_id": self.ann.id})
        self.invoice(self.ann, 5, 999)
        names = ("revenue_total", "purchase_count", "average_purchase", "last_purchase_date")
        self.assertEqual(self.figures(*names), (999, 1, 999, self.ago(5)))
        self.company.crm_sales_basis = "order"
        self.assertEqual(self.figures(*names), (150, 2, 75, self.today))

    def test_basis_orders_keeps_the_history_beside(self):
        self.order(price=100)
        self.sale(self.ann, 40, 60)
        self.company.crm_sales_basis = "order"
        self.assertEqual(self.figures("revenue_total", "purchase_count"), (160, 2))

    def test_a_negative_order_is_a_refund(self):
        self.order(price=100)
        self.order(price=-30)
        self.company.crm_sales_basis = "order"
        self.assertEqual(
            self.figures("revenue_total", "purchase_count", "refund_total"), (70, 1, 30)
        )

    def test_orders_in_another_currency(self):
        pound = self.setup_other_currency("GBP", rates=[("2000-01-01", 2)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "Pounds", "currency_id": pound.id, "company_id": self.company.id}
        )
        self.order(price=100, pricelist_id=pricelist.id)
        self.company.crm_sales_basis = "order"
        self.assertEqual(self.figures("revenue_total"), (50,))

    def test_purchases_counted_by_order(self):
        """An order invoiced in two parts is one purchase; a plain invoice another."""
        order = self.order(quantity=2, price=50)
        half = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create({"advance_payment_method": "percentage", "amount": 40})  # fmt: skip
        down = half._create_invoices(order)
        down.write({"invoice_date": self.ago(30), "date": self.ago(30)})
        down.action_post()
        self.bill(order, 20)
        self.invoice(self.ann, 10, 10)
        names = ("purchase_count", "revenue_total", "average_purchase")
        self.assertEqual(self.figures(*names), (3, 110, 36.67))
        self.company.crm_purchase_unit = "orders"
        self.assertEqual(self.figures(*names), (2, 110, 55))

    def test_orders_grouped_on_one_invoice(self):
        """Three orders on one monthly invoice are three purchases, of 100 each on average."""
        orders = self.order(price=100) | self.order(price=100) | self.order(price=100)
        move = orders._create_invoices(grouped=False)
        self.assertEqual(len(move), 1)
        move.write({"invoice_date": self.ago(30), "date": self.ago(30)})
        move.action_post()
        names = ("purchase_count", "purchase_count_12m", "revenue_total", "average_purchase")
        self.assertEqual(self.figures(*names), (1, 1, 300, 300))
        self.company.crm_purchase_unit = "orders"
        self.assertEqual(self.figures(*names), (3, 3, 300, 100))

    def test_purchases_counted_by_day(self):
        for day in (30, 30, 30, 10):
            self.invoice(self.ann, day, 25)
        names = ("purchase_count", "purchase_count_12m", "average_purchase")
        self.assertEqual(self.figures(*names), (4, 4, 25))
        self.company.crm_purchase_unit = "days"
        self.assertEqual(self.figures(*names), (2, 2, 50))

    def test_leading_segmentation(self):
        first = self.rules({"A": "[]"}, name="First", sequence=1)
        second = self.rules({"B": "[]"}, name="Second", sequence=2)
        loose = self.rules({"C": "[]"}, name="Loose", sequence=0, exclusive=False)
        (first | second | loose).run()
        for chosen, expected in (
            (False, "A"), (second, "B"), (first, "A"),
            (loose, "A"),  # overlapping ones would multiply totals: the first exclusive leads
        ):  # fmt: skip
            self.company.crm_reporting_segmentation_id = chosen
            self.env.invalidate_all()
            with self.subTest(chosen and chosen.name):
                self.assertEqual(self.ann.leading_segment_id.name, expected)
                found = self.env["res.partner"].search([("leading_segment_id", "=", expected)])
                self.assertIn(self.ann, found)
        self.company.crm_reporting_segmentation_id = second
        second.enabled = False
        self.env.invalidate_all()
        self.assertEqual(self.ann.leading_segment_id.name, "A")
        self.assertEqual(set(self.ann.segment_ids.mapped("name")) - {"B"}, {"A", "C"})

    def test_advanced_analytics_changes_no_figure(self):
        user = new_test_user(self.env, login="adv", groups="sales_team.group_sale_manager")
        self.sale(self.ann, 5, 10)
        self.metrics.refresh()
        before = self.ann.with_user(user).read(["revenue_total", "segment_ids"])
        user.group_ids += self.env.ref("crm_segments.group_segments_advanced")
        self.env.invalidate_all()
        self.assertEqual(self.ann.with_user(user).read(["revenue_total", "segment_ids"]), before)
