"""What comes back from the price: credit notes without product, cash discounts taken."""

from odoo.addons.crm_segments.tests.common import InvoiceCase
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestPriceRebates(InvoiceCase):
    def test_rebates(self):
        """10 by a credit note, 3 for paying early; goods that came back are no rebate."""
        guidance = self.env["crm.price.guidance"]
        shop = self.customer("Shop")
        contact = shop.create({"name": "Buyer", "parent_id": shop.id})
        self.invoice(shop, 20, 100)
        self.invoice(contact, 10, 10, "out_refund")
        self.invoice(shop, 10, 70, "out_refund", post=False)
        self.invoice(shop, 900, 50, "out_refund")  # before the period
        back = self.invoice(shop, 9, 40, "out_refund", post=False)
        back.invoice_line_ids.product_id = self.env["product.product"].create({"name": "Cup"})
        back.action_post()
        account = self.company.account_journal_early_pay_discount_loss_account_id
        if not account:
            account = self.company_data["default_account_expense"]
            self.company.account_journal_early_pay_discount_loss_account_id = account
        receivable = self.company_data["default_account_receivable"]
        sides = ((account, {"debit": 3}), (receivable, {"credit": 3}))
        entry = self.env["account.move"].create(
            {
                "move_type": "entry", "date": self.ago(4),
                "line_ids": [
                    Command.create({"account_id": one.id, "partner_id": contact.id, **amount})
                    for one, amount in sides
                ],
            }
        )  # fmt: skip
        entry.action_post()
        self.env.flush_all()
        found = guidance._rebates(self.company, self.today)
        self.assertEqual(found, {shop.id: 13})
