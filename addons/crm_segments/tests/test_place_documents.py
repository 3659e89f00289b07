"""Posting and paying never wait for segments: they leave a row in the queue. Orders place."""

from unittest.mock import patch

import psycopg2
from odoo.fields import Command
from odoo.tests import tagged

from .common import InvoiceCase


@tagged("post_install", "-at_install")
class TestPlaceDocuments(InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.div = cls.rules({"Late": "[('amount_overdue', '>', 0)]",
                             "Buyer": "[('revenue_total', '>', 0)]", "Rest": "[]"})  # fmt: skip
        cls.ann = cls.customer("Ann")

    def queue(self):
        """Partners in the queue; empties it."""
        rows = self.env["crm.segment.queue"].search([])
        partners = rows.partner_id
        rows.unlink()
        return partners

    def process(self):
        """Let the cron work the queue."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_queue").method_direct_trigger()
        self.env.invalidate_all()

    def test_invoice_from_draft_to_payment(self):
        contact = self.customer("Contact", is_company=False, parent_id=self.ann.id)
        move = self.invoice(contact, 20, 100, post=False)
        self.assertFalse(self.queue())
        with patch.object(type(self.metrics), "_refresh_company") as refreshing:
            move.action_post()
            self.assertFalse(refreshing.called)
        # the host writes the rank of both: not even that places anybody while it posts
        self.assertEqual(self.queued(), contact | self.ann)
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "Rest"})
        self.process()
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "Late"})
        payment = self._register_payment(move, payment_date=self.ago(3))
        self.assertEqual(self.queued(), contact)
        self.process()
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "Buyer"})
        self.assertEqual(self.ann.days_to_pay, 17)
        payment.move_id.line_ids.remove_move_reconcile()
        self.process()
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "Late"})
        move.button_draft()
        self.assertEqual(self.queued(), contact)
        self.process()
        self.assertEqual(self.placed(self.div, self.ann), {"Ann": "Rest"})

    def test_vendor_bills_and_entries_are_none_of_our_business(self):
        self.invoice(self.ann, 5, 100, "in_invoice")
        self.assertEqual(self.queue(), self.ann)  # its rank as a supplier, once
        self.invoice(self.ann, 5, 100, "in_invoice")
        self.assertFalse(self.queue())

    def test_credit_note(self):
        self.invoice(self.ann, 5, 100, "out_refund")
        self.assertEqual(self.queue(), self.ann)

    def test_order_confirmed_and_cancelled(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.ann.id,
                "order_line": [Command.create({"product_id": self.product_a.id})],
            }
        )
        supplier = self.customer("Supplier", supplier_rank=1)
        self.assertEqual(self.placed(self.div, supplier), {})
        order.partner_id = supplier
        self.queue()
        order.action_confirm()
        # a supplier who orders is a customer: the saved form shows it
        self.assertEqual(self.placed(self.div, supplier), {"Supplier": "Rest"})
        order._action_cancel()
        self.assertEqual(self.placed(self.div, supplier), {})
        self.assertFalse(self.queued())

    def test_an_order_that_cannot_be_placed_is_confirmed_all_the_same(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.ann.id,
                "order_line": [Command.create({"product_id": self.product_a.id})],
            }
        )
        error = psycopg2.errors.LockNotAvailable("somebody posts for the customer")
        with patch.object(type(self.metrics), "refresh", side_effect=error):
            order.action_confirm()
        self.assertEqual((order.state, self.queue()), ("sale", self.ann))
        with patch.object(type(self.div), "_place_touched") as placing:
            order.with_context(segments_defer=True)._action_cancel()
            self.assertFalse(placing.called)

    def test_deferred(self):
        move = self.invoice(self.ann, 5, 100, post=False)
        move.with_context(segments_defer=True).action_post()
        self.assertFalse(self.queue())

    def test_orders_as_the_basis(self):
        """Confirmed orders count instead of invoices; a cancelled one leaves."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.ann.id,
                "order_line": [
                    Command.create({"product_id": self.product_a.id, "price_unit": 70,
                                    "product_uom_qty": 2, "tax_ids": [Command.clear()]}),
                ],
            }
        )  # fmt: skip
        order.action_confirm()
        self.invoice(self.ann, 5, 999)
        self.company.crm_sales_basis = "order"
        self.process()
        self.assertEqual((self.ann.revenue_total, self.ann.purchase_count), (140, 1))
        order._action_cancel()
        self.env.invalidate_all()
        self.assertEqual((self.ann.revenue_total, self.ann.purchase_count), (0, 0))
