"""Credit of invoices that no order stands behind, and of their credit notes."""

from odoo.addons.crm_segments.tests.common import InvoiceCase
from odoo.tests import tagged

from .common_touch import TouchMixin


@tagged("post_install", "-at_install")
class TestCreditInvoices(TouchMixin, InvoiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_touches()
        cls.one = cls.customer("One")

    def credit_of_move(self, move):
        return self.credits.search([("move_id", "=", move.id)], order="position")

    def test_invoice_without_an_order(self):
        """Its own UTM is a touch, after that of the fair; drafts and vendors count nowhere."""
        self.touch(self.one, 30, self.spring, kind="fair")
        invoice = self.invoice(self.one, 10, 100, campaign_id=self.autumn.id)
        draft = self.invoice(self.one, 9, 50, post=False, campaign_id=self.autumn.id)
        bill = self.invoice(self.one, 8, 70, move_type="in_invoice", campaign_id=self.autumn.id)
        self.touches._refresh(self.one.ids)
        rows = self.credit_of_move(invoice)
        self.assertEqual(rows.mapped("campaign_id"), self.spring + self.autumn)
        self.assertEqual(rows.mapped("weight_linear"), [0.5, 0.5])
        self.assertEqual(set(rows.mapped("kind_of_customer")), {"new"})
        self.assertEqual(self.derived(self.one).mapped("res_id"), invoice.ids)
        self.assertFalse(self.credit_of_move(draft) | self.credit_of_move(bill))

    def test_credit_note_goes_where_its_invoice_went(self):
        """A touch between the two has no part in it, and the customer is as it was then."""
        self.touch(self.one, 30, self.spring, kind="fair")
        invoice = self.invoice(self.one, 20, 100)
        self.touch(self.one, 10, self.autumn, kind="fair")
        refund = self.invoice(self.one, 5, 40, move_type="out_refund", reversed_entry_id=invoice.id)
        alone = self.invoice(self.one, 5, 40, move_type="out_refund")
        self.touches._refresh(self.one.ids)
        self.assertEqual(self.credit_of_move(refund).campaign_id, self.spring)
        self.assertEqual(self.credit_of_move(refund).kind_of_customer, "new")
        self.assertEqual(self.credit_of_move(alone).campaign_id, self.spring + self.autumn)

    def test_an_ordered_invoice_stands_in_its_order(self):
        self.touch(self.one, 30, self.spring, kind="fair")
        order = self.order(self.one, 10)
        invoice = order._create_invoices()
        invoice.campaign_id = self.autumn
        invoice.action_post()
        self.touches._refresh(self.one.ids)
        self.assertFalse(self.credit_of_move(invoice))
        self.assertFalse(self.derived(self.one))
        self.assertEqual(self.credit_of(order).campaign_id, self.spring)

    def test_posting_is_followed_by_the_queue(self):
        self.touch(self.one, 30, self.spring, kind="fair")
        invoice = self.invoice(self.one, 1, 10)
        self.assertFalse(self.credit_of_move(invoice))
        with self.enter_registry_test_mode():
            self.env.ref("crm_segments.ir_cron_queue").method_direct_trigger()
            # placing the customer leaves its credit to a cron of its own
            self.assertFalse(self.credit_of_move(invoice))
            waiting = self.env["crm.campaign.queue"].search([])
            self.assertEqual(waiting.partner_id, self.one)
            self.env.ref("crm_campaign_roi.ir_cron_queue").method_direct_trigger()
        self.assertEqual(self.credit_of_move(invoice).campaign_id, self.spring)
        self.assertFalse(self.env["crm.campaign.queue"].search([]))
